//! The conversions that need tables, by Rust's standard library.

use super::format_integer;
use std::fmt::Write as _;

/// Reads a decimal literal.
pub(super) fn parse(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Appends a positive, finite number.
pub(super) fn format(number: f64, out: &mut Vec<u16>) {
    let mut shortest = Shortest::default();
    // Rust writes the shortest digits that ECMA-262 asks for, as `d.ddde±x`.
    let _ = write!(shortest, "{number:e}");
    round_ties_to_even(number, &mut shortest.digits);
    layout(&shortest.digits, shortest.exponent(), out);
}

/// Of two equally short texts that are equally close, Rust takes the upper one, JavaScript the even one.
fn round_ties_to_even(number: f64, digits: &mut [u16]) {
    const FIVE: u16 = b'5' as u16;
    const ZERO: u16 = b'0' as u16;
    let mut exact = Shortest::default();
    // A tie has one digit more than the shortest text, at most 18: zeros up to here mean it ends there.
    let _ = write!(exact, "{number:.30e}");
    let is_tie =
        matches!(exact.digits.get(digits.len()..), Some([FIVE, rest @ ..]) if rest.iter().all(|digit| *digit == ZERO));
    if let Some(last) = digits.last_mut().filter(|last| is_tie && **last % 2 == 1) {
        *last = last.wrapping_sub(1);
    }
}

/// Collects the digits and the exponent of Rust's scientific notation.
#[derive(Default)]
struct Shortest {
    digits: Vec<u16>,
    in_exponent: bool,
    exponent_negative: bool,
    exponent: i32,
}

impl Shortest {
    fn exponent(&self) -> i32 {
        if self.exponent_negative { self.exponent.saturating_neg() } else { self.exponent }
    }
}

impl std::fmt::Write for Shortest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            match byte {
                b'e' => self.in_exponent = true,
                b'-' => self.exponent_negative = true,
                b'0'..=b'9' if self.in_exponent => {
                    self.exponent = self.exponent.saturating_mul(10).saturating_add(i32::from(byte.wrapping_sub(b'0')));
                }
                b'0'..=b'9' => self.digits.push(u16::from(byte)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Places the point: plain notation from 1e-6 up to 1e21, scientific outside.
fn layout(digits: &[u16], exponent: i32, out: &mut Vec<u16>) {
    const POINT: u16 = b'.' as u16;
    const ZERO: u16 = b'0' as u16;
    let whole = usize::try_from(exponent).map_or(0, |exponent| exponent.saturating_add(1));
    if (0..21).contains(&exponent) {
        let padding = whole.saturating_sub(digits.len());
        out.extend(digits.iter().take(whole));
        out.extend(std::iter::repeat_n(ZERO, padding));
        if digits.len() > whole {
            out.push(POINT);
            out.extend(digits.iter().skip(whole));
        }
    } else if (-6..0).contains(&exponent) {
        let zeros = exponent.unsigned_abs().saturating_sub(1) as usize;
        out.extend([ZERO, POINT]);
        out.extend(std::iter::repeat_n(ZERO, zeros));
        out.extend(digits);
    } else {
        out.extend(digits.first());
        if digits.len() > 1 {
            out.push(POINT);
            out.extend(digits.iter().skip(1));
        }
        out.push(u16::from(b'e'));
        out.push(u16::from(if exponent < 0 { b'-' } else { b'+' }));
        format_integer(exponent.unsigned_abs(), out);
    }
}
