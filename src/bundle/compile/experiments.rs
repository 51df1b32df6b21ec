//! Experiments and holdouts.

use super::tables::Tables;
use super::{condition_at, purpose};
use crate::bucket::{HashVersion, Namespace, Range, Seed};
use crate::bundle::manifest::ExperimentNames;
use crate::bundle::wire::{self, Bundle};
use crate::experiment::{Arm, Experiment, Holdout, Options, Requirement, Split, Step, Sticky};
use crate::problem::{Pointer, Problem};
use crate::value::Span;
use indexmap::IndexMap;
use jiff::Timestamp;

/// One bit an arm in [`Requirement::Arm`].
const MOST_ARMS: usize = 64;

pub(super) fn compile_holdouts(bundle: &Bundle, tables: &mut Tables) {
    let consent = purpose(tables, &bundle.consent.experiments);
    for (name, holdout) in &bundle.holdouts {
        let pointer = Pointer::default().child("holdouts").child(name);
        share(holdout.coverage, &pointer.child("coverage"), tables);
        let seed = Seed::new(seed(holdout.seed.as_ref(), name), HashVersion::Two);
        let hash_attribute = holdout.hash_attribute.as_deref().unwrap_or("id");
        let hash_input = tables.identity_at(hash_attribute, &pointer.child("hashAttribute"));
        tables.program.holdouts.push(Holdout { seed, coverage: holdout.coverage, hash_input, consent });
        tables.manifest.holdouts.push(name.clone());
    }
}

pub(super) fn compile_experiments(bundle: &Bundle, tables: &mut Tables) {
    for name in tables.experiment_names.clone() {
        if let Some(experiment) = bundle.experiments.get(&name) {
            compile_experiment(&name, experiment, bundle, tables);
        }
    }
}

fn compile_experiment(name: &str, wire: &wire::Experiment, bundle: &Bundle, tables: &mut Tables) {
    let pointer = Pointer::default().child("experiments").child(name);
    let (cells, factors) = cells(wire, &pointer, tables);
    let names: Vec<String> = cells.iter().map(|(name, _)| name.clone()).collect();
    if names.len() > MOST_ARMS {
        tables.error(&pointer, format!("an experiment may have {MOST_ARMS} arms, not {}", names.len()));
    }
    share(wire.coverage, &pointer.child("coverage"), tables);
    let mut start = 0.0;
    let arms = cells.iter().map(|(_, weight)| {
        let arm = Arm { start, weight: *weight };
        start += weight;
        arm
    });
    let arms: Vec<Arm> = arms.collect();
    let version = match wire.hash_version {
        1 => HashVersion::One,
        2 => HashVersion::Two,
        _ => {
            let help = "2 for new experiments, 1 to continue one that runs with it";
            tables.problem(Problem::error(&pointer.child("hashVersion"), "there are hash versions 1 and 2").help(help));
            HashVersion::Two
        }
    };
    let hash_input = tables.identity_at(&wire.hash_attribute, &pointer.child("hashAttribute"));
    let fallback_input = wire
        .fallback_attribute
        .as_deref()
        .map(|attribute| tables.identity_at(attribute, &pointer.child("fallbackAttribute")));
    let number = u16::try_from(tables.program.experiments.len()).unwrap_or(u16::MAX);
    let schedule = schedule(wire, &pointer.child("schedule"), tables);
    let options = Options {
        when: wire.when.as_ref().map(|when| condition_at(tables, when, &pointer.child("when"))),
        requires: requirements(wire, &pointer.child("requires"), tables),
        fallback_input,
        namespace: namespace(wire, &pointer.child("namespace"), tables),
        holdout: wire.holdout.as_ref().and_then(|holdout| {
            tables.resolve("holdout", holdout, bundle.holdouts.keys().map(String::as_str), &pointer.child("holdout"))
        }),
        sticky: sticky(name, wire, number, &pointer, tables),
        force: wire
            .force
            .as_ref()
            .and_then(|arm| tables.resolve("variant", arm, names.iter().map(String::as_str), &pointer.child("force"))),
    };
    let experiment = Experiment {
        hash_input,
        seed: Seed::new(seed(wire.seed.as_ref(), name), version),
        split: Split::new(arms, wire.coverage, schedule),
        options: options.boxed(),
        consent: purpose(tables, wire.consent.as_deref().unwrap_or(&bundle.consent.experiments)),
    };
    tables.program.experiments.push(experiment);
    let hash_attributes = std::iter::once(wire.hash_attribute.clone()).chain(wire.fallback_attribute.clone()).collect();
    let sticky = wire.sticky.then(|| sticky_key(name, wire.bucket_version));
    tables.manifest.experiments.push(ExperimentNames {
        key: name.to_owned(),
        arms: names,
        factors,
        hash_attributes,
        sticky,
    });
}

/// Arms with their weights, and for a factorial experiment the level of each factor in each of them.
type Cells = (Vec<(String, f64)>, Vec<IndexMap<String, String>>);

/// The variants, or every combination of the factors' levels.
fn cells(wire: &wire::Experiment, pointer: &Pointer, tables: &mut Tables) -> Cells {
    match (&wire.variants, &wire.factors) {
        (Some(variants), None) => {
            weights(variants, &pointer.child("variants"), tables);
            (variants.iter().map(|(name, weight)| (name.clone(), *weight)).collect(), Vec::new())
        }
        (None, Some(factors)) => {
            let pointer = pointer.child("factors");
            if factors.len() < 2 {
                let help = "with one factor, write its levels as variants";
                tables.problem(Problem::error(&pointer, "a factorial experiment has two or more factors").help(help));
            }
            let mut cells = vec![(IndexMap::new(), 1.0)];
            for (factor, levels) in factors {
                weights(levels, &pointer.child(factor), tables);
                if cells.len().saturating_mul(levels.len()) > MOST_ARMS {
                    tables.error(&pointer, format!("the factors have more than {MOST_ARMS} combinations"));
                    break;
                }
                cells = cells
                    .iter()
                    .flat_map(|(cell, share)| {
                        levels.iter().map(move |(level, weight)| {
                            let mut cell: IndexMap<String, String> = cell.clone();
                            cell.insert(factor.clone(), level.clone());
                            (cell, share * weight)
                        })
                    })
                    .collect();
            }
            let name =
                |cell: &IndexMap<String, String>| cell.values().map(String::as_str).collect::<Vec<_>>().join("+");
            (
                cells.iter().map(|(cell, share)| (name(cell), *share)).collect(),
                cells.into_iter().map(|(cell, _)| cell).collect(),
            )
        }
        (Some(_), Some(_)) => {
            tables.error(pointer, "an experiment has variants or factors, not both");
            (Vec::new(), Vec::new())
        }
        (None, None) => {
            let help = "such as {\"control\": 0.5, \"urgent\": 0.5}";
            tables.problem(Problem::error(pointer, "\"variants\" is missing").help(help));
            (Vec::new(), Vec::new())
        }
    }
}

fn weights(weights: &IndexMap<String, f64>, pointer: &Pointer, tables: &mut Tables) {
    if weights.len() < 2 {
        tables.error(pointer, "a split has two or more variants");
        return;
    }
    for (name, weight) in weights {
        share(*weight, &pointer.child(name), tables);
    }
    let total: f64 = weights.values().sum();
    // The tolerance is GrowthBook's, outside of which it falls back to equal weights.
    if !(0.99..=1.01).contains(&total) {
        let message = format!("the weights add up to {total}, not to 1");
        let help =
            format!("equal weights here are {}", 1.0 / f64::from(u32::try_from(weights.len()).unwrap_or(u32::MAX)));
        tables.problem(Problem::error(pointer, message).help(help));
    }
}

/// An empty seed counts as none, as in GrowthBook.
fn seed<'s>(authored: Option<&'s String>, name: &'s str) -> &'s str {
    authored.map(String::as_str).filter(|seed| !seed.is_empty()).unwrap_or(name)
}

fn share(share: f64, pointer: &Pointer, tables: &mut Tables) {
    if !(0.0..=1.0).contains(&share) {
        tables.error(pointer, format!("{share} is not a share from 0 to 1"));
    }
}

fn requirements(wire: &wire::Experiment, pointer: &Pointer, tables: &mut Tables) -> Span {
    let mut requirements = Vec::new();
    for (index, requirement) in wire.requires.iter().enumerate() {
        let pointer = pointer.child(index);
        match (&requirement.experiment, &requirement.segment) {
            (None, Some(segment)) => {
                let names = tables.segment_names.clone();
                let names = names.iter().map(String::as_str);
                let found = tables.resolve("segment", segment, names, &pointer.child("segment"));
                requirements.extend(found.map(Requirement::Segment));
                if requirement.variants.is_some() {
                    tables.error(&pointer.child("variants"), "a segment has no variants");
                }
            }
            (Some(experiment), None) => {
                let names = tables.experiment_names.clone();
                let names = names.iter().map(String::as_str);
                let Some(found) = tables.resolve("experiment", experiment, names, &pointer.child("experiment")) else {
                    continue;
                };
                let known = tables
                    .manifest
                    .experiments
                    .get(usize::from(found))
                    .map(|names| names.arms.clone())
                    .unwrap_or_default();
                let mut arms = if requirement.variants.is_some() { 0 } else { u64::MAX };
                for (index, variant) in requirement.variants.iter().flatten().enumerate() {
                    let names = known.iter().map(String::as_str);
                    let arm = tables.resolve("variant", variant, names, &pointer.child("variants").child(index));
                    arms |= arm.and_then(|arm| 1u64.checked_shl(u32::from(arm))).unwrap_or(0);
                }
                requirements.push(Requirement::Arm { experiment: found, arms });
            }
            _ => tables.error(&pointer, "a requirement names an experiment or a segment"),
        }
    }
    let start = u32::try_from(tables.program.requirements.len()).unwrap_or(u32::MAX);
    let len = u32::try_from(requirements.len()).unwrap_or(0);
    tables.program.requirements.extend(requirements);
    Span { start, len }
}

fn schedule(wire: &wire::Experiment, pointer: &Pointer, tables: &mut Tables) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (index, step) in wire.schedule.iter().enumerate() {
        let pointer = pointer.child(index);
        share(step.coverage, &pointer.child("coverage"), tables);
        let from = instant(&step.from, &pointer.child("from"), tables);
        let to = step.to.as_ref().map_or(from, |to| instant(to, &pointer.child("to"), tables));
        if to < from {
            tables.error(&pointer.child("to"), "a ramp ends after it begins");
        }
        if steps.last().is_some_and(|before| from < before.to) {
            let help = "order the steps by time, each after the end of the one before";
            tables.problem(
                Problem::error(&pointer.child("from"), "the step begins before the one above ends").help(help),
            );
        }
        steps.push(Step { from, to, coverage: step.coverage });
    }
    steps
}

fn instant(text: &str, pointer: &Pointer, tables: &mut Tables) -> f64 {
    match text.parse::<Timestamp>() {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar date are exact in a double")]
        Ok(instant) => instant.as_millisecond() as f64,
        Err(_) => {
            let help = "write it with its offset, such as 2026-11-01T00:00:00Z";
            let message =
                if text.is_empty() { "the time is missing".to_owned() } else { format!("\"{text}\" is not a time") };
            tables.problem(Problem::error(pointer, message).help(help));
            0.0
        }
    }
}

fn namespace(wire: &wire::Experiment, pointer: &Pointer, tables: &mut Tables) -> Option<Namespace> {
    let (name, start, end) = wire.namespace.as_ref()?;
    share(*start, &pointer.child(1), tables);
    share(*end, &pointer.child(2), tables);
    let namespace = Namespace::new(name, Range::new(*start, *end));
    if start >= end {
        tables.error(pointer, "the part of the namespace is empty: its start must be below its end");
    } else if namespace.is_empty() {
        let help = "a namespace has 1,000 buckets, so make the part a thousandth wide or more";
        tables.problem(Problem::warning(pointer, "no visitor falls into this part of the namespace").help(help));
    }
    Some(namespace)
}

/// The name under which a sticky assignment is kept: GrowthBook's.
fn sticky_key(name: &str, bucket_version: u16) -> String {
    format!("{name}__{bucket_version}")
}

fn sticky(name: &str, wire: &wire::Experiment, number: u16, pointer: &Pointer, tables: &mut Tables) -> Option<Sticky> {
    if !wire.sticky {
        if wire.bucket_version != 0 || wire.min_bucket_version != 0 {
            let message = "bucket versions have no effect unless the experiment is sticky";
            tables.problem(Problem::warning(pointer, message).help("set \"sticky\": true"));
        }
        return None;
    }
    if wire.min_bucket_version > wire.bucket_version {
        tables.error(&pointer.child("minBucketVersion"), "is above bucketVersion, which excludes everybody");
    }
    if wire.min_bucket_version > 100 {
        tables.error(&pointer.child("minBucketVersion"), "at most 100 old bucket versions can be looked for");
        return None;
    }
    let current = tables.sticky_input(sticky_key(name, wire.bucket_version), number);
    let mut blocked = (0..wire.min_bucket_version)
        .map(|version| tables.sticky_input(sticky_key(name, version), number))
        .collect::<Vec<_>>();
    blocked.sort_unstable();
    let first = blocked.first().copied().unwrap_or(0);
    Some(Sticky { current, blocked: first, blocked_count: wire.min_bucket_version })
}
