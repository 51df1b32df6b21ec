//! Ranking against the plainest way to do the same.

use super::cases;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use slotwise::binary::{from_bytes, to_bytes};
use slotwise::rank::blend::{Blend, Signal, settle};
use slotwise::rank::diversify::{Arrangement, Likeness, NO_CATEGORY};
use slotwise::rank::explore::Explorer;
use slotwise::rank::factors::{Factors, FoldIn, Interaction};
use slotwise::rank::neighbours::Neighbours;
use slotwise::rank::popularity::Popularity;
use slotwise::rank::recency::Recency;
use slotwise::rank::select::{Candidate, top};
use slotwise::rank::vectors::Quantised;
use slotwise::rank::{Items, Model, Ranker, Visitor};

const DIMENSIONS: usize = 5;
const SIGNALS: [Signal; 6] =
    [Signal::Content, Signal::Factors, Signal::Neighbours, Signal::Popularity, Signal::Recency, Signal::Boost];

/// Everything about one item: two vectors, neighbours, events, when it came, what the site adds.
type Item = (Vec<f32>, Vec<f32>, Vec<(usize, f32)>, f64, f64, f32);

fn item() -> impl Strategy<Value = Item> {
    let vector = || vec(-2.0f32..2.0, DIMENSIONS);
    let neighbours = vec((any::<usize>(), -1.0f32..1.0), 0..6);
    (vector(), vector(), neighbours, 0.0..100.0_f64, 0.0..1e9_f64, -1.0f32..1.0)
}

/// λI + Σ y yᵀ
fn gram(rows: &[Vec<f32>]) -> Vec<f32> {
    let mut gram = [0.0f64; DIMENSIONS * DIMENSIONS];
    for (place, number) in gram.iter_mut().enumerate() {
        let (row, column) = (place / DIMENSIONS, place % DIMENSIONS);
        *number = rows.iter().map(|y| f64::from(y[row]) * f64::from(y[column])).sum::<f64>();
        *number += if row == column { 0.5 } else { 0.0 };
    }
    gram.iter().map(|number| *number as f32).collect()
}

fn model(items: &[Item]) -> Model {
    let count = items.len();
    let flat = |rows: Vec<Vec<f32>>| Quantised::new(&rows.concat(), DIMENSIONS).unwrap().0;
    let factors: Vec<Vec<f32>> = items.iter().map(|item| item.1.clone()).collect();
    let lists: Vec<Vec<(u16, f32)>> = items
        .iter()
        .map(|item| item.2.iter().map(|(other, nearness)| ((other % count) as u16, *nearness)).collect())
        .collect();
    let events: Vec<f64> = items.iter().map(|item| item.3).collect();
    let came: Vec<f64> = items.iter().map(|item| item.4).collect();
    Model {
        items: count as u16,
        content: Some(flat(items.iter().map(|item| item.0.clone()).collect())),
        factors: Some(Factors { gram: gram(&factors), vectors: flat(factors) }),
        neighbours: Some(Neighbours::new(&lists)),
        popularity: Some(Popularity::new(&events, &[vec![(0, 3.0)]], 10.0)),
        recency: Some(Recency::new(&came, 1e8)),
    }
}

fn history(past: &[(usize, f32)], count: usize) -> Vec<Interaction> {
    let mut history: Vec<Interaction> =
        past.iter().map(|(item, weight)| Interaction { item: (item % count) as u16, weight: *weight }).collect();
    let mut seen = Vec::new();
    history.retain(|past| {
        !seen.contains(&past.item) && {
            seen.push(past.item);
            true
        }
    });
    history
}

fn blend() -> impl Strategy<Value = Blend> {
    (proptest::array::uniform6(-3.0f32..3.0), -1.0f32..1.0).prop_map(|(weights, bias)| Blend { weights, bias })
}

fn candidates(scores: &[f32]) -> Vec<Candidate> {
    let mut best = Vec::new();
    top(scores, None, scores.len(), &mut best);
    best
}

/// Scores of which some are equal, and some are none.
fn scores(most: usize) -> impl Strategy<Value = Vec<f32>> {
    let score = prop_oneof![8 => -3i8..3, 1 => Just(i8::MIN)];
    vec(score.prop_map(|score| if score == i8::MIN { f32::NAN } else { f32::from(score) }), 0..most)
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn the_best_are_those_that_sorting_finds(scores in scores(300), among in vec(any::<bool>(), 300), count in 0usize..40) {
        let mut items = Items::default();
        items.clear(scores.len());
        let mut expected: Vec<usize> = (0..scores.len()).filter(|item| among[*item] && !scores[*item].is_nan()).collect();
        expected.iter().for_each(|item| items.insert(*item as u16));
        (0..scores.len()).filter(|item| among[*item]).for_each(|item| items.insert(item as u16));
        // A stable sort leaves equal ones in the order of items.
        expected.sort_by(|a, b| scores[*b].partial_cmp(&scores[*a]).unwrap());
        expected.truncate(count);
        let mut best = Vec::new();
        top(&scores, Some(&items), count, &mut best);
        prop_assert_eq!(best.iter().map(|found| usize::from(found.item)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn quantising_loses_no_more_than_half_a_unit(row in vec(-1e3f32..1e3, 1..100)) {
        let (rows, loss) = Quantised::new(&row, row.len()).unwrap();
        let mut back = vec![0.0; row.len()];
        rows.row(0, &mut back);
        let largest = row.iter().fold(0.0, |largest: f32, number| largest.max(number.abs()));
        for (number, back) in row.iter().zip(&back) {
            prop_assert!((number - back).abs() <= largest / 2032.0 * 0.501, "{} became {}", number, back);
        }
        prop_assert!(loss.worst <= 0.501 / 2032.0 * (row.len() as f64).sqrt());
        prop_assert_eq!(from_bytes::<Quantised>(&to_bytes(&rows)), Some(rows));
    }

    /// Every item is scored and sorted, where the ranker scores the best few.
    #[test]
    fn candidates_are_those_that_scoring_all_finds(
        items in vec(item(), 1..150), blend in blend(), interest in vec(-2.0f32..2.0, DIMENSIONS),
        past in vec((any::<usize>(), 0.1f32..4.0), 0..6), now in 0.0..2e9_f64, segments in vec(0u16..2, 0..2),
    ) {
        let (model, history) = (model(&items), history(&past, items.len()));
        prop_assert!(model.is_sound());
        let boosts: Vec<f32> = items.iter().map(|item| item.5).collect();
        let visitor = Visitor {
            interest: &interest, history: &history, confidences: &history, segments: &segments, boosts: &boosts, now,
        };
        let mut ranker = Ranker::default();
        let found = ranker.candidates(&model, &blend, &visitor, None, 10).to_vec();
        let mut expected: Vec<Candidate> = (0..model.items)
            .map(|item| Candidate { item, score: blend.score(&blend.shares(&ranker.signals(&model, &visitor, item))) })
            .collect();
        expected.sort_by(|a, b| b.score.total_cmp(&a.score));
        expected.truncate(10);
        prop_assert_eq!(&found, &expected);

        // Shares add up to the score, and parts to the shares.
        for Candidate { item, score } in found {
            let shares = blend.shares(&ranker.signals(&model, &visitor, item));
            prop_assert_eq!(shares.iter().fold(blend.bias, |sum, share| sum + share), score);
            for (signal, share) in SIGNALS.into_iter().zip(shares) {
                let mut parts = Vec::new();
                ranker.parts(&model, &blend, &visitor, item, signal, &mut parts);
                if parts.is_empty() {
                    prop_assert!(share == 0.0, "{:?} has no parts and {}", signal, share);
                    continue;
                }
                let largest = parts.iter().fold(0.0, |largest: f64, (_, part)| largest.max(part.abs()));
                let sum: f64 = parts.iter().map(|(_, part)| part).sum();
                let backwards: f64 = parts.iter().rev().map(|(_, part)| part).sum();
                prop_assert_eq!(sum, backwards);
                let allowed = if f64::from(share.abs()) * 65_536.0 >= largest { 0.0 } else { largest / 1e12 };
                prop_assert!((sum - f64::from(share)).abs() <= allowed, "{:?}: {} is not {}", signal, sum, share);
            }
        }
    }

    /// More items tie at the edge of the first pass than it keeps, some by content, some by what the site adds, some by what they go with.
    /// All numbers are such that eight bits hold them whole, so that both passes have the same sums, to the bit.
    #[test]
    fn of_more_equals_than_the_first_pass_keeps_the_first_items_are_chosen(
        kinds in vec(0usize..8, 60..2500), left_out in option::of(vec(any::<usize>(), 0..20)),
        best in vec(any::<usize>(), 0..3), count in 1usize..10,
    ) {
        // A row's step is 1 where its largest number is 127, and the visitor's where it is 8191.
        const UNIT: f32 = 127.0 * 8191.0;
        let (mut rows, mut near, mut boosts) = (Vec::new(), Vec::new(), Vec::new());
        for (item, kind) in (0..).zip(&kinds) {
            // Seven kinds come to two units, in as many ways; one comes to a unit less.
            let (content, neighbour, boost) = [(0, 0, 2), (1, 0, 1), (0, 1, 1), (1, 1, 0), (-1, 1, 2), (2, 0, 0), (2, -1, 1), (1, 0, 0)][*kind];
            rows.extend(match content { 2 => [127.0, 127.0], 1 => [127.0, 0.0], 0 => [127.0, -127.0], _ => [0.0, -127.0] });
            if neighbour != 0 {
                near.push((item, 127.0 * neighbour as f32));
            }
            boosts.push(UNIT * boost as f32);
        }
        for item in &best {
            boosts[item % kinds.len()] += UNIT;
        }
        let mut lists = vec![Vec::new(); kinds.len()];
        lists[0] = near;
        let model = Model {
            items: kinds.len() as u16,
            content: Some(Quantised::new(&rows, 2).unwrap().0),
            neighbours: Some(Neighbours::new(&lists)),
            ..Model::default()
        };
        let history = [Interaction { item: 0, weight: 8191.0 }];
        let visitor = Visitor {
            interest: &[8191.0, 8191.0], history: &history, confidences: &[], segments: &[], boosts: &boosts, now: 0.0,
        };
        let blend = Blend { weights: [1.0, 0.0, 1.0, 0.0, 0.0, 1.0], bias: 0.0 };
        let mut items = Items::default();
        items.fill(kinds.len());
        left_out.iter().flatten().for_each(|item| items.remove((item % kinds.len()) as u16));
        let mut ranker = Ranker::default();
        let found = ranker.candidates(&model, &blend, &visitor, left_out.as_ref().map(|_| &items), count).to_vec();

        // By every item's score; a stable sort leaves equal ones in the order of items.
        let mut expected: Vec<Candidate> = (0..model.items)
            .filter(|item| items.contains(*item))
            .map(|item| Candidate { item, score: blend.score(&blend.shares(&ranker.signals(&model, &visitor, item))) })
            .collect();
        prop_assert!(expected.iter().all(|candidate| candidate.score % UNIT == 0.0), "{:?}", expected);
        expected.sort_by(|a, b| b.score.total_cmp(&a.score));
        expected.truncate(count);
        prop_assert_eq!(found, expected);
    }

    /// A catalog in another order gives the same scores, bit for bit, to the same items.
    #[test]
    fn the_order_of_items_does_not_matter(
        items in vec(item(), 2..20), blend in blend(), interest in vec(-2.0f32..2.0, DIMENSIONS),
        past in vec((any::<usize>(), 0.1f32..4.0), 0..4), turn in any::<usize>(),
    ) {
        let count = items.len();
        let turned = |item: usize| (item + turn % count) % count;
        let mut other = items.clone();
        other.rotate_right(turn % count);
        other.iter_mut().for_each(|item| item.2.iter_mut().for_each(|(other, _)| *other = turned(*other % count)));
        let past: Vec<(usize, f32)> = past.iter().map(|(item, weight)| (item % count, *weight)).collect();
        let other_past: Vec<(usize, f32)> = past.iter().map(|(item, weight)| (turned(*item), *weight)).collect();
        let scores = |items: &[Item], past: &[(usize, f32)]| {
            // The segment is of item 0, so it is left out, and so is the matrix, whose sums have another order.
            let gram = model(&self::sorted(items)).factors.unwrap().gram;
            let mut model = model(items);
            model.factors.as_mut().unwrap().gram = gram;
            let (history, boosts) = (history(past, count), items.iter().map(|item| item.5).collect::<Vec<_>>());
            let visitor = Visitor {
                interest: &interest, history: &history, confidences: &history, segments: &[], boosts: &boosts, now: 5e8,
            };
            let mut ranker = Ranker::default();
            let mut scores = vec![0; count];
            for Candidate { item, score } in ranker.candidates(&model, &blend, &visitor, None, count) {
                scores[usize::from(*item)] = score.to_bits();
            }
            scores
        };
        let mut expected = scores(&items, &past);
        expected.rotate_right(turn % count);
        prop_assert_eq!(scores(&other, &other_past), expected);
    }

    #[test]
    fn folding_in_solves_the_system(
        rows in vec(vec(-1.0f32..1.0, DIMENSIONS), 1..20), past in vec((any::<usize>(), -3.0f32..5.0), 1..8),
    ) {
        let (vectors, _) = Quantised::new(&rows.concat(), DIMENSIONS).unwrap();
        let exact: Vec<Vec<f32>> = (0..rows.len())
            .map(|item| { let mut row = vec![0.0; DIMENSIONS]; vectors.row(item as u16, &mut row); row })
            .collect();
        let factors = Factors { gram: gram(&exact), vectors };
        let history = history(&past, rows.len());
        let (mut matrix, mut right) = (factors.gram.iter().map(|number| f64::from(*number)).collect::<Vec<_>>(), vec![0.0; DIMENSIONS]);
        for past in &history {
            let row = &exact[usize::from(past.item)];
            let confidence = f64::from(past.weight);
            for i in 0..DIMENSIONS {
                right[i] += confidence.max(0.0) * f64::from(row[i]);
                for j in 0..DIMENSIONS {
                    matrix[i * DIMENSIONS + j] += (confidence.abs() - 1.0) * f64::from(row[i]) * f64::from(row[j]);
                }
            }
        }
        let expected = solve(matrix, right);
        let mut visitor = FoldIn::default();
        factors.fold_in(&history, &mut visitor);
        prop_assert_eq!(visitor.user().len(), DIMENSIONS);
        for (number, expected) in visitor.user().iter().zip(&expected) {
            prop_assert!((f64::from(*number) - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{:?} {:?}", visitor.user(), expected);
        }
        let mut shares = Vec::new();
        for (item, row) in (0..).zip(&exact) {
            visitor.shares(&factors, item, &mut shares);
            let score: f64 = row.iter().zip(&expected).map(|(a, b)| f64::from(*a) * b).sum();
            let sum: f64 = shares.iter().map(|(_, share)| share).sum();
            prop_assert!((sum - score).abs() < 1e-6 * (1.0 + score.abs()), "{} is not {}", sum, score);
        }
    }

    #[test]
    fn settled_parts_add_up(total in -1e3f32..1e3, parts in vec(-1e3..1e3_f64, 1..200), order in any::<u64>()) {
        let mut settled: Vec<(u16, f64)> = (0..).zip(parts.iter().copied()).collect();
        settle(total, &mut settled);
        // The first pass of a sum in any order: here, by remainders of a multiple.
        settled.sort_by_key(|(place, _)| u64::from(*place).wrapping_mul(order | 1) >> 7);
        let largest = settled.iter().fold(0.0, |largest: f64, (_, part)| largest.max(part.abs()));
        if f64::from(total.abs()) * 65_536.0 >= largest {
            prop_assert_eq!(settled.iter().map(|(_, part)| part).sum::<f64>(), f64::from(total));
        }
        let changed = settled.iter().filter(|(place, part)| (parts[usize::from(*place)] - part).abs() > 1e-8).count();
        prop_assert!(changed <= 1, "only one part takes the difference");
    }

    /// With pins, caps and categories, worked out anew for each place.
    #[test]
    fn lists_are_those_of_maximal_marginal_relevance(
        scores in vec((-20i8..20).prop_map(f32::from), 1..25), rows in vec(vec(-2.0f32..2.0, 3), 25), categories in vec(0u16..4, 25),
        relevance in prop_oneof![Just(1.0f32), 0.0f32..1.0], by_vector in any::<bool>(), length in 0usize..8,
        category_cap in 1usize..5, pins in vec((0usize..8, 0u16..25), 0..3),
    ) {
        let categories: Vec<u16> = categories.iter().map(|category| if *category == 0 { NO_CATEGORY } else { *category }).collect();
        let (vectors, _) = Quantised::new(&rows.concat(), 3).unwrap();
        let likeness = if by_vector { Likeness::Vectors(&vectors) } else { Likeness::Category };
        let mut pins = pins;
        let mut taken = Vec::new();
        pins.retain(|(place, item)| {
            let is_free = taken.iter().all(|(taken, other)| taken != place && other != item);
            taken.push((*place, *item));
            is_free
        });
        let candidates = candidates(&scores);
        let arrangement = Arrangement { length, relevance, likeness, categories: &categories, category_cap, pins: &pins };
        let mut list = Vec::new();
        arrangement.arrange(&candidates, &mut Explorer::new(0.0, 1), &mut list);
        let found: Vec<u16> = list.iter().map(|placed| placed.item).collect();

        let alike = |a: u16, b: u16| {
            let category = categories[usize::from(a)];
            if by_vector { vectors.cosine(a, b).max(0.0) }
            else if category != NO_CATEGORY && category == categories[usize::from(b)] { 1.0 } else { 0.0 }
        };
        let (best, worst) = (candidates[0].score, candidates[candidates.len() - 1].score);
        let pinned: Vec<u16> = pins.iter().filter(|(place, _)| *place < length).map(|(_, item)| *item).collect();
        let (mut shown, mut expected) = (pinned.clone(), Vec::new());
        for place in 0..length {
            if let Some((_, item)) = pins.iter().find(|(pinned, _)| *pinned == place) {
                expected.push(*item);
                continue;
            }
            let fits = |item: u16| {
                let category = categories[usize::from(item)];
                let same = shown.iter().filter(|shown| categories[usize::from(**shown)] == category).count();
                !shown.contains(&item) && (category == NO_CATEGORY || same < category_cap)
            };
            let value = |candidate: &Candidate| {
                let share = if best > worst { (candidate.score - worst) / (best - worst) } else { 1.0 };
                let nearest = shown.iter().map(|shown| alike(*shown, candidate.item)).fold(0.0, f32::max);
                relevance * share - (1.0 - relevance) * nearest
            };
            let fitting: Vec<&Candidate> = candidates.iter().filter(|candidate| fits(candidate.item)).collect();
            let Some(highest) = fitting.iter().map(|candidate| value(candidate)).reduce(f32::max) else { continue };
            let item = fitting.iter().find(|candidate| value(candidate) == highest).unwrap().item;
            shown.push(item);
            expected.push(item);
        }
        prop_assert_eq!(&found, &expected);
        if relevance == 1.0 && pins.is_empty() && category_cap >= 25 {
            prop_assert_eq!(found, candidates.iter().take(length).map(|candidate| candidate.item).collect::<Vec<_>>());
        }
    }

    /// Whatever a file holds, reading it and ranking by it comes to an end without a panic.
    #[test]
    fn damaged_models_do_no_harm(
        items in vec(item(), 1..8), places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), past in vec((any::<u16>(), any::<f32>()), 0..4),
        interest in vec(any::<f32>(), DIMENSIONS), weights in proptest::array::uniform6(any::<f32>()), item in any::<u16>(),
    ) {
        let mut bytes = to_bytes(&model(&items));
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let Some(model) = from_bytes::<Model>(&bytes).filter(Model::is_sound) else { return Ok(()) };
        let history: Vec<Interaction> = past.iter().map(|(item, weight)| Interaction { item: *item, weight: *weight }).collect();
        let visitor = Visitor {
            interest: &interest, history: &history, confidences: &history, segments: &[0, item], boosts: &interest, now: f64::from(interest[0]),
        };
        let (blend, mut ranker, mut parts) = (Blend { weights, bias: 0.0 }, Ranker::default(), Vec::new());
        let found = ranker.candidates(&model, &blend, &visitor, None, 5).to_vec();
        prop_assert!(found.iter().all(|candidate| candidate.item < model.items && !candidate.score.is_nan()));
        for signal in SIGNALS {
            ranker.parts(&model, &blend, &visitor, item, signal, &mut parts);
        }
    }
}

/// Items in an order of their own, that any order of them becomes.
fn sorted(items: &[Item]) -> Vec<Item> {
    let mut items = items.to_vec();
    items.sort_by(|a, b| a.1.partial_cmp(&b.1).unwrap());
    items
}

/// Gauss's elimination with pivots.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|a, b| matrix[a * size + column].abs().total_cmp(&matrix[b * size + column].abs()))
            .unwrap();
        right.swap(column, pivot);
        (0..size).for_each(|j| matrix.swap(column * size + j, pivot * size + j));
        for row in 0..size {
            if row != column {
                let factor = matrix[row * size + column] / matrix[column * size + column];
                (0..size).for_each(|j| matrix[row * size + j] -= factor * matrix[column * size + j]);
                right[row] -= factor * right[column];
            }
        }
    }
    (0..size).map(|row| right[row] / matrix[row * size + row]).collect()
}

/// An item's shows, each divided by its propensity, count as many as there were lists: what is learned from them is not biased.
#[test]
fn propensities_are_those_of_what_is_shown() {
    const LISTS: u32 = 40_000;
    for (rate, count) in [(0.1, 4), (0.5, 7), (1.0, 3)] {
        let mut shown = vec![0.0; count];
        for seed in 0..LISTS {
            let (chosen, propensity) = Explorer::new(rate, u64::from(seed)).choose(1, count);
            shown[chosen] += 1.0 / propensity;
        }
        // Five standard deviations of a count with probability p, divided by p.
        let p = rate / count as f64;
        let allowed = 5.0 * (f64::from(LISTS) * (1.0 - p) / p).sqrt();
        assert!(shown.iter().all(|shown| (shown - f64::from(LISTS)).abs() < allowed), "{rate} {count} {shown:?}");
    }
}
