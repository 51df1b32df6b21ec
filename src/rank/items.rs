//! A set of items.

use crate::binary::binary;

/// Which items of a catalog are meant, one bit an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items {
    words: Vec<u64>,
}

binary!(struct Items { words });

/// Items of a word.
pub(super) const WORD: usize = 64;

impl Items {
    /// Makes this the set of the first `count` items, and keeps the memory.
    pub fn fill(&mut self, count: usize) {
        self.words.clear();
        self.words.resize(count / WORD, u64::MAX);
        let rest = count % WORD;
        if rest > 0 {
            self.words.push(u64::MAX.wrapping_shr(u32::try_from(WORD.saturating_sub(rest)).unwrap_or_default()));
        }
    }

    /// Makes this the set of none of the first `count` items, and keeps the memory.
    pub fn clear(&mut self, count: usize) {
        self.words.clear();
        self.words.resize(count.div_ceil(WORD), 0);
    }

    /// Adds an item; ignored beyond the count.
    pub fn insert(&mut self, item: u16) {
        if let Some(word) = self.words.get_mut(usize::from(item) / WORD) {
            *word |= bit(item);
        }
    }

    /// Takes an item out.
    pub fn remove(&mut self, item: u16) {
        if let Some(word) = self.words.get_mut(usize::from(item) / WORD) {
            *word &= !bit(item);
        }
    }

    /// Puts another set's words and this one's together; words that the other has not are empty.
    pub(super) fn combine(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        self.words.iter_mut().zip(others).for_each(|(word, other)| *word = with(*word, other));
    }

    /// Whether an item belongs to the set.
    #[must_use]
    pub fn contains(&self, item: u16) -> bool {
        self.words.get(usize::from(item) / WORD).is_some_and(|word| word & bit(item) != 0)
    }

    /// Sixty-four items a word, the first in the lowest bit.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }
}

fn bit(item: u16) -> u64 {
    1u64.wrapping_shl(u32::from(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members() {
        for count in [0, 1, 63, 64, 65, 128, 1000] {
            let mut items = Items::default();
            items.fill(count);
            assert!((0..=u16::MAX).all(|item| items.contains(item) == (usize::from(item) < count)), "{count}");
        }
        let mut items = Items::default();
        items.clear(100);
        items.insert(64);
        items.insert(99);
        items.insert(5000);
        items.remove(99);
        items.remove(3);
        assert_eq!((0..=u16::MAX).filter(|item| items.contains(*item)).collect::<Vec<_>>(), [64]);
    }
}
