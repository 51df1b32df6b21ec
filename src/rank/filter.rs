//! Which items may be shown: rules narrow what models rank.
//!
//! What a rule asks of an item is the same for all visitors, so it is asked when compiling, of every item, and leaves a
//! set. What is left to do for a visitor is to put sets together by the segments they are in: a few words of bits for
//! thousands of items.

use super::items::Items;
use crate::binary::binary;

/// One step of a filter. Steps stand behind what they work on, as on a pocket calculator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The items of a set of the catalog.
    Set(u16),
    /// All items for visitors who are in a segment of the catalog, none for others.
    Segment(u8),
    /// Those of both of the last two.
    Both,
    /// Those of either of the last two.
    Either,
    /// All but those of the last.
    Others,
}

binary!(enum Step else Self::Others;
    0 = Set(set),
    1 = Segment(segment),
    2 = Both,
    3 = Either,
    4 = Others,
);

/// Steps that leave one set. No steps mean all items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The steps.
    pub steps: Vec<Step>,
}

binary!(struct Filter { steps });

/// More sets are never kept at once.
const MOST: usize = 64;

impl Filter {
    /// Whether the steps have what they work on, and leave one set.
    #[must_use]
    pub fn is_sound(&self, sets: usize) -> bool {
        let mut kept = 0usize;
        for step in &self.steps {
            let (takes, fits) = match step {
                Step::Set(set) => (0, usize::from(*set) < sets),
                Step::Segment(_) => (0, true),
                Step::Both | Step::Either => (2, true),
                Step::Others => (1, true),
            };
            let Some(rest) = kept.checked_sub(takes).filter(|_| fits) else { return false };
            kept = rest.saturating_add(1);
            if kept > MOST {
                return false;
            }
        }
        kept == 1 || self.steps.is_empty()
    }

    /// The items for a visitor in `segments`, one bit each.
    #[must_use]
    pub fn items(&self, sets: &[Items], segments: u32, count: usize) -> Items {
        let all = || {
            let mut all = Items::default();
            all.fill(count);
            all
        };
        let mut kept: Vec<Items> = Vec::new();
        for step in &self.steps {
            let made = match step {
                Step::Set(set) => sets.get(usize::from(*set)).cloned().unwrap_or_default(),
                Step::Segment(segment) => {
                    let is_in = segments.checked_shr((*segment).into()).is_some_and(|bits| bits & 1 == 1);
                    let mut items = all();
                    if !is_in {
                        items.clear(count);
                    }
                    items
                }
                Step::Others => {
                    let mut items = all();
                    items.combine(&kept.pop().unwrap_or_default(), |all, taken| all & !taken);
                    items
                }
                Step::Both | Step::Either => {
                    let (other, mut one) = (kept.pop().unwrap_or_default(), kept.pop().unwrap_or_default());
                    let either = *step == Step::Either;
                    one.combine(&other, |one, other| if either { one | other } else { one & other });
                    one
                }
            };
            kept.push(made);
        }
        kept.pop().unwrap_or_else(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: &[u16]) -> Items {
        let mut set = Items::default();
        set.clear(70);
        items.iter().for_each(|item| set.insert(*item));
        set
    }

    fn members(steps: &[Step], segments: u32) -> Vec<u16> {
        let filter = Filter { steps: steps.to_vec() };
        let sets = [set(&[1, 2, 66]), set(&[2, 3])];
        assert!(filter.is_sound(sets.len()));
        let items = filter.items(&sets, segments, 70);
        (0..100).filter(|item| items.contains(*item)).collect()
    }

    #[test]
    fn sets_are_put_together() {
        use Step::{Both, Either, Others, Segment, Set};
        assert_eq!(members(&[], 0).len(), 70);
        assert_eq!(members(&[Set(0), Set(1), Both], 0), [2]);
        assert_eq!(members(&[Set(0), Set(1), Either], 0), [1, 2, 3, 66]);
        assert_eq!(members(&[Set(0), Others], 0).len(), 67);
        // Grown-ups see everything, others what is in the first set.
        let grown_up_or_first = [Segment(1), Set(0), Either];
        assert_eq!(members(&grown_up_or_first, 0b10).len(), 70);
        assert_eq!(members(&grown_up_or_first, 0b01), [1, 2, 66]);
        assert_eq!(members(&[Segment(1), Others], 0b10), [] as [u16; 0]);
    }

    #[test]
    fn steps_without_what_they_work_on() {
        use Step::{Both, Others, Segment, Set};
        let unsound = [vec![Both], vec![Set(0), Both], vec![Others], vec![Set(9)], vec![Set(0), Set(1)]];
        for steps in unsound.into_iter().chain([[vec![Segment(0); 65], vec![Both; 64]].concat()]) {
            assert!(!Filter { steps: steps.clone() }.is_sound(2), "{steps:?}");
            // Whatever it is asked, it answers.
            let _ = Filter { steps }.items(&[], 0, 10);
        }
    }
}
