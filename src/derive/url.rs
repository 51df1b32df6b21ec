//! Parts of a URL that a URL parser has already normalised, such as
//! `Request.url` or `location.href`.
//!
//! This only takes apart: no resolving, no dot segments, no IDNA, no repair of
//! slashes. A text without a scheme is read as a relative reference, so it has
//! a path and a query, and no host unless it begins with `//`.

use super::{
    Output,
    text::{cut, cut_before, digit, fields, is_letter, lower_text},
};

const SLASH: u16 = b'/' as u16;
const COLON: u16 = b':' as u16;
const QUESTION: u16 = b'?' as u16;
const HASH: u16 = b'#' as u16;
const AT: u16 = b'@' as u16;
const PERCENT: u16 = b'%' as u16;
const PLUS: u16 = b'+' as u16;
const EQUALS: u16 = b'=' as u16;
const AMPERSAND: u16 = b'&' as u16;
const OPEN: u16 = b'[' as u16;
const CLOSE: u16 = b']' as u16;

/// The path as it stands, percent-encoded; `/` where a URL with an authority
/// has none. Missing when there is neither.
pub fn path(url: &[u16]) -> Output<'_> {
    let parts = split(url);
    match (parts.path, parts.authority) {
        ([], None) => Output::Missing,
        ([], Some(_)) => Output::Static("/"),
        (path, _) => Output::Borrowed(path),
    }
}

/// The host in lower case (ASCII), without user, password and port. An IPv6
/// address keeps its brackets. Missing for relative URLs, for schemes without
/// an authority and for an empty host.
pub fn host(url: &[u16]) -> Output<'_> {
    let Some(authority) = split(url).authority else {
        return Output::Missing;
    };
    let mut address = authority;
    while let (_, Some(after)) = cut(address, AT) {
        address = after;
    }
    let host = match (address, cut(address, CLOSE)) {
        ([OPEN, ..], (inner, Some(_))) => address.get(..=inner.len()).unwrap_or_default(),
        ([OPEN, ..], (_, None)) => &[],
        _ => cut(address, COLON).0,
    };
    if host.is_empty() { Output::Missing } else { lower_text(host) }
}

/// The value of the first query parameter of that name, as `URLSearchParams.get`
/// of the WHATWG URL Standard gives it: `+` is a space, percent-encoding is
/// UTF-8, and what is not valid there, or a lone surrogate, becomes U+FFFD.
/// Missing when there is none; empty for `?name` and `?name=`. The name is given as its code points.
pub fn query<'a>(url: &'a [u16], name: &[u32]) -> Output<'a> {
    for pair in fields(split(url).query, AMPERSAND) {
        let (raw_name, raw_value) = cut(pair, EQUALS);
        if pair.is_empty() || !Decoder(raw_name).map(u32::from).eq(name.iter().copied()) {
            continue;
        }
        let value = raw_value.unwrap_or_default();
        let as_it_stands = |&unit: &u16| !matches!(unit, PERCENT | PLUS | 0xD800..=0xDFFF);
        if value.iter().all(as_it_stands) {
            return Output::Borrowed(value);
        }
        let mut decoded = Vec::new();
        for scalar in Decoder(value) {
            for &mut unit in scalar.encode_utf16(&mut [0; 2]) {
                decoded.push(unit);
            }
        }
        return Output::Owned(decoded);
    }
    Output::Missing
}

struct Parts<'a> {
    authority: Option<&'a [u16]>,
    path: &'a [u16],
    query: &'a [u16],
}

fn split(url: &[u16]) -> Parts<'_> {
    let (url, _fragment) = cut(url, HASH);
    let (location, query) = cut(url, QUESTION);
    let query = query.unwrap_or_default();
    let hierarchy = match cut(location, COLON) {
        (scheme, Some(rest)) if is_scheme(scheme) => rest,
        _ => location,
    };
    match hierarchy {
        [SLASH, SLASH, rest @ ..] => {
            let (authority, path) = cut_before(rest, SLASH);
            Parts { authority: Some(authority), path, query }
        }
        path => Parts { authority: None, path, query },
    }
}

/// A scheme of RFC 3986: a letter, then letters, digits, `+`, `-`, `.`.
fn is_scheme(text: &[u16]) -> bool {
    text.first().is_some_and(|&first| is_letter(first))
        && text.iter().all(|&unit| is_letter(unit) || digit(unit).is_some() || matches!(unit, 0x2B | 0x2D | 0x2E))
}

/// Decodes `application/x-www-form-urlencoded` text, one scalar value a step.
///
/// The standard turns everything into bytes first and decodes those. Here only
/// escapes are bytes: a unit that is not escaped begins a new sequence in UTF-8
/// whatever it is, so it ends an unfinished one just the same.
struct Decoder<'a>(&'a [u16]);

impl Iterator for Decoder<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(byte) = self.escaped(0, 0xFF) {
            return Some(self.sequence(byte));
        }
        let (&unit, rest) = self.0.split_first()?;
        self.0 = rest;
        if unit == PLUS {
            return Some(' ');
        }
        if let (0xD800..=0xDBFF, Some((&low @ 0xDC00..=0xDFFF, rest))) = (unit, rest.split_first()) {
            self.0 = rest;
            let offset = u32::from(unit & 0x3FF) << 10 | u32::from(low & 0x3FF);
            return Some(scalar(offset.wrapping_add(0x1_0000)));
        }
        Some(scalar(u32::from(unit)))
    }
}

impl Decoder<'_> {
    /// Takes an escaped byte if one is next and lies between the two bounds.
    fn escaped(&mut self, lowest: u8, highest: u8) -> Option<u8> {
        let [PERCENT, high, low, rest @ ..] = self.0 else {
            return None;
        };
        let byte = hex(*high)? << 4 | hex(*low)?;
        if !(lowest..=highest).contains(&byte) {
            return None;
        }
        self.0 = rest;
        Some(byte)
    }

    /// Decodes the UTF-8 sequence that `lead` begins, by the bounds of the
    /// Encoding Standard's UTF-8 decoder: one U+FFFD for each longest run of
    /// bytes that could have begun a sequence, and the byte that ended the run
    /// is looked at again.
    fn sequence(&mut self, lead: u8) -> char {
        let more = match lead {
            0..=0x7F => 0,
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            _ => return char::REPLACEMENT_CHARACTER,
        };
        // What keeps out longer forms than needed, surrogates, and what is
        // beyond U+10FFFF.
        let mut bounds = match lead {
            0xE0 => (0xA0, 0xBF),
            0xED => (0x80, 0x9F),
            0xF0 => (0x90, 0xBF),
            0xF4 => (0x80, 0x8F),
            _ => (0x80, 0xBF),
        };
        let mut point = u32::from(lead & 0x7F >> more);
        for _ in 0..more {
            let Some(byte) = self.escaped(bounds.0, bounds.1) else {
                return char::REPLACEMENT_CHARACTER;
            };
            point = point << 6 | u32::from(byte & 0x3F);
            bounds = (0x80, 0xBF);
        }
        scalar(point)
    }
}

fn scalar(point: u32) -> char {
    char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn hex(unit: u16) -> Option<u8> {
    let value = match unit | 0x20 {
        letter @ 0x61..=0x66 => letter.wrapping_sub(0x57),
        _ => digit(unit)?,
    };
    u8::try_from(value).ok()
}
