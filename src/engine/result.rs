//! A decision by name, with its content.

use crate::bundle::content::Variant;
use crate::bundle::manifest::{ExperimentNames, Manifest};
use crate::decide::{Assignment, Decisions, Frame, Reason, SlotDecision, Source};
use crate::program::{Input, Program};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

/// What one visitor's slots show, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Personalization {
    /// Every slot of the bundle.
    pub slots: IndexMap<String, Shown>,
    /// What to log once it has been seen.
    pub exposures: Vec<Exposure>,
    /// Assignments to hand back at the next visit, by `<experiment>__<bucket version>`.
    pub sticky: IndexMap<String, String>,
    /// For how long and for whom this answer holds.
    pub cache: Cache,
}

/// What one slot shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// The variant.
    pub variant: String,
    /// What decided: a code of [`Source`].
    pub source: &'static str,
    /// Why: a code of [`Reason`].
    pub reason: &'static str,
    /// The variant's content, templates rendered.
    pub content: Json,
    /// The rule that decided: its id, or its place among the slot's rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Json>,
    /// The experiment that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The visitor's arm in that experiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// In a factorial experiment: the level of each factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<IndexMap<String, String>>,
    /// Where the visitor falls, from 0 up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<f64>,
    /// The holdout that the visitor is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<String>,
}

/// That a visitor saw an experiment's arm, or was held out, to be logged once it has been seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The experiment; nothing for a holdout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The arm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// In a factorial experiment: the level of each factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<IndexMap<String, String>>,
    /// The attribute that identified the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash_attribute: Option<String>,
    /// Where the visitor falls, from 0 up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<f64>,
    /// The holdout that the visitor is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<String>,
    /// The slots in which it can be seen.
    pub slots: Vec<String>,
}

/// For how long and for whom an answer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cache {
    /// Equal keys mean that the same is shown and logged (the bucket aside). May hold a visitor's values.
    pub key: String,
    /// Seconds until time alone can change the answer; a year when it cannot.
    pub max_age: u32,
    /// The inputs that were read: attribute paths; `request.…` and `sticky.…` for those.
    pub varies: Vec<String>,
}

impl Personalization {
    pub(super) fn new(
        program: &Program,
        manifest: &Manifest,
        checksum: u32,
        frame: &Frame,
        decisions: &Decisions,
    ) -> Self {
        let names = Names { manifest, decisions };
        let slots = (0u16..).zip(manifest.slots.iter().zip(&decisions.slots));
        Self {
            slots: slots.map(|(number, (slot, decision))| (slot.name.clone(), names.shown(number, decision))).collect(),
            exposures: names.exposures(),
            sticky: names.sticky(),
            cache: Cache {
                key: key(checksum, program, decisions),
                max_age: decisions.max_age(frame.now),
                varies: varies(program, manifest, decisions),
            },
        }
    }
}

struct Names<'a> {
    manifest: &'a Manifest,
    decisions: &'a Decisions,
}

impl Names<'_> {
    fn shown(&self, number: u16, decision: &SlotDecision) -> Shown {
        let slot = self.manifest.slots.get(usize::from(number));
        let variant = slot.and_then(|slot| slot.variants.get(usize::from(decision.variant)));
        let rule = decision.rule.map(|rule| match slot.and_then(|slot| slot.rules.get(usize::from(rule))) {
            Some(id) if !id.is_empty() => Json::from(id.as_str()),
            _ => Json::from(rule),
        });
        let (experiment, assignment) = self.assigned(decision).unzip();
        Shown {
            variant: variant.map(|(name, _)| name.clone()).unwrap_or_default(),
            source: decision.source.code(),
            reason: decision.reason.code(),
            content: variant.map(|(_, content)| self.content(number, content)).unwrap_or_default(),
            rule,
            experiment: experiment.map(|experiment| experiment.key.clone()),
            arm: experiment.zip(assignment).and_then(|(experiment, assignment)| arm(experiment, assignment)),
            factors: experiment.zip(assignment).and_then(|(experiment, assignment)| factors(experiment, assignment)),
            bucket: assignment.map(|assignment| assignment.bucket).filter(|bucket| !bucket.is_nan()),
            holdout: self.holdout(decision),
        }
    }

    fn assigned(&self, decision: &SlotDecision) -> Option<(&ExperimentNames, &Assignment)> {
        let experiment = decision.experiment.filter(|_| decision.source == Source::Experiment)?;
        self.manifest.experiments.get(usize::from(experiment)).zip(self.decisions.assignment(experiment))
    }

    fn holdout(&self, decision: &SlotDecision) -> Option<String> {
        let holdout = decision.experiment.filter(|_| decision.source == Source::Holdout)?;
        self.manifest.holdouts.get(usize::from(holdout)).cloned()
    }

    /// The content as authored, with the rendered texts in place of their templates.
    fn content(&self, slot: u16, variant: &Variant) -> Json {
        let mut content = variant.clone();
        for rendered in self.decisions.rendered.iter().filter(|rendered| rendered.slot == slot) {
            let units = self.decisions.text.get(rendered.text.range(1)).unwrap_or_default();
            let text = Some(String::from_utf16_lossy(units));
            if content.html.is_some() {
                content.html = text;
            } else if let Some(patch) = content.patches.iter_mut().flatten().nth(usize::from(rendered.patch)) {
                patch.value = text;
            }
        }
        serde_json::to_value(content).unwrap_or_default()
    }

    fn exposures(&self) -> Vec<Exposure> {
        let mut exposures: IndexMap<(Source, u16), Exposure> = IndexMap::new();
        for (slot, decision) in self.manifest.slots.iter().zip(&self.decisions.slots) {
            let counted = matches!(decision.reason, Reason::Assigned | Reason::Sticky | Reason::HeldOut);
            let Some(number) = decision.experiment.filter(|_| counted) else { continue };
            let (experiment, assignment) = self.assigned(decision).unzip();
            let exposure = exposures.entry((decision.source, number)).or_insert_with(|| Exposure {
                experiment: experiment.map(|experiment| experiment.key.clone()),
                arm: experiment.zip(assignment).and_then(|(experiment, assignment)| arm(experiment, assignment)),
                factors: experiment
                    .zip(assignment)
                    .and_then(|(experiment, assignment)| factors(experiment, assignment)),
                hash_attribute: experiment.zip(assignment).and_then(|(experiment, assignment)| {
                    experiment.hash_attributes.get(usize::from(assignment.fallback)).cloned()
                }),
                bucket: assignment.map(|assignment| assignment.bucket),
                holdout: self.holdout(decision),
                slots: Vec::new(),
            });
            exposure.slots.push(slot.name.clone());
        }
        exposures.into_values().collect()
    }

    fn sticky(&self) -> IndexMap<String, String> {
        let kept =
            self.decisions.assignments.iter().filter(|made| matches!(made.reason, Reason::Assigned | Reason::Sticky));
        kept.filter_map(|assignment| {
            let experiment = self.manifest.experiments.get(usize::from(assignment.experiment))?;
            Some((experiment.sticky.clone()?, arm(experiment, assignment)?))
        })
        .collect()
    }
}

fn arm(experiment: &ExperimentNames, assignment: &Assignment) -> Option<String> {
    experiment.arms.get(usize::from(assignment.arm?)).cloned()
}

fn factors(experiment: &ExperimentNames, assignment: &Assignment) -> Option<IndexMap<String, String>> {
    experiment.factors.get(usize::from(assignment.arm?)).cloned()
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
        let counted = |number: Option<u16>| number.map_or(0, |number| u32::from(number).wrapping_add(1));
        let by = counted(decision.rule) | counted(decision.experiment).wrapping_shl(16);
        let assignment = decision.experiment.filter(|_| decision.source == Source::Experiment);
        let assignment = assignment.and_then(|experiment| decisions.assignment(experiment));
        let arm = assignment.map_or(0, |made| counted(made.arm).wrapping_mul(2).wrapping_add(u32::from(made.fallback)));
        key.push('.');
        key.push_str(&[shown, by, arm].map(base36).join("-"));
    }
    for made in &decisions.assignments {
        let is_sticky =
            program.experiments.get(usize::from(made.experiment)).is_some_and(|experiment| experiment.sticky.is_some());
        if let Some(arm) = made.arm.filter(|_| is_sticky && matches!(made.reason, Reason::Assigned | Reason::Sticky)) {
            key.push_str(&format!("!{}-{}", base36(made.experiment.into()), base36(arm.into())));
        }
    }
    for rendered in &decisions.rendered {
        let units = decisions.text.get(rendered.text.range(1)).unwrap_or_default();
        key.push_str(&format!("~{}:{}", units.len(), String::from_utf16_lossy(units)));
    }
    key
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

fn varies(program: &Program, manifest: &Manifest, decisions: &Decisions) -> Vec<String> {
    use crate::bundle::manifest::InputPath;
    let inputs = (0u16..).zip(program.inputs.iter().zip(&manifest.inputs));
    let read = inputs.filter(|(number, (input, _))| decisions.has_read(*number) && !matches!(input, Input::Request));
    read.map(|(_, (_, path))| match path {
        InputPath::Attribute(path) => path.join("."),
        InputPath::Request(member) => format!("request.{member}"),
        InputPath::Sticky(key, _) => format!("sticky.{key}"),
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
