//! Rows of known numbers, and how well ranking by quantised vectors finds what floats find.

use super::*;
use crate::binary::{from_bytes, to_bytes};
use crate::rank::quantise::Unfit;
use crate::rank::select::{Candidate, top};

fn query(vector: &[f32], rows: &Quantised) -> Query {
    let mut query = Query::default();
    query.set(vector, rows);
    query
}

/// 2032 is 127 sixteens, so a row whose largest number it is counts in ones.
#[test]
fn twelve_bits_of_a_row() {
    let (rows, loss) = Quantised::new(&[2032.0, -2032.0, 7.0, 8.0, -8.0, -9.0, 0.0, 1.4], 8).unwrap();
    assert_eq!(rows.coarse, [127, -127, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Eight more than what is left: 7 + 8 = 15; 8 is 16 − 8; −8 is 0 − 8; −9 is −16 + 7; 1.4 is 0 + 1. Fills are 8 in
    // the upper half.
    assert_eq!(rows.fine, [0x88, 0x88, 0x8F, 0x80, 0x80, 0x8F, 0x88, 0x89]);
    assert_eq!(rows.steps, [16.0]);
    let mut row = [0.0; 8];
    rows.row(0, &mut row);
    assert_eq!(row, [2032.0, -2032.0, 7.0, 8.0, -8.0, -9.0, 0.0, 1.0]);
    // Only the 0.4 is lost, of a length of √(2 × 2032² + 258).
    assert!((loss.worst - 0.4 / (2.0 * 2032.0f64.powi(2) + 258.0).sqrt()).abs() < 1e-9, "{loss:?}");
    assert_eq!((loss.worst, loss.worst_row), (loss.overall, 0));
}

#[test]
fn products() {
    let (rows, _) = Quantised::new(&[2032.0, 3.0, 0.0, 0.0, 1016.0, -1016.0], 2).unwrap();
    let query = query(&[0.5, 2.0], &rows);
    assert_eq!([0, 1, 2, 3].map(|item| rows.product(item, &query)), [1022.0, 0.0, -1524.0, 0.0]);
    // 2032 × 1016 − 3 × 1016
    assert_eq!(rows.row_product(0, 2), 2_061_464.0);
    let mut sums = [1.0, 1.0, 1.0];
    rows.add_products(&query, 10.0, &mut sums);
    // Eight bits know nothing of the 3. Each row has a step of its own, so that 1016 is as exact as 2032.
    for (sum, expected) in sums.iter().zip([10_161.0, 1.0, -15_239.0]) {
        assert!((sum - expected).abs() < 2.0, "{sums:?}");
    }
}

#[test]
fn cosines() {
    let (rows, _) = Quantised::new(&[1.0, 0.0, 5.0, 0.0, 0.0, 2.0, -3.0, 0.0, 1.0, 1.0, 0.0, 0.0], 2).unwrap();
    assert_eq!([0, 1, 2, 3, 5, 6].map(|item| rows.cosine(0, item)), [1.0, 1.0, 0.0, -1.0, 0.0, 0.0]);
    assert!((rows.cosine(0, 4) - 0.5f32.sqrt()).abs() < 1e-6);
}

#[test]
fn what_is_no_vector() {
    assert_eq!(Quantised::new(&[1.0], 0), Err(Unfit::Dimensions));
    assert_eq!(Quantised::new(&[1.0; 513], 513), Err(Unfit::Dimensions));
    assert_eq!(Quantised::new(&[1.0; 3], 2), Err(Unfit::Rows));
    assert_eq!(Quantised::new(&[1.0, 2.0, 3.0, f32::NAN], 2), Err(Unfit::NotFinite { row: 1 }));
    let (rows, _) = Quantised::new(&[1.0, 2.0, 1e-45, 0.0], 2).unwrap();
    assert!(rows.is_sound(2));
    for vector in [&[f32::NAN, 1.0][..], &[f32::INFINITY, 1.0], &[1.0], &[1.0, 2.0, 3.0], &[1e-45, 0.0]] {
        let mut sums = [0.5, 0.5];
        let query = query(vector, &rows);
        rows.add_products(&query, 1.0, &mut sums);
        assert_eq!(sums, [0.5, 0.5], "{vector:?}");
        assert!(rows.product(0, &query).abs() < 1e-40, "{vector:?}");
    }
}

#[test]
fn files_that_do_not_fit() {
    let (rows, _) = Quantised::new(&[1.0, 2.0, 3.0, 4.0], 2).unwrap();
    assert_eq!(from_bytes::<Quantised>(&to_bytes(&rows)), Some(rows.clone()));
    assert!(rows.is_sound(2) && !rows.is_sound(1) && !rows.is_sound(3));
    let broken: [fn(&mut Quantised); 6] = [
        |rows| rows.dimensions = 0,
        |rows| rows.dimensions = 513,
        |rows| rows.coarse.truncate(31),
        |rows| rows.fine.truncate(15),
        |rows| rows.steps[1] = f32::NAN,
        |rows| rows.steps[1] = -1.0,
    ];
    for (number, breaks) in broken.iter().enumerate() {
        let mut rows = rows.clone();
        breaks(&mut rows);
        assert!(!rows.is_sound(2), "{number}");
    }
}

/// Normally distributed numbers, by Irwin and Hall: the sum of twelve even ones, less six.
fn normal(state: &mut u64) -> f32 {
    let mut sum = -6.0;
    for _ in 0..12 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sum += (*state >> 40) as f32 / (1u64 << 24) as f32;
    }
    sum
}

/// Ten of 2,000 rows: by floats, and by the first pass with the best twenty scored again.
#[test]
fn recall() {
    for dimensions in [64, 384] {
        let mut state = 42;
        let rows: Vec<f32> = (0..2000 * dimensions).map(|_| normal(&mut state)).collect();
        let (quantised, _) = Quantised::new(&rows, dimensions).unwrap();
        let (mut found, mut first_pass_found, mut sought) = (0, 0, 0);
        for _ in 0..40 {
            let vector: Vec<f32> = (0..dimensions).map(|_| normal(&mut state)).collect();
            let exact: Vec<f32> =
                rows.chunks(dimensions).map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
            let query = query(&vector, &quantised);
            let mut sums = vec![0.0; 2000];
            quantised.add_products(&query, 1.0, &mut sums);
            let (mut best, mut first_pass) = (Vec::new(), Vec::new());
            top(&exact, None, 10, &mut best);
            top(&sums, None, 20, &mut first_pass);
            let mut again: Vec<Candidate> = first_pass
                .iter()
                .map(|candidate| Candidate { score: quantised.product(candidate.item, &query), ..*candidate })
                .collect();
            again.sort_by(|a, b| b.score.total_cmp(&a.score));
            let has = |list: &[Candidate], item| list[..10].iter().any(|candidate| candidate.item == item);
            sought += 10;
            found += best.iter().filter(|candidate| has(&again, candidate.item)).count();
            first_pass_found += best.iter().filter(|candidate| has(&first_pass, candidate.item)).count();
        }
        assert!(found * 100 >= sought * 99, "{dimensions} dimensions: {found} of {sought}");
        assert!(first_pass_found < found, "{dimensions} dimensions: scoring again changes nothing");
    }
}
