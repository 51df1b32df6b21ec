//! Factors learned from many visitors, and where a new one stands among them.
//!
//! Implicit alternating least squares (Hu, Koren and Volinsky, 2008) gives every item a vector. A visitor's is the
//! one that explains what they did best: with all items' vectors as rows of Y, and confidences c for the few items of
//! their history, it solves
//!
//! ```text
//! (YᵀY + λI + Σ (c − 1) y yᵀ) u = Σ c y
//! ```
//!
//! A negative confidence is a dislike: it counts on the left, with its size, and not on the right. All of it is what
//! `recalculate_user` of the Python library `implicit` does, but in doubles, by Cholesky's decomposition.
//!
//! The right side is a sum over items, so the solution is one as well, and so is the score of any item: what each
//! item of the history gave to it is exact.

use super::checks::{HUGE, within};
use super::kernel;
use super::vectors::Quantised;
use crate::binary::binary;

/// A model of factors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors {
    /// One row an item.
    pub vectors: Quantised,
    /// YᵀY + λI, all rows of it.
    pub gram: Vec<f32>,
}

binary!(struct Factors { vectors, gram });

/// Something that a visitor did with an item. Each item is there once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interaction {
    /// Index of the item.
    pub item: u16,
    /// How much it says of what the visitor likes: for [`Factors`] a confidence, negative for a dislike; elsewhere a
    /// weight.
    pub weight: f32,
}

/// A visitor's vector and what it was worked out with; its memory is used again.
#[derive(Clone, Debug, Default)]
pub struct FoldIn {
    /// The vector; empty when there is none.
    user: Vec<f32>,
    /// The history's items and vectors, one after the other.
    history: Vec<Interaction>,
    rows: Vec<f64>,
    /// The upper triangle U of UᵀU = YᵀY + λI + Σ (c − 1) y yᵀ, in a full square.
    triangle: Vec<f64>,
    solution: Vec<f64>,
    row: Vec<f32>,
}

impl Factors {
    /// Whether there is a vector for each of `items`, and a square matrix of finite numbers beside.
    #[must_use]
    pub fn is_sound(&self, items: usize) -> bool {
        let dimensions = self.vectors.dimensions();
        self.vectors.is_sound(items)
            && self.gram.len() == dimensions.saturating_mul(dimensions)
            && within(&self.gram, -HUGE, HUGE)
    }

    /// Works out the vector of a visitor. There is none without a history, and none when the system has no solution,
    /// as with confidences that are no numbers.
    pub fn fold_in(&self, history: &[Interaction], visitor: &mut FoldIn) {
        let dimensions = self.vectors.dimensions();
        visitor.prepare(&self.gram, dimensions);
        for interaction in history {
            if usize::from(interaction.item) < self.vectors.len() {
                self.vectors.row(interaction.item, &mut visitor.row);
                visitor.observe(*interaction);
            }
        }
        visitor.solve(dimensions);
    }
}

impl FoldIn {
    /// The visitor's vector; empty when there is none.
    #[must_use]
    pub fn user(&self) -> &[f32] {
        &self.user
    }

    /// What each item of the history gave to the score of an item, in the order of the history. Nothing for dislikes,
    /// which lower what the others give.
    pub fn shares(&mut self, factors: &Factors, item: u16, shares: &mut Vec<(u16, f64)>) {
        shares.clear();
        let dimensions = factors.vectors.dimensions();
        if self.user.is_empty() {
            return;
        }
        factors.vectors.row(item, &mut self.row);
        self.solution.clear();
        self.solution.extend(self.row.iter().copied().map(f64::from));
        solve_triangles(&self.triangle, dimensions, &mut self.solution);
        for (interaction, row) in self.history.iter().zip(self.rows.chunks_exact(dimensions.max(1))) {
            let product: f64 = row.iter().zip(&self.solution).map(|(a, b)| a * b).sum();
            shares.push((interaction.item, f64::from(interaction.weight.max(0.0)) * product));
        }
    }

    fn prepare(&mut self, gram: &[f32], dimensions: usize) {
        self.user.clear();
        self.history.clear();
        self.rows.clear();
        self.triangle.clear();
        self.triangle.extend(gram.iter().copied().map(f64::from));
        self.solution.clear();
        self.solution.resize(dimensions, 0.0);
        self.row.clear();
        self.row.resize(dimensions, 0.0);
    }

    /// Adds an item, whose vector is in `row`, to the system.
    fn observe(&mut self, interaction: Interaction) {
        let confidence = f64::from(interaction.weight);
        let first = self.rows.len();
        self.rows.extend(self.row.iter().copied().map(f64::from));
        self.history.push(interaction);
        let vector = self.rows.get(first..).unwrap_or_default();
        if confidence > 0.0 {
            kernel::add_scaled(&mut self.solution, confidence, vector);
        }
        add_square(&mut self.triangle, confidence.abs() - 1.0, vector);
    }

    fn solve(&mut self, dimensions: usize) {
        if self.history.is_empty() || !decompose(&mut self.triangle, dimensions) {
            return;
        }
        solve_triangles(&self.triangle, dimensions, &mut self.solution);
        #[expect(clippy::cast_possible_truncation, reason = "what items are multiplied with is in floats")]
        self.user.extend(self.solution.iter().map(|number| *number as f32));
        if !self.user.iter().all(|number| number.is_finite()) {
            self.user.clear();
        }
    }
}

/// Adds `factor` times v vᵀ to the upper triangle of a square.
fn add_square(square: &mut [f64], factor: f64, vector: &[f64]) {
    let dimensions = vector.len();
    for (index, (row, number)) in square.chunks_exact_mut(dimensions.max(1)).zip(vector).enumerate() {
        let (row, vector) = (row.get_mut(index..).unwrap_or_default(), vector.get(index..).unwrap_or_default());
        kernel::add_scaled(row, factor * number, vector);
    }
}

/// Cholesky's decomposition of a symmetric square, of which the upper triangle is read and replaced. False when it is
/// not positive definite.
fn decompose(square: &mut [f64], dimensions: usize) -> bool {
    let mut rest = square;
    let mut pivots = 0..dimensions;
    while let Some(pivot) = pivots.next() {
        let (row, below) = rest.split_at_mut_checked(dimensions).unwrap_or_default();
        let row = row.get_mut(pivot..).unwrap_or_default();
        let Some(root) = row.first().map(|diagonal| diagonal.sqrt()).filter(|root| *root > 0.0) else { return false };
        row.iter_mut().for_each(|number| *number /= root);
        let mut tail: &[f64] = row;
        for (index, row) in pivots.clone().zip(below.chunks_exact_mut(dimensions)) {
            tail = tail.get(1..).unwrap_or_default();
            let factor = tail.first().copied().unwrap_or_default();
            kernel::add_scaled(row.get_mut(index..).unwrap_or_default(), -factor, tail);
        }
        rest = below;
    }
    true
}

/// Solves UᵀU x = b, where x takes the place of b.
fn solve_triangles(triangle: &[f64], dimensions: usize, vector: &mut [f64]) {
    let rows = || triangle.chunks_exact(dimensions.max(1)).enumerate();
    for (index, row) in rows() {
        let (Some(row), Some(vector)) = (row.get(index..), vector.get_mut(index..)) else { return };
        if let ([root, row @ ..], [number, below @ ..]) = (row, vector) {
            *number /= root;
            kernel::add_scaled(below, -*number, row);
        }
    }
    for (index, row) in rows().rev() {
        let (Some(row), Some(vector)) = (row.get(index..), vector.get_mut(index..)) else { return };
        if let ([root, row @ ..], [number, below @ ..]) = (row, vector) {
            let known: f64 = row.iter().zip(below).map(|(a, b)| *a * *b).sum();
            *number = (*number - known) / root;
        }
    }
}

#[cfg(test)]
#[path = "factors_tests.rs"]
mod tests;
