//! Looking for bytes, as fast as WebAssembly allows.

/// A set of bytes below 64, each a bit: a look at memory takes longer in WebAssembly.
const fn set(bytes: &[u8]) -> u64 {
    let mut set = 0u64;
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        set |= 1u64.wrapping_shl(*first as u32);
        rest = others;
    }
    set
}

pub(super) const BLANKS: u64 = set(b"\t\n\x0C\r ");
pub(super) const BLANKS_AND_SLASH: u64 = BLANKS | set(b"/");
pub(super) const ENDS_NAME: u64 = BLANKS | set(b"/>");
pub(super) const ENDS_ATTRIBUTE: u64 = BLANKS | set(b"/>=");
pub(super) const ENDS_VALUE: u64 = BLANKS | set(b">");

/// Whether a byte is in such a set.
#[inline(always)]
pub(super) fn is_in(byte: u8, set: u64) -> bool {
    byte < 64 && set.wrapping_shr(u32::from(byte)) & 1 != 0
}

/// The place of the first byte of some kind, from a place on.
#[inline(always)]
pub(super) fn find(page: &[u8], from: usize, is_it: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = from;
    while !is_it(*page.get(at)?) {
        at = at.wrapping_add(1);
    }
    Some(at)
}

/// The place of the first byte of a value, from a place on.
pub(super) fn find_byte(page: &[u8], from: usize, byte: u8) -> Option<usize> {
    find_either(page, from, byte, byte)
}

/// The place of the first byte of one of two values, from a place on. Eight bytes are looked at together.
#[inline]
pub(super) fn find_either(page: &[u8], from: usize, first: u8, second: u8) -> Option<usize> {
    let mut at = from;
    while let Some(bytes) = page.get(at..)?.first_chunk() {
        let word = u64::from_le_bytes(*bytes);
        let found = equal(word, first) | equal(word, second);
        if found != 0 {
            return Some(at.wrapping_add((found.trailing_zeros() >> 3) as usize));
        }
        at = at.wrapping_add(8);
    }
    find(page, at, |byte| byte == first || byte == second)
}

pub(super) const ONES: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// The bytes of a word that have a value: the lowest of them has its highest bit set, and those below it have not.
#[inline]
pub(super) fn equal(word: u64, value: u8) -> u64 {
    let different = word ^ ONES.wrapping_mul(u64::from(value));
    different.wrapping_sub(ONES) & !different & HIGHEST
}
