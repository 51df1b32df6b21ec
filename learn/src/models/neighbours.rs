//! Items that go together because the same visitors chose them: item-based nearest neighbours.
//!
//! How near two items are is the cosine of who chose them (Sarwar, Karypis, Konstan and Riedl 2001), with a shrinkage that holds back what few
//! visitors say, and choices weighted by BM25 (Robertson and Zaragoza 2009), where one of a visitor with many counts less, and so does one
//! of an item that many have.

use super::{History, Recommender};
use crate::interactions::Interactions;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How neighbours are learned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// How many neighbours of each item are kept.
    pub neighbours: usize,
    /// What is added to the denominator of a cosine.
    pub shrinkage: f64,
    /// How choices are weighted.
    pub weighting: Weighting,
    /// BM25: how far a weight may grow.
    pub k1: f64,
    /// BM25: how much the number of visitors that chose an item counts, from 0 to 1.
    pub b: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { neighbours: 200, shrinkage: 10.0, weighting: Weighting::Bm25, k1: 100.0, b: 0.8 }
    }
}

/// How choices are weighted before they are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weighting {
    /// By one.
    None,
    /// By BM25.
    #[default]
    Bm25,
}

/// For each item, others with how near they are, in ascending order of items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbours {
    /// One list an item.
    pub lists: Vec<Vec<(u32, f32)>>,
}

impl Neighbours {
    /// Learns from who liked what. `step` is called when an item has its neighbours.
    #[must_use]
    pub fn learn(likes: &Interactions, parameters: &Parameters, step: &(dyn Fn() + Sync)) -> Self {
        let weighted = match parameters.weighting {
            Weighting::None => likes.clone(),
            Weighting::Bm25 => bm25(likes, parameters.k1, parameters.b),
        };
        let by_item = weighted.transposed();
        let norms: Vec<f64> = (0..by_item.rows()).map(|item| norm(by_item.weights(item))).collect();
        let near = |item: usize, products: &mut Vec<f64>| {
            products.clear();
            products.resize(by_item.rows(), 0.0);
            for (visitor, weight) in by_item.row(item) {
                for (other, of_other) in weighted.row(visitor as usize) {
                    products[other as usize] += f64::from(weight) * f64::from(of_other);
                }
            }
            let cosine =
                |(other, product): (usize, &f64)| product / (norms[item] * norms[other] + parameters.shrinkage);
            let is_neighbour = |(other, product): &(usize, &f64)| *other != item && **product != 0.0;
            let near = products.iter().enumerate().filter(is_neighbour).map(|entry| (number(entry.0), cosine(entry)));
            let strongest = strongest(near, parameters.neighbours);
            step();
            strongest
        };
        let lists = (0..by_item.rows()).into_par_iter().map_init(Vec::new, |products, item| near(item, products));
        Self { lists: lists.collect() }
    }
}

impl Recommender for Neighbours {
    fn score(&self, history: &History, scores: &mut [f32]) {
        scores.fill(0.0);
        for (item, weight) in history {
            for (other, nearness) in &self.lists[*item as usize] {
                scores[*other as usize] += nearness * weight;
            }
        }
    }
}

/// Weights by BM25, as the `BM25Recommender` of the Python library `implicit` takes it: items are the documents and visitors the words.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts; weights are of single precision"
)]
fn bm25(likes: &Interactions, k1: f64, b: f64) -> Interactions {
    let chosen_by = likes.transposed();
    let items = chosen_by.rows() as f64;
    let sum = |item| chosen_by.weights(item).iter().copied().map(f64::from).sum();
    let sums: Vec<f64> = (0..chosen_by.rows()).map(sum).collect();
    let mean = sums.iter().sum::<f64>() / items;
    let rarity: Vec<f64> =
        (0..likes.rows()).map(|visitor| items.ln() - (likes.columns(visitor).len() as f64).ln_1p()).collect();
    likes.clone().reweighted(|visitor, item, weight| {
        let length = (1.0 - b) + b * sums[item as usize] / mean;
        let weight = f64::from(weight);
        (weight * (k1 + 1.0) / (k1 * length + weight) * rarity[visitor]) as f32
    })
}

fn norm(weights: &[f32]) -> f64 {
    weights.iter().map(|weight| f64::from(*weight).powi(2)).sum::<f64>().sqrt()
}

#[expect(clippy::cast_possible_truncation, reason = "items are numbered by 32 bits")]
pub(super) fn number(item: usize) -> u32 {
    item as u32
}

/// The `most` strongest by their size, of equal ones the first, in ascending order of items.
#[expect(clippy::cast_possible_truncation, reason = "weights are of single precision")]
pub(super) fn strongest(near: impl Iterator<Item = (u32, f64)>, most: usize) -> Vec<(u32, f32)> {
    let mut near: Vec<(u32, f64)> = near.collect();
    let stronger =
        |one: &(u32, f64), other: &(u32, f64)| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0));
    if near.len() > most {
        near.select_nth_unstable_by(most, stronger);
        near.truncate(most);
    }
    near.sort_by_key(|(item, _)| *item);
    near.into_iter().map(|(item, nearness)| (item, nearness as f32)).collect()
}
