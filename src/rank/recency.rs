//! How new items are: 1 for one that has just come, half after each half-life.
//!
//! 2^(−age / half-life) is the product of a part that the item brings and one that the moment brings. The first is
//! worked out when compiling, so that a decision asks for one power of two and not for one an item.

use super::checks::within;
use super::kernel;
use crate::binary::binary;

/// How new each item is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recency {
    /// When the newest item came, in milliseconds since the epoch.
    newest: f64,
    /// In how many milliseconds half of it is gone.
    half_life: f64,
    /// How new each item was when the newest one came.
    then: Vec<f32>,
}

binary!(struct Recency { newest, half_life, then });

impl Recency {
    /// Takes down when each item came, in milliseconds since the epoch. One whose moment is not known (NaN) is never
    /// new. The half-life is in milliseconds, more than 0.
    #[cfg(feature = "compiler")]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "far enough away it does not matter")]
    pub fn new(came: &[f64], half_life: f64) -> Self {
        let newest = came.iter().copied().filter(|moment| moment.is_finite()).reduce(f64::max).unwrap_or_default();
        let then = |moment: &f64| {
            if moment.is_finite() { libm::exp2f(((moment - newest) / half_life) as f32) } else { 0.0 }
        };
        Self { newest, half_life, then: came.iter().map(then).collect() }
    }

    /// Whether there is a number from 0 to 1 for each of `items`.
    #[must_use]
    pub fn is_sound(&self, items: usize) -> bool {
        self.then.len() == items
            && self.newest.is_finite()
            && self.half_life.is_finite()
            && self.half_life > 0.0
            && within(&self.then, 0.0, 1.0)
    }

    /// How new an item is at `now`, from 0 to 1; see [`Recency::factor`].
    #[must_use]
    pub fn value(&self, factor: f32, item: u16) -> f32 {
        (self.then.get(usize::from(item)).copied().unwrap_or_default() * factor).min(1.0)
    }

    /// Adds `weight` times how new each item is.
    pub fn add_values(&self, factor: f32, weight: f32, sums: &mut [f32]) {
        kernel::add_limited(sums, weight, &self.then, factor, 1.0);
    }

    /// What the moment brings, for [`Recency::value`]: 1 when the newest item came, half a half-life later. A moment
    /// that is not known is that one.
    #[must_use]
    pub fn factor(&self, now: f64) -> f32 {
        let age = (now - self.newest) / self.half_life;
        // Before an item has come it is as new as can be, which `value` sees to; an infinite factor would make the
        // oldest one NaN.
        let age = if age.is_nan() { 0.0 } else { age.clamp(-100.0, 1e6) };
        #[expect(clippy::cast_possible_truncation, reason = "ages are told apart to a ten-millionth of them")]
        let age = age as f32;
        libm::exp2f(-age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::{from_bytes, to_bytes};

    const DAY: f64 = 86_400_000.0;

    /// Items of day 10, 8, 4 and of no day, halved every 2 days.
    fn items() -> Recency {
        Recency::new(&[10.0 * DAY, 8.0 * DAY, 4.0 * DAY, f64::NAN], 2.0 * DAY)
    }

    fn at(now: f64) -> [f32; 4] {
        let factor = items().factor(now);
        let mut sums = [0.5; 4];
        items().add_values(factor, 2.0, &mut sums);
        let values = [0, 1, 2, 3].map(|item| items().value(factor, item));
        assert_eq!(sums, values.map(|value| 0.5 + 2.0 * value));
        values
    }

    #[test]
    fn half_after_each_half_life() {
        assert_eq!(at(10.0 * DAY), [1.0, 0.5, 0.125, 0.0]);
        assert_eq!(at(14.0 * DAY), [0.25, 0.125, 0.03125, 0.0]);
        let [first, ..] = at(11.0 * DAY);
        assert!((first - 0.5f32.sqrt()).abs() < 1e-6, "{first}");
    }

    #[test]
    fn odd_moments() {
        assert_eq!(at(8.0 * DAY), [1.0, 1.0, 0.25, 0.0], "nothing is newer than new");
        assert_eq!(at(-1e300), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(at(f64::NEG_INFINITY), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(at(f64::INFINITY), [0.0; 4]);
        assert_eq!(at(f64::NAN), [1.0, 0.5, 0.125, 0.0]);
    }

    #[test]
    fn files_that_do_not_fit() {
        assert_eq!(from_bytes(&to_bytes(&items())), Some(items()));
        assert!(items().is_sound(4) && !items().is_sound(3));
        assert!(!Recency { half_life: 0.0, ..items() }.is_sound(4));
        assert!(!Recency { newest: f64::NAN, ..items() }.is_sound(4));
        assert!(!Recency { then: vec![1.5; 4], ..items() }.is_sound(4));
    }
}
