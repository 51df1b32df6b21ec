//! How an experiment splits its visitors.
//!
//! Arms are half-open ranges of buckets, laid out as GrowthBook does: arm *i* starts where the weights
//! before it end and is as wide as its weight times the coverage. Raising the coverage therefore only
//! adds visitors to arms and never moves one between them. A factorial experiment is the same thing
//! with one arm for every combination of levels, so its factors are balanced against each other.

use crate::binary::binary;
use crate::bucket::{Namespace, Range, Seed};
use crate::condition::ConditionAt;
use crate::value::Span;

/// A randomised split of visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Who can take part.
    pub when: Option<ConditionAt>,
    /// What else must hold before someone takes part, as a run of `Program::requirements`.
    pub requires: Span,
    /// The input that identifies the visitor, and one to use when that is empty.
    pub hash_inputs: (u16, Option<u16>),
    /// The seed of the split.
    pub seed: Seed,
    /// The arms in order.
    pub arms: Vec<Arm>,
    /// The share of visitors that takes part when the schedule does not say less.
    pub coverage: f64,
    /// How the coverage changes with time; empty when it does not.
    pub schedule: Vec<Step>,
    /// The share of a namespace that the experiment may use.
    pub namespace: Option<Namespace>,
    /// The holdout whose visitors are kept out.
    pub holdout: Option<u16>,
    /// Earlier assignments that are kept.
    pub sticky: Option<Sticky>,
    /// The arm that all participants see, without being counted.
    pub force: Option<u16>,
    /// The consent purpose, an index into the program's; `None` when none is needed.
    pub consent: Option<u8>,
}

/// One arm: where it starts, and its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// Sum of the weights before it.
    pub start: f64,
    /// Its share at full coverage.
    pub weight: f64,
}

/// A change of coverage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Milliseconds since the epoch.
    pub from: f64,
    /// Where a linear ramp reaches `coverage`; equal to `from` for a jump.
    pub to: f64,
    /// The coverage from `to` on.
    pub coverage: f64,
}

/// Where the assignments of earlier visits are read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sticky {
    /// The input that holds the arm of the current bucket version.
    pub current: u16,
    /// The first of the inputs that hold arms of versions too old to keep their visitors.
    pub blocked: u16,
    /// How many such versions there are.
    pub blocked_count: u16,
}

/// What else must hold before someone takes part in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The visitor is in one of the arms of another experiment: bit *i* stands for arm *i*.
    Arm {
        /// The other experiment; always one that comes before.
        experiment: u16,
        /// The accepted arms.
        arms: u64,
    },
    /// The visitor is in a segment.
    Segment(u16),
}

/// A share of visitors kept out of experiments, to measure what all of them do together.
#[derive(Clone, Debug, PartialEq)]
pub struct Holdout {
    /// The seed of the split.
    pub seed: Seed,
    /// The share that is held out.
    pub coverage: f64,
    /// The input that identifies the visitor.
    pub hash_input: u16,
    /// The consent purpose.
    pub consent: Option<u8>,
}

binary!(struct Experiment {
    when, requires, hash_inputs, seed, arms, coverage, schedule, namespace, holdout, sticky, force, consent,
});
binary!(struct Arm { start, weight });
binary!(struct Step { from, to, coverage });
binary!(struct Sticky { current, blocked, blocked_count });
binary!(struct Holdout { seed, coverage, hash_input, consent });
binary!(enum Requirement else Self::Segment(u16::MAX);
    0 = Arm { experiment, arms },
    1 = Segment(segment),
);

/// Linear ramps move once a minute, so that a decision can be kept for that long.
const RAMP_STEP: f64 = 60_000.0;

impl Experiment {
    /// The arm whose range holds the bucket at this coverage.
    #[must_use]
    pub fn arm_at(&self, bucket: f64, coverage: f64) -> Option<u16> {
        let holds = |arm: &Arm| Range { start: arm.start, end: arm.start + coverage * arm.weight }.contains(bucket);
        self.arms.iter().position(holds).and_then(|arm| u16::try_from(arm).ok())
    }

    /// The coverage at `now`, and the next instant at which it may be another; `None` before the start.
    #[must_use]
    #[inline]
    pub fn coverage_at(&self, now: f64) -> (Option<f64>, f64) {
        if self.schedule.is_empty() { (Some(self.coverage), f64::INFINITY) } else { self.scheduled_coverage_at(now) }
    }

    #[inline(never)]
    fn scheduled_coverage_at(&self, now: f64) -> (Option<f64>, f64) {
        let mut reached: Option<f64> = None;
        for step in &self.schedule {
            if now < step.from {
                return (reached.map(|share| share * self.coverage), step.from);
            }
            let before = reached.unwrap_or(0.0);
            if now < step.to {
                let elapsed = ((now - step.from) / RAMP_STEP).floor() * RAMP_STEP;
                let share = before + (step.coverage - before) * (elapsed / (step.to - step.from));
                let next = (step.from + elapsed + RAMP_STEP).min(step.to);
                return (Some(share * self.coverage), next);
            }
            reached = Some(step.coverage);
        }
        (reached.map(|share| share * self.coverage), f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::HashVersion;

    fn experiment(coverage: f64, schedule: Vec<Step>) -> Experiment {
        Experiment {
            when: None,
            requires: Span::default(),
            hash_inputs: (0, None),
            seed: Seed::new("", HashVersion::Two),
            arms: vec![Arm { start: 0.0, weight: 0.5 }, Arm { start: 0.5, weight: 0.5 }],
            coverage,
            schedule,
            namespace: None,
            holdout: None,
            sticky: None,
            force: None,
            consent: None,
        }
    }

    #[test]
    fn coverage_narrows_every_arm_from_its_end() {
        let experiment = experiment(0.4, Vec::new());
        for (bucket, arm) in
            [(0.0, Some(0)), (0.19, Some(0)), (0.2, None), (0.5, Some(1)), (0.69, Some(1)), (0.7, None)]
        {
            assert_eq!(experiment.arm_at(bucket, 0.4), arm, "{bucket}");
        }
    }

    #[test]
    fn steps_and_ramps() {
        let minute = 60_000.0;
        let schedule = vec![
            Step { from: 0.0, to: 0.0, coverage: 0.1 },
            Step { from: 10.0 * minute, to: 20.0 * minute, coverage: 0.6 },
        ];
        let experiment = experiment(0.5, schedule);
        let close = |left: f64, right: f64| (left - right).abs() < 1e-12;
        assert_eq!(experiment.coverage_at(-1.0), (None, 0.0));
        assert_eq!(experiment.coverage_at(0.0), (Some(0.05), 10.0 * minute));
        // Four whole minutes into ten: 0.1 + 0.5 × 0.4 = 0.3, halved.
        let (coverage, next) = experiment.coverage_at(14.5 * minute);
        assert!(close(coverage.unwrap(), 0.15));
        assert_eq!(next, 15.0 * minute);
        let (coverage, next) = experiment.coverage_at(20.0 * minute);
        assert!(close(coverage.unwrap(), 0.3));
        assert_eq!(next, f64::INFINITY);
    }
}
