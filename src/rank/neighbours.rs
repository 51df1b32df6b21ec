//! What is near to what: for each item the few others that go with it best.
//!
//! How near is a number from cosines of who bought what, EASE or any other model, and may be negative. A list keeps
//! it in eight bits with a step of its own, as vectors do.

use super::checks::{HUGE, ascending, within};
use super::factors::Interaction;
use crate::binary::binary;

/// Lists of neighbours, one an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbours {
    /// Where each item's list ends in the two below; it starts where the one before it ends.
    ends: Vec<u32>,
    /// The neighbours, in ascending order within a list.
    items: Vec<u16>,
    /// How near each is, in the list's steps.
    codes: Vec<i8>,
    /// One step a list.
    steps: Vec<f32>,
}

binary!(struct Neighbours { ends, items, codes, steps });

impl Neighbours {
    /// Makes lists, one an item, of neighbours and how near they are. What is no finite number is left out, and of a
    /// neighbour named twice the second.
    #[cfg(feature = "compiler")]
    #[must_use]
    pub fn new(lists: &[Vec<(u16, f32)>]) -> Self {
        let mut neighbours = Self::default();
        for list in lists {
            let mut list: Vec<_> = list.iter().filter(|(_, nearness)| nearness.abs() <= HUGE).collect();
            list.sort_by_key(|(item, _)| *item);
            list.dedup_by_key(|(item, _)| *item);
            let largest = list.iter().fold(0.0, |largest: f32, (_, nearness)| largest.max(nearness.abs()));
            let step = largest / 127.0;
            for (item, nearness) in list {
                #[expect(clippy::cast_possible_truncation, reason = "at most 127")]
                let code = if step > 0.0 { (nearness / step).round() as i8 } else { 0 };
                neighbours.items.push(*item);
                neighbours.codes.push(code);
            }
            neighbours.steps.push(step);
            neighbours.ends.push(u32::try_from(neighbours.items.len()).unwrap_or(u32::MAX));
        }
        neighbours
    }

    /// Whether there is a list for each of `items`, of such items.
    #[must_use]
    pub fn is_sound(&self, items: usize) -> bool {
        let total = self.items.len();
        self.ends.len() == items
            && self.steps.len() == items
            && self.codes.len() == total
            && self.ends_ascend_to(total)
            && within(&self.steps, 0.0, HUGE)
            && (0..=u16::MAX).zip(&self.ends).all(|(item, _)| ascending(self.list(item).0, items))
    }

    fn ends_ascend_to(&self, total: usize) -> bool {
        let mut before = 0;
        let ascend = self.ends.iter().all(|end| {
            let ascends = *end >= before;
            before = *end;
            ascends
        });
        ascend && before as usize == total
    }

    /// Adds to each item's sum how near it is to the history: nearness times weight of what was interacted with,
    /// times `factor`.
    pub fn add_nearness(&self, history: &[Interaction], factor: f32, sums: &mut [f32]) {
        for interaction in history {
            let (items, codes, step) = self.list(interaction.item);
            for (item, code) in items.iter().zip(codes) {
                if let Some(sum) = sums.get_mut(usize::from(*item)) {
                    *sum += f32::from(*code) * step * interaction.weight * factor;
                }
            }
        }
    }

    /// How near an item is to one of the history; what it adds up to is the item's signal.
    #[must_use]
    pub fn nearness(&self, past: Interaction, item: u16) -> f32 {
        let (items, codes, step) = self.list(past.item);
        let code = items.binary_search(&item).ok().and_then(|place| codes.get(place));
        code.map_or(0.0, |code| f32::from(*code) * step * past.weight)
    }

    fn list(&self, item: u16) -> (&[u16], &[i8], f32) {
        let end_of = |item: usize| self.ends.get(item).map(|end| *end as usize);
        let item = usize::from(item);
        let start = item.checked_sub(1).map_or(Some(0), end_of);
        let (Some(start), Some(end)) = (start, end_of(item)) else { return (&[], &[], 0.0) };
        let (items, codes) = (self.items.get(start..end), self.codes.get(start..end));
        (items.unwrap_or_default(), codes.unwrap_or_default(), self.steps.get(item).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::{from_bytes, to_bytes};

    /// Numbers whose largest is 127 count in ones.
    fn lists() -> Neighbours {
        Neighbours::new(&[
            vec![(2, 127.0), (1, -20.0)],
            vec![],
            vec![(0, 64.0), (0, 9.0), (1, f32::NAN), (3, 127.0)],
            vec![],
        ])
    }

    fn past(item: u16, weight: f32) -> Interaction {
        Interaction { item, weight }
    }

    #[test]
    fn nearness_of_a_history() {
        let mut sums = [1.0; 4];
        lists().add_nearness(&[past(0, 1.0), past(2, 0.5), past(9, 1.0)], 2.0, &mut sums);
        // Item 1: 1 − 20 × 2. Item 2: 1 + 127 × 2. Item 0: 1 + 64 × 0.5 × 2. Item 3: 1 + 127 × 0.5 × 2.
        assert_eq!(sums, [65.0, -39.0, 255.0, 128.0]);
        assert_eq!(lists().nearness(past(2, 0.5), 0), 32.0);
        assert_eq!(lists().nearness(past(2, 0.5), 1), 0.0);
        assert_eq!(lists().nearness(past(9, 1.0), 1), 0.0);
    }

    #[test]
    fn files_that_do_not_fit() {
        assert_eq!(from_bytes(&to_bytes(&lists())), Some(lists()));
        assert!(lists().is_sound(4) && !lists().is_sound(3) && Neighbours::default().is_sound(0));
        let broken: [fn(&mut Neighbours); 9] = [
            |lists| lists.ends[0] = 3,
            |lists| lists.ends[2] = 5,
            |lists| lists.ends[3] = 5,
            |lists| lists.ends[3] = u32::MAX,
            |lists| lists.items[0] = 4,
            |lists| lists.items.swap(0, 1),
            |lists| lists.codes.truncate(3),
            |lists| lists.steps.truncate(3),
            |lists| lists.steps[1] = f32::INFINITY,
        ];
        for (number, breaks) in broken.iter().enumerate() {
            let mut lists = lists();
            breaks(&mut lists);
            assert!(!lists.is_sound(4), "{number}");
        }
    }
}
