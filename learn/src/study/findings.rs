//! What a study found out.

use crate::evaluate::metrics::coverage;
use crate::evaluate::{Estimate, METRICS, Metrics};
use crate::parameters::Parameters;
use indexmap::IndexMap;
use serde::Serialize;

/// What was found out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// How many places a list has.
    pub length: usize,
    /// How many events were learned from, validated and tested with.
    pub events: [usize; 3],
    /// How many visitors were tested with.
    pub visitors: usize,
    /// How many items were ranked.
    pub items: usize,
    /// What models were learned with.
    pub parameters: Parameters,
    /// What a search found on the validation: NDCG of the best, by model.
    pub searched: IndexMap<&'static str, f64>,
    /// One for each way of ranking.
    pub rows: Vec<Row>,
    /// Of each model, what serving it keeps of the NDCG that it has in single precision.
    pub kept: IndexMap<&'static str, f64>,
    /// The RMSE of predicted ratings, where values are ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<IndexMap<&'static str, f64>>,
    /// How large the compiled catalog is with all of it, in bytes.
    pub bytes: usize,
}

/// How good a way of ranking is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Whether the engine made the lists, from a compiled bundle.
    pub is_served: bool,
    /// Means over visitors, with their intervals.
    pub metrics: IndexMap<&'static str, Estimate>,
    /// Which share of the items came into any list.
    pub coverage: f64,
}

impl Row {
    pub(super) fn new(name: &'static str, is_served: bool, lists: &[Metrics], items: usize, seed: u64) -> Self {
        let estimate = |place: usize| Estimate::of(lists.iter().map(|metrics| metrics.values[place]), seed);
        let metrics =
            METRICS.iter().enumerate().filter_map(|(place, metric)| Some((*metric, estimate(place)?))).collect();
        Self { name, is_served, metrics, coverage: coverage(lists, items) }
    }
}
