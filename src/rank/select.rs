//! The best of many.
//!
//! Nearly every item of a catalog is worse than the worst of those kept, so that 64 at a time are compared with it
//! and passed over. Those kept lie in order: an item that is better pushes the last one out. With the hundreds that
//! are ever asked for, that is no slower than a heap, and the result needs no sorting.

use super::items::{Items, WORD};

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
    let mut bar = f32::NEG_INFINITY;
    let mut first = 0u16;
    let mut words = among.map(|items| items.words().iter());
    for chunk in scores.chunks(WORD) {
        let word = words.as_mut().map_or(u64::MAX, |words| words.next().copied().unwrap_or_default());
        if word != 0 && any_above(chunk, bar) {
            for (offset, score) in (0u16..).zip(chunk) {
                if *score > bar && word.wrapping_shr(u32::from(offset)) & 1 == 1 {
                    bar = keep(best, Candidate { item: first.saturating_add(offset), score: *score }, count);
                }
            }
        }
        first = first.saturating_add(64);
    }
}

/// Puts a candidate, which has a score, where it belongs among the best, and takes out what is too many; gives what
/// the next one has to surpass.
pub(super) fn keep(best: &mut Vec<Candidate>, candidate: Candidate, count: usize) -> f32 {
    let is_before =
        |kept: &Candidate| kept.score > candidate.score || kept.score == candidate.score && kept.item < candidate.item;
    let place = best.partition_point(is_before);
    let mut behind = candidate;
    for kept in best.get_mut(place..).unwrap_or_default() {
        std::mem::swap(kept, &mut behind);
    }
    if best.len() < count {
        best.push(behind);
    }
    if best.len() < count { f32::NEG_INFINITY } else { best.last().map_or(f32::NEG_INFINITY, |last| last.score) }
}

#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn any_above(scores: &[f32], bar: f32) -> bool {
    scores.iter().fold(false, |any, score| any | (*score > bar))
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

    #[test]
    fn what_has_no_score() {
        assert_eq!(items(&[f32::NAN, f32::NEG_INFINITY, -1e30, f32::INFINITY], None, 4), [3, 2]);
    }
}
