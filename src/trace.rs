//! Who watches a decision being made.
//!
//! [`crate::decide::decide`] is generic over a [`Trace`] and tells it every step. [`NoTrace`] is compiled
//! away; an explanation records. Both run the same code, so an explanation cannot drift from the decision.

use crate::condition::ConditionAt;
use crate::decide::{Assignment, SlotDecision};
use crate::value::Value;

/// Is told every step of a decision, in order. Every method does nothing unless it is written anew.
pub trait Trace {
    /// Whether it matters what it is told.
    const WATCHES: bool = true;

    /// A slot is about to be decided.
    fn slot(&mut self, _slot: u16) {}
    /// A rule of that slot is being tried.
    fn rule(&mut self, _rule: u16) {}
    /// The rule's condition does not hold.
    fn rule_failed(&mut self) {}
    /// A value was tested by the op at this index.
    fn tested(&mut self, _op: ConditionAt, _value: Value<'_>, _holds: bool) {}
    /// A segment is being asked for the first time.
    fn segment(&mut self, _segment: u16) {}
    /// That segment's answer.
    fn segment_held(&mut self, _segment: u16, _holds: bool) {}
    /// The answer of a segment that was asked before.
    fn segment_remembered(&mut self, _segment: u16, _holds: bool) {}
    /// An experiment is being asked for the first time.
    fn experiment(&mut self, _experiment: u16) {}
    /// That experiment's answer.
    fn assigned(&mut self, _assignment: &Assignment) {}
    /// The answer of an experiment that was asked before.
    fn remembered(&mut self, _assignment: &Assignment) {}
    /// The slot is decided.
    fn decided(&mut self, _decision: &SlotDecision) {}
}

/// Watches nothing and costs nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTrace;

impl Trace for NoTrace {
    const WATCHES: bool = false;
}
