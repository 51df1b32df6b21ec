//! Warnings: what works, but hardly as its author means it.

mod attributes;

pub(super) use attributes::misnamed;

use super::wire::{Bundle, Rule, Show, Slot};
use crate::problem::{Pointer, Problem};
use std::collections::HashSet;

/// Below this share of visitors an arm tells nothing on any but the largest sites.
const SMALLEST_ARM: f64 = 0.01;

pub(super) fn lint(bundle: &Bundle) -> Vec<Problem> {
    let root = Pointer::default();
    let mut problems = attributes::lint(bundle);
    for (name, slot) in &bundle.slots {
        lint_slot(slot, bundle, &root.child("slots").child(name), &mut problems);
    }
    let run: HashSet<&String> =
        bundle.slots.values().flat_map(|slot| &slot.rules).filter_map(|rule| rule.experiment.as_ref()).collect();
    let required: HashSet<&String> = bundle
        .experiments
        .values()
        .flat_map(|experiment| &experiment.requires)
        .filter_map(|requirement| requirement.experiment.as_ref())
        .collect();
    for (name, holdout) in &bundle.holdouts {
        if holdout.coverage == 0.0 {
            let pointer = root.child("holdouts").child(name);
            let help = "give it a share, such as \"coverage\": 0.05";
            problems.push(Problem::warning(&pointer, "the holdout holds out nobody").help(help));
        }
    }
    for (name, experiment) in &bundle.experiments {
        let pointer = root.child("experiments").child(name);
        if !run.contains(name) && !required.contains(name) {
            let help = format!("add a rule {{\"experiment\": \"{name}\"}} to a slot");
            problems.push(Problem::warning(&pointer, "no slot runs this experiment").help(help));
        }
        if experiment.fallback_attribute.is_some() && !experiment.sticky {
            let message = "visitors change their arm when the first attribute appears, as at a log-in";
            problems.push(Problem::warning(&pointer.child("fallbackAttribute"), message).help("set \"sticky\": true"));
        }
        for (arm, weight) in experiment.variants.iter().flatten() {
            let share = weight * experiment.coverage;
            if share > 0.0 && share < SMALLEST_ARM {
                let message = format!("{}% of visitors see this arm, too few to measure", share * 100.0);
                problems.push(Problem::warning(&pointer.child("variants").child(arm), message));
            }
        }
    }
    problems
}

fn lint_slot(slot: &Slot, bundle: &Bundle, pointer: &Pointer, problems: &mut Vec<Problem>) {
    let always = |rule: &Rule| {
        rule.experiment.is_none()
            && rule.rank.is_none()
            && rule.when.as_ref().is_none_or(|when| when.0.as_object().is_some_and(serde_json::Map::is_empty))
    };
    if let Some(last) = slot.rules.iter().position(always) {
        for index in last.saturating_add(1)..slot.rules.len() {
            let message = format!("is never reached: rule {last} above it always applies");
            problems.push(Problem::warning(&pointer.child("rules").child(index), message));
        }
    }
    let shown: HashSet<&str> = slot.rules.iter().flat_map(|rule| shown_by(rule, bundle)).collect();
    for name in slot.variants.keys().filter(|name| **name != slot.default && !shown.contains(name.as_str())) {
        let message = "no rule shows this variant";
        problems.push(Problem::warning(&pointer.child("variants").child(name), message).help("it can still be forced"));
    }
}

/// The variants that a rule may show.
fn shown_by<'b>(rule: &'b Rule, bundle: &'b Bundle) -> Vec<&'b str> {
    if let Some(rank) = &rule.rank {
        return vec![rank.show.as_str()];
    }
    let experiment = rule.experiment.as_ref().and_then(|name| bundle.experiments.get(name));
    let arms = experiment.into_iter().flat_map(|experiment| experiment.variants.iter().flatten().map(|(arm, _)| arm));
    let levels = experiment.into_iter().flat_map(|experiment| {
        let factors = experiment.factors.iter().flatten();
        factors.filter(|(factor, _)| Some(*factor) == rule.factor.as_ref()).flat_map(|(_, levels)| levels.keys())
    });
    match &rule.show {
        Some(Show::Variant(variant)) => vec![variant.as_str()],
        Some(Show::PerArm(map)) => {
            let unmapped = arms.chain(levels).filter(|arm| !map.contains_key(*arm));
            map.values().chain(unmapped).map(String::as_str).collect()
        }
        None => arms.chain(levels).map(String::as_str).collect(),
    }
}
