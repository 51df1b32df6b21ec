//! Squeezes the 65,536 code units into at most 256 byte values, so that a byte-oriented determiniser can do the work.
//!
//! Units that no set of a pattern tells apart get the same byte. ASCII word units get bytes that are ASCII word
//! characters and all others get bytes that are not, so a word boundary between bytes is one between units.

use std::collections::{BTreeMap, BTreeSet};

use super::error::PatternError;
use super::unit_set::UnitSet;

/// The partition of the code units that a list of sets induces, one byte for each part.
pub(super) struct Alphabet {
    /// First unit of each interval, ascending from 0, and the byte of its units.
    intervals: Vec<(u16, u8)>,
}

/// Parts of word units, parts of other units: as many as there are bytes of that kind.
const MAX_WORD_PARTS: usize = 63;
const MAX_OTHER_PARTS: usize = 193;

impl Alphabet {
    /// The coarsest alphabet in which each of the sets is a set of bytes.
    ///
    /// # Errors
    /// When the sets tell more kinds of units apart than there are bytes.
    pub(super) fn of(sets: &BTreeSet<&UnitSet>) -> Result<Self, PatternError> {
        let word = word_units();
        let mut starts = BTreeSet::from([0]);
        for &(first, last) in sets.iter().chain([&&word]).flat_map(|set| set.ranges()) {
            starts.insert(first);
            starts.extend(last.checked_add(1));
        }

        let mut parts: Vec<u32> = starts.iter().map(|&start| u32::from(word.contains(start))).collect();
        for set in sets {
            let mut refined = BTreeMap::new();
            for (part, &start) in parts.iter_mut().zip(&starts) {
                let next = u32::try_from(refined.len()).unwrap_or(u32::MAX);
                *part = *refined.entry((*part, set.contains(start))).or_insert(next);
            }
            if refined.len() > MAX_WORD_PARTS.saturating_add(MAX_OTHER_PARTS) {
                return Err(too_complex());
            }
        }

        let (mut word_bytes, mut other_bytes) = (bytes(is_word), bytes(|byte| !is_word(byte)));
        let mut byte_of_part = BTreeMap::new();
        let mut intervals = Vec::with_capacity(parts.len());
        for (&start, part) in starts.iter().zip(parts) {
            let byte = match byte_of_part.get(&part) {
                Some(&byte) => byte,
                None => {
                    let free = if word.contains(start) { word_bytes.next() } else { other_bytes.next() };
                    let byte = free.ok_or_else(too_complex)?;
                    byte_of_part.insert(part, byte);
                    byte
                }
            };
            intervals.push((start, byte));
        }
        Ok(Self { intervals })
    }

    /// First unit of each interval, ascending from 0, and the byte of its units.
    pub(super) fn intervals(&self) -> &[(u16, u8)] {
        &self.intervals
    }

    /// The bytes in use.
    pub(super) fn bytes(&self) -> BTreeSet<u8> {
        self.intervals.iter().map(|&(_, byte)| byte).collect()
    }

    /// The bytes that stand for the units of one of the sets that the alphabet was made for.
    pub(super) fn bytes_of(&self, set: &UnitSet) -> BTreeSet<u8> {
        self.intervals.iter().filter(|&&(start, _)| set.contains(start)).map(|&(_, byte)| byte).collect()
    }
}

/// `[0-9A-Za-z_]`, what `\w` means and `\b` looks at.
pub(super) fn word_units() -> UnitSet {
    UnitSet::from_ranges((0..=127).filter(|&byte| is_word(byte)).map(|byte| (u16::from(byte), u16::from(byte))))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn bytes(kind: impl Fn(u8) -> bool) -> impl Iterator<Item = u8> {
    (0..=u8::MAX).filter(move |&byte| kind(byte))
}

fn too_complex() -> PatternError {
    PatternError::new(format!(
        "the pattern is too complex: it tells more than {MAX_OTHER_PARTS} kinds of characters apart, not counting ASCII letters and digits; split it into several conditions"
    ))
}
