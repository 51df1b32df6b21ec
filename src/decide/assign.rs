//! What an experiment makes of the visitor. The order of the questions is GrowthBook's, with consent and
//! the holdout asked first.

use super::run::{Ahead, Run};
use super::{Assignment, MAX_DEPTH, Reason};
use crate::bucket::{ABREAST, Bucket, Seed, abreast};
use crate::experiment::{Experiment, Holdout, Requirement, Split, Sticky};
use crate::trace::Trace;
use crate::value::{Node, Value};

/// The visitor's place in an experiment before the arm is known to count.
struct Placed {
    arm: u16,
    reason: Reason,
}

impl<'a, T: Trace> Run<'a, '_, T> {
    /// The arm of an experiment, or none, and why. Worked out once for each decision.
    pub(super) fn assign(&mut self, index: u16) -> (Option<u16>, Reason) {
        if let Some(known) = self.out.assignment(index) {
            self.trace.remembered(known);
            return (known.arm, known.reason);
        }
        let Some(experiment) = self.program.experiments.get(usize::from(index)) else { return (None, Reason::Damaged) };
        if self.depth >= MAX_DEPTH {
            return (None, Reason::Damaged);
        }
        self.trace.experiment(index);
        self.depth = self.depth.saturating_add(1);
        let mut assignment =
            Assignment { experiment: index, arm: None, reason: Reason::Damaged, bucket: None, fallback: false };
        match self.place(experiment, &mut assignment) {
            Ok(placed) => {
                assignment.arm = Some(experiment.force.unwrap_or(placed.arm));
                assignment.reason = if experiment.force.is_some() { Reason::ArmForced } else { placed.reason };
            }
            Err(reason) => assignment.reason = reason,
        }
        self.depth = self.depth.saturating_sub(1);
        self.trace.assigned(&assignment);
        self.out.note_assignment(assignment);
        (assignment.arm, assignment.reason)
    }

    fn place(&mut self, experiment: &'a Experiment, assignment: &mut Assignment) -> Result<Placed, Reason> {
        if !self.frame.consents(experiment.consent) {
            return Err(Reason::ConsentRequired);
        }
        if let Some(holdout) = experiment.holdout.and_then(|holdout| self.program.holdouts.get(usize::from(holdout)))
            && self.is_held_out(holdout)
        {
            return Err(Reason::HeldOut);
        }
        let (mut input, fallback) = experiment.hash_inputs;
        let mut visitor = self.hash_value(input);
        if visitor.is_none()
            && let Some(fallback) = fallback
        {
            input = fallback;
            visitor = self.hash_value(fallback);
            assignment.fallback = visitor.is_some();
        }
        let Some(visitor) = visitor else { return Err(Reason::NoHashValue) };
        let sticky = match experiment.sticky {
            Some(sticky) => self.sticky_arm(sticky, experiment)?,
            None => None,
        };
        if sticky.is_none() {
            self.is_eligible(experiment, visitor)?;
        }
        let bucket = self.bucket(assignment.experiment, &experiment.seed, (input, visitor));
        assignment.bucket = Some(bucket);
        if let Some(arm) = sticky {
            return Ok(Placed { arm, reason: Reason::Sticky });
        }
        let split = &experiment.split;
        let arm = if split.is_scheduled() { self.scheduled_arm(split, bucket)? } else { split.arm_of(bucket) };
        Ok(Placed { arm: arm.ok_or(Reason::NotCovered)?, reason: Reason::Assigned })
    }

    #[inline(never)] // as whatever few experiments ask: together with it, what all of them ask is slower
    fn scheduled_arm(&mut self, split: &Split, bucket: Bucket) -> Result<Option<u16>, Reason> {
        let (coverage, changes_at) = split.coverage_at(self.frame.now);
        self.out.note_change(changes_at);
        Ok(split.arm_at(bucket, coverage.ok_or(Reason::NotStarted)?))
    }

    /// The bucket of a visitor, by the value of an input, in an experiment. Those of the next experiments are worked out with it: mostly they
    /// are asked next.
    fn bucket(&mut self, index: u16, seed: &Seed, (input, visitor): (u16, Value<'a>)) -> Bucket {
        let Seed::Two(hash) = *seed else { return visitor.with_text(|visitor| seed.bucket(visitor)) };
        if let Some(Ahead { input: known, first, buckets }) = &self.ahead
            && *known == input
            && let Some(bucket) = buckets.get(usize::from(index.wrapping_sub(*first)))
        {
            return *bucket;
        }
        let mut hashes = [hash; ABREAST];
        let following = self.program.experiments.get(usize::from(index)..).unwrap_or_default();
        for (hash, experiment) in hashes.iter_mut().zip(following) {
            if let Seed::Two(seeded) = experiment.seed {
                *hash = seeded;
            }
        }
        let buckets = visitor.with_text(|visitor| abreast(hashes, visitor));
        self.ahead = Some(Ahead { input, first: index, buckets });
        buckets[0]
    }

    /// The arm that an earlier visit was given and that still counts.
    #[inline(never)]
    fn sticky_arm(&mut self, sticky: Sticky, experiment: &Experiment) -> Result<Option<u16>, Reason> {
        let blocked = sticky.blocked..sticky.blocked.saturating_add(sticky.blocked_count);
        if blocked.into_iter().any(|input| !matches!(self.read(input), Node::Null | Node::Undefined)) {
            return Err(Reason::StickyBlocked);
        }
        // The caller has turned the name of the arm into its number; what is no arm counts as nothing.
        let Node::Number(number) = self.read(sticky.current) else { return Ok(None) };
        Ok((0..=u16::MAX).zip(experiment.split.arms()).map(|(arm, _)| arm).find(|arm| f64::from(*arm) == number))
    }

    fn is_eligible(&mut self, experiment: &'a Experiment, visitor: Value<'a>) -> Result<(), Reason> {
        if let Some(namespace) = &experiment.namespace
            && !visitor.with_text(|visitor| namespace.contains(visitor))
        {
            return Err(Reason::NotInNamespace);
        }
        if !experiment.when.is_none_or(|when| self.applies(when)) {
            return Err(Reason::NotTargeted);
        }
        if experiment.requires.len == 0 || self.meets(experiment) { Ok(()) } else { Err(Reason::RequirementUnmet) }
    }

    #[inline(never)]
    fn meets(&mut self, experiment: &Experiment) -> bool {
        let requirements = self.program.requirements.get(experiment.requires.range(1)).unwrap_or_default();
        requirements.iter().all(|requirement| match *requirement {
            Requirement::Segment(segment) => crate::condition::Host::segment(self, segment),
            Requirement::Arm { experiment, arms } => {
                let (arm, _) = self.assign(experiment);
                arm.is_some_and(|arm| arms.checked_shr(u32::from(arm)).is_some_and(|bits| bits & 1 == 1))
            }
        })
    }

    #[inline(never)]
    fn is_held_out(&mut self, holdout: &'a Holdout) -> bool {
        self.frame.consents(holdout.consent)
            && self.hash_value(holdout.hash_input).is_some_and(|visitor| {
                visitor.with_text(|visitor| holdout.seed.bucket(visitor)).share() < holdout.coverage
            })
    }

    /// What identifies the visitor; what JavaScript takes for false does not.
    #[inline]
    fn hash_value(&mut self, input: u16) -> Option<Value<'a>> {
        match self.visitor {
            Some((known, value)) if known == input => Some(value),
            _ => self.read_hash_value(input),
        }
    }

    #[inline(never)]
    fn read_hash_value(&mut self, input: u16) -> Option<Value<'a>> {
        let value = self.frame.pool.value(self.read(input));
        if !value.is_truthy() {
            return None;
        }
        self.visitor = Some((input, value));
        Some(value)
    }
}
