//! Texts of items, one after the other: a catalog of thousands has two of them an item.

use crate::binary::binary;

/// Texts in the order of items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    all: String,
    /// Where each ends; it starts where the one before it ends.
    ends: Vec<u32>,
}

binary!(struct Texts { all, ends });

impl Texts {
    /// Appends a text.
    #[cfg(feature = "compiler")]
    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
    }

    /// Number of texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of an item; empty for one that is none.
    #[must_use]
    pub fn get(&self, item: u16) -> &str {
        let end_of = |item: usize| self.ends.get(item).map(|end| *end as usize);
        let item = usize::from(item);
        let start = item.checked_sub(1).map_or(Some(0), end_of);
        let range = start.zip(end_of(item)).map(|(start, end)| start..end);
        range.and_then(|range| self.all.get(range)).unwrap_or_default()
    }

    /// The item of a text, when texts ascend by their bytes.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u16> {
        let (mut low, mut high) = (0, u16::try_from(self.len()).unwrap_or(u16::MAX));
        while low < high {
            let middle = u16::midpoint(low, high);
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Texts {
        let mut texts = Texts::default();
        all.iter().for_each(|text| texts.push(text));
        texts
    }

    #[test]
    fn texts_are_found_again() {
        let texts = texts(&["a1", "a10", "a2", "", "zebra", "Łódź"]);
        assert_eq!((texts.get(0), texts.get(3), texts.get(5), texts.get(6)), ("a1", "", "Łódź", ""));
    }

    #[test]
    fn ids_are_found_by_halves() {
        for count in 0..20u8 {
            let ids: Vec<String> = (0..count).map(|number| char::from(b'a' + number).to_string()).collect();
            let texts = texts(&ids.iter().map(String::as_str).collect::<Vec<_>>());
            for (number, id) in (0..).zip(&ids) {
                assert_eq!(texts.find(id), Some(number));
                assert_eq!(texts.find(&format!("{id}a")), None);
            }
            assert_eq!((texts.find(""), texts.find("zz")), (None, None));
        }
    }

    #[test]
    fn texts_of_a_damaged_file() {
        let mut texts = texts(&["ab", "ü"]);
        texts.ends = vec![3, 2, u32::MAX];
        assert_eq!([0, 1, 2].map(|item| texts.get(item)), [""; 3]);
        assert_eq!(texts.find("ab"), None);
    }
}
