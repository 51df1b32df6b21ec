//! A decision with every step that led to it.
//!
//! [`explain`] runs [`crate::decide::decide`] with a recorder for a [`Trace`], so what it tells is what
//! happened. Each step can be read by a program (fields) or by a person ([`Step`]'s `Display`).

mod condition;
mod step;

pub use step::Step;

use crate::bundle::manifest::Manifest;
use crate::condition::ConditionAt;
use crate::decide::{Assignment, Decisions, Frame, SlotDecision, decide};
use crate::program::Program;
use crate::trace::Trace;
use crate::value::Value;
use indexmap::IndexMap;
use serde::Serialize;

/// Every slot's decision, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Every slot of the bundle.
    pub slots: IndexMap<String, Vec<Step>>,
}

/// Decides and tells how.
#[must_use]
pub fn explain(program: &Program, manifest: &Manifest, frame: &Frame) -> Explanation {
    let mut recorder = Recorder { program, manifest, slots: Vec::new(), slot: 0, depth: 0 };
    decide(program, frame, &mut recorder, &mut Decisions::default());
    let names = manifest.slots.iter().map(|slot| slot.name.clone());
    Explanation { slots: names.zip(recorder.slots).collect() }
}

struct Recorder<'a> {
    program: &'a Program,
    manifest: &'a Manifest,
    slots: Vec<Vec<Step>>,
    slot: u16,
    depth: u32,
}

impl Recorder<'_> {
    fn push(&mut self, step: Step) {
        if let Some(steps) = self.slots.last_mut() {
            steps.push(step);
        }
    }

    fn push_assigned(&mut self, assignment: &Assignment) {
        let names = self.manifest.experiments.get(usize::from(assignment.experiment));
        let arm = assignment.arm.get().and_then(|arm| names?.arms.get(usize::from(arm)).cloned());
        let name = names.map(|names| names.key.clone()).unwrap_or_default();
        let bucket = assignment.share();
        let depth = self.depth;
        self.push(Step::Assigned { name, arm, reason: assignment.reason.code(), bucket, depth });
    }

    fn segment_name(&self, segment: u16) -> String {
        self.manifest.segments.get(usize::from(segment)).cloned().unwrap_or_default()
    }
}

impl Trace for Recorder<'_> {
    fn slot(&mut self, slot: u16) {
        self.slot = slot;
        self.slots.push(Vec::new());
    }

    fn rule(&mut self, rule: u16) {
        let slot = self.manifest.slots.get(usize::from(self.slot));
        let id = slot.and_then(|slot| slot.rules.get(usize::from(rule))).filter(|id| !id.is_empty()).cloned();
        self.push(Step::Rule { index: rule, id });
    }

    fn rule_failed(&mut self) {
        self.push(Step::RuleFailed);
    }

    fn tested(&mut self, op: ConditionAt, value: Value<'_>, holds: bool) {
        let Some(described) = condition::describe(self.program, op) else { return };
        let path = condition::subject(self.program, self.manifest, described.subject);
        let holds = holds != described.negated;
        let (operator, operand, value, depth) = (described.operator, described.operand, value.to_json(), self.depth);
        self.push(Step::Test { path, operator, operand, value, holds, depth });
    }

    fn segment(&mut self, segment: u16) {
        let (name, depth) = (self.segment_name(segment), self.depth);
        self.push(Step::Segment { name, depth });
        self.depth = self.depth.saturating_add(1);
    }

    fn segment_held(&mut self, segment: u16, holds: bool) {
        self.depth = self.depth.saturating_sub(1);
        let (name, depth) = (self.segment_name(segment), self.depth);
        self.push(Step::SegmentHeld { name, holds, depth });
    }

    fn segment_remembered(&mut self, segment: u16, holds: bool) {
        let (name, depth) = (self.segment_name(segment), self.depth);
        self.push(Step::SegmentHeld { name, holds, depth });
    }

    fn experiment(&mut self, experiment: u16) {
        let name = self.manifest.experiments.get(usize::from(experiment)).map(|experiment| experiment.key.clone());
        let depth = self.depth;
        self.push(Step::Experiment { name: name.unwrap_or_default(), depth });
        self.depth = self.depth.saturating_add(1);
    }

    fn assigned(&mut self, assignment: &Assignment) {
        self.depth = self.depth.saturating_sub(1);
        self.push_assigned(assignment);
    }

    fn remembered(&mut self, assignment: &Assignment) {
        self.push_assigned(assignment);
    }

    fn decided(&mut self, decision: &SlotDecision) {
        let slot = self.manifest.slots.get(usize::from(self.slot));
        let variant = slot.and_then(|slot| slot.variants.get(usize::from(decision.variant)));
        self.push(Step::Decided {
            variant: variant.map(|(name, _)| name.clone()).unwrap_or_default(),
            source: decision.source.code(),
            reason: decision.reason.code(),
        });
    }
}
