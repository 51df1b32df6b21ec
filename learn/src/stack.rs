//! How signals are blended: a logistic regression over what the engine says of items that visitors chose, and of those that they might have.
//!
//! Of each visitor of the validation there are the items that they chose, and those that any one signal would have put first: what the blend is
//! there to tell apart. Signals are standardised; one that never varies counts nothing.

use crate::evaluate::Case;
use crate::failure::Failure;
use crate::served::Served;
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use rayon::prelude::*;
use slotwise::bundle::ranking::Stack;
use slotwise::rank::blend::{SIGNALS, Signals};
use std::collections::BTreeSet;

/// As many of the first items by each signal are told from what was chosen.
const RIVALS: usize = 50;

/// What large weights cost.
const PRICE: f64 = 1.0;

/// Learns from what `served`, with a weight for each signal, says of items.
///
/// # Errors
/// When no visitor chose anything.
pub fn learn(served: &Served, cases: &[Case], items: usize) -> Result<Stack, Failure> {
    let examples: Vec<(Signals, bool)> = cases.par_iter().flat_map_iter(|case| examples(served, case, items)).collect();
    let (means, deviations) = moments(&examples);
    let standardised = |row: usize, signal: usize| {
        let (signals, _) = &examples[row];
        let deviation = deviations[signal];
        if deviation > 0.0 { (f64::from(signals[signal]) - means[signal]) / deviation } else { 0.0 }
    };
    let records = Array2::from_shape_fn((examples.len(), SIGNALS), |(row, signal)| standardised(row, signal));
    let chosen: Array1<bool> = examples.iter().map(|(_, chosen)| *chosen).collect();
    let fitted = LogisticRegression::default()
        .alpha(PRICE)
        .max_iterations(200)
        .fit(&Dataset::new(records, chosen))
        .map_err(|error| Failure::new(format!("the blend of signals cannot be learned: {error}")))?;
    // Which of the two classes counts as positive is the library's choice.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut weights = [0.0; SIGNALS];
    for (weight, found) in weights.iter_mut().zip(fitted.params()) {
        *weight = sign * found;
    }
    // What the site adds was not there to be learned from.
    let boost = SIGNALS - 1;
    let (mut means, mut deviations) = (means, deviations);
    (weights[boost], means[boost], deviations[boost]) = (1.0, 0.0, 1.0);
    Ok(Stack { weights, bias: sign * fitted.intercept(), means, deviations })
}

/// The signals of what a visitor chose, and of what any signal would have put first.
fn examples(served: &Served, case: &Case, items: usize) -> Vec<(Signals, bool)> {
    let is_new = |item: &u32| case.history.binary_search_by_key(item, |(known, _)| *known).is_err();
    let new: Vec<u32> = (0..).take(items).filter(is_new).collect();
    let signals = served.signals(case, &new);
    let mut picked: BTreeSet<usize> = BTreeSet::new();
    for signal in 0..SIGNALS {
        let mut order: Vec<usize> = (0..signals.len()).filter(|place| signals[*place][signal] != 0.0).collect();
        order.sort_by(|one, other| signals[*other][signal].total_cmp(&signals[*one][signal]).then(one.cmp(other)));
        picked.extend(order.into_iter().take(RIVALS));
    }
    let is_chosen = |place: usize| case.relevant.binary_search(&new[place]).is_ok();
    picked.extend((0..new.len()).filter(|place| is_chosen(*place)));
    picked.into_iter().map(|place| (signals[place], is_chosen(place))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a count")]
fn moments(examples: &[(Signals, bool)]) -> ([f64; SIGNALS], [f64; SIGNALS]) {
    let count = examples.len().max(1) as f64;
    let mut means = [0.0; SIGNALS];
    let mut deviations = [0.0; SIGNALS];
    for signal in 0..SIGNALS {
        let values = || examples.iter().map(|(signals, _)| f64::from(signals[signal]));
        means[signal] = values().sum::<f64>() / count;
        deviations[signal] = (values().map(|value| (value - means[signal]).powi(2)).sum::<f64>() / count).sqrt();
    }
    (means, deviations)
}
