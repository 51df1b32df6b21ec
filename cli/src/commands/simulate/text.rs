//! A simulation's report as people read it.

use super::report::{Arm, Experiment, Part, Report, SampleRatio};
use crate::output::{BAD, BOLD, DIM, GOOD, grouped};
use std::fmt::Write;

// Writing into a string cannot fail, hence the results that are let go.

pub(super) fn describe(report: &Report) -> String {
    let mut out = String::new();
    let Report { bundle, revision, visitors, seed, .. } = report;
    let _ = writeln!(
        out,
        "{DIM}bundle {bundle} · revision {revision} · {} visitors · seed {seed}{DIM:#}",
        grouped(*visitors)
    );
    for (name, experiment) in &report.experiments {
        describe_experiment(&mut out, name, experiment);
    }
    if report.experiments.len() > 1 {
        let _ = writeln!(out, "\n{BOLD}overlap{BOLD:#} of experiments");
        for overlap in &report.overlaps {
            let (first, second) = &overlap.experiments;
            let _ = writeln!(out, "  {first} and {second}: {}", amount(overlap.part));
        }
        if report.overlaps.is_empty() {
            let _ = writeln!(out, "  none: no visitor takes part in two");
        }
    }
    for (name, variants) in &report.slots {
        let _ = writeln!(out, "\nslot {BOLD}{name}{BOLD:#}");
        let width = width(variants.keys());
        for (variant, part) in variants {
            let _ = writeln!(out, "  {variant:width$}  {:>13}  {:>8}", grouped(part.visitors), percent(part.share));
        }
    }
    out
}

fn describe_experiment(out: &mut String, name: &str, experiment: &Experiment) {
    let _ = writeln!(out, "\nexperiment {BOLD}{name}{BOLD:#}: {} take part", amount(experiment.participants));
    let width = width(experiment.arms.keys());
    let _ = writeln!(
        out,
        "  {DIM}{:width$}  {:>13}  {:>8}  {:^20}  {:>8}{DIM:#}",
        "arm", "visitors", "share", "95 % interval", "expected"
    );
    for (name, Arm { part, interval, expected }) in &experiment.arms {
        let interval =
            interval.map_or_else(|| "–".to_owned(), |(low, high)| format!("{} … {}", percent(low), percent(high)));
        let (visitors, share) = (grouped(part.visitors), percent(part.share));
        let _ = writeln!(out, "  {name:width$}  {visitors:>13}  {share:>8}  {interval:^20}  {:>8}", percent(*expected));
    }
    let _ = writeln!(out, "  sample ratio: {}", judgement(experiment.sample_ratio.as_ref()));
    for (reason, part) in &experiment.absent {
        let _ = writeln!(out, "  not in it, {reason}: {}", amount(*part));
    }
}

fn judgement(test: Option<&SampleRatio>) -> String {
    let Some(SampleRatio { chi_square, degrees_of_freedom, p, ok }) = test else {
        return "nothing to test".to_owned();
    };
    let p = if *p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") };
    let numbers = format!("χ² = {chi_square:.2}, degrees of freedom {degrees_of_freedom}, {p}");
    if *ok {
        return format!("{numbers}: {GOOD}as the weights say{GOOD:#}");
    }
    let meaning = "with p < 0.001, chance alone makes such a split less than once in a thousand runs.";
    format!(
        "{numbers}: {BAD}mismatch{BAD:#}\n    {meaning}\n    Look for what loses or repeats visitors of one arm before you trust a result."
    )
}

fn amount(part: Part) -> String {
    format!("{} visitors ({})", grouped(part.visitors), percent(part.share))
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn width<'n>(names: impl Iterator<Item = &'n String>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0).max(3)
}
