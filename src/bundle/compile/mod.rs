//! The wire model into a [`Program`] and a [`Manifest`]: names become indices.
//!
//! One pass does what it can and reports everything it cannot, so checking a bundle is compiling it and
//! looking at the problems. Order matters: segments, holdouts and experiments first, since slots refer to
//! them; a segment or an experiment may only build on what comes out before it, so both are sorted.

mod catalog;
mod clusters;
mod content;
mod draft;
mod experiments;
mod filter;
mod item_sets;
mod known_items;
mod members;
mod model;
mod no_effect;
mod order;
mod ranking;
mod slots;
mod tables;

pub use draft::Quantisation;

use super::files::Files;
use super::manifest::{InputPath, Manifest};
use super::wire::{Bundle, Condition};
use super::{codec, lint, model as learned, read};
use crate::binary;
use crate::condition::ConditionAt;
use crate::condition::compile::compile as compile_condition;
use crate::derive::{Derived, Source};
use crate::problem::{Pointer, Problem, Severity};
use crate::program::{Input, Program};
use serde_json::Value as Json;
use tables::Tables;

/// A bundle ready to be used, and what its author should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// What the runtime evaluates.
    pub program: Program,
    /// Names and content.
    pub manifest: Manifest,
    /// The file that holds both.
    pub bytes: Vec<u8>,
    /// What became of the catalog's vectors.
    pub quantised: Vec<Quantisation>,
    /// What works but was hardly meant.
    pub warnings: Vec<Problem>,
}

/// The consent purpose that stands for none.
const NO_PURPOSE: &str = "none";

/// Reports everything that is wrong with a bundle, errors first.
///
/// ```
/// let bundle = serde_json::json!({
///     "version": 1, "id": "shop",
///     "slots": { "hero": { "default": "bse", "variants": { "base": {} } } }
/// });
/// let problems = slotwise::check(bundle);
/// assert_eq!(problems[0].pointer.as_str(), "/slots/hero/default");
/// assert_eq!(problems[0].help.as_deref(), Some("did you mean \"base\"?"));
/// ```
#[must_use]
pub fn check(document: Json) -> Vec<Problem> {
    check_with(document, &Files::default())
}

/// As [`check`], with the files that the document mentions.
#[must_use]
pub fn check_with(document: Json, files: &Files) -> Vec<Problem> {
    match compile_with(document, files) {
        Ok(compiled) => compiled.warnings,
        Err(problems) => problems,
    }
}

/// Compiles an authored bundle.
///
/// # Errors
/// All problems at once, warnings included, when at least one of them is an error.
///
/// ```
/// let bundle = serde_json::json!({
///     "version": 1, "id": "shop",
///     "slots": { "hero": { "default": "base", "variants": { "base": {} } } }
/// });
/// let compiled = slotwise::compile(bundle).unwrap();
/// assert!(slotwise::Engine::load(&compiled.bytes).is_ok());
/// ```
pub fn compile(document: Json) -> Result<Compiled, Vec<Problem>> {
    compile_with(document, &Files::default())
}

/// As [`compile`], with the files that the document mentions; [`Files::mentioned`] says which.
///
/// # Errors
/// See [`compile`].
///
/// ```
/// use slotwise::{Files, compile_with};
///
/// let bundle = serde_json::json!({
///     "version": 1, "id": "shop", "catalog": { "items": "items.jsonl", "popularity": { "member": "sold" } },
///     "slots": { "related": {
///         "default": "none",
///         "variants": { "none": {}, "cards": { "html": "{{#items}}<p>{{title}}</p>{{/items}}" } },
///         "rules": [{ "rank": { "show": "cards", "limit": 3 } }]
///     } }
/// });
/// let mut files = Files::default();
/// files.insert("items.jsonl", b"{\"id\": \"a\", \"title\": \"Boots\", \"sold\": 5}\n".to_vec());
/// assert!(compile_with(bundle, &files).is_ok());
/// ```
pub fn compile_with(document: Json, files: &Files) -> Result<Compiled, Vec<Problem>> {
    let (mut bundle, misfits) = read::read(document.clone());
    let unread = learned::fill_in(&mut bundle, files).err();
    let mut tables = Tables::new(&bundle);
    unread.into_iter().for_each(|problem| tables.problem(problem));
    let root = Pointer::default();
    if bundle.slots.is_empty() && misfits.is_empty() {
        tables.problem(Problem::warning(&root.child("slots"), "the bundle has no slots"));
    }
    tables.identity_consent = purpose(&mut tables, &bundle.consent.ids);
    tables.profile_consent = purpose(&mut tables, &bundle.consent.profiles);
    tables.rank_consent = purpose(&mut tables, &bundle.consent.ranking);
    let clusters = bundle.clusters.as_ref();
    tables.clusters = clusters.and_then(|given| clusters::compile_clusters(given, files, &mut tables));
    check_groups(&bundle, &mut tables);
    compile_segments(&bundle, &mut tables);
    experiments::compile_holdouts(&bundle, &mut tables);
    experiments::compile_experiments(&bundle, &mut tables);
    let mut draft = bundle.catalog.as_ref().map(|wire| catalog::compile_catalog(wire, files, &mut tables));
    slots::compile_slots(&bundle, draft.as_mut(), &mut tables);
    if draft.as_ref().is_some_and(|draft| draft.catalog.rankings.is_empty()) {
        let help = "add a rule {\"rank\": {\"show\": …}} to a slot";
        tables.problem(Problem::warning(&root.child("catalog"), "no rule ranks the catalog").help(help));
    }
    if let Some(draft) = &mut draft {
        draft.leave_out_vectors();
    }
    let clusters = tables.clusters.take();
    clusters::check_use(&document, clusters.as_ref(), &mut tables);
    let (program, manifest, found) = tables.finish(&bundle);
    let found = found.into_iter().filter(|found| !misfits.iter().any(|misfit| misfit.explains(found)));
    let found: Vec<Problem> = found.chain(lint::lint(&bundle)).collect();
    let mut problems: Vec<Problem> = misfits.into_iter().map(|misfit| misfit.problem).chain(found).collect();
    for problem in &mut problems {
        problem.pointer = problem.pointer.within(&document);
    }
    problems.sort_by_key(|problem| problem.severity == Severity::Warning);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    let names = serde_json::to_vec(&manifest).unwrap_or_default();
    let (catalog, quantised) = draft.map(|draft| (binary::to_bytes(&draft.catalog), draft.quantised)).unzip();
    match codec::encode(&program, &names, catalog.as_deref()) {
        Ok(bytes) => {
            let quantised = quantised.unwrap_or_default();
            Ok(Compiled { program, manifest, bytes, quantised, warnings: problems })
        }
        Err(error) => {
            problems.push(Problem::error(&root, error.to_string()));
            Err(problems)
        }
    }
}

fn check_groups(bundle: &Bundle, tables: &mut Tables) {
    let pointer = Pointer::default().child("groups");
    for (name, members) in &bundle.groups {
        for (index, member) in members.iter().enumerate().filter(|(_, member)| member.is_array() || member.is_object())
        {
            let message = format!("{member} can never match: a list or an object is not identical to any other");
            let problem = Problem::error(&pointer.child(name).child(index), message);
            tables.problem(problem.help("list single values"));
        }
    }
}

fn compile_segments(bundle: &Bundle, tables: &mut Tables) {
    let pointer = Pointer::default().child("segments");
    for name in tables.segment_names.clone() {
        let starts = match bundle.segments.get(&name) {
            Some(condition) => compile_condition(&condition.0, &pointer.child(&name), tables),
            None => 0,
        };
        tables.program.segments.push(starts);
    }
}

/// Where the condition of a rule or an experiment starts. Those that are written alike are one, which is asked once in a decision; segments
/// are not among them, because each lies behind the one before it.
fn condition_at(tables: &mut Tables, condition: &Condition, pointer: &Pointer) -> ConditionAt {
    let written = condition.0.to_string();
    if let Some(known) = tables.conditions.get(&written) {
        return *known;
    }
    let problems = tables.count_problems();
    let at = compile_condition(&condition.0, pointer, tables);
    // What is wrong is said of each.
    if tables.count_problems() == problems {
        tables.conditions.insert(written, at);
    }
    at
}

/// The bit of a consent purpose; `None` when none is needed.
fn purpose(tables: &mut Tables, name: &str) -> Option<u8> {
    if name == NO_PURPOSE {
        return None;
    }
    let purposes = &mut tables.manifest.purposes;
    let index = purposes.iter().position(|known| known == name).unwrap_or_else(|| {
        purposes.push(name.to_owned());
        purposes.len().saturating_sub(1)
    });
    if index >= 32 {
        tables.problem(Problem::error(&Pointer::default().child("consent"), "a bundle may name 32 consent purposes"));
    }
    u8::try_from(index).ok()
}

/// The name of a request's member that derived attributes are worked out from.
fn request_member(source: Source) -> Option<&'static str> {
    match source {
        Source::Time | Source::Profile => None,
        Source::Url => Some("url"),
        Source::Referrer => Some("referrer"),
        Source::UserAgent => Some("userAgent"),
        Source::Language => Some("language"),
    }
}

/// Whether the visitor's time zone matters to any input.
fn needs_zone(program: &Program) -> bool {
    let from_time = |input: &Input| match input {
        Input::Attribute { derived: Some(derived), .. } => {
            derived.source.is_none() && derived.attribute != Derived::Profile
        }
        _ => false,
    };
    program.inputs.iter().any(from_time)
}

/// Whether the moment matters to any input or experiment.
fn needs_time(program: &Program) -> bool {
    let changes = |input: &Input| match input {
        Input::Attribute { derived: Some(derived), .. } => derived.source.is_none(),
        Input::Profile | Input::Ranked => true,
        _ => false,
    };
    program.inputs.iter().any(changes) || program.experiments.iter().any(|experiment| experiment.split.is_scheduled())
}

/// The name of the consent purpose without which identifying inputs read as missing, when there are any.
fn identity_consent(program: &Program, manifest: &Manifest) -> Option<String> {
    let identifies = |input: &Input| matches!(input, Input::Attribute { identity: true, .. });
    let purpose = program.identity_consent.filter(|_| program.inputs.iter().any(identifies))?;
    manifest.purposes.get(usize::from(purpose)).cloned()
}

/// The path that an input reads, when it is an attribute.
fn attribute_path(path: &InputPath) -> Option<&[String]> {
    match path {
        InputPath::Attribute(path) => Some(path),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::json;

    #[test]
    fn a_mistake_in_conditions_that_are_written_alike_is_told_of_each() {
        let rule = json!({ "when": { "plan": { "$equals": "pro" } }, "show": "a" });
        let slot = json!({ "default": "a", "variants": { "a": {} }, "rules": [rule, rule] });
        let problems = check(json!({ "version": 1, "id": "twice", "slots": { "slot": slot } }));
        let places: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        let when = |rule: u8| format!("/slots/slot/rules/{rule}/when/plan/$equals");
        assert_eq!(places, [when(0), when(1)]);
    }

    #[test]
    fn parts_of_a_namespace_between_two_buckets_are_told() {
        for (start, end, told) in [(0.0001, 0.0009, 1), (0.0009, 0.0011, 0), (0.035, 0.036, 0), (0.9991, 1.0, 1)] {
            let experiment = json!({ "variants": { "a": 0.5, "b": 0.5 }, "namespace": ["n", start, end] });
            let slot = json!({ "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "x" }] });
            let problems = check(json!({
                "version": 1, "id": "narrow", "experiments": { "x": experiment }, "slots": { "slot": slot },
            }));
            assert_eq!(problems.len(), told, "{start} to {end}: {problems:?}");
            assert!(problems.iter().all(|problem| problem.pointer.as_str() == "/experiments/x/namespace"));
        }
    }

    #[test]
    fn attributes_that_identify_nobody_are_told_where_they_are_named() {
        let experiment = |hash: &str, fallback: &str| json!({ "variants": { "a": 0.5, "b": 0.5 }, "sticky": true, "hashAttribute": hash, "fallbackAttribute": fallback });
        let slot = json!({ "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "x" }, { "experiment": "y" }] });
        let problems = check(json!({
            "version": 1, "id": "nobody",
            "holdouts": { "h": { "coverage": 0.1, "hashAttribute": "" } },
            "experiments": { "x": experiment("account..id", "device"), "y": experiment("account.id", "") },
            "slots": { "slot": slot },
        }));
        let places: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(
            places,
            ["/holdouts/h/hashAttribute", "/experiments/x/hashAttribute", "/experiments/y/fallbackAttribute"]
        );
    }
}
