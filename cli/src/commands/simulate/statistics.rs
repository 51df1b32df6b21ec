//! What counts say about shares.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Below this, a split is taken for wrong rather than for chance.
pub(super) const SIGNIFICANT: f64 = 0.001;

/// The 95 % confidence interval of a share (Wilson 1927), without continuity correction.
pub(super) fn wilson(count: u64, total: u64) -> Option<(f64, f64)> {
    let (count, total) = (float(count), float(total));
    if total <= 0.0 {
        return None;
    }
    let share = count / total;
    let scale = 1.0 + Z * Z / total;
    let middle = share + Z * Z / (2.0 * total);
    let half = Z * (share * (1.0 - share) / total + Z * Z / (4.0 * total * total)).sqrt();
    Some((((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
}

/// A chi-square test of goodness of fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) chi_square: f64,
    pub(super) degrees_of_freedom: u32,
    /// How often chance alone makes a split at least this uneven.
    pub(super) p: f64,
}

/// Tests counts against expected shares, which add up to 1. Nothing can be said of fewer than two arms, or
/// without visitors. A visitor where none is expected is beyond chance.
pub(super) fn goodness_of_fit(counts: &[u64], shares: &[f64]) -> Option<Fit> {
    let total: f64 = counts.iter().map(|count| float(*count)).sum();
    let expected = || counts.iter().zip(shares).filter(|(_, share)| **share > 0.0);
    let degrees_of_freedom = u32::try_from(expected().count()).ok()?.checked_sub(1).filter(|degrees| *degrees > 0)?;
    if total <= 0.0 {
        return None;
    }
    if counts.iter().zip(shares).any(|(count, share)| *share <= 0.0 && *count > 0) {
        return Some(Fit { chi_square: f64::MAX, degrees_of_freedom, p: 0.0 });
    }
    let distance = |(count, share): (&u64, &f64)| (float(*count) - total * share).powi(2) / (total * share);
    let chi_square: f64 = expected().map(distance).sum();
    let p = ChiSquared::new(f64::from(degrees_of_freedom)).ok()?.sf(chi_square);
    Some(Fit { chi_square, degrees_of_freedom, p })
}

/// A share of a total; 0 of nothing.
pub(super) fn share(count: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { float(count) / float(total) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of visitors stay far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_in_the_textbook() {
        // 81 of 263: 0.2553 to 0.3662 in Newcombe 1998, table I, method 3.
        let (low, high) = wilson(81, 263).unwrap();
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        // 0 of 20: 0 to 0.1611, the same table.
        let (low, high) = wilson(0, 20).unwrap();
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn chi_square_against_tables() {
        // (45 - 50)² / 50 twice is 1; tables give p = 0.3173 for one degree of freedom.
        let fit = goodness_of_fit(&[45, 55], &[0.5, 0.5]).unwrap();
        assert!((fit.chi_square - 1.0).abs() < 1e-12 && (fit.p - 0.3173).abs() < 5e-5, "{fit:?}");
        // 5.991 is the 95 % point for two degrees of freedom, whose p is exp(-x / 2).
        let fit = goodness_of_fit(&[30, 14, 16], &[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]).unwrap();
        assert_eq!(fit.degrees_of_freedom, 2);
        assert!((fit.chi_square - (100.0 + 36.0 + 16.0) / 20.0).abs() < 1e-12);
        assert!((fit.p - (-3.8f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn arms_without_weight_stay_empty() {
        assert_eq!(goodness_of_fit(&[50, 50, 1], &[0.5, 0.5, 0.0]).unwrap().p, 0.0);
        assert_eq!(goodness_of_fit(&[50, 50, 0], &[0.5, 0.5, 0.0]).unwrap().p, 1.0);
        assert_eq!(goodness_of_fit(&[50, 0], &[1.0, 0.0]), None);
        assert_eq!(goodness_of_fit(&[0, 0], &[0.5, 0.5]), None);
    }
}
