//! Visitors folded in as the Python library `implicit` does it: `tests/oracles/fold_in.py` wrote what it gives.

#![cfg(feature = "compiler")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use serde_json::Value as Json;
use slotwise::rank::factors::{Factors, FoldIn, Interaction};
use slotwise::rank::vectors::Quantised;

/// The items that the oracle draws.
fn factors(items: usize, dimensions: usize) -> Vec<f32> {
    let mut state = 1u64;
    let mut rows = Vec::new();
    for place in 0..items * dimensions {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = (state >> 40) % 4065;
        rows.push(if place % dimensions == 0 { 2032.0 } else { drawn as f32 - 2032.0 } / 4096.0);
    }
    rows
}

fn gram(rows: &[f32], dimensions: usize, regularization: f64) -> Vec<f32> {
    let mut gram = Vec::new();
    for (i, j) in (0..dimensions).flat_map(|i| (0..dimensions).map(move |j| (i, j))) {
        let sum: f64 = rows.chunks(dimensions).map(|row| f64::from(row[i]) * f64::from(row[j])).sum();
        gram.push((sum + if i == j { regularization } else { 0.0 }) as f32);
    }
    gram
}

#[test]
fn visitors_are_where_implicit_puts_them() {
    let oracle: Json = serde_json::from_str(include_str!("oracles/fold-in.json")).unwrap();
    let items = oracle["items"].as_u64().unwrap() as usize;
    for case in oracle["cases"].as_array().unwrap() {
        let dimensions = case["dimensions"].as_u64().unwrap() as usize;
        let rows = factors(items, dimensions);
        let (vectors, loss) = Quantised::new(&rows, dimensions).unwrap();
        assert_eq!(loss.overall, 0.0, "both sides have the same factors");
        let model = Factors { vectors, gram: gram(&rows, dimensions, oracle["regularization"].as_f64().unwrap()) };
        let history: Vec<Interaction> = case["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|past| Interaction {
                item: past[0].as_u64().unwrap() as u16,
                weight: past[1].as_f64().unwrap() as f32,
            })
            .collect();
        let mut visitor = FoldIn::default();
        model.fold_in(&history, &mut visitor);
        let expected = case["user"].as_array().unwrap();
        assert_eq!(visitor.user().len(), expected.len());
        for (number, expected) in visitor.user().iter().zip(expected) {
            let expected = expected.as_f64().unwrap();
            assert!((f64::from(*number) - expected).abs() < 1e-4, "{number} is not {expected}: {}", case["history"]);
        }
    }
}
