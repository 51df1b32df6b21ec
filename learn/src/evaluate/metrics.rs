//! What a list is worth to a visitor who then chose some items.
//!
//! With k places, n relevant items, and r(i) = 1 where place i has one of them:
//!
//! | metric | is |
//! | --- | --- |
//! | hit rate | 1 when any place has a relevant item |
//! | precision | Σ r(i) / k |
//! | recall | Σ r(i) / n |
//! | NDCG | Σ r(i) / log₂(i + 1), over that of the best list of k places: its first min(k, n) places have relevant items |
//! | untruncated NDCG | the same sum, over that of a list long enough for all n: it reaches 1 only when n ≤ k |
//! | MAP | Σ r(i) × precision at i / min(k, n) |
//! | MRR | 1 / the first i with r(i) = 1, else 0 |
//! | novelty | the mean of −log₂ of the share of visitors that had chosen an item (one more is counted for each) |
//! | diversity | the mean of 1 − cosine over pairs of the list, by the vectors of content |

use super::Case;

/// What is known of items, to judge lists by.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// How many visitors chose each before the test.
    pub counts: &'a [u32],
    /// How many visitors there were.
    pub visitors: usize,
    /// Vectors of content of length one, row by row, and how long a row is; without them lists have no diversity.
    pub content: Option<(&'a [f32], usize)>,
}

/// The metrics of one list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// In the order of [`METRICS`]; diversity is NaN where it is not known.
    pub values: [f64; METRICS.len()],
    /// The list.
    pub list: Vec<u32>,
}

/// Names of metrics.
pub const METRICS: [&str; 9] =
    ["hitRate", "precision", "recall", "ndcg", "ndcgUntruncated", "map", "mrr", "novelty", "diversity"];

impl Metrics {
    /// Judges a list of up to `length` places.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts")]
    pub fn of(list: &[u32], case: &Case, facts: &Facts<'_>, length: usize) -> Self {
        let hits: Vec<bool> = list.iter().map(|item| is_relevant(*item, case)).collect();
        let (places, relevant) = (length as f64, case.relevant.len());
        let count = hits.iter().filter(|hit| **hit).count() as f64;
        let mut found = 0.0;
        let mut precisions = 0.0;
        for (place, _) in hits.iter().enumerate().filter(|(_, hit)| **hit) {
            found += 1.0;
            precisions += found / (place + 1) as f64;
        }
        let first = hits.iter().position(|hit| *hit);
        let gain = gain(&hits);
        let values = [
            f64::from(u8::from(count > 0.0)),
            count / places,
            count / relevant as f64,
            gain / ideal(relevant.min(length)),
            gain / ideal(relevant),
            precisions / relevant.min(length) as f64,
            first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
            novelty(list, facts),
            facts.content.map_or(f64::NAN, |(vectors, dimensions)| diversity(list, vectors, dimensions)),
        ];
        Self { values, list: list.to_vec() }
    }
}

/// NDCG alone.
pub(super) fn ndcg(list: &[u32], case: &Case, length: usize) -> f64 {
    let hits: Vec<bool> = list.iter().map(|item| is_relevant(*item, case)).collect();
    gain(&hits) / ideal(case.relevant.len().min(length))
}

fn is_relevant(item: u32, case: &Case) -> bool {
    case.relevant.binary_search(&item).is_ok()
}

/// What a relevant item at a place is worth.
#[expect(clippy::cast_precision_loss, reason = "places of a list")]
fn discount(place: usize) -> f64 {
    1.0 / ((place + 2) as f64).log2()
}

fn gain(hits: &[bool]) -> f64 {
    hits.iter().enumerate().filter(|(_, hit)| **hit).map(|(place, _)| discount(place)).sum()
}

/// The gain of a list with relevant items alone.
fn ideal(relevant: usize) -> f64 {
    (0..relevant).map(discount).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
fn novelty(list: &[u32], facts: &Facts<'_>) -> f64 {
    let surprise = |item: &u32| -(f64::from(facts.counts[*item as usize] + 1) / (facts.visitors + 1) as f64).log2();
    list.iter().map(surprise).sum::<f64>() / list.len().max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts")]
fn diversity(list: &[u32], vectors: &[f32], dimensions: usize) -> f64 {
    let vector = |item: u32| &vectors[item as usize * dimensions..][..dimensions];
    let mut sum = 0.0;
    for (place, one) in list.iter().enumerate() {
        for other in &list[..place] {
            let products = vector(*one).iter().zip(vector(*other)).map(|(one, other)| f64::from(one * other));
            sum += 1.0 - products.sum::<f64>();
        }
    }
    let pairs = list.len() * list.len().saturating_sub(1) / 2;
    if pairs > 0 { sum / pairs as f64 } else { f64::NAN }
}

/// Which share of the items is on any list.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts")]
pub fn coverage(lists: &[Metrics], items: usize) -> f64 {
    let mut is_shown = vec![false; items];
    lists.iter().flat_map(|metrics| &metrics.list).for_each(|item| is_shown[*item as usize] = true);
    is_shown.iter().filter(|shown| **shown).count() as f64 / items.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(list: &[u32], relevant: &[u32], length: usize) -> Metrics {
        let case = Case { relevant: relevant.to_vec(), ..Case::default() };
        let content = [1.0, 0.0, 0.0, 1.0, 0.6, 0.8, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let facts = Facts { counts: &[3, 1, 0, 0, 0, 0], visitors: 7, content: Some((&content, 2)) };
        Metrics::of(list, &case, &facts, length)
    }

    fn assert_near(found: [f64; METRICS.len()], expected: [f64; METRICS.len()]) {
        for ((name, found), expected) in METRICS.iter().zip(found).zip(expected) {
            assert!((found - expected).abs() < 1e-7, "{name}: {found}, not {expected}");
        }
    }

    /// Places 2 and 3 of three are hits, and of four relevant items two are found.
    #[test]
    fn worked_by_hand() {
        let log3 = 3_f64.log2();
        let gain = 1.0 / log3 + 0.5;
        assert_near(
            judged(&[0, 1, 2], &[1, 2, 4, 5], 3).values,
            [
                1.0,
                2.0 / 3.0,
                0.5,
                gain / (1.0 + 1.0 / log3 + 0.5),
                gain / (1.0 + 1.0 / log3 + 0.5 + 1.0 / 5_f64.log2()),
                (1.0 / 2.0 + 2.0 / 3.0) / 3.0,
                0.5,
                // Shares of 4, 2 and 1 of 8 visitors: 1, 2 and 3 bits.
                2.0,
                // Cosines of 0, 0.6 and 0.8.
                (1.0 + 0.4 + 0.2) / 3.0,
            ],
        );
    }

    #[test]
    fn the_best_and_the_worst_list() {
        let best = judged(&[3, 4], &[3, 4], 2).values;
        assert_near(best, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 1.0]);
        let worst = judged(&[0, 1], &[5], 2).values;
        assert_near(worst, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.5, 1.0]);
    }

    /// A list that is too short is not excused from its places.
    #[test]
    fn short_lists() {
        let short = judged(&[3], &[3], 4).values;
        assert_eq!(short[..7], [1.0, 0.25, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert!(short[8].is_nan());
        assert_eq!(judged(&[], &[3], 4).values[..7], [0.0; 7]);
    }

    #[test]
    fn coverage_counts_items_once() {
        assert_eq!(coverage(&[judged(&[0, 1], &[1], 2), judged(&[1, 2], &[1], 2)], 6), 0.5);
    }
}
