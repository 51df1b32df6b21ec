//! How signals are blended: a logistic regression over pairs of items, of which a visitor chose one and not the other.
//!
//! It learns from the differences between what the engine says of the two, so that what is alike for all items of a visitor, such as how long their
//! past is, says nothing (the pairwise objective of Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009). The other item is drawn from all
//! that the visitor had not dealt with: drawn from what a signal puts first, it would speak against that signal. Signals are divided by their
//! deviations; one that never varies counts nothing.

use crate::evaluate::Case;
use crate::failure::Failure;
use crate::served::Served;
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use slotwise::bundle::ranking::Stack;
use slotwise::rank::blend::{SIGNALS, Signal, Signals};

/// As many others are drawn for each item that a visitor chose.
const OTHERS: usize = 20;

/// What is popular and what is new never counts against an item: of newcomers nothing else is known. It may count this little.
pub const LEAST_OF_ALL: f64 = 1e-6;

/// What large weights cost.
const PRICE: f64 = 1.0;

/// Learns from what `served`, with a weight for each signal, says of items; the seed draws the others.
///
/// # Errors
/// When no visitor chose anything.
pub fn learn(served: &Served, cases: &[Case], items: usize, seed: u64) -> Result<Stack, Failure> {
    let differences: Vec<[f64; SIGNALS]> =
        cases.par_iter().flat_map_iter(|case| differences(served, case, items, seed)).collect();
    let deviations = deviations(&differences);
    // Each pair is there both ways round, so that both classes are.
    let record = |row: usize, signal: usize| {
        let way = if row.is_multiple_of(2) { 1.0 } else { -1.0 };
        let deviation = deviations[signal];
        if deviation > 0.0 { way * differences[row / 2][signal] / deviation } else { 0.0 }
    };
    let records = Array2::from_shape_fn((differences.len() * 2, SIGNALS), |(row, signal)| record(row, signal));
    let is_first_chosen: Array1<bool> = (0..differences.len() * 2).map(|row: usize| row.is_multiple_of(2)).collect();
    let fitted = LogisticRegression::default()
        .alpha(PRICE)
        .with_intercept(false)
        .max_iterations(200)
        .fit(&Dataset::new(records, is_first_chosen))
        .map_err(|error| Failure::new(format!("the blend of signals cannot be learned: {error}")))?;
    // Which of the two classes counts as positive is the library's choice.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut stack = Stack { deviations, ..Stack::default() };
    for (weight, found) in stack.weights.iter_mut().zip(fitted.params()) {
        *weight = sign * found;
    }
    for signal in [Signal::Popularity, Signal::Recency] {
        let weight = &mut stack.weights[signal as usize];
        *weight = weight.max(LEAST_OF_ALL);
    }
    // What the site adds was not there to be learned from.
    let boost = Signal::Boost as usize;
    (stack.weights[boost], stack.deviations[boost]) = (1.0, 1.0);
    Ok(stack)
}

/// Signals of what a visitor chose, less those of what they did not.
fn differences(served: &Served, case: &Case, items: usize, seed: u64) -> Vec<[f64; SIGNALS]> {
    let is_new = |item: &u32| case.history.binary_search_by_key(item, |(known, _)| *known).is_err();
    let is_chosen = |item: &u32| case.relevant.binary_search(item).is_ok();
    let (chosen, others): (Vec<u32>, Vec<u32>) = (0..).take(items).filter(is_new).partition(is_chosen);
    if others.is_empty() {
        return Vec::new();
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ u64::from(case.visitor) << 32);
    let drawn: Vec<u32> = (0..chosen.len() * OTHERS).map(|_| others[random.random_range(0..others.len())]).collect();
    let (of_chosen, of_drawn) = (served.signals(case, &chosen), served.signals(case, &drawn));
    let less = |(one, other): (&Signals, &Signals)| {
        std::array::from_fn(|signal| f64::from(one[signal]) - f64::from(other[signal]))
    };
    of_chosen.iter().flat_map(|chosen| std::iter::repeat_n(chosen, OTHERS)).zip(&of_drawn).map(less).collect()
}

/// The root of the mean square of each signal's differences.
#[expect(clippy::cast_precision_loss, reason = "a count")]
fn deviations(differences: &[[f64; SIGNALS]]) -> [f64; SIGNALS] {
    let count = differences.len().max(1) as f64;
    std::array::from_fn(|signal| {
        (differences.iter().map(|difference| difference[signal].powi(2)).sum::<f64>() / count).sqrt()
    })
}
