//! Lists worked by hand.

use super::*;

fn candidates(scores: &[f32]) -> Vec<Candidate> {
    (0..).zip(scores).map(|(item, score)| Candidate { item, score: *score }).collect()
}

fn plain<'a>(categories: &'a [u16]) -> Arrangement<'a> {
    let (length, category_cap) = (3, usize::MAX);
    Arrangement { length, relevance: 1.0, likeness: Likeness::Category, categories, category_cap, pins: &[] }
}

fn items(arrangement: &Arrangement<'_>, scores: &[f32]) -> Vec<u16> {
    let mut list = Vec::new();
    arrangement.arrange(&candidates(scores), &mut Explorer::new(0.0, 0), &mut list);
    assert!(list.iter().all(|placed| placed.propensity == 1.0));
    list.iter().map(|placed| placed.item).collect()
}

#[test]
fn relevance_alone_is_the_order_of_scores() {
    assert_eq!(items(&plain(&[]), &[5.0, 4.0, 3.0, 2.0]), [0, 1, 2]);
    assert_eq!(items(&plain(&[]), &[5.0, 4.0]), [0, 1]);
    assert_eq!(items(&plain(&[]), &[2.0; 4]), [0, 1, 2]);
    assert_eq!(items(&Arrangement { length: 0, ..plain(&[]) }, &[5.0]), [0; 0]);
}

/// Relevance is 1, 0.9, 0.8, 0.4, 0. With λ = 1/2 the second of category 7 is worth 0.45 − 0.5, the third 0.4 − 0.5,
/// and the first of category 8 0.2; after it, those are still −0.05 and −0.1, and item 4, of no category, is worth 0.
#[test]
fn diversity_by_category() {
    let diverse = Arrangement { relevance: 0.5, ..plain(&[7, 7, 7, 8, NO_CATEGORY]) };
    assert_eq!(items(&diverse, &[10.0, 9.0, 8.0, 4.0, 0.0]), [0, 3, 4]);
    assert_eq!(items(&Arrangement { length: 5, ..diverse }, &[10.0, 9.0, 8.0, 4.0, 0.0]), [0, 3, 4, 1, 2]);
}

/// Items 0 and 1 point the same way, item 2 across, item 3 away from them: cosines 1, 0 and −1. Away is no better
/// than across.
#[test]
fn diversity_by_vector() {
    let (vectors, _) = Quantised::new(&[1.0, 0.0, 2.0, 0.0, 0.0, 1.0, -1.0, 0.0], 2).unwrap();
    let diverse = Arrangement { relevance: 0.5, likeness: Likeness::Vectors(&vectors), ..plain(&[]) };
    assert_eq!(items(&diverse, &[4.0, 3.9, 2.0, 1.0]), [0, 2, 3]);
}

#[test]
fn no_more_than_the_cap() {
    let capped = Arrangement { category_cap: 1, ..plain(&[7, 7, NO_CATEGORY, NO_CATEGORY]) };
    assert_eq!(items(&capped, &[5.0, 4.0, 3.0, 2.0]), [0, 2, 3]);
    assert_eq!(items(&Arrangement { pins: &[(2, 1)], ..capped }, &[5.0, 4.0, 3.0, 2.0]), [2, 3, 1], "a pin counts");
    assert_eq!(items(&Arrangement { pins: &[(0, 1), (2, 0)], ..capped }, &[5.0, 4.0, 3.0]), [1, 2, 0], "and stays");
}

#[test]
fn pins() {
    let pinned = Arrangement { pins: &[(1, 9), (1, 3), (7, 0)], ..plain(&[]) };
    assert_eq!(items(&pinned, &[5.0, 4.0, 3.0, 2.0]), [0, 9, 1], "the first of a place, none behind the end");
    assert_eq!(items(&Arrangement { pins: &[(2, 1)], ..pinned }, &[5.0, 4.0]), [0, 1], "moves up");
    assert_eq!(items(&Arrangement { pins: &[(1, 3)], ..pinned }, &[]), [3], "without candidates");
    let twice = Arrangement { pins: &[(0, 1), (2, 1)], ..pinned };
    assert_eq!(items(&twice, &[5.0, 4.0, 3.0]), [1, 0, 2], "an item stands once");
    let mut list = Vec::new();
    Arrangement { pins: &[(0, 1), (1, 9)], ..pinned }.arrange(
        &candidates(&[5.0, 4.0]),
        &mut Explorer::new(1.0, 3),
        &mut list,
    );
    let [first, second, third] = list[..] else { panic!("{list:?}") };
    assert_eq!(first, Placed { item: 1, score: Some(4.0), propensity: 1.0 });
    assert_eq!(second, Placed { item: 9, score: None, propensity: 1.0 });
    assert_eq!(third, Placed { item: 0, score: Some(5.0), propensity: 1.0 }, "the only one left");
}

/// Of three candidates the second place has two: each of the two is there half the time that all places are explored.
#[test]
fn exploring() {
    let mut counts = [0; 3];
    for seed in 0..3000 {
        let mut list = Vec::new();
        plain(&[]).arrange(&candidates(&[3.0, 2.0, 1.0]), &mut Explorer::new(0.3, seed), &mut list);
        let mut items: Vec<u16> = list.iter().map(|placed| placed.item).collect();
        counts[usize::from(items[0])] += 1;
        // 1 − 0.3 + 0.3 / 3, or 0.3 / 3.
        assert!((list[0].propensity - if items[0] == 0 { 0.8 } else { 0.1 }).abs() < 1e-12);
        assert_eq!(list[2].propensity, 1.0);
        items.sort_unstable();
        assert_eq!(items, [0, 1, 2]);
    }
    // 2400 and 300 are expected; the deviations are 22 and 16, and five of them are allowed.
    assert!((2290..=2510).contains(&counts[0]), "{counts:?}");
    assert!(counts[1..].iter().all(|count| (220..=380).contains(count)), "{counts:?}");
}
