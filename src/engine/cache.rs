//! For how long and for whom an answer holds.

use super::Engine;
use super::ranked::Lists;
use crate::bundle::manifest::{InputPath, Manifest};
use crate::decide::{Decisions, Frame, Maybe, Reason, Source};
use crate::program::Program;
use serde::Serialize;

/// For how long and for whom an answer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cache {
    /// Equal keys mean that the same is shown and logged (the bucket aside). May hold a visitor's values.
    pub key: String,
    /// Seconds until time alone can change the answer; a year when it cannot.
    pub max_age: u32,
    /// The inputs that were read: attribute paths, and `sticky.…` for earlier assignments.
    pub varies: Vec<String>,
}

impl Cache {
    pub(super) fn new(engine: &Engine, frame: &Frame, decisions: &Decisions, lists: &Lists) -> Self {
        let mut key = key(engine.checksum, &engine.program, decisions);
        add_lists(&mut key, engine, decisions, lists);
        Self { key, max_age: decisions.max_age(frame.now), varies: varies(&engine.manifest, decisions) }
    }
}

/// The key of an answer: the bundle's checksum, three numbers a slot in base 36 (what it shows and why;
/// rule and experiment; arm), the sticky assignments that are handed back, then every rendered text behind
/// its length in code units.
fn key(checksum: u32, program: &Program, decisions: &Decisions) -> String {
    let mut key = base36(checksum);
    for decision in &decisions.slots {
        let shown = u32::from(decision.variant)
            | u32::from(decision.source as u8) << 16
            | u32::from(decision.reason as u8) << 24;
        let assignment = decisions.assignment_of(decision);
        let decider = assignment.map_or(decision.decider, |made| Maybe::some(made.experiment));
        let by = u32::from(decision.rule.counted()) | u32::from(decider.counted()).wrapping_shl(16);
        let arm = assignment
            .map_or(0, |made| u32::from(made.arm.counted()).wrapping_mul(2).wrapping_add(u32::from(made.fallback)));
        key.push('.');
        key.push_str(&[shown, by, arm].map(base36).join("-"));
    }
    for made in &decisions.assignments {
        let options = program.experiments.get(usize::from(made.experiment)).and_then(|made| made.options.as_deref());
        let is_sticky = options.is_some_and(|options| options.sticky.is_some());
        if let Some(arm) =
            made.arm.get().filter(|_| is_sticky && matches!(made.reason, Reason::Assigned | Reason::Sticky))
        {
            key.push_str(&format!("!{}-{}", base36(made.experiment.into()), base36(arm.into())));
        }
    }
    for rendered in &decisions.rendered {
        let units = decisions.text.get(rendered.text.range(1)).unwrap_or_default();
        key.push_str(&format!("~{}:{}", units.len(), String::from_utf16_lossy(units)));
    }
    key
}

/// The items that slots show: the number of the slot, then each id behind its length in code units.
fn add_lists(key: &mut String, engine: &Engine, decisions: &Decisions, lists: &Lists) {
    let Some(catalog) = &engine.catalog else { return };
    for (place, names) in engine.manifest.ranks.iter().enumerate() {
        let decision = decisions.slots.get(usize::from(names.slot));
        if decision.is_none_or(|decision| decision.source != Source::Rank || decision.rule.get() != Some(names.rule)) {
            continue;
        }
        key.push_str(&format!("^{}", base36(names.slot.into())));
        for id in lists.ids(catalog, place) {
            key.push_str(&format!(":{}:{id}", id.encode_utf16().count()));
        }
    }
}

fn base36(number: u32) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    loop {
        digits.extend(char::from_digit(rest % 36, 36));
        rest /= 36;
        if rest == 0 {
            return digits.iter().rev().collect();
        }
    }
}

fn varies(manifest: &Manifest, decisions: &Decisions) -> Vec<String> {
    let inputs = (0..=u16::MAX).zip(&manifest.inputs).filter(|(number, _)| decisions.has_read(*number));
    inputs
        .filter_map(|(_, path)| match path {
            InputPath::Attribute(path) => Some(path.join(".")),
            InputPath::Sticky(key, _) => Some(format!("sticky.{key}")),
            InputPath::Profile(name) => Some(format!("$did {name}")),
            InputPath::Ranked(name) => Some(format!("rank {name}")),
            // What is worked out from the request is named by its attribute.
            InputPath::Request(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base36_is_what_javascript_writes() {
        for (number, expected) in [(0, "0"), (35, "z"), (36, "10"), (u32::MAX, "1z141z3")] {
            assert_eq!(super::base36(number), expected);
        }
        assert_eq!(u32::from_str_radix("1z141z3", 36), Ok(u32::MAX));
    }
}
