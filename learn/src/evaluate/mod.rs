//! How good lists are: for every visitor of a test, all items are ranked, and what the visitor chose afterwards is looked for.
//!
//! [`mod@cases`] are the visitors, [`metrics`] judges a list, [`estimate`] says how far chance may have moved a mean;
//! [`ratings`] are another matter, for logs that have some.

pub mod cases;
pub mod estimate;
pub mod metrics;
pub mod ratings;

pub use cases::{Case, cases};
pub use estimate::Estimate;
pub use metrics::{Facts, METRICS, Metrics};

use crate::models::Recommender;
use rayon::prelude::*;

/// Makes lists of items for visitors.
pub trait Ranks: Sync {
    /// The numbers of the best items, best first, without those that the visitor has dealt with.
    fn rank(&self, case: &Case, length: usize) -> Vec<u32>;
}

/// Ranks by scores; of equal ones the first item is first.
pub struct ByScore<'r> {
    /// Who says how well items suit.
    pub recommender: &'r dyn Recommender,
    /// How many items there are.
    pub items: usize,
}

impl Ranks for ByScore<'_> {
    fn rank(&self, case: &Case, length: usize) -> Vec<u32> {
        let mut scores = vec![0.0; self.items];
        self.recommender.score(&case.history, &mut scores);
        best(&scores, case, length)
    }
}

/// The best of all items but those of the visitor's history.
fn best(scores: &[f32], case: &Case, length: usize) -> Vec<u32> {
    let is_new = |item: &u32| case.history.binary_search_by_key(item, |(known, _)| *known).is_err();
    let mut items: Vec<u32> = (0..).take(scores.len()).filter(is_new).collect();
    let better = |one: &u32, other: &u32| {
        let score = |item: &u32| scores[*item as usize];
        score(other).total_cmp(&score(one)).then(one.cmp(other))
    };
    if items.len() > length {
        items.select_nth_unstable_by(length, better);
        items.truncate(length);
    }
    items.sort_by(better);
    items
}

/// What a way of ranking reaches over all visitors.
#[must_use]
pub fn evaluate(ranks: &dyn Ranks, cases: &[Case], facts: &Facts<'_>, length: usize) -> Vec<Metrics> {
    cases.par_iter().map(|case| Metrics::of(&ranks.rank(case, length), case, facts, length)).collect()
}

/// The mean of one metric, quickly: what parameters are chosen by.
#[must_use]
pub fn mean_ndcg(ranks: &dyn Ranks, cases: &[Case], length: usize) -> f64 {
    let sum: f64 = cases
        .par_iter()
        .map(|case| metrics::ndcg(&ranks.rank(case, length), case, length))
        .collect::<Vec<_>>()
        .iter()
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let count = cases.len().max(1) as f64;
    sum / count
}
