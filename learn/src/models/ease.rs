//! Which items go together, by a regression of each item on all others: EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data").
//!
//! With the visitors' likes as X, it is the matrix B without a diagonal that brings XB nearest to X, at a price for large numbers:
//!
//! ```text
//! P = (XᵀX + λI)⁻¹,  B_ij = −P_ij / P_jj
//! ```
//!
//! It takes memory for two matrices of items × items doubles.

use super::neighbours::{Neighbours, number, strongest};
use super::{History, Recommender};
use crate::failure::Failure;
use crate::interactions::Interactions;
use faer::linalg::solvers::DenseSolveCore;
use faer::{Mat, Side};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How it is learned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// λ: what large numbers cost.
    pub regularization: f64,
    /// How many of the other items are kept of each, by the size of their numbers.
    pub neighbours: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { regularization: 300.0, neighbours: 300 }
    }
}

/// The steps of learning: the products XᵀX, their decomposition, the inverse, B. Those in the middle take the longest by far.
pub const STEPS: u64 = 4;

/// What each item says for each other one.
#[derive(Clone, Debug)]
pub struct Ease {
    /// Item × item, row by row: what a row's item says for a column's.
    weights: Vec<f32>,
    items: usize,
}

impl Ease {
    /// Learns from who liked what. `step` is called [`STEPS`] times.
    ///
    /// # Errors
    /// When there is no solution: without regularisation, items that nobody chose have none.
    pub fn learn(likes: &Interactions, parameters: &Parameters, step: &dyn Fn()) -> Result<Self, Failure> {
        let items = likes.width();
        let mut gram = gram(likes);
        step();
        for item in 0..items {
            gram[(item, item)] += parameters.regularization;
        }
        let decomposed = gram.llt(Side::Lower).map_err(|_| {
            Failure::new("EASE has no solution for these events").help("give it a regularization above 0")
        })?;
        drop(gram);
        step();
        let inverse = decomposed.inverse();
        drop(decomposed);
        step();
        let mut weights = vec![0.0; items * items];
        weights.par_chunks_mut(items.max(1)).enumerate().for_each(|(row, weights)| {
            for (column, weight) in weights.iter_mut().enumerate().filter(|(column, _)| *column != row) {
                #[expect(clippy::cast_possible_truncation, reason = "weights are of single precision")]
                let number = (-inverse[(row, column)] / inverse[(column, column)]) as f32;
                *weight = number;
            }
        });
        step();
        Ok(Self { weights, items })
    }

    /// The strongest of each item, which is what a bundle carries.
    #[must_use]
    pub fn strongest(&self, most: usize) -> Neighbours {
        let list = |row: &[f32]| {
            let said = row.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
            strongest(said.map(|(item, weight)| (number(item), f64::from(*weight))), most)
        };
        Neighbours { lists: self.weights.par_chunks(self.items.max(1)).map(list).collect() }
    }
}

/// XᵀX.
fn gram(likes: &Interactions) -> Mat<f64> {
    let items = likes.width();
    let by_item = likes.transposed();
    let mut sums = vec![0.0; items * items];
    sums.par_chunks_mut(items.max(1)).enumerate().for_each(|(item, sums)| {
        for (visitor, weight) in by_item.row(item) {
            for (other, of_other) in likes.row(visitor as usize) {
                sums[other as usize] += f64::from(weight) * f64::from(of_other);
            }
        }
    });
    Mat::from_fn(items, items, |row, column| sums[row * items + column])
}

impl Recommender for Ease {
    fn score(&self, history: &History, scores: &mut [f32]) {
        scores.fill(0.0);
        for (item, weight) in history {
            let row = &self.weights[*item as usize * self.items..][..self.items];
            scores.iter_mut().zip(row).for_each(|(score, of_item)| *score += of_item * weight);
        }
    }
}
