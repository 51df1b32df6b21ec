//! A catalog of three items, worked by hand.

use super::*;
use crate::binary::{from_bytes, to_bytes};

const DAY: f64 = 86_400_000.0;

fn model() -> Model {
    let (content, _) = Quantised::new(&[2032.0, 0.0, 0.0, 2032.0, 1016.0, 1016.0], 2).unwrap();
    let (vectors, _) = Quantised::new(&[1.0, 0.0, 0.0, 1.0, 1.0, 1.0], 2).unwrap();
    Model {
        items: 3,
        content: Some(content),
        factors: Some(Factors { vectors, gram: vec![3.0, 1.0, 1.0, 3.0] }),
        neighbours: Some(Neighbours::new(&[vec![(1, 127.0)], vec![], vec![]])),
        popularity: Some(Popularity::new(&[4.0, 2.0, 1.0], &[], 1.0)),
        recency: Some(Recency::new(&[0.0, 2.0 * DAY, 4.0 * DAY], 2.0 * DAY)),
    }
}

fn blend() -> Blend {
    Blend { weights: [1.0 / 128.0, 14.0, 0.5, 8.0, 4.0, 1.0], bias: 1.0 }
}

fn visitor() -> Visitor<'static> {
    Visitor {
        interest: &[0.5, 0.25],
        history: &[Interaction { item: 0, weight: 2.0 }],
        confidences: &[Interaction { item: 0, weight: 3.0 }],
        segments: &[],
        boosts: &[0.0, 0.0, 3.0],
        now: 4.0 * DAY,
    }
}

/// Content gives 1016, 508, 762; the visitor's vector is (9, −3) / 14 (see the tests of factors), so factors give
/// 9/14, −3/14, 6/14; neighbours 0, 254, 0; popularity 1, 1/2, 1/4; recency 1/4, 1/2, 1.
#[test]
fn every_signal() {
    let mut ranker = Ranker::default();
    let candidates = ranker.candidates(&model(), &blend(), &visitor(), None, 3);
    let expected = [
        (1, 3.96875 - 3.0 + 127.0 + 4.0 + 2.0 + 0.0 + 1.0),
        (0, 7.9375 + 9.0 + 0.0 + 8.0 + 1.0 + 0.0 + 1.0),
        (2, 5.953_125 + 6.0 + 0.0 + 2.0 + 4.0 + 3.0 + 1.0),
    ];
    assert_eq!(candidates.len(), 3);
    for (Candidate { item, score }, (expected_item, expected)) in candidates.iter().zip(expected) {
        assert!(*item == expected_item && (score - expected).abs() < 1e-4, "{candidates:?}");
    }
    // The first pass has the same, to what eight bits tell.
    assert!((ranker.sums[2] - 21.953).abs() < 0.1, "{:?}", ranker.sums);
}

#[test]
fn parts_of_a_share() {
    let (mut ranker, model, blend, visitor) = (Ranker::default(), model(), blend(), visitor());
    ranker.candidates(&model, &blend, &visitor, None, 3);
    let mut parts = |item, signal| {
        let mut parts = vec![(4, 4.0)];
        ranker.parts(&model, &blend, &visitor, item, signal, &mut parts);
        let share = blend.shares(&ranker.signals(&model, &visitor, item))[signal as usize];
        assert_eq!(parts.iter().map(|(_, part)| part).sum::<f64>(), f64::from(share));
        parts
    };
    assert_eq!(parts(1, Signal::Neighbours), [(0, 127.0)]);
    let [(0, part)] = parts(0, Signal::Factors)[..] else { panic!() };
    assert!((part - 9.0).abs() < 1e-5);
    // 2 × 2032 × 1016 / 128 of an interest that says 762 / 128: what came before was against it.
    let [(0, part), (NO_ITEM, rest)] = parts(2, Signal::Content)[..] else { panic!() };
    assert!((part - 32_258.0).abs() < 1e-3 && (rest - (5.953_125 - 32_258.0)).abs() < 1e-3);
    let [(NO_ITEM, part)] = parts(2, Signal::Recency)[..] else { panic!() };
    assert!((part - 4.0).abs() < 1e-5);
}

#[test]
fn of_some_only() {
    let mut among = Items::default();
    among.clear(3);
    among.insert(2);
    among.insert(0);
    let mut ranker = Ranker::default();
    let items: Vec<u16> =
        ranker.candidates(&model(), &blend(), &visitor(), Some(&among), 9).iter().map(|found| found.item).collect();
    assert_eq!(items, [0, 2]);
}

/// No history, no interest, no model: what is left decides, and then the order of items.
#[test]
fn a_cold_start() {
    let nobody = Visitor { interest: &[], history: &[], confidences: &[], ..visitor() };
    let mut ranker = Ranker::default();
    ranker.candidates(&model(), &blend(), &visitor(), None, 3);
    let items = |candidates: &[Candidate]| candidates.iter().map(|found| found.item).collect::<Vec<_>>();
    // 8 + 1, 4 + 2, 2 + 4 + 3: of the equal 0 and 2 the first.
    assert_eq!(items(ranker.candidates(&model(), &blend(), &nobody, None, 3)), [0, 2, 1]);
    let bare = Model { items: 3, ..Model::default() };
    assert_eq!(items(ranker.candidates(&bare, &blend(), &Visitor { boosts: &[], ..nobody }, None, 2)), [0, 1]);
    assert_eq!(items(ranker.candidates(&Model::default(), &blend(), &nobody, None, 2)), [0; 0]);
}

/// The seven is in the last bits, so that only the exact score meets infinities of both signs.
#[test]
fn a_score_that_is_no_number() {
    let (content, _) = Quantised::new(&[2032.0, 7.0], 2).unwrap();
    let model = Model { items: 1, content: Some(content), ..Model::default() };
    let blend = Blend { weights: [f32::MIN, 0.0, 0.0, 0.0, 0.0, 1.0], bias: 0.0 };
    let endless =
        Visitor { interest: &[0.0, 1.0], history: &[], confidences: &[], boosts: &[f32::INFINITY], ..visitor() };
    let mut ranker = Ranker::default();
    assert_eq!(ranker.candidates(&model, &blend, &endless, None, 3), []);
    assert!(ranker.sums[0].is_infinite() && ranker.signals(&model, &endless, 0)[0] == 7.0);
}

#[test]
fn files_that_do_not_fit() {
    assert_eq!(from_bytes(&to_bytes(&model())), Some(model()));
    assert!(model().is_sound() && Model { items: 3, ..Model::default() }.is_sound());
    assert!(!Model { items: 2, ..model() }.is_sound());
}
