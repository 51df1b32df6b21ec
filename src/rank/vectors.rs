//! Vectors of items, in 12 bits a dimension: enough to rank as the floats they were made from do.
//!
//! A row has one step and its dimensions are whole numbers of it. The first eight bits of each lie together, so that
//! the pass over the whole catalog reads nothing else; the last four lie apart and are read for the best few, which
//! are then scored again.
//!
//! Recall@10 of 10,000 rows against exact floats, 300 queries, the best 30 by eight bits scored again
//! (`tests/oracles/recall.py`). The text is that of Debian's packages, reduced by TF-IDF and truncated SVD; the
//! factors are of MovieLens-100K, 1,682 rows:
//!
//! | bits | normal, 64 | normal, 384 | text, 64 | text, 384 | text like one, 64 | factors, 64 | bytes a row of 64 |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | 8, query in 8 | 0.985 | 0.981 | 0.964 | 0.980 | 0.958 | 0.977 | 64 |
//! | 8, query in 14 | 0.990 | 0.986 | 0.966 | 0.981 | 0.959 | 0.982 | 64 |
//! | 10 | 0.997 | 0.996 | 0.992 | 0.997 | 0.987 | 0.996 | 80 |
//! | 11 | 0.999 | 0.998 | 0.995 | 0.998 | 0.992 | 0.998 | 88 |
//! | 12 | 0.999 | 0.999 | 0.997 | 1.000 | 0.997 | 0.998 | 96 |
//! | half floats | 1.000 | 1.000 | 0.997 | 1.000 | 0.993 | 1.000 | 128, or 192 with the first pass |
//!
//! Twelve is the least that stays above 0.99 everywhere and fills bytes. The query costs nothing in 14 bits, since
//! products are of 16 anyway. Centring the vectors, and a scale for each dimension beside that of the row, changed
//! nothing.

use super::checks::{HUGE, within};
use super::kernel::{self, BLOCK, FINE, FINE_BYTES, Row};
use crate::binary::binary;
use std::ops::Range;

/// The most dimensions that vectors may have.
pub const MAX_DIMENSIONS: usize = 512;

/// The largest whole number of a query: 14 bits, so that a sum over all dimensions fits 32.
const QUERY_MAX: f32 = 8191.0;

/// Vectors, one an item, in the order of items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantised {
    /// Dimensions as given; in memory they are filled up to a multiple of 16.
    pub(super) dimensions: u16,
    /// The first eight bits of each dimension, row after row.
    pub(super) coarse: Vec<i8>,
    /// The last four bits, two dimensions a byte.
    pub(super) fine: Vec<u8>,
    /// What the first eight bits count in.
    pub(super) steps: Vec<f32>,
}

binary!(struct Quantised { dimensions, coarse, fine, steps });

/// A vector that rows are multiplied with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    exact: Vec<f32>,
    codes: Vec<[i16; BLOCK]>,
    step: f32,
}

impl Query {
    /// Takes over a vector. One that holds NaN or numbers beyond 10¹², or has other dimensions than the rows, is like
    /// nothing.
    pub fn set(&mut self, vector: &[f32], rows: &Quantised) {
        let fits = vector.len() == rows.dimensions() && within(vector, -HUGE, HUGE);
        self.exact.clear();
        self.exact.extend_from_slice(if fits { vector } else { &[] });
        self.exact.resize(rows.blocks().saturating_mul(BLOCK), 0.0);
        let mut largest = 0.0;
        for number in &self.exact {
            // Not `max`, which minds what is no number.
            largest = if number.abs() > largest { number.abs() } else { largest };
        }
        self.step = largest / QUERY_MAX;
        self.codes.clear();
        self.codes.resize(rows.blocks(), [0; BLOCK]);
        // A vector of the smallest floats has a step of zero, and is like nothing.
        if self.step > 0.0 {
            for (code, number) in self.codes.as_flattened_mut().iter_mut().zip(&self.exact) {
                #[expect(clippy::cast_possible_truncation, reason = "at most 8191")]
                let whole = (number / self.step).round_ties_even() as i16;
                *code = whole;
            }
        }
    }

    /// Whether any product with it is not zero.
    pub(super) fn is_something(&self) -> bool {
        self.step > 0.0
    }
}

impl Quantised {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Dimensions of a row.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        usize::from(self.dimensions)
    }

    pub(super) fn blocks(&self) -> usize {
        self.dimensions().div_ceil(BLOCK)
    }

    /// Whether there is a row of finite numbers for each of `items`.
    #[must_use]
    pub fn is_sound(&self, items: usize) -> bool {
        let blocks = self.blocks().saturating_mul(items);
        (1..=MAX_DIMENSIONS).contains(&self.dimensions())
            && self.steps.len() == items
            && self.coarse.len() == blocks.saturating_mul(BLOCK)
            && self.fine.len() == blocks.saturating_mul(FINE_BYTES)
            && within(&self.steps, 0.0, HUGE)
    }

    /// Adds to each item's sum its product with the query times `factor`, to about two digits.
    pub fn add_products(&self, query: &Query, factor: f32, sums: &mut [f32]) {
        kernel::add_products(self.coarse.as_chunks().0, &query.codes, &self.steps, query.step * factor, sums);
    }

    /// The product of a row with the query, to about four digits. Zero for an item that is none.
    #[must_use]
    pub fn product(&self, item: u16, query: &Query) -> f32 {
        kernel::dot_row(self.whole(item), &query.exact) * self.step(item)
    }

    /// The product of two rows.
    #[must_use]
    pub fn row_product(&self, left: u16, right: u16) -> f32 {
        kernel::dot_rows(self.whole(left), self.whole(right)) * self.step(left) * self.step(right)
    }

    /// Writes a row as floats; zeros for an item that is none.
    pub fn row(&self, item: u16, out: &mut [f32]) {
        let (row, step) = (self.whole(item), self.step(item));
        let mut whole = row.blocks().flatten();
        for out in out {
            *out = whole.next().unwrap_or_default() * step;
        }
    }

    /// A row's whole numbers; none for an item that is none.
    fn whole(&self, item: u16) -> Row<'_> {
        let Some(range) = self.range(item) else { return Row::default() };
        let coarse = self.coarse.as_chunks().0.get(range.clone()).unwrap_or_default();
        Row { coarse, fine: self.fine.as_chunks().0.get(range).unwrap_or_default() }
    }

    /// What they count in.
    fn step(&self, item: u16) -> f32 {
        self.steps.get(usize::from(item)).copied().unwrap_or_default() / f32::from(FINE)
    }

    /// How alike two rows are: the cosine of their angle by the first eight bits, zero for a row of zeros.
    #[must_use]
    pub fn cosine(&self, left: u16, right: u16) -> f32 {
        let [left, right] =
            [left, right].map(|item| self.coarse.as_chunks().0.get(self.range(item)?)).map(Option::unwrap_or_default);
        let lengths = f64::from(kernel::dot(left, left)) * f64::from(kernel::dot(right, right));
        if lengths > 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a cosine")]
            let cosine = (f64::from(kernel::dot(left, right)) / lengths.sqrt()) as f32;
            return cosine;
        }
        0.0
    }

    /// The blocks of a row.
    fn range(&self, item: u16) -> Option<Range<usize>> {
        let start = usize::from(item).checked_mul(self.blocks())?;
        Some(start..start.checked_add(self.blocks())?)
    }
}

#[cfg(test)]
#[path = "vectors_tests.rs"]
mod tests;
