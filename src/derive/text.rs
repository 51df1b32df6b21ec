//! The few things that every parser here does with code units. One copy of
//! each, because all of this is downloaded by visitors.

use super::Output;

/// What is before the first `at` and, if there is one, what is after it.
#[inline(never)]
pub(super) fn cut(text: &[u16], at: u16) -> (&[u16], Option<&[u16]>) {
    let (before, rest) = cut_before(text, at);
    (before, rest.split_first().map(|(_, after)| after))
}

/// What is before the first `at`, and the rest from there on.
#[inline(never)]
pub(super) fn cut_before(text: &[u16], at: u16) -> (&[u16], &[u16]) {
    let place = text.iter().position(|&unit| unit == at);
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, &[]))
}

/// The parts of `text` between the `at`s, empty ones included.
pub(super) fn fields(text: &[u16], at: u16) -> Fields<'_> {
    Fields { rest: Some(text), at }
}

pub(super) struct Fields<'a> {
    rest: Option<&'a [u16]>,
    at: u16,
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u16];

    fn next(&mut self) -> Option<&'a [u16]> {
        let (field, rest) = cut(self.rest?, self.at);
        self.rest = rest;
        Some(field)
    }
}

/// Whether a unit is an ASCII letter.
pub(super) fn is_letter(unit: u16) -> bool {
    matches!(unit | 0x20, 0x61..=0x7A)
}

/// The value of an ASCII digit.
pub(super) fn digit(unit: u16) -> Option<u16> {
    let value = unit.wrapping_sub(0x30);
    (value < 10).then_some(value)
}

/// Lower-cases ASCII letters and leaves every other unit alone.
pub(super) fn lower(unit: u16) -> u16 {
    if is_letter(unit) { unit | 0x20 } else { unit }
}

/// `text` with its ASCII letters in lower case, borrowed if they already are.
#[inline(never)]
pub(super) fn lower_text(text: &[u16]) -> Output<'_> {
    if text.iter().all(|&unit| lower(unit) == unit) {
        return Output::Borrowed(text);
    }
    let mut lowered = Vec::new();
    for &unit in text {
        lowered.push(lower(unit));
    }
    Output::Owned(lowered)
}
