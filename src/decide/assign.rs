//! What an experiment makes of the visitor. The order of the questions is GrowthBook's, with consent and
//! the holdout asked first.

use super::run::{Ahead, Run};
use super::{Assignment, MAX_DEPTH, Maybe, Reason};
use crate::bucket::{ABREAST, Bucket, Seed, abreast};
use crate::experiment::{Experiment, Holdout, Options, Requirement, Split, Sticky};
use crate::trace::Trace;
use crate::value::{Node, Value};

/// What a rule has to know of an assignment. Small enough to be handed over in a register.
pub(super) struct Made {
    pub(super) arm: Maybe,
    pub(super) reason: Reason,
    /// Where it stands.
    pub(super) place: Maybe,
}

impl<'a, T: Trace> Run<'a, '_, T> {
    /// What an experiment makes of the visitor, worked out once for each decision.
    pub(super) fn assign(&mut self, index: u16) -> Made {
        let place = self.out.place_of(index);
        if let Some(known) = self.out.assignment_at(place) {
            self.trace.remembered(known);
            return Made { arm: known.arm, reason: known.reason, place };
        }
        let experiment = self.program.experiments.get(usize::from(index)).filter(|_| self.depth < MAX_DEPTH);
        let Some(experiment) = experiment else { return Made { arm: Maybe::NONE, reason: Reason::Damaged, place } };
        self.trace.experiment(index);
        let assignment = if !self.frame.consents(experiment.consent) {
            unassigned(index, Reason::ConsentRequired)
        } else if let Some(options) = &experiment.options {
            self.assign_by_options(index, experiment, options)
        } else if let Some(bucket) = self.bucket(index, &experiment.seed, experiment.hash_input) {
            self.assign_by_bucket(index, &experiment.split, bucket)
        } else {
            unassigned(index, Reason::NoHashValue)
        };
        self.trace.assigned(&assignment);
        let place = self.out.note_assignment(assignment);
        Made { arm: assignment.arm, reason: assignment.reason, place }
    }

    /// Where an experiment asks more than who the visitor is.
    #[inline(never)]
    fn assign_by_options(&mut self, index: u16, experiment: &'a Experiment, options: &'a Options) -> Assignment {
        self.depth = self.depth.saturating_add(1);
        let assignment = self.take_part(index, experiment, options).unwrap_or_else(|reason| unassigned(index, reason));
        self.depth = self.depth.saturating_sub(1);
        assignment
    }

    fn take_part(
        &mut self,
        index: u16,
        experiment: &'a Experiment,
        options: &'a Options,
    ) -> Result<Assignment, Reason> {
        if options.holdout.is_some_and(|holdout| self.is_held_out(holdout)) {
            return Err(Reason::HeldOut);
        }
        let mut input = experiment.hash_input;
        let mut visitor = self.hash_value(input);
        let mut fallback = false;
        if visitor.is_none()
            && let Some(other) = options.fallback_input
        {
            input = other;
            visitor = self.hash_value(other);
            fallback = visitor.is_some();
        }
        let Some(visitor) = visitor else { return Err(Reason::NoHashValue) };
        let sticky = match options.sticky {
            Some(sticky) => self.sticky_arm(sticky, experiment)?,
            None => None,
        };
        if sticky.is_none() {
            self.is_eligible(options, visitor)?;
        }
        let Some(bucket) = self.bucket(index, &experiment.seed, input) else { return Err(Reason::NoHashValue) };
        let mut assignment = match sticky {
            Some(arm) => Assignment {
                arm: Maybe::some(arm),
                bucket: Maybe::some(bucket.number()),
                ..unassigned(index, Reason::Sticky)
            },
            None => self.assign_by_bucket(index, &experiment.split, bucket),
        };
        if let Some(arm) = options.force.filter(|_| assignment.arm != Maybe::NONE) {
            (assignment.arm, assignment.reason) = (Maybe::some(arm), Reason::ArmForced);
        }
        Ok(Assignment { fallback, ..assignment })
    }

    /// The arm that has a bucket.
    #[inline]
    fn assign_by_bucket(&mut self, index: u16, split: &Split, bucket: Bucket) -> Assignment {
        let arm = if split.is_scheduled() { self.scheduled_arm(split, bucket) } else { Ok(split.arm_of(bucket)) };
        let (arm, reason) = match arm {
            Ok(Some(arm)) => (Maybe::some(arm), Reason::Assigned),
            Ok(None) => (Maybe::NONE, Reason::NotCovered),
            Err(reason) => (Maybe::NONE, reason),
        };
        Assignment { arm, bucket: Maybe::some(bucket.number()), ..unassigned(index, reason) }
    }

    #[inline(never)] // as whatever few experiments ask: together with it, what all of them ask is slower
    fn scheduled_arm(&mut self, split: &Split, bucket: Bucket) -> Result<Option<u16>, Reason> {
        let (coverage, changes_at) = split.coverage_at(self.frame.now);
        self.out.note_change(changes_at);
        Ok(split.arm_at(bucket, coverage.ok_or(Reason::NotStarted)?))
    }

    /// The bucket of the visitor, by the value of an input, in an experiment; none when that does not identify anybody. Those of the next
    /// experiments are worked out with it: mostly they are asked next.
    #[inline]
    fn bucket(&mut self, index: u16, seed: &Seed, input: u16) -> Option<Bucket> {
        if let Seed::Two(_) = seed
            && let Some(Ahead { input: known, first, buckets }) = &self.ahead
            && *known == input
            && let Some(bucket) = buckets.get(usize::from(index.wrapping_sub(*first)))
        {
            return Some(*bucket);
        }
        self.look_ahead(index, seed, input)
    }

    #[inline(never)]
    fn look_ahead(&mut self, index: u16, seed: &Seed, input: u16) -> Option<Bucket> {
        let visitor = self.hash_value(input)?;
        let Seed::Two(hash) = *seed else { return Some(visitor.with_text(|visitor| seed.bucket(visitor))) };
        let mut hashes = [hash; ABREAST];
        let following = self.program.experiments.get(usize::from(index)..).unwrap_or_default();
        for (hash, experiment) in hashes.iter_mut().zip(following) {
            if let Seed::Two(seeded) = experiment.seed {
                *hash = seeded;
            }
        }
        let buckets = visitor.with_text(|visitor| abreast(hashes, visitor));
        self.ahead = Some(Ahead { input, first: index, buckets });
        Some(buckets[0])
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

    fn is_eligible(&mut self, options: &'a Options, visitor: Value<'a>) -> Result<(), Reason> {
        if let Some(namespace) = &options.namespace
            && !visitor.with_text(|visitor| namespace.contains(visitor))
        {
            return Err(Reason::NotInNamespace);
        }
        if !options.when.is_none_or(|when| self.applies(when)) {
            return Err(Reason::NotTargeted);
        }
        if options.requires.len == 0 || self.meets(options) { Ok(()) } else { Err(Reason::RequirementUnmet) }
    }

    #[inline(never)]
    fn meets(&mut self, options: &Options) -> bool {
        let requirements = self.program.requirements.get(options.requires.range(1)).unwrap_or_default();
        requirements.iter().all(|requirement| match *requirement {
            Requirement::Segment(segment) => crate::condition::Host::segment(self, segment),
            Requirement::Arm { experiment, arms } => self
                .assign(experiment)
                .arm
                .get()
                .is_some_and(|arm| arms.checked_shr(u32::from(arm)).is_some_and(|bits| bits & 1 == 1)),
        })
    }

    /// Whether the visitor is held out. Mostly all experiments have the same holdout.
    #[inline(never)]
    fn is_held_out(&mut self, index: u16) -> bool {
        if let Some((known, is_held)) = self.holdout
            && known == index
        {
            return is_held;
        }
        let is_held = self.program.holdouts.get(usize::from(index)).is_some_and(|holdout| self.holds_out(holdout));
        self.holdout = Some((index, is_held));
        is_held
    }

    fn holds_out(&mut self, holdout: &Holdout) -> bool {
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

/// Nobody's arm.
fn unassigned(experiment: u16, reason: Reason) -> Assignment {
    Assignment { experiment, arm: Maybe::NONE, reason, fallback: false, bucket: Maybe::NONE }
}
