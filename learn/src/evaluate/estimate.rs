//! A mean over visitors, and between which bounds another draw of visitors would have had it.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// A mean with its interval of 95 %: the percentile bootstrap (Efron 1979) over visitors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Of the means of visitors drawn again, 2.5 % are lower.
    pub low: f64,
    /// And 2.5 % are higher.
    pub high: f64,
}

/// How often visitors are drawn again.
const DRAWS: usize = 1000;

impl Estimate {
    /// Of numbers, one a visitor; those that are none are left out. Nothing when none is left.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts")]
    pub fn of(values: impl Iterator<Item = f64>, seed: u64) -> Option<Self> {
        let values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
        if values.is_empty() {
            return None;
        }
        let mean = |sum: f64| sum / values.len() as f64;
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = || mean((0..values.len()).map(|_| values[random.random_range(0..values.len())]).sum());
        let mut means: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
        means.sort_by(f64::total_cmp);
        let (low, high) = (means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
        Some(Self { mean: mean(values.iter().sum()), low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 400 coins, half of them heads, the mean's standard error is 0.5 / √400 = 0.025: 95 % lie within 1.96 of it.
    #[test]
    fn coins() {
        let coins = (0..400).map(|coin| f64::from(coin % 2));
        let Some(Estimate { mean, low, high }) = Estimate::of(coins, 1) else { panic!("nothing") };
        assert_eq!(mean, 0.5);
        assert!((low - 0.451).abs() < 0.006 && (high - 0.549).abs() < 0.006, "{low} {high}");
    }

    #[test]
    fn what_is_no_number_counts_for_nothing() {
        let estimate = Estimate::of([1.0, f64::NAN, 1.0].into_iter(), 1);
        assert_eq!(estimate, Some(Estimate { mean: 1.0, low: 1.0, high: 1.0 }));
        assert_eq!(Estimate::of([f64::NAN].into_iter(), 1), None);
    }
}
