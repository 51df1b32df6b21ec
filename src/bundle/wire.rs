//! The bundle as authored: the JSON model, from which the published JSON Schema is generated.
//!
//! Conditions stay JSON here: their language is open-ended by path, and [`crate::condition::compile`]
//! knows it. What these types cannot say (references, ranges, patterns) is checked when compiling.

use super::catalog::Catalog;
use super::clusters::Clusters;
use super::content::Variant;
use super::given::Given;
use super::manifest::DEFAULT_PURPOSE;
use super::ranking::Rank;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Everything a site shows adaptively, in one document.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Bundle {
    /// The JSON Schema that editors complete from.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version of this format: 1.
    pub version: u32,
    /// A name for the bundle, such as the site's.
    pub id: String,
    /// Counts up with every published change.
    pub revision: u64,
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The consent purpose that each use of personal data needs.
    pub consent: Consent,
    /// Named lists of values for `$inGroup` and `$notInGroup`.
    pub groups: IndexMap<String, Vec<Json>>,
    /// Named conditions for `$segment`.
    pub segments: IndexMap<String, Condition>,
    /// Shares of visitors kept out of experiments.
    pub holdouts: IndexMap<String, Holdout>,
    /// Randomised splits of visitors into variants.
    pub experiments: IndexMap<String, Experiment>,
    /// Groups of visitors who are alike, or the name of the file that `slotwise segment` wrote. `profile.cluster` names the visitor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Given<Clusters>>,
    /// The items that slots can rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<Catalog>,
    /// The places whose content adapts.
    pub slots: IndexMap<String, Slot>,
}

/// A condition: an object of paths and operators. See the guide to conditions.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Condition(#[schemars(with = "IndexMap<String, Json>")] pub Json);

/// Keeps a condition that was written as `null` apart from one that was not: it is a mistake, and not "always".
pub(super) fn written<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Condition>, D::Error> {
    Condition::deserialize(deserializer).map(Some)
}

/// The consent purpose that each use of personal data needs. `none` asks for no consent: relax knowingly.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Consent {
    /// To read what identifies a visitor.
    pub ids: String,
    /// To take part in experiments.
    pub experiments: String,
    /// To keep and read a profile of what the visitor did.
    pub profiles: String,
    /// To rank items for the visitor.
    pub ranking: String,
}

impl Default for Consent {
    fn default() -> Self {
        let purpose = || DEFAULT_PURPOSE.to_owned();
        Self { ids: purpose(), experiments: purpose(), profiles: purpose(), ranking: purpose() }
    }
}

/// A share of visitors kept out of experiments, to measure what all of them do together.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Holdout {
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The share of visitors held out, from 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub coverage: f64,
    /// Changing it draws the visitors anew. Default: the holdout's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The attribute that identifies a visitor. Default: `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash_attribute: Option<String>,
}

/// A randomised split of visitors.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Experiment {
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The arms and their weights, which add up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<IndexMap<String, f64>>,
    /// Instead of `variants`: independent factors, each with its levels and their weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<IndexMap<String, IndexMap<String, f64>>>,
    /// The share of visitors that takes part, from 0 to 1. Raising it moves nobody between arms.
    #[schemars(range(min = 0, max = 1))]
    pub coverage: f64,
    /// Changing it splits the visitors anew. Default: the experiment's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The attribute that identifies a visitor.
    pub hash_attribute: String,
    /// The attribute to use when that one is missing. Best with `sticky`, or a log-in moves visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_attribute: Option<String>,
    /// GrowthBook's hashing: 2, or 1 for an experiment that already runs with it.
    pub hash_version: u32,
    /// The part of a namespace that the experiment may use: name, start, end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<(String, f64, f64)>,
    /// The holdout whose visitors are kept out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<String>,
    /// Whether a visitor keeps the first arm, whatever happens to weights and targeting.
    pub sticky: bool,
    /// Counting it up gives sticky visitors a new arm.
    pub bucket_version: u16,
    /// Visitors with an arm from before this bucket version are excluded.
    pub min_bucket_version: u16,
    /// Who can take part.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    pub when: Option<Condition>,
    /// What else must hold: an arm of another experiment, or a segment.
    pub requires: Vec<Requirement>,
    /// How the coverage changes with time. Before the first step nobody takes part.
    pub schedule: Vec<Step>,
    /// The arm that all participants see, without being counted: the way to end an experiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force: Option<String>,
    /// The consent purpose that this experiment needs, instead of the bundle's. `none` needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
}

impl Default for Experiment {
    fn default() -> Self {
        Self {
            description: None,
            variants: None,
            factors: None,
            coverage: 1.0,
            seed: None,
            hash_attribute: "id".to_owned(),
            fallback_attribute: None,
            hash_version: 2,
            namespace: None,
            holdout: None,
            sticky: false,
            bucket_version: 0,
            min_bucket_version: 0,
            when: None,
            requires: Vec::new(),
            schedule: Vec::new(),
            force: None,
            consent: None,
        }
    }
}

/// A prerequisite: an experiment with its accepted arms, or a segment.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Requirement {
    /// Another experiment that the visitor must take part in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The arms of that experiment that count. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<String>>,
    /// A segment that the visitor must be in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
}

/// A change of coverage: at once, or linearly when it has a `to`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// When the change begins: an RFC 3339 time such as `2026-11-01T00:00:00Z`.
    #[schemars(extend("format" = "date-time"))]
    pub from: String,
    /// When a linear change, from the coverage before it, is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub to: Option<String>,
    /// The share of the experiment's own coverage that is reached, from 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub coverage: f64,
}

/// A place whose content adapts.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Slot {
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The variant shown when no rule decides.
    pub default: String,
    /// What the slot can show.
    pub variants: IndexMap<String, Variant>,
    /// Tried in order; the first that decides wins.
    pub rules: Vec<Rule>,
}

/// One rule of a slot: shows a variant, runs an experiment, or ranks items.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// A name for the rule, in explanations and reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When the rule applies. Default: always.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    pub when: Option<Condition>,
    /// The variant to show; with `experiment`, which variant each arm shows (default: the one of its name).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
    /// The experiment to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The factor of a factorial experiment that this slot shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// How to rank the catalog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
}

/// What a rule shows.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Show {
    /// One variant.
    Variant(String),
    /// A variant for every arm of an experiment.
    PerArm(IndexMap<String, String>),
}

/// The JSON Schema of a bundle, as published.
#[must_use]
pub fn schema() -> Json {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<Bundle>();
    schema.insert("title".to_owned(), Json::from("Slotwise bundle"));
    schema.insert("required".to_owned(), serde_json::json!(["version", "id", "slots"]));
    schema.to_value()
}
