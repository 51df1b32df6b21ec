//! Vectors of items by the words that describe them: TF-IDF, reduced by a randomised singular value decomposition.
//!
//! Words weigh by how often a text has them and how few texts have them, texts are of length one (as scikit-learn's `TfidfVectorizer` has it),
//! and the decomposition is that of Halko, Martinsson and Tropp (2011), with power iterations. Products of the vectors are near to those of
//! the texts, and texts with different words of the same matter are near to each other, too.

use super::neighbours::number;
use super::{History, Recommender};
use crate::failure::Failure;
use faer::Accum;
use faer::linalg::matmul::matmul;
use faer::linalg::solvers::Svd;
use faer::{Mat, Par};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How vectors are made of texts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Parameters {
    /// How many numbers a vector has, up to 512.
    pub dimensions: usize,
    /// How many texts must have a word.
    pub least_texts: usize,
    /// Which share of the texts may have it.
    pub most_texts: f64,
    /// How often the decomposition is refined.
    pub iterations: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { dimensions: 64, least_texts: 2, most_texts: 0.5, iterations: 5 }
    }
}

/// More directions than asked for are looked at, so that those asked for are good.
const OVERSAMPLED: usize = 10;

/// Vectors of items, each of length one, or zero where there are no words.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// One row an item.
    pub items: Vec<f32>,
    /// How many numbers a row has.
    pub dimensions: usize,
}

/// Texts as weights of words: sparse rows of length one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// For each text, words in ascending order with their weights.
    pub rows: Vec<Vec<(u32, f32)>>,
    /// The words, in alphabetical order.
    pub words: Vec<String>,
}

impl Words {
    /// Weighs words: the times that a text has one, times 1 + ln((1 + texts) / (1 + texts with it)).
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "counts; weights are of single precision"
    )]
    pub fn new(texts: &[String], parameters: &Parameters) -> Self {
        let counted: Vec<HashMap<String, u32>> = texts.par_iter().map(|text| count(text)).collect();
        let mut found_in: HashMap<&str, usize> = HashMap::new();
        for word in counted.iter().flat_map(HashMap::keys) {
            *found_in.entry(word).or_default() += 1;
        }
        let most = (parameters.most_texts * texts.len() as f64).floor() as usize;
        let mut words: Vec<String> = found_in
            .iter()
            .filter(|(_, texts)| (parameters.least_texts..=most.max(parameters.least_texts)).contains(texts))
            .map(|(word, _)| (*word).to_owned())
            .collect();
        words.sort();
        let numbers: HashMap<&str, u32> =
            words.iter().enumerate().map(|(place, word)| (word.as_str(), number(place))).collect();
        let rarity: Vec<f64> = words
            .iter()
            .map(|word| ((1 + texts.len()) as f64 / (1 + found_in[word.as_str()]) as f64).ln() + 1.0)
            .collect();
        let rows = counted.par_iter().map(|counts| {
            let weigh = |(word, count): (&String, &u32)| {
                let word = *numbers.get(word.as_str())?;
                Some((word, f64::from(*count) * rarity[word as usize]))
            };
            let mut row: Vec<(u32, f64)> = counts.iter().filter_map(weigh).collect();
            row.sort_by_key(|(word, _)| *word);
            let length = row.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            row.into_iter().map(|(word, weight)| (word, (weight / length) as f32)).collect()
        });
        Self { rows: rows.collect(), words }
    }
}

/// How often a text has each word: two letters, digits or underscores or more, in lower case.
fn count(text: &str) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    let text = text.to_lowercase();
    let words = text.split(|char: char| !(char.is_alphanumeric() || char == '_'));
    for word in words.filter(|word| word.chars().nth(1).is_some()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

impl Content {
    /// Learns from the texts of items.
    ///
    /// # Errors
    /// Texts that have too few words in common.
    pub fn learn(texts: &[String], parameters: &Parameters, seed: u64) -> Result<Self, Failure> {
        let words = Words::new(texts, parameters);
        let dimensions = parameters.dimensions.min(words.words.len()).min(texts.len());
        if dimensions == 0 {
            let help = format!(
                "words count that {} items or more have; name other members with --text",
                parameters.least_texts
            );
            return Err(Failure::new("the items' texts have no words in common").help(help));
        }
        let reduced = reduce(&words, dimensions, parameters.iterations, seed)?;
        let mut items = vec![0.0; texts.len() * dimensions];
        for (row, vector) in items.chunks_exact_mut(dimensions).enumerate() {
            let length = reduced.row(row).norm_l2();
            for (column, number) in vector.iter_mut().enumerate() {
                *number = if length > 0.0 { reduced[(row, column)] / length } else { 0.0 };
            }
        }
        Ok(Self { items, dimensions })
    }
}

impl Recommender for Content {
    fn score(&self, history: &History, scores: &mut [f32]) {
        let mut interest = vec![0.0; self.dimensions];
        for (item, weight) in history {
            let vector = &self.items[*item as usize * self.dimensions..][..self.dimensions];
            interest.iter_mut().zip(vector).for_each(|(sum, number)| *sum += number * weight);
        }
        for (score, vector) in scores.iter_mut().zip(self.items.chunks_exact(self.dimensions)) {
            *score = vector.iter().zip(&interest).map(|(one, other)| one * other).sum();
        }
    }
}

/// The first left singular vectors of the texts, times their singular values.
fn reduce(words: &Words, dimensions: usize, iterations: usize, seed: u64) -> Result<Mat<f32>, Failure> {
    let (texts, width) = (words.rows.len(), words.words.len());
    let looked_at = (dimensions + OVERSAMPLED).min(texts).min(width);
    let turned = turned(words);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = || StandardNormal.sample(&mut random);
    let start = Mat::from_fn(width, looked_at, |_, _| draw());
    let mut range = orthonormal(&times(&words.rows, &start));
    for _ in 0..iterations {
        let back = orthonormal(&times(&turned, &range));
        range = orthonormal(&times(&words.rows, &back));
    }
    // Bᵀ = AᵀQ is tall, and its right singular vectors are the left ones of B.
    let small = times(&turned, &range);
    let decomposed = Svd::new_thin(small.as_ref())
        .map_err(|_| Failure::new("the items' texts cannot be decomposed").help("give fewer dimensions"))?;
    let mut reduced = Mat::zeros(texts, dimensions);
    let right = decomposed.V().get(.., ..dimensions);
    matmul(reduced.as_mut(), Accum::Replace, range.as_ref(), right, 1.0_f32, Par::rayon(0));
    for (column, size) in decomposed.S().column_vector().iter().take(dimensions).enumerate() {
        reduced.col_mut(column).iter_mut().for_each(|number| *number *= size);
    }
    Ok(reduced)
}

fn orthonormal(matrix: &Mat<f32>) -> Mat<f32> {
    matrix.qr().compute_thin_Q()
}

/// Words with their texts, in place of texts with their words.
fn turned(words: &Words) -> Vec<Vec<(u32, f32)>> {
    let mut turned = vec![Vec::new(); words.words.len()];
    for (text, row) in words.rows.iter().enumerate() {
        row.iter().for_each(|(word, weight)| turned[*word as usize].push((number(text), *weight)));
    }
    turned
}

/// Sparse rows times a matrix.
fn times(rows: &[Vec<(u32, f32)>], matrix: &Mat<f32>) -> Mat<f32> {
    let width = matrix.ncols();
    let mut by_row = vec![0.0; matrix.nrows() * width];
    by_row.par_chunks_mut(width).enumerate().for_each(|(row, numbers)| {
        numbers.iter_mut().enumerate().for_each(|(column, number)| *number = matrix[(row, column)]);
    });
    let mut product = vec![0.0; rows.len() * width];
    product.par_chunks_mut(width).zip(rows).for_each(|(sums, row)| {
        for (column, weight) in row {
            let numbers = &by_row[*column as usize * width..][..width];
            sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += weight * number);
        }
    });
    Mat::from_fn(rows.len(), width, |row, column| product[row * width + column])
}
