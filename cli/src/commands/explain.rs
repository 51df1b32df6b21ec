//! `slotwise explain`: what one visitor's slots show, and every step that led there.

use crate::args::ExplainArgs;
use crate::bundle::load;
use crate::context::{self, suggestion};
use crate::failure::Failure;
use crate::output::{BOLD, DIM, one_line, print, print_json};
use crate::profile;
use crate::source::check_stdin;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use slotwise::bundle::manifest::Manifest;
use slotwise::explain::Step;
use slotwise::{Cache, Context, Exposure, Personalization, Shown, ShownItem};
use std::fmt::Write;
use std::process::ExitCode;

/// Content is cut off behind so many characters.
const CONTENT_WIDTH: usize = 84;

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained<'a> {
    bundle: &'a str,
    revision: u64,
    now: f64,
    utc_offset: i32,
    slots: IndexMap<&'a str, Slot<'a>>,
    exposures: &'a [Exposure],
    sticky: &'a IndexMap<String, String>,
    cache: &'a Cache,
}

#[derive(Serialize)]
struct Slot<'a> {
    #[serde(flatten)]
    shown: &'a Shown,
    steps: &'a [Step],
}

pub(crate) fn run(args: &ExplainArgs) -> Result<ExitCode, Failure> {
    check_stdin(&[Some(&args.bundle), args.context.as_deref(), args.profile.as_deref()])?;
    let engine = load(&args.bundle)?;
    let manifest = engine.manifest();
    check_slots(&args.slot, manifest)?;
    let mut context = context::read(args.context.as_deref(), manifest)?;
    if let Some(path) = &args.profile {
        context.profile = Some(profile::read(path, &context, manifest)?);
    }
    let result = engine.personalize(&context);
    let steps = engine.explain(&context).slots;
    let wanted = |name: &str| args.slot.is_empty() || args.slot.iter().any(|slot| slot == name);
    let slots = result.slots.iter().filter(|(name, _)| wanted(name));
    let slots = slots.map(|(name, shown)| {
        (name.as_str(), Slot { shown, steps: steps.get(name).map(Vec::as_slice).unwrap_or_default() })
    });
    let slots: IndexMap<&str, Slot<'_>> = slots.collect();
    if args.json {
        let Personalization { exposures, sticky, cache, .. } = &result;
        let (bundle, revision) = (manifest.id.as_str(), manifest.revision);
        let (now, utc_offset) = (context.now, context.utc_offset);
        print_json(&Explained { bundle, revision, now, utc_offset, slots, exposures, sticky, cache })?;
    } else {
        print(&describe(manifest, &context, &slots, &result))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check_slots(wanted: &[String], manifest: &Manifest) -> Result<(), Failure> {
    let known: Vec<&str> = manifest.slots.iter().map(|slot| slot.name.as_str()).collect();
    match wanted.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Failure::new(format!("the bundle has no slot \"{name}\"")).help(suggestion(name, &known))),
        None => Ok(()),
    }
}

fn describe(
    manifest: &Manifest,
    context: &Context,
    slots: &IndexMap<&str, Slot<'_>>,
    result: &Personalization,
) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ =
        writeln!(out, "{DIM}bundle {} · revision {} · {}{DIM:#}\n", manifest.id, manifest.revision, moment(context));
    for (name, slot) in slots {
        let shown = slot.shown;
        let _ = writeln!(out, "{BOLD}{}{BOLD:#} shows {BOLD}{}{BOLD:#}", one_line(name, CONTENT_WIDTH), shown.variant);
        let _ = writeln!(out, "  because  {}", because(shown));
        for line in content(&shown.content) {
            let _ = writeln!(out, "  content  {line}");
        }
        for (label, line) in shown.items.iter().flatten().zip(1..).flat_map(item) {
            let _ = writeln!(out, "  {label:7}  {line}");
        }
        for step in slot.steps {
            let _ = writeln!(out, "    {DIM}{}{DIM:#}", one_line_step(step));
        }
        out.push('\n');
    }
    let exposures = result.exposures.iter().map(exposure).collect::<Vec<_>>();
    let list = |list: &[String]| if list.is_empty() { "nothing".to_owned() } else { list.join("; ") };
    let _ = writeln!(out, "{BOLD}to log once seen{BOLD:#}  {}", list(&exposures));
    let kept: Vec<String> = result.sticky.iter().map(|(key, arm)| format!("{key} = {arm}")).collect();
    if !kept.is_empty() {
        let _ = writeln!(out, "{BOLD}to keep{BOLD:#}           {}", kept.join("; "));
    }
    let Cache { key, max_age, varies } = &result.cache;
    let _ = writeln!(out, "{BOLD}cache{BOLD:#}             for {max_age} s; varies by {}", list(varies));
    let _ = writeln!(out, "                  key {}", one_line(key, CONTENT_WIDTH));
    out
}

/// `2026-11-02T08:30:00 at UTC+01:00`.
fn moment(context: &Context) -> String {
    let (hours, minutes) = (context.utc_offset.unsigned_abs() / 60, context.utc_offset.unsigned_abs() % 60);
    let sign = if context.utc_offset < 0 { '-' } else { '+' };
    let local = context.now.floor() + f64::from(context.utc_offset) * 60_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and what is out of range is shown as a number")]
    match Timestamp::from_millisecond(local as i64) {
        Ok(local) => format!("{} at UTC{sign}{hours:02}:{minutes:02}", local.strftime("%Y-%m-%dT%H:%M:%S")),
        Err(_) => format!("{} ms", context.now),
    }
}

/// What decided, in words: `rule "morning" (rule, matched)`.
fn because(shown: &Shown) -> String {
    let rule = shown.rule.as_ref().map(|rule| format!("rule {rule}"));
    let experiment = shown.experiment.as_ref().map(|experiment| format!("experiment \"{experiment}\""));
    let arm = shown.arm.as_ref().map(|arm| format!("arm \"{arm}\""));
    let bucket = shown.bucket.map(|bucket| format!("bucket {bucket}"));
    let holdout = shown.holdout.as_ref().map(|holdout| format!("holdout \"{holdout}\""));
    let parts: Vec<String> = [rule, experiment, arm, bucket, holdout].into_iter().flatten().collect();
    let codes = format!("{}, {}", shown.source, shown.reason);
    if parts.is_empty() { codes } else { format!("{} ({codes})", parts.join(", ")) }
}

/// The content in short, one line for each thing that it changes.
fn content(content: &Json) -> Vec<String> {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let mut lines = Vec::new();
    if let Some(html) = content.get("html") {
        lines.push(format!("html {}", one_line(&text(html), CONTENT_WIDTH)));
    }
    for patch in content.get("patches").and_then(Json::as_array).into_iter().flatten() {
        let parts = ["op", "selector", "name", "value"].into_iter().filter_map(|name| patch.get(name));
        lines.push(one_line(&parts.map(text).collect::<Vec<_>>().join(" "), CONTENT_WIDTH));
    }
    if let Some(value) = content.get("value") {
        lines.push(format!("value {}", one_line(&value.to_string(), CONTENT_WIDTH)));
    }
    if lines.is_empty() {
        lines.push("the page as it is".to_owned());
    }
    lines
}

/// An item and its sentence, then what its score is made of: `neighbours 0.6000 (boots), popularity 0.2000`.
fn item((item, place): (&ShownItem, usize)) -> [(&'static str, String); 2] {
    let ShownItem { id, score, propensity, because } = item;
    let sentence = because.text.as_ref().map(|text| format!("  {}", one_line(text, CONTENT_WIDTH)));
    let mut shares: Vec<_> = because.shares.iter().collect();
    shares.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let shares = shares.into_iter().map(|(signal, share)| {
        let past = because.item.as_ref().filter(|_| because.signal == Some(*signal));
        let past = past.map(|past| format!(" ({})", one_line(past, CONTENT_WIDTH)));
        format!("{signal} {share:.4}{}", past.unwrap_or_default())
    });
    let chance = (*propensity < 1.0).then(|| format!("propensity {propensity:.4}"));
    let parts: Vec<String> = shares.chain(chance).collect();
    let id = one_line(id, CONTENT_WIDTH);
    [
        ("item", format!("{place}. {BOLD}{id}{BOLD:#} {score:.4}{}", sentence.unwrap_or_default())),
        ("", format!("   {DIM}{}{DIM:#}", parts.join(", "))),
    ]
}

fn exposure(exposure: &Exposure) -> String {
    let what = match (&exposure.experiment, &exposure.arm, &exposure.holdout) {
        (Some(experiment), Some(arm), _) => format!("{experiment} = {arm}"),
        (_, _, Some(holdout)) => format!("holdout {holdout}"),
        (experiment, ..) => experiment.clone().unwrap_or_default(),
    };
    format!("{what} (in {})", exposure.slots.join(", "))
}

/// A step on one line, its indent kept.
fn one_line_step(step: &Step) -> String {
    let text = step.to_string();
    let indent = text.len().saturating_sub(text.trim_start().len());
    format!("{:indent$}{}", "", one_line(&text, 2 * CONTENT_WIDTH))
}
