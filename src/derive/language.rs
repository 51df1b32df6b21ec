//! The visitor's preferred language, from an `Accept-Language` header
//! (RFC 9110, section 12.5.4) or from `navigator.language`, which is a header
//! of one tag.
//!
//! Tags are checked for shape, not against the registry of RFC 5646. There is
//! no matching against the languages a site has: conditions do that.

use super::{
    Output,
    text::{cut, digit, fields, is_letter, lower, lower_text},
};

const COMMA: u16 = b',' as u16;
const SEMICOLON: u16 = b';' as u16;
const HYPHEN: u16 = b'-' as u16;
const EQUALS: u16 = b'=' as u16;
const POINT: u16 = b'.' as u16;

/// The longest tag that is read; RFC 5646, section 4.4.1, asks for no more.
const MAX_TAG: usize = 35;

/// The primary subtag of the preferred tag, in lower case: `pl` of `pl-PL`.
pub fn language(header: &[u16]) -> Output<'_> {
    match preferred(header) {
        Some(tag) => lower_text(cut(tag, HYPHEN).0),
        None => Output::Missing,
    }
}

/// The preferred tag in the case of RFC 5646, section 2.1.1: `en-GB`,
/// `zh-Hant-TW`.
pub fn locale(header: &[u16]) -> Output<'_> {
    let Some(tag) = preferred(header) else {
        return Output::Missing;
    };
    let mut canonical = Vec::new();
    let mut in_extension = false;
    for (place, subtag) in fields(tag, HYPHEN).enumerate() {
        if place > 0 {
            canonical.push(HYPHEN);
        }
        let capitals = match subtag.len() {
            _ if place == 0 || in_extension => 0,
            2 => 2,
            4 => 1,
            _ => 0,
        };
        in_extension |= subtag.len() == 1;
        for (index, &unit) in subtag.iter().enumerate() {
            let capital = index < capitals && is_letter(unit);
            canonical.push(if capital { unit & !0x20 } else { lower(unit) });
        }
    }
    Output::Owned(canonical)
}

/// The tag with the highest quality, the first of them if several have it.
/// Ranges that are refused (`q=0`), `*` or malformed do not count.
#[inline(never)]
fn preferred(header: &[u16]) -> Option<&[u16]> {
    let mut best = None;
    let mut best_quality = 0;
    for range in fields(header, COMMA) {
        let (tag, weight) = cut(range, SEMICOLON);
        let tag = trim(tag);
        // Without a weight, a range has the highest.
        let quality = weight.map_or(Some(1000), quality).unwrap_or(0);
        if quality > best_quality && is_tag(tag) {
            best = Some(tag);
            best_quality = quality;
        }
    }
    best
}

/// A weight such as `q=0.8` in thousandths; further digits are ignored.
/// `None` if it is not one.
fn quality(weight: &[u16]) -> Option<u16> {
    let [0x51 | 0x71, EQUALS, whole, fraction @ ..] = trim(weight) else {
        return None;
    };
    let digits = match fraction {
        [] => fraction,
        [POINT, digits @ ..] => digits,
        _ => return None,
    };
    let mut thousandths = digit(*whole)?.wrapping_mul(1000);
    let mut worth = 100_u16;
    for &unit in digits {
        thousandths = thousandths.wrapping_add(digit(unit)?.wrapping_mul(worth));
        worth /= 10;
    }
    (thousandths <= 1000).then_some(thousandths)
}

/// Subtags of one to eight ASCII letters and digits between hyphens; the first
/// is of two to eight letters, which leaves out `*`, `x-…` and `i-…`.
fn is_tag(tag: &[u16]) -> bool {
    tag.len() <= MAX_TAG
        && fields(tag, HYPHEN).enumerate().all(|(place, subtag)| {
            let first = place == 0;
            (if first { 2 } else { 1 }..=8).contains(&subtag.len())
                && subtag.iter().all(|&unit| is_letter(unit) || !first && digit(unit).is_some())
        })
}

/// Without the spaces and tabs around it.
#[inline(never)]
fn trim(mut text: &[u16]) -> &[u16] {
    while let [0x20 | 0x09, rest @ ..] | [rest @ .., 0x20 | 0x09] = text {
        text = rest;
    }
    text
}
