//! What is popular where the visitor is.
//!
//! A segment of the context (a country, a device, both) has its own popularity as far as it was seen often enough,
//! and falls back to what is popular outside of it. With n events in the segment, of which i are of an item, and m
//! events that its parent's popularity p is worth:
//!
//! ```text
//! (i + m p) / (n + m)  =  i / (n + m)  +  p × m / (n + m)
//! ```
//!
//! So a segment is one factor and a short list: the items that were seen in it.

use super::checks::{HUGE, ascending, within};
use crate::binary::binary;
use crate::value::Span;

/// Popularity of each item, and what segments change about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Popularity {
    /// Of all visitors, one an item; the most popular item has 1.
    everywhere: Vec<f32>,
    segments: Vec<Segment>,
    /// Items seen in segments, in ascending order within each.
    items: Vec<u16>,
    /// What each adds.
    added: Vec<f32>,
}

/// Popularity among some visitors.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Segment {
    /// What is left of the popularity outside.
    fallback: f32,
    /// A run of the items seen in it.
    seen: Span,
}

binary!(struct Popularity { everywhere, segments, items, added });
binary!(struct Segment { fallback, seen });

/// How often items were seen in a segment: item and number of events, each item once.
#[cfg(feature = "compiler")]
pub type Counts = Vec<(u16, f64)>;

impl Popularity {
    /// Works out popularity from the number of events of each item, everywhere and by segment. `prior` is the number
    /// of events that popularity outside of a segment is worth, more than 0.
    #[cfg(feature = "compiler")]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "shares")]
    pub fn new(everywhere: &[f64], segments: &[Counts], prior: f64) -> Self {
        let most = everywhere.iter().copied().fold(0.0, f64::max);
        let total: f64 = everywhere.iter().sum();
        let share = |count: f64, of: f64| if of > 0.0 { count / of } else { 0.0 };
        let mut popularity =
            Self { everywhere: everywhere.iter().map(|count| share(*count, most) as f32).collect(), ..Self::default() };
        for counts in segments {
            let mut counts = counts.clone();
            counts.sort_by_key(|(item, _)| *item);
            let events = counts.iter().map(|(_, count)| count).sum::<f64>() + prior;
            let start = u32::try_from(popularity.items.len()).unwrap_or(u32::MAX);
            for (item, count) in &counts {
                popularity.items.push(*item);
                // Shares of events, in the unit of the list of all: the share of the most popular item.
                popularity.added.push(share(share(*count, events), share(most, total)) as f32);
            }
            let seen = Span { start, len: u32::try_from(counts.len()).unwrap_or(0) };
            popularity.segments.push(Segment { fallback: share(prior, events) as f32, seen });
        }
        popularity
    }

    /// Whether there is a finite number for each of `items`, and segments name only such.
    #[must_use]
    pub fn is_sound(&self, items: usize) -> bool {
        self.everywhere.len() == items
            && within(&self.everywhere, 0.0, HUGE)
            && self.added.len() == self.items.len()
            && within(&self.added, 0.0, HUGE)
            && self.segments.iter().all(|segment| {
                (0.0..=1.0).contains(&segment.fallback)
                    && self.items.get(segment.seen.range(1)).is_some_and(|seen| ascending(seen, items))
            })
    }

    /// Makes `out` the popularity of each item for a visitor in `segments`, of which each narrows the one before it.
    /// A segment that is none changes nothing.
    pub fn values(&self, segments: &[u16], out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(&self.everywhere);
        for segment in segments.iter().filter_map(|segment| self.segments.get(usize::from(*segment))) {
            out.iter_mut().for_each(|value| *value *= segment.fallback);
            let seen = self.items.get(segment.seen.range(1)).unwrap_or_default();
            let added = self.added.get(segment.seen.range(1)).unwrap_or_default();
            for (item, added) in seen.iter().zip(added) {
                if let Some(value) = out.get_mut(usize::from(*item)) {
                    *value += added;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::{from_bytes, to_bytes};

    /// 8, 4, 4 and no events everywhere; in segment 0, 6 of which item 3 has 4 and item 1 has 2; none in segment 1.
    fn shop() -> Popularity {
        Popularity::new(&[8.0, 4.0, 4.0, 0.0], &[vec![(3, 4.0), (1, 2.0)], vec![]], 2.0)
    }

    fn values(segments: &[u16]) -> Vec<f32> {
        let mut out = vec![9.0];
        shop().values(segments, &mut out);
        out
    }

    #[test]
    fn everywhere() {
        assert_eq!(values(&[]), [1.0, 0.5, 0.5, 0.0]);
        assert_eq!(values(&[7]), [1.0, 0.5, 0.5, 0.0], "a segment that is none");
        assert_eq!(values(&[1]), [1.0, 0.5, 0.5, 0.0], "nobody was there");
    }

    /// (i + m p) / (n + m) with n = 6, m = 2 and p = 1/2, 1/4, 1/4, 0: 1/8, 2.5/8, 0.5/8, 4/8. In halves, the share
    /// of item 0 everywhere:
    #[test]
    fn in_a_segment() {
        assert_eq!(values(&[0]), [0.25, 0.625, 0.125, 1.0]);
    }

    #[test]
    fn segments_narrow_each_other() {
        let both = Popularity::new(&[1.0, 1.0], &[vec![(0, 2.0)], vec![(1, 6.0)]], 2.0);
        let mut out = Vec::new();
        both.values(&[0, 1], &mut out);
        // (2 + 2/2) / 4 = 3/4 and 1/4; then (0 + 2 × 3/4) / 8 = 3/16 and (6 + 2 × 1/4) / 8 = 13/16, in halves.
        assert_eq!(out, [0.375, 1.625]);
    }

    #[test]
    fn files_that_do_not_fit() {
        assert_eq!(from_bytes(&to_bytes(&shop())), Some(shop()));
        assert!(shop().is_sound(4) && !shop().is_sound(3));
        let broken: [fn(&mut Popularity); 7] = [
            |shop| shop.everywhere[0] = f32::NAN,
            |shop| shop.items[1] = 4,
            |shop| shop.items.swap(0, 1),
            |shop| shop.added[0] = f32::INFINITY,
            |shop| shop.added.truncate(1),
            |shop| shop.segments[0].seen.len = 3,
            |shop| shop.segments[1].fallback = -1.0,
        ];
        for (number, breaks) in broken.iter().enumerate() {
            let mut shop = shop();
            breaks(&mut shop);
            assert!(!shop.is_sound(4), "{number}");
        }
    }
}
