//! What a visitor does.

use crate::bucket::Hash;
use std::borrow::Cow;

/// Something that a visitor did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// What was done: one of [`STANDARD`], or a name of the site's own.
    pub name: String,
    /// The item that it was done to.
    pub item: Option<String>,
    /// The category of that item.
    pub category: Option<String>,
    /// What it was worth: the price of a purchase in the site's currency, the seconds of a dwell, the percentage of a scroll.
    pub value: Option<f64>,
    /// When, in milliseconds since 1970.
    pub time: f64,
    /// Tells it from all others, so that an event that is sent twice counts once. Without one, events that agree in everything
    /// else are the same.
    pub id: Option<String>,
}

/// The events that are known by name. Where Google Analytics 4 has one, the name is its.
pub const STANDARD: [&str; 15] = [
    "page_view",
    "view_item",
    "view_item_list",
    "select_item",
    "search",
    "add_to_cart",
    "remove_from_cart",
    "begin_checkout",
    "purchase",
    "like",
    "dislike",
    "skip",
    "dwell",
    "scroll",
    "click",
];

/// The number of a purchase among [`STANDARD`].
pub(super) const PURCHASE: u8 = 8;

/// What an event of each kind says of the visitor's interest, in the order of [`STANDARD`]; a purchase counts as much as five views.
const INTEREST: [f64; 15] = [0.2, 1.0, 0.1, 1.0, 0.5, 3.0, -1.0, 4.0, 5.0, 4.0, -4.0, -1.0, 1.0, 0.2, 0.5];
/// What an event of the site's own says.
const OWN_INTEREST: f64 = 0.5;

/// How much an event says of the visitor's interest; negative when it speaks against it.
pub(super) fn interest(kind: u8, value: Option<f64>) -> f64 {
    let weight = INTEREST.get(usize::from(kind)).copied().unwrap_or(OWN_INTEREST);
    match (STANDARD.get(usize::from(kind)), value) {
        // Half a minute is a view, and more than two minutes say no more.
        (Some(&"dwell"), Some(seconds)) if seconds.is_finite() => weight * (seconds / 30.0).clamp(0.0, 4.0),
        _ => weight,
    }
}

/// What an event says of the visitor's interest in its item: 1 is a view's worth, and what is negative speaks against it.
///
/// ```
/// use slotwise::profile::interest_of;
///
/// assert_eq!(interest_of("purchase", Some(19.9)), 5.0);
/// assert_eq!(interest_of("dwell", Some(60.0)), 2.0);
/// assert_eq!(interest_of("dislike", None), -4.0);
/// ```
#[must_use]
pub fn interest_of(name: &str, value: Option<f64>) -> f64 {
    let kind = STANDARD.iter().position(|known| *known == name).and_then(|kind| u8::try_from(kind).ok());
    interest(kind.unwrap_or(u8::MAX), value)
}

/// No text of a profile is longer than this, in bytes.
pub(super) const LONGEST: usize = 40;

/// A text as profiles keep it: as it is, or when it is too long, by its beginning and a hash of the whole.
#[must_use]
pub fn kept_text(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut kept = text.get(..text.ceil_char_boundary(24)).unwrap_or_default().to_owned();
    kept.push('~');
    let digits = fed(Hash::default(), text).value().to_be_bytes().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    kept.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
    Cow::Owned(kept)
}

/// A hash after a text more.
fn fed(hash: Hash, text: &str) -> Hash {
    text.encode_utf16().fold(hash, |hash, unit| hash.feed(&[unit]))
}

impl Event {
    /// A number for what tells the event from others.
    pub(super) fn identity(&self) -> u32 {
        let feed = |hash: Hash, text: &str| fed(hash, text).feed(&[0]);
        let hash = match &self.id {
            Some(id) => feed(Hash::default(), id),
            None => {
                let [item, category] = [&self.item, &self.category].map(|text| text.as_deref().unwrap_or("\0"));
                let texts = [self.name.as_str(), item, category].into_iter().fold(Hash::default(), feed);
                let bits = self.time.to_bits() ^ self.value.map_or(0, f64::to_bits).rotate_left(32);
                let [a, b, c, d, e, f, g, h] = bits.to_le_bytes();
                texts.feed(&[[a, b], [c, d], [e, f], [g, h]].map(u16::from_le_bytes))
            }
        };
        // FNV's lowest bits are its weakest.
        hash.value() >> 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_kept_by_their_hash() {
        assert_eq!(kept_text("a1"), "a1");
        let long = "é".repeat(30);
        let kept = kept_text(&long);
        assert!(kept.len() <= LONGEST && kept.starts_with("éé"), "{kept}");
        assert_ne!(kept, kept_text(&"é".repeat(31)));
    }

    #[test]
    fn events_are_told_apart_by_their_id_or_by_everything() {
        let event = |name: &str, time: f64, id: Option<&str>| Event {
            name: name.into(),
            time,
            id: id.map(str::to_owned),
            ..Event::default()
        };
        assert_eq!(event("click", 1.0, Some("a")).identity(), event("scroll", 2.0, Some("a")).identity());
        assert_ne!(event("click", 1.0, None).identity(), event("click", 2.0, None).identity());
        assert_ne!(event("click", 1.0, None).identity(), event("scroll", 1.0, None).identity());
        let with_item = Event { item: Some("a".into()), ..event("click", 1.0, None) };
        let with_category = Event { category: Some("a".into()), ..event("click", 1.0, None) };
        assert_ne!(with_item.identity(), with_category.identity());
    }

    #[test]
    fn a_dwell_says_as_much_as_it_was_long() {
        let dwell = 12;
        assert_eq!(STANDARD[usize::from(dwell)], "dwell");
        assert_eq!(interest(dwell, Some(30.0)), 1.0);
        assert_eq!(interest(dwell, Some(15.0)), 0.5);
        assert_eq!(interest(dwell, Some(1e9)), 4.0);
        assert_eq!(interest(dwell, Some(-5.0)), 0.0);
        assert_eq!(interest(dwell, Some(f64::NAN)), 1.0);
        assert_eq!(STANDARD[usize::from(PURCHASE)], "purchase");
    }
}
