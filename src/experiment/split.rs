//! How an experiment splits its visitors.
//!
//! Arms are half-open ranges of buckets, laid out as GrowthBook does: arm *i* starts where the weights
//! before it end and is as wide as its weight times the coverage. Raising the coverage therefore only
//! adds visitors to arms and never moves one between them. A factorial experiment is the same thing
//! with one arm for every combination of levels, so its factors are balanced against each other.

use crate::binary::{Binary, Reader, binary};
use crate::bucket::{Bucket, Range};

/// The arms of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The buckets of each arm while the schedule does not say less. In no file: they follow from the layout.
    ranges: Box<[Range]>,
    is_scheduled: bool,
    /// Apart, because decisions mostly do not look at it.
    layout: Box<Layout>,
}

#[derive(Clone, Debug, PartialEq)]
struct Layout {
    arms: Vec<Arm>,
    coverage: f64,
    schedule: Vec<Step>,
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

/// Linear ramps move once a minute, so that a decision can be kept for that long.
const RAMP_STEP: f64 = 60_000.0;

impl Split {
    /// Lays out arms. `coverage` is the share of visitors that takes part when the schedule does not say less; an empty schedule never
    /// does.
    #[must_use]
    pub fn new(arms: Vec<Arm>, coverage: f64, schedule: Vec<Step>) -> Self {
        let ranges = arms.iter().map(|arm| arm.range(coverage)).collect();
        Self { ranges, is_scheduled: !schedule.is_empty(), layout: Box::new(Layout { arms, coverage, schedule }) }
    }

    /// The arms in order.
    #[must_use]
    pub fn arms(&self) -> &[Arm] {
        &self.layout.arms
    }

    /// Whether the coverage changes with time.
    #[must_use]
    pub fn is_scheduled(&self) -> bool {
        self.is_scheduled
    }

    /// The arm that has a bucket, once the schedule says no less than the coverage.
    #[must_use]
    pub fn arm_of(&self, bucket: Bucket) -> Option<u16> {
        position(self.ranges.iter().copied(), bucket)
    }

    /// The arm that has a bucket at this coverage.
    #[must_use]
    pub fn arm_at(&self, bucket: Bucket, coverage: f64) -> Option<u16> {
        position(self.layout.arms.iter().map(|arm| arm.range(coverage)), bucket)
    }

    /// The coverage at `now`, and the next instant at which it may be another; `None` before the start, and when `now` is NaN.
    #[must_use]
    pub fn coverage_at(&self, now: f64) -> (Option<f64>, f64) {
        let mut reached: Option<f64> = None;
        for step in &self.layout.schedule {
            // What is no moment is not behind any.
            if now < step.from || now.is_nan() {
                return (reached.map(|share| share * self.layout.coverage), step.from);
            }
            let before = reached.unwrap_or(0.0);
            if now < step.to {
                let elapsed = ((now - step.from) / RAMP_STEP).floor() * RAMP_STEP;
                let share = before + (step.coverage - before) * (elapsed / (step.to - step.from));
                let next = (step.from + elapsed + RAMP_STEP).min(step.to);
                return (Some(share * self.layout.coverage), next);
            }
            reached = Some(step.coverage);
        }
        (reached.map(|share| share * self.layout.coverage), f64::INFINITY)
    }
}

impl Arm {
    fn range(&self, coverage: f64) -> Range {
        Range::new(self.start, self.start + coverage * self.weight)
    }
}

fn position(ranges: impl Iterator<Item = Range>, bucket: Bucket) -> Option<u16> {
    let found = { ranges }.position(|range| range.contains(bucket));
    found.and_then(|arm| u16::try_from(arm).ok())
}

impl Binary for Split {
    fn write(&self, out: &mut Vec<u8>) {
        self.layout.arms.write(out);
        self.layout.coverage.write(out);
        self.layout.schedule.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        let (arms, coverage, schedule) = (Binary::read(input), Binary::read(input), Binary::read(input));
        Self::new(arms, coverage, schedule)
    }
}

binary!(struct Arm { start, weight });
binary!(struct Step { from, to, coverage });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::{HashVersion, Seed};

    fn halves(coverage: f64, schedule: Vec<Step>) -> Split {
        Split::new(vec![Arm { start: 0.0, weight: 0.5 }, Arm { start: 0.5, weight: 0.5 }], coverage, schedule)
    }

    /// Buckets of visitors, which are not made otherwise.
    fn buckets() -> impl Iterator<Item = Bucket> {
        let seed = Seed::new("", HashVersion::Two);
        (0..2000).map(move |visitor| seed.bucket(&visitor.to_string().encode_utf16().collect::<Vec<_>>()))
    }

    #[test]
    fn coverage_narrows_every_arm_from_its_end() {
        let split = halves(0.4, Vec::new());
        for bucket in buckets() {
            let share = bucket.share();
            let arm = match share {
                0.0..0.2 => Some(0),
                0.5..0.7 => Some(1),
                _ => None,
            };
            assert_eq!(split.arm_of(bucket), arm, "{share}");
            assert_eq!(split.arm_at(bucket, 0.4), arm, "{share}");
            assert_eq!(split.arm_at(bucket, 1.0), Some(u16::from(share >= 0.5)), "{share}");
        }
    }

    #[test]
    fn steps_and_ramps() {
        let minute = 60_000.0;
        let schedule = vec![
            Step { from: 0.0, to: 0.0, coverage: 0.1 },
            Step { from: 10.0 * minute, to: 20.0 * minute, coverage: 0.6 },
        ];
        let split = halves(0.5, schedule);
        let close = |left: f64, right: f64| (left - right).abs() < 1e-12;
        assert_eq!(split.coverage_at(-1.0), (None, 0.0));
        assert_eq!(split.coverage_at(f64::NAN), (None, 0.0));
        assert_eq!(split.coverage_at(0.0), (Some(0.05), 10.0 * minute));
        // Four whole minutes into ten: 0.1 + 0.5 × 0.4 = 0.3, halved.
        let (coverage, next) = split.coverage_at(14.5 * minute);
        assert!(close(coverage.unwrap(), 0.15));
        assert_eq!(next, 15.0 * minute);
        let (coverage, next) = split.coverage_at(20.0 * minute);
        assert!(close(coverage.unwrap(), 0.3));
        assert_eq!(next, f64::INFINITY);
    }
}
