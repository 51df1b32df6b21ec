//! One score from several signals, and what made it.
//!
//! A score is a bias and each signal times its weight. That is a blend with weights of the site's choice, and it is a
//! logistic regression over signals as well: the means and deviations that its training took out of the signals are
//! put into bias and weights when compiling, and what it ranks by is the sum itself, of which [`probability`] makes a
//! probability.

use super::checks::{HUGE, within};
use crate::binary::{Binary, Reader, binary};

/// What speaks for an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It is like what the visitor is interested in.
    Content = 0,
    /// Visitors who did alike liked it.
    Factors = 1,
    /// It goes with items of the visitor's history.
    Neighbours = 2,
    /// It is popular where the visitor is.
    Popularity = 3,
    /// It is new.
    Recency = 4,
    /// The site wants it shown.
    Boost = 5,
}

/// How many signals there are.
pub const SIGNALS: usize = 6;

/// A number for each signal, in the order of [`Signal`].
pub type Signals = [f32; SIGNALS];

/// How signals become a score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blend {
    /// What a signal counts.
    pub weights: Signals,
    /// What every score has.
    pub bias: f32,
}

binary!(struct Blend { weights, bias });

impl Binary for Signals {
    fn write(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|number| number.write(out));
    }

    fn read(input: &mut Reader<'_>) -> Self {
        [(); SIGNALS].map(|()| f32::read(input))
    }
}

impl Blend {
    /// Weights of a logistic regression that was trained on signals less their mean, divided by their deviation. A
    /// signal that never varied, with a deviation of zero, counts nothing.
    #[cfg(feature = "compiler")]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "signals are floats")]
    pub fn standardised(weights: [f64; SIGNALS], bias: f64, means: [f64; SIGNALS], deviations: [f64; SIGNALS]) -> Self {
        let mut blend = Self::default();
        let mut rest = bias;
        for ((to, weight), (mean, deviation)) in
            blend.weights.iter_mut().zip(weights).zip(means.into_iter().zip(deviations))
        {
            if deviation > 0.0 {
                *to = (weight / deviation) as f32;
                rest -= weight * mean / deviation;
            }
        }
        blend.bias = rest as f32;
        blend
    }

    /// Whether all numbers are finite.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        within(&self.weights, -HUGE, HUGE) && within(&[self.bias], -HUGE, HUGE)
    }

    /// What a signal counts.
    #[must_use]
    pub fn weight(&self, signal: Signal) -> f32 {
        self.weights.get(signal as usize).copied().unwrap_or_default()
    }

    /// What each signal adds to the score.
    #[must_use]
    pub fn shares(&self, signals: &Signals) -> Signals {
        let mut shares = *signals;
        shares.iter_mut().zip(self.weights).for_each(|(share, weight)| *share *= weight);
        shares
    }

    /// The score: the bias and the shares, added up in their order. A caller who adds them up gets the same.
    #[must_use]
    pub fn score(&self, shares: &Signals) -> f32 {
        shares.iter().fold(self.bias, |score, share| score + share)
    }
}

/// What the score of a logistic regression says: how likely it is that the visitor takes the item.
#[must_use]
pub fn probability(score: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-score))
}

/// Makes parts add up to `total`, which they do but for what was lost by rounding: those of a signal's share that
/// come from items of the visitor's past. The largest takes the difference.
///
/// Parts become multiples of a 2⁴⁰th of the largest one, and so small that sums of up to 4,096 of them are exact in
/// any order. They add up to the total to the last bit, unless it is less than a 65,536th of the largest part: then
/// to a 2⁴⁰th of that. Parts that are no numbers become zero.
pub fn settle(total: f32, parts: &mut [(u16, f64)]) {
    let total = f64::from(total);
    let mut largest = 0;
    let mut size = 0.0;
    for (place, (_, part)) in parts.iter_mut().enumerate() {
        if !part.is_finite() {
            *part = 0.0;
        }
        if part.abs() > size {
            (largest, size) = (place, part.abs());
        }
    }
    let unit = power_of_two_below(size.max(total.abs())) / 1_099_511_627_776.0;
    if unit > 0.0 {
        let whole = |number: f64| (number / unit).round_ties_even() * unit;
        parts.iter_mut().for_each(|(_, part)| *part = whole(*part));
        let sum: f64 = parts.iter().map(|(_, part)| part).sum();
        if let Some((_, part)) = parts.get_mut(largest) {
            *part += whole(total) - sum;
        }
    }
}

/// The number's sign and exponent alone.
fn power_of_two_below(number: f64) -> f64 {
    f64::from_bits(number.to_bits() & 0xFFF0_0000_0000_0000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_and_its_shares() {
        let blend = Blend { weights: [2.0, 1.0, 0.5, 0.0, -1.0, 4.0], bias: 0.25 };
        let shares = blend.shares(&[0.5, 3.0, 4.0, 100.0, 0.75, 0.125]);
        assert_eq!(shares, [1.0, 3.0, 2.0, 0.0, -0.75, 0.5]);
        assert_eq!(blend.score(&shares), 6.0);
        assert_eq!(blend.weight(Signal::Boost), 4.0);
    }

    /// 3 (x − 2) / 4 = 0.75 x − 1.5.
    #[test]
    fn standardised_signals() {
        let blend = Blend::standardised([3.0, 5.0, 0.0, 0.0, 0.0, 0.0], 0.5, [2.0; 6], [4.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(blend, Blend { weights: [0.75, 0.0, 0.0, 0.0, 0.0, 0.0], bias: -1.0 });
    }

    #[test]
    fn probabilities() {
        assert_eq!(probability(0.0), 0.5);
        // 1 / (1 + 1/3)
        assert!((probability(3.0f32.ln()) - 0.75).abs() < 1e-6);
        assert_eq!((probability(1000.0), probability(-1000.0)), (1.0, 0.0));
    }

    #[test]
    fn the_largest_part_takes_the_difference() {
        let mut parts = [(4, 0.25), (2, -1.0), (9, 0.5)];
        settle(-0.26, &mut parts);
        assert_eq!((parts[0], parts[2]), ((4, 0.25), (9, 0.5)));
        assert_eq!(parts[0].1 + parts[1].1 + parts[2].1, f64::from(-0.26f32));
        assert_eq!(parts[2].1 + parts[1].1 + parts[0].1, f64::from(-0.26f32), "in any order");
        assert!((parts[1].1 + 1.01).abs() < 1e-6);
    }

    #[test]
    fn a_total_that_is_lost_beside_its_parts() {
        let mut parts: Vec<(u16, f64)> =
            (0..2000).map(|place| (place, if place < 1000 { 1e6 } else { -1e6 })).collect();
        settle(1e-7, &mut parts);
        let sum: f64 = parts.iter().map(|(_, part)| part).sum();
        assert_eq!(parts.iter().rev().map(|(_, part)| part).sum::<f64>(), sum, "in any order");
        // The 40th power of two is 1.1 × 10¹².
        assert!((sum - 1e-7).abs() <= 1e6 / 1.1e12, "{sum}");
    }

    #[test]
    fn parts_of_nothing() {
        settle(1.0, &mut []);
        let mut parts = [(1, 0.0), (2, 0.0)];
        settle(0.0, &mut parts);
        assert_eq!(parts, [(1, 0.0), (2, 0.0)]);
        let mut parts = [(1, f64::NAN), (2, 1.0)];
        settle(1.0, &mut parts);
        assert_eq!(parts, [(1, 0.0), (2, 1.0)]);
    }
}
