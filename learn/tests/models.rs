//! Models by hand, and by the equations that they solve.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value as Json;
use slotwise_learn::events::Event;
use slotwise_learn::interactions::Interactions;
use slotwise_learn::models::content::{Content, Parameters as ContentParameters, Words};
use slotwise_learn::models::ease::{Ease, Parameters as EaseParameters};
use slotwise_learn::models::factors::{Factors, Parameters as FactorParameters};
use slotwise_learn::models::neighbours::{Neighbours, Parameters as NeighbourParameters, Weighting};
use slotwise_learn::models::popularity::Popularity;
use slotwise_learn::models::{Random, Recommender};

fn liked(pairs: &[(u32, u32)], visitors: usize, items: usize) -> Interactions {
    let event = |(visitor, item): &(u32, u32)| Event {
        visitor: *visitor,
        item: *item,
        name: 0,
        file: 0,
        weight: 1.0,
        value: f64::NAN,
        time: 0.0,
    };
    let events: Vec<Event> = pairs.iter().map(event).collect();
    Interactions::new(events.iter(), visitors, items)
}

/// Three visitors chose item 0, two of them item 1 as well, and the third item 2.
fn three() -> Interactions {
    liked(&[(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2)], 3, 4)
}

fn scores(recommender: &dyn Recommender, history: &[(u32, f32)], items: usize) -> Vec<f32> {
    let mut scores = vec![f32::NAN; items];
    recommender.score(history, &mut scores);
    scores
}

fn assert_near(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-5, "{found}, not {expected}");
    }
}

#[test]
fn cosines_with_shrinkage() {
    let plain = NeighbourParameters {
        weighting: Weighting::None,
        shrinkage: 0.0,
        neighbours: 10,
        ..NeighbourParameters::default()
    };
    let learned = Neighbours::learn(&three(), &plain, &|| ());
    // Item 0 has a norm of √3, item 1 of √2, item 2 of 1; nobody chose item 3.
    assert_near(&scores(&learned, &[(0, 1.0)], 4), &[0.0, 2.0 / 6_f64.sqrt(), 1.0 / 3_f64.sqrt(), 0.0]);
    assert_near(
        &scores(&learned, &[(1, 2.0), (2, -1.0)], 4),
        &[4.0 / 6_f64.sqrt() - 1.0 / 3_f64.sqrt(), 0.0, 0.0, 0.0],
    );
    let shrunk = Neighbours::learn(&three(), &NeighbourParameters { shrinkage: 2.0, neighbours: 1, ..plain }, &|| ());
    // Of item 0 the nearest alone is kept.
    assert_eq!(shrunk.lists.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 0]);
    assert_near(&scores(&shrunk, &[(0, 1.0)], 4), &[0.0, 2.0 / (6_f64.sqrt() + 2.0), 0.0, 0.0]);
}

/// With k1 → ∞ and b = 0 a weight of one stays the rarity of its visitor, ln 4 − ln 3; equal rarities leave cosines as they are.
#[test]
fn bm25_weighs_visitors_and_items() {
    let bm25 = |k1: f64, b: f64| {
        let parameters = NeighbourParameters { weighting: Weighting::Bm25, shrinkage: 0.0, neighbours: 10, k1, b };
        Neighbours::learn(&liked(&[(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 2)], 3, 4), &parameters, &|| ())
    };
    // Visitors 0 and 2 have two items of four, visitor 1 has three.
    let [two, three] = [4_f64.ln() - 3_f64.ln(), 4_f64.ln() - 4_f64.ln()];
    assert_eq!(three, 0.0);
    // So visitor 1 says nothing: items 1 and 2 have one other visitor each.
    let norms = [(2.0 * two * two).sqrt(), two, two];
    assert_near(&scores(&bm25(1e9, 0.0), &[(1, 1.0)], 4), &[two * two / (norms[0] * norms[1]), 0.0, 0.0, 0.0]);
    // Lengths change weights of an item alike for all of its visitors: no cosine changes.
    assert_near(&scores(&bm25(1.2, 0.75), &[(1, 1.0)], 4), &[0.5_f64.sqrt(), 0.0, 0.0, 0.0]);
}

/// Two items, chosen by two visitors both and by one the first alone: XᵀX + I = (4 2; 2 3), whose inverse is (3 −2; −2 4) / 8.
#[test]
fn ease_in_closed_form() {
    let learned = Ease::learn(
        &liked(&[(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)], 3, 2),
        &EaseParameters { regularization: 1.0, ..EaseParameters::default() },
        &|| (),
    )
    .unwrap();
    // B₀₁ = −P₀₁ / P₁₁ = 2 / 4, B₁₀ = 2 / 3.
    assert_near(&scores(&learned, &[(0, 1.0)], 2), &[0.0, 0.5]);
    assert_near(&scores(&learned, &[(1, 1.0)], 2), &[2.0 / 3.0, 0.0]);
    assert_eq!(learned.strongest(1).lists, [vec![(1, 0.5)], vec![(0, 2.0 / 3.0)]]);
    let unsolvable =
        Ease::learn(&three(), &EaseParameters { regularization: 0.0, ..EaseParameters::default() }, &|| ());
    assert!(unsolvable.unwrap_err().help.unwrap().contains("regularization"));
}

/// Visitors of two tastes, and items of each: twelve visitors with six of ten items.
fn tastes() -> Interactions {
    let pairs = (0..24).flat_map(|visitor: u32| {
        (0..10)
            .filter(move |item| (visitor * 7 + item * 3) % 5 < 3)
            .map(move |item| (visitor, item + 10 * (visitor % 2)))
    });
    liked(&pairs.collect::<Vec<_>>(), 24, 20)
}

#[test]
fn factors_tell_tastes_apart() {
    let parameters = FactorParameters { factors: 2, iterations: 30, regularization: 0.1, alpha: 5.0 };
    let turns = std::sync::atomic::AtomicUsize::new(0);
    let learned = Factors::learn(&tastes(), &parameters, 1, &|| {
        turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(turns.into_inner(), 30);
    assert_eq!(learned, Factors::learn(&tastes(), &parameters, 1, &|| ()), "the same seed, the same factors");
    let scores = scores(&learned, &[(2, 1.0), (5, 1.0)], 20);
    let worst_of_taste = scores[..10].iter().copied().fold(f32::INFINITY, f32::min);
    let best_of_other = scores[10..].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    assert!(worst_of_taste > best_of_other, "{scores:?}");
    let disliked = self::scores(&learned, &[(2, -4.0)], 20);
    assert!(disliked.iter().all(|score| *score == 0.0), "who likes nothing has no vector: {disliked:?}");
}

/// A visitor's vector solves its equations, and alternating turns leave items' vectors that solve theirs nearly.
#[test]
fn folding_in_solves_the_equations() {
    let parameters = FactorParameters { factors: 3, iterations: 8, regularization: 0.5, alpha: 2.0 };
    let learned = Factors::learn(&tastes(), &parameters, 7, &|| ());
    let history = [(1, 1.0), (4, 3.0), (12, -2.0)];
    let x: Vec<f64> = learned.fold_in(&history).into_iter().map(f64::from).collect();
    let rows: Vec<Vec<f64>> = learned.items.chunks(3).map(|row| row.iter().copied().map(f64::from).collect()).collect();
    let dot = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
    for place in 0..3 {
        // The derivative of Σ c (p − x·y)² + λ x·x over all items, where c is 1 for those that were not dealt with.
        let mut derivative = 0.5 * x[place];
        for (item, y) in rows.iter().enumerate() {
            let weight =
                history.iter().find(|(known, _)| *known as usize == item).map_or(0.0, |(_, weight)| f64::from(*weight));
            let (confidence, preference) = (1.0 + 2.0 * weight.abs(), if weight > 0.0 { 1.0 } else { 0.0 });
            derivative += confidence * (dot(&x, y) - preference) * y[place];
        }
        assert!(derivative.abs() < 1e-4, "{derivative}");
    }
}

fn texts() -> Vec<String> {
    ["Red red boots", "Red hat", "blue HAT", "a pen"].map(str::to_owned).to_vec()
}

fn every_word() -> ContentParameters {
    ContentParameters { least_texts: 1, most_texts: 1.0, ..ContentParameters::default() }
}

#[test]
fn words_are_weighed() {
    let words = Words::new(&texts(), &every_word());
    assert_eq!(words.words, ["blue", "boots", "hat", "pen", "red"]);
    // 1 + ln(5 / (1 + texts with it)): rare 1.9163, twice 1.5108.
    let [rare, twice] = [(5_f64 / 2.0).ln() + 1.0, (5_f64 / 3.0).ln() + 1.0];
    let length = (rare * rare + 4.0 * twice * twice).sqrt();
    let weights: Vec<f32> = words.rows[0].iter().map(|(_, weight)| *weight).collect();
    assert_near(&weights, &[rare / length, 2.0 * twice / length]);
    assert_eq!(words.rows[3], [(3, 1.0)], "a word has two letters");
    let common = Words::new(&texts(), &ContentParameters { least_texts: 2, ..every_word() });
    assert_eq!(common.words, ["hat", "red"]);
}

/// With as many dimensions as there are words nothing is lost: products of vectors are those of the texts.
#[test]
fn vectors_keep_the_products_of_texts() {
    let words = Words::new(&texts(), &every_word());
    let content = Content::learn(&texts(), &every_word(), 3).unwrap();
    assert_eq!(content.dimensions, 4);
    let product = |one: usize, other: usize| {
        let of = |text: usize| words.rows[text].iter().map(|(word, weight)| (*word, f64::from(*weight)));
        of(one)
            .map(|(word, weight)| {
                weight * of(other).find(|(known, _)| *known == word).map_or(0.0, |(_, weight)| weight)
            })
            .sum::<f64>()
    };
    for text in 0..4 {
        let expected: Vec<f64> = (0..4).map(|other| product(text, other)).collect();
        assert_near(&scores(&content, &[(text.try_into().unwrap(), 1.0)], 4), &expected);
    }
    assert!(product(0, 1) > 0.4 && product(0, 3) == 0.0);
    let failure = Content::learn(&["one".to_owned(), "two".to_owned()], &ContentParameters::default(), 1).unwrap_err();
    assert!(failure.message.contains("no words in common"));
}

#[test]
fn popularity_counts_visitors_and_chance_is_the_same_again() {
    let event = |visitor: u32, item: u32, weight: f32| Event {
        visitor,
        item,
        name: 0,
        file: 0,
        weight,
        value: f64::NAN,
        time: 0.0,
    };
    let events = [event(0, 1, 1.0), event(0, 1, 5.0), event(1, 1, 1.0), event(1, 0, -4.0)];
    assert_eq!(Popularity::new(events.iter(), 3).counts, [0, 2, 0]);
    let random = Random { seed: 5 };
    let first = scores(&random, &[(1, 1.0)], 3);
    assert_eq!(first, scores(&random, &[(1, 1.0)], 3));
    assert_ne!(first, scores(&random, &[(2, 1.0)], 3));
}

/// What scikit-learn makes of the same texts: tests/oracles/text_vectors.py.
#[test]
fn vectors_of_words_are_those_of_scikit_learn() {
    let expected: Json = serde_json::from_str(include_str!("../../tests/oracles/text-vectors.json")).unwrap();
    let number = |json: &Json| json.as_f64().unwrap();
    let count = |name: &str| usize::try_from(expected[name].as_u64().unwrap()).unwrap();
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = (state >> 40) % 900;
        format!("W{}", draw * draw / 9000)
    };
    let mut text = || (0..count("words")).map(|_| draw()).collect::<Vec<_>>().join(" ");
    let texts: Vec<String> = (0..count("texts")).map(|_| text()).collect();
    let parameters =
        ContentParameters { dimensions: count("dimensions"), iterations: 60, ..ContentParameters::default() };
    let words = Words::new(&texts, &parameters);
    assert_eq!(words.words.len(), count("vocabulary"));
    let named: Vec<(&str, f32)> =
        words.rows[0].iter().map(|(word, weight)| (words.words[*word as usize].as_str(), *weight)).collect();
    let weights = expected["weights"].as_object().unwrap();
    assert_eq!(named.len(), weights.len());
    for (word, weight) in named {
        assert!((f64::from(weight) - number(&weights[word])).abs() < 1e-5, "{word}: {weight}, not {}", weights[word]);
    }
    let content = Content::learn(&texts, &parameters, 1).unwrap();
    for (text, row) in (0..).zip(expected["cosines"].as_array().unwrap()) {
        for (found, expected) in scores(&content, &[(text, 1.0)], texts.len()).iter().zip(row.as_array().unwrap()) {
            assert!((f64::from(*found) - number(expected)).abs() < 1e-4, "{text}: {found}, not {expected}");
        }
    }
}
