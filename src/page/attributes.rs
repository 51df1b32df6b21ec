//! The attributes of a start tag.

use super::bytes::{BLANKS, BLANKS_AND_SLASH, ENDS_ATTRIBUTE, ENDS_VALUE, find, find_byte, is_in};
use super::tokens::Tag;

/// Where an attribute is in a start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Where its name starts.
    pub start: usize,
    /// Where its name ends.
    pub name_end: usize,
    /// Where its value starts, without quotes; where there is none, at the end.
    pub value_start: usize,
    /// Where its value ends.
    pub value_end: usize,
    /// Behind its last byte, be it a quote, or an equals sign without a value.
    pub end: usize,
}

/// The attributes of a tag that is there whole.
pub(super) fn attributes(page: &[u8], tag: &Tag) -> impl Iterator<Item = Attribute> {
    let mut at = tag.name_end;
    std::iter::from_fn(move || {
        let attribute = read_attribute(page, at)?;
        at = attribute.end;
        Some(attribute)
    })
}

/// The next attribute of a tag that is there whole; nothing when there is none.
fn read_attribute(page: &[u8], from: usize) -> Option<Attribute> {
    let start = find(page, from, |byte| !is_in(byte, BLANKS_AND_SLASH))?;
    if page.get(start) == Some(&b'>') {
        return None;
    }
    // Whatever comes first belongs to the name, be it an equals sign.
    let name_end = find(page, start.saturating_add(1), |byte| is_in(byte, ENDS_ATTRIBUTE))?;
    let behind = find(page, name_end, |byte| !is_in(byte, BLANKS))?;
    let (value_start, value_end, end) = if page.get(behind) == Some(&b'=') {
        let value = find(page, behind.saturating_add(1), |byte| !is_in(byte, BLANKS))?;
        match *page.get(value)? {
            quote @ (b'"' | b'\'') => {
                let value = value.saturating_add(1);
                let end = find_byte(page, value, quote)?;
                (value, end, end.saturating_add(1))
            }
            b'>' => (behind.saturating_add(1), behind.saturating_add(1), behind.saturating_add(1)),
            _ => {
                let end = find(page, value, |byte| is_in(byte, ENDS_VALUE))?;
                (value, end, end)
            }
        }
    } else {
        (name_end, name_end, name_end)
    };
    Some(Attribute { start, name_end, value_start, value_end, end })
}
