//! Clusters of visitors, as `slotwise segment` writes them: the file that a bundle names, or what stands in it. See [`super::wire`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most features of a bundle's clusters, and the most clusters: more than anybody can tell apart.
pub const MOST_FEATURES: usize = 16;
/// See [`MOST_FEATURES`].
pub const MOST_CLUSTERS: usize = 100;

/// Groups of visitors who are alike. A visitor belongs to the one whose centre is nearest, and to none while a feature is missing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Clusters {
    /// What visitors are compared by.
    pub features: Vec<ClusterFeature>,
    /// The clusters.
    pub clusters: Vec<Cluster>,
}

/// A feature of profiles, and how it is made comparable with others: less its mean, in standard deviations.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClusterFeature {
    /// Its path, such as `profile.rfm.recency`.
    pub of: String,
    /// Whether the natural logarithm of one more than the feature counts.
    pub log: bool,
    /// Its mean, of logarithms where these count.
    pub mean: f64,
    /// Its standard deviation, likewise.
    pub deviation: f64,
}

impl Default for ClusterFeature {
    fn default() -> Self {
        Self { of: String::new(), log: false, mean: 0.0, deviation: 1.0 }
    }
}

/// A group of visitors.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cluster {
    /// What `profile.cluster` says.
    pub name: String,
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The centre, a number for each feature.
    pub center: Vec<f64>,
}
