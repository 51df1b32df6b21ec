//! Features made comparable: logarithms of counts, days and sums, less their means, in standard deviations.

use super::visitors::Visitors;
use crate::failure::Failure;
use ndarray::{Array2, Axis};
use slotwise::bundle::clusters::ClusterFeature;
use slotwise::profile::{Feature, logarithm};

/// Visitors as points.
#[derive(Clone, Debug)]
pub struct Scaled {
    /// How each feature was scaled.
    pub features: Vec<ClusterFeature>,
    /// A row for each visitor.
    pub rows: Array2<f64>,
}

impl Scaled {
    /// Scales what is known of visitors.
    ///
    /// # Errors
    /// When a feature is the same for all.
    pub fn new(visitors: &Visitors) -> Result<Self, Failure> {
        let mut rows = visitors.values.clone();
        let mut features = Vec::new();
        for (feature, mut column) in visitors.features.iter().zip(rows.axis_iter_mut(Axis(1))) {
            let log = is_skewed(*feature);
            if log {
                column.mapv_inplace(logarithm);
            }
            let (mean, deviation) = (column.mean().unwrap_or_default(), column.std(0.0));
            if !(deviation > 0.0 && deviation.is_finite()) {
                let path = feature.path();
                let message =
                    format!("{path} is the same for all {} visitors that can be compared", visitors.ids.len());
                return Err(Failure::new(message).help(format!("name others with --features, without {path}")));
            }
            column.mapv_inplace(|number| (number - mean) / deviation);
            features.push(ClusterFeature { of: format!("profile.{}", feature.path()), log, mean, deviation });
        }
        Ok(Self { features, rows })
    }
}

/// Counts, days and sums are worlds apart at their far ends, where visitors are few; what counts is how many times more they are.
fn is_skewed(feature: Feature) -> bool {
    matches!(feature, Feature::Sessions | Feature::Recency | Feature::Frequency | Feature::Monetary)
}
