//! Vectors of items by which visitors' choices are explained: implicit alternating least squares (Hu, Koren and Volinsky 2008).
//!
//! Visitors' and items' vectors take turns: with those of one side fixed, each vector x of the other solves
//!
//! ```text
//! (YᵀY + λI + Σ (c − 1) y yᵀ) x = Σ c y,   c = 1 + α w
//! ```
//!
//! where the sums are over what was dealt with, with weights w. A few steps of conjugate gradients from the last solution are enough (Takács,
//! Pilászy and Tikk 2011). What speaks against an item has its confidence on the left alone, as when the engine folds a visitor in.

use super::{History, Recommender};
use crate::interactions::Interactions;
use faer::linalg::matmul::matmul;
use faer::linalg::solvers::Solve;
use faer::{Accum, Mat, MatRef, Par, Side};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How factors are learned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// How many numbers a vector has, up to 512.
    pub factors: usize,
    /// How often both sides take their turn.
    pub iterations: usize,
    /// λ: what large numbers cost.
    pub regularization: f32,
    /// α: how much more confidence a view's worth of interest gives.
    pub alpha: f32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { factors: 64, iterations: 15, regularization: 10.0, alpha: 2.0 }
    }
}

/// Steps of conjugate gradients in a turn.
const STEPS: usize = 3;

/// Vectors of items.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    /// One row an item.
    pub items: Vec<f32>,
    /// What they were learned with.
    pub parameters: Parameters,
    /// YᵀY + λI.
    gram: Vec<f32>,
}

impl Factors {
    /// Learns from who dealt with what; `turn` is told after each iteration.
    #[must_use]
    pub fn learn(interactions: &Interactions, parameters: &Parameters, seed: u64, turn: &dyn Fn()) -> Self {
        let Parameters { factors, regularization, alpha, .. } = *parameters;
        let confidences = interactions.clone().reweighted(|_, _, weight| (1.0 + alpha * weight.abs()).copysign(weight));
        let by_item = confidences.transposed();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut draw =
            |rows: usize| -> Vec<f32> { (0..rows * factors).map(|_| random.random::<f32>() * 0.01).collect() };
        let mut visitors = draw(confidences.rows());
        let mut items = draw(by_item.rows());
        for _ in 0..parameters.iterations {
            let gram_of_items = gram(&items, factors, regularization);
            improve(&mut visitors, &confidences, &items, &gram_of_items, factors);
            let gram_of_visitors = gram(&visitors, factors, regularization);
            improve(&mut items, &by_item, &visitors, &gram_of_visitors, factors);
            turn();
        }
        let gram = gram(&items, factors, regularization);
        Self { items, parameters: *parameters, gram }
    }

    /// The vector of a visitor, exactly.
    #[must_use]
    pub fn fold_in(&self, history: &History) -> Vec<f32> {
        let Parameters { factors, alpha, .. } = self.parameters;
        let mut left = Mat::from_fn(factors, factors, |row, column| f64::from(self.gram[row * factors + column]));
        let mut right = Mat::<f64>::zeros(factors, 1);
        for (item, weight) in history {
            let y = &self.items[*item as usize * factors..][..factors];
            let more = f64::from(alpha * weight.abs());
            for column in 0..factors {
                for row in column..factors {
                    left[(row, column)] += more * f64::from(y[row]) * f64::from(y[column]);
                }
                if *weight > 0.0 {
                    right[(column, 0)] += (1.0 + more) * f64::from(y[column]);
                }
            }
        }
        match left.llt(Side::Lower) {
            Ok(decomposed) => decomposed.solve_in_place(&mut right),
            Err(_) => right.fill(0.0),
        }
        #[expect(clippy::cast_possible_truncation, reason = "vectors are of single precision")]
        let narrow = |number: &f64| *number as f32;
        right.col(0).iter().map(narrow).collect()
    }
}

impl Recommender for Factors {
    fn score(&self, history: &History, scores: &mut [f32]) {
        let visitor = self.fold_in(history);
        for (score, item) in scores.iter_mut().zip(self.items.chunks_exact(self.parameters.factors)) {
            *score = dot(item, &visitor);
        }
    }
}

/// YᵀY + λI of vectors, row by row.
fn gram(vectors: &[f32], factors: usize, regularization: f32) -> Vec<f32> {
    let rows = MatRef::from_row_major_slice(vectors, vectors.len() / factors, factors);
    let mut product = Mat::<f32>::zeros(factors, factors);
    matmul(product.as_mut(), Accum::Replace, rows.transpose(), rows, 1.0, Par::rayon(0));
    let at = |row: usize, column: usize| product[(row, column)] + if row == column { regularization } else { 0.0 };
    (0..factors * factors).map(|place| at(place / factors, place % factors)).collect()
}

/// One turn of one side.
fn improve(vectors: &mut [f32], confidences: &Interactions, others: &[f32], gram: &[f32], factors: usize) {
    vectors.par_chunks_mut(factors).enumerate().for_each_init(
        || Gradients::new(factors),
        |gradients, (row, vector)| {
            gradients.improve(vector, confidences.columns(row), confidences.weights(row), others, gram)
        },
    );
}

/// Conjugate gradients; its memory is used again.
struct Gradients {
    residual: Vec<f32>,
    direction: Vec<f32>,
    image: Vec<f32>,
}

impl Gradients {
    fn new(factors: usize) -> Self {
        let zeros = || vec![0.0; factors];
        Self { residual: zeros(), direction: zeros(), image: zeros() }
    }

    fn improve(&mut self, x: &mut [f32], columns: &[u32], confidences: &[f32], others: &[f32], gram: &[f32]) {
        let Self { residual, direction, image } = self;
        let factors = x.len();
        let known = || {
            columns
                .iter()
                .zip(confidences)
                .map(|(column, confidence)| (&others[*column as usize * factors..][..factors], *confidence))
        };
        if columns.is_empty() {
            x.fill(0.0);
            return;
        }
        multiply(gram, x, residual);
        residual.iter_mut().for_each(|number| *number = -*number);
        for (y, confidence) in known() {
            let wanted = confidence.max(0.0);
            add(residual, y, wanted - (confidence.abs() - 1.0) * dot(y, x));
        }
        direction.copy_from_slice(residual);
        let mut length = dot(residual, residual);
        for _ in 0..STEPS {
            if length < 1e-20 {
                return;
            }
            multiply(gram, direction, image);
            for (y, confidence) in known() {
                add(image, y, (confidence.abs() - 1.0) * dot(y, direction));
            }
            let step = length / dot(direction, image);
            add(x, direction, step);
            add(residual, image, -step);
            let next = dot(residual, residual);
            let keep = next / length;
            direction.iter_mut().zip(residual.iter()).for_each(|(to, from)| *to = from + keep * *to);
            length = next;
        }
    }
}

/// A symmetric matrix times a vector.
fn multiply(matrix: &[f32], vector: &[f32], product: &mut [f32]) {
    product.fill(0.0);
    for (row, number) in matrix.chunks_exact(vector.len()).zip(vector) {
        add(product, row, *number);
    }
}

fn add(to: &mut [f32], from: &[f32], factor: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += factor * from);
}

/// A product in eight lanes, which the processor adds up at once.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (ones, rest) = one.as_chunks::<8>();
    let (others, rest_of_other) = other.as_chunks::<8>();
    for (one, other) in ones.iter().zip(others) {
        for lane in 0..8 {
            lanes[lane] += one[lane] * other[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().zip(rest_of_other).map(|(one, other)| one * other).sum::<f32>()
}
