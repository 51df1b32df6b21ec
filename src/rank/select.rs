//! The best of many.
//!
//! Nearly every item of a catalog is worse than the worst of those kept, so that 64 at a time are passed over by the
//! highest of their scores. What those kept surpass for certain is known before the first is looked at: of as many
//! parts of the catalog as items are asked for, each has one that does. Those kept lie in order: an item that is better
//! pushes the last one out. With the hundreds that are ever asked for, that is no slower than a heap, and the result
//! needs no sorting.

use super::items::{Items, WORD};
use super::kernel;

/// An item and how good it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Index of the item.
    pub item: u16,
    /// Its score, more is better.
    pub score: f32,
}

/// Makes `best` the `count` best of `among`, or of all: best first, of equal ones the first item first. What has no
/// score (NaN, minus infinity) is not chosen.
pub fn top(scores: &[f32], among: Option<&Items>, count: usize, best: &mut Vec<Candidate>) {
    best.clear();
    if count == 0 {
        return;
    }
    let mut highest = Vec::with_capacity(scores.len().div_ceil(WORD));
    for chunk in scores.chunks(WORD) {
        highest.push(kernel::highest(chunk));
    }
    let mut bar = surpassed(&highest, among, count);
    let mut first = 0u16;
    for ((place, chunk), highest) in scores.chunks(WORD).enumerate().zip(&highest) {
        let mut above = if *highest > bar { meant(among, place) & kernel::above(chunk, bar) } else { 0 };
        while let Some(score) = chunk.get(above.trailing_zeros() as usize) {
            if *score > bar {
                let item = first.saturating_add(u16::try_from(above.trailing_zeros()).unwrap_or_default());
                bar = keep(best, Candidate { item, score: *score }, count).max(bar);
            }
            above &= above.wrapping_sub(1);
        }
        first = first.saturating_add(64);
    }
}

/// Which of the items of a word are meant.
fn meant(among: Option<&Items>, place: usize) -> u64 {
    among.map_or(u64::MAX, |items| items.words().get(place).copied().unwrap_or_default())
}

/// What the `count` best surpass for certain: as many parts of the catalog have an item each that does. Parts are words of which all items
/// are meant, by the highest score of each.
fn surpassed(highest: &[f32], among: Option<&Items>, count: usize) -> f32 {
    let whole =
        || (0..).zip(highest).filter(|(place, _)| meant(among, *place) == u64::MAX).map(|(_, highest)| *highest);
    let words = whole().count().checked_div(count).unwrap_or_default();
    if words == 0 {
        return f32::NEG_INFINITY;
    }
    let mut whole = whole();
    let part = |_| whole.by_ref().take(words).fold(f32::NEG_INFINITY, f32::max);
    (0..count).map(part).fold(f32::INFINITY, f32::min).next_down()
}

/// Puts a candidate, which has a score, where it belongs among the best, and takes out what is too many; gives what
/// the next one has to surpass.
pub(super) fn keep(best: &mut Vec<Candidate>, candidate: Candidate, count: usize) -> f32 {
    let is_before =
        |kept: &Candidate| kept.score > candidate.score || kept.score == candidate.score && kept.item < candidate.item;
    if best.len() < count {
        best.push(candidate);
    } else if best.last().is_none_or(is_before) {
        return best.last().map_or(f32::NEG_INFINITY, |last| last.score);
    }
    // From behind: there most of those belong that come late, and a search would wait for each of its comparisons.
    let mut kept = best.iter_mut().rev();
    if let Some(mut gap) = kept.next() {
        for kept in kept.take_while(|kept| !is_before(kept)) {
            *gap = *kept;
            gap = kept;
        }
        *gap = candidate;
    }
    if best.len() < count { f32::NEG_INFINITY } else { best.last().map_or(f32::NEG_INFINITY, |last| last.score) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(scores: &[f32], among: Option<&Items>, count: usize) -> Vec<u16> {
        let mut best = vec![Candidate { item: 7, score: 7.0 }];
        top(scores, among, count, &mut best);
        best.iter().map(|candidate| candidate.item).collect()
    }

    #[test]
    fn best_first() {
        assert_eq!(items(&[1.0, 3.0, 2.0, 5.0], None, 3), [3, 1, 2]);
        assert_eq!(items(&[1.0, 3.0, 2.0, 5.0], None, 9), [3, 1, 2, 0]);
        assert!(items(&[1.0], None, 0).is_empty());
        assert!(items(&[], None, 2).is_empty());
    }

    #[test]
    fn the_first_of_equals() {
        assert_eq!(items(&[1.0, 2.0, 2.0, 1.0, 2.0], None, 2), [1, 2]);
        assert_eq!(items(&[0.0, -0.0, 0.0, -1.0], None, 3), [0, 1, 2]);
        assert_eq!(items(&[2.0; 200], None, 3), [0, 1, 2]);
    }

    #[test]
    fn of_some_only() {
        let mut among = Items::default();
        among.clear(150);
        [3, 70, 149].into_iter().for_each(|item| among.insert(item));
        let scores: Vec<f32> = (0u8..150).map(f32::from).collect();
        assert_eq!(items(&scores, Some(&among), 2), [149, 70]);
        assert_eq!(items(&scores[..100], Some(&among), 5), [70, 3]);
    }

    /// By sorting all of them.
    #[test]
    fn as_many_as_there_are() {
        let mut state = 1u32;
        let mut draw = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for _ in 0..300 {
            let (len, most, count) = (draw(3000), draw(2000) + 1, draw(40) as usize + 1);
            let scores: Vec<f32> = (0..len).map(|_| draw(most) as f32 - 500.0).collect();
            let left_out = [0, 1, 30, 3000][draw(4) as usize];
            let mut among = Items::default();
            among.fill(scores.len());
            (0..left_out).for_each(|_| among.remove(draw(3000) as u16));
            let mut expected: Vec<u16> = (0..len as u16).filter(|item| among.contains(*item)).collect();
            expected.sort_by(|left, right| scores[usize::from(*right)].total_cmp(&scores[usize::from(*left)]));
            expected.truncate(count);
            assert_eq!(items(&scores, Some(&among), count), expected);
            if left_out == 0 {
                assert_eq!(items(&scores, None, count), expected);
            }
        }
    }

    #[test]
    fn those_that_come_in_any_order() {
        let mut best = Vec::new();
        let candidates = [(5, 1.0), (2, 3.0), (9, 3.0), (1, 0.5), (4, 3.0), (3, 2.0)];
        for (item, score) in candidates {
            keep(&mut best, Candidate { item, score }, 4);
        }
        assert_eq!(best.iter().map(|kept| kept.item).collect::<Vec<_>>(), [2, 4, 9, 3]);
    }

    #[test]
    fn what_has_no_score() {
        assert_eq!(items(&[f32::NAN, f32::NEG_INFINITY, -1e30, f32::INFINITY], None, 4), [3, 2]);
    }
}
