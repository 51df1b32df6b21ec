//! How far predicted ratings are from those that visitors gave: the root of the mean squared error (RMSE), for logs whose values are ratings.
//!
//! Three predictions, each with what the one before it knows: the mean of all ratings; how far visitors and items are above it, held back where
//! they have few ratings (Koren 2008); and how the visitor rated the neighbours of an item, against that.

use crate::events::Event;
use crate::models::neighbours::Neighbours;
use indexmap::IndexMap;
use std::collections::HashMap;

/// How many ratings of the mean a visitor or an item is held back by.
const DAMPING: f64 = 10.0;

/// The mean, and what visitors and items add to it.
struct Baseline {
    mean: f64,
    visitors: HashMap<u32, f64>,
    items: HashMap<u32, f64>,
}

impl Baseline {
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    fn new(ratings: &[(u32, u32, f64)]) -> Self {
        let mean = ratings.iter().map(|(.., rating)| rating).sum::<f64>() / ratings.len().max(1) as f64;
        let items = damped(ratings.iter().map(|(_, item, rating)| (*item, rating - mean)));
        let above = |item: u32| items.get(&item).copied().unwrap_or_default();
        let visitors = damped(ratings.iter().map(|(visitor, item, rating)| (*visitor, rating - mean - above(*item))));
        Self { mean, visitors, items }
    }

    fn predict(&self, visitor: u32, item: u32) -> f64 {
        let of = |biases: &HashMap<u32, f64>, number| biases.get(&number).copied().unwrap_or_default();
        self.mean + of(&self.visitors, visitor) + of(&self.items, item)
    }
}

/// Sums over counts, the counts a little larger.
fn damped(differences: impl Iterator<Item = (u32, f64)>) -> HashMap<u32, f64> {
    let mut sums: HashMap<u32, (f64, f64)> = HashMap::new();
    for (number, difference) in differences {
        let (sum, count) = sums.entry(number).or_default();
        *sum += difference;
        *count += 1.0;
    }
    sums.into_iter().map(|(number, (sum, count))| (number, sum / (count + DAMPING))).collect()
}

/// The RMSE of each prediction on `test`; nothing when there are no ratings. `neighbours` were learned from `train`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a count")]
pub fn rmse(train: &[Event], test: &[Event], neighbours: &Neighbours) -> Option<IndexMap<&'static str, f64>> {
    let ratings = |events: &[Event]| -> Vec<(u32, u32, f64)> {
        let rated = events.iter().filter(|event| !event.value.is_nan());
        rated.map(|event| (event.visitor, event.item, event.value)).collect()
    };
    let (known, asked) = (ratings(train), ratings(test));
    if known.is_empty() || asked.is_empty() {
        return None;
    }
    let baseline = Baseline::new(&known);
    let mut by_visitor: HashMap<u32, HashMap<u32, f64>> = HashMap::new();
    for (visitor, item, rating) in &known {
        by_visitor.entry(*visitor).or_default().insert(*item, rating - baseline.predict(*visitor, *item));
    }
    let near = |visitor: u32, item: u32| {
        let (mut sum, mut all) = (0.0, 0.0);
        if let Some(rated) = by_visitor.get(&visitor) {
            for (other, nearness) in &neighbours.lists[item as usize] {
                if let Some(above) = rated.get(other).filter(|_| *nearness > 0.0) {
                    sum += f64::from(*nearness) * above;
                    all += f64::from(*nearness);
                }
            }
        }
        baseline.predict(visitor, item) + if all > 0.0 { sum / all } else { 0.0 }
    };
    let error = |predict: &dyn Fn(u32, u32) -> f64| {
        let squares = asked.iter().map(|(visitor, item, rating)| (rating - predict(*visitor, *item)).powi(2));
        (squares.sum::<f64>() / asked.len() as f64).sqrt()
    };
    Some(IndexMap::from([
        ("mean", error(&|_, _| baseline.mean)),
        ("biases", error(&|visitor, item| baseline.predict(visitor, item))),
        ("knn", error(&near)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rated(visitor: u32, item: u32, value: f64) -> Event {
        Event { visitor, item, name: 0, file: 0, weight: 1.0, value, time: 0.0 }
    }

    #[test]
    fn worked_by_hand() {
        let train = [rated(0, 0, 4.0), rated(0, 1, 5.0), rated(1, 0, 2.0), rated(1, 1, 1.0)];
        let test = [rated(0, 2, 5.0), rated(1, 2, 3.0)];
        let neighbours = Neighbours { lists: vec![vec![], vec![], vec![(0, 1.0), (1, 3.0)]] };
        let Some(found) = rmse(&train, &test, &neighbours) else { panic!("nothing") };
        // The mean is 3, and off by 2 and 0. Items have no bias; visitors are 3 / 12 above and below: 3.25 and 2.75, off by 1.75 and 0.25.
        assert!((found["mean"] - 2_f64.sqrt()).abs() < 1e-12);
        assert!((found["biases"] - ((1.75_f64.powi(2) + 0.25_f64.powi(2)) / 2.0).sqrt()).abs() < 1e-12);
        // Above that, visitor 0 gave 0.75 and 1.75, by nearness (0.75 + 3 × 1.75) / 4 = 1.5: 4.75. Visitor 1 as much below: 1.25.
        assert!((found["knn"] - ((0.25_f64.powi(2) + 1.75_f64.powi(2)) / 2.0).sqrt()).abs() < 1e-12);
        assert_eq!(rmse(&train, &[rated(0, 2, f64::NAN)], &neighbours), None);
    }
}
