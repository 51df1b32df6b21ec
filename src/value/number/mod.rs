//! Numbers to text and back, as ECMA-262 has it (`Number::toString` and `StringToNumber`).
//!
//! Whole numbers are converted here. For the rest, native code uses Rust's own conversions, which give the
//! shortest digits and round correctly as ECMA-262 asks; the wasm modules ask JavaScript, which does the
//! same, because Rust's tables would be a quarter of the runtime.

/// Text of a decimal that is an array index in JavaScript: no sign, no leading zero, below 2³² − 1.
#[must_use]
pub fn array_index(text: &[u16]) -> Option<u32> {
    let digits = text.iter().map(|unit| u32::from(*unit).checked_sub(u32::from(b'0')).filter(|digit| *digit < 10));
    match text {
        [] => None,
        [first, _, ..] if *first == u16::from(b'0') => None,
        _ => digits
            .into_iter()
            .try_fold(0u32, |index, digit| index.checked_mul(10)?.checked_add(digit?))
            .filter(|index| *index != u32::MAX),
    }
}

/// What JavaScript's `Number(text)` gives: 0 for blank text, NaN for what is no number.
#[must_use]
pub fn parse(text: &[u16]) -> f64 {
    let Some(ascii) = trimmed_ascii(text) else { return f64::NAN };
    let text = ascii.as_str();
    if text.is_empty() {
        return 0.0;
    }
    for (prefixes, bits) in [(["0x", "0X"], 4), (["0o", "0O"], 3), (["0b", "0B"], 1)] {
        for prefix in prefixes {
            if let Some(digits) = text.strip_prefix(prefix) {
                return parse_radix(digits, bits);
            }
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "Infinity" {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // Rust reads more than JavaScript here ("inf", "nan"), and JavaScript more than is left (radixes).
    let decimal = unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if decimal { conversion::parse(text) } else { f64::NAN }
}

/// The text without JavaScript's white space at both ends; `None` when the rest cannot be a number.
fn trimmed_ascii(text: &[u16]) -> Option<String> {
    let is_inner = |unit: &u16| !is_white_space(*unit);
    let start = text.iter().position(is_inner).unwrap_or(text.len());
    let end = text.iter().rposition(is_inner).map_or(start, |last| last.saturating_add(1));
    let inner = text.get(start..end)?;
    inner.iter().map(|unit| u8::try_from(*unit).ok().filter(u8::is_ascii).map(char::from)).collect()
}

/// ECMA-262 WhiteSpace and LineTerminator.
fn is_white_space(unit: u16) -> bool {
    matches!(unit, 0x09..=0x0D | 0x20 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 | 0xFEFF)
}

fn parse_radix(digits: &str, bits: u32) -> f64 {
    let radix = 1u32.wrapping_shl(bits);
    let mut number = 0.0;
    for digit in digits.chars().map(|digit| digit.to_digit(radix)) {
        let Some(digit) = digit else { return f64::NAN };
        number = number * f64::from(radix) + f64::from(digit);
    }
    if digits.is_empty() { f64::NAN } else { number }
}

/// Appends what JavaScript's `String(number)` gives.
pub fn format(number: f64, out: &mut Vec<u16>) {
    if number.is_nan() {
        return out.extend("NaN".encode_utf16());
    }
    if number == 0.0 {
        return out.push(u16::from(b'0'));
    }
    if number < 0.0 {
        out.push(u16::from(b'-'));
    }
    if number.is_infinite() {
        return out.extend("Infinity".encode_utf16());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "compared again below")]
    let whole = number.abs() as u32;
    if f64::from(whole) == number.abs() {
        format_integer(whole, out);
    } else {
        conversion::format(number.abs(), out);
    }
}

/// Appends a whole number in decimal.
pub fn format_integer(number: u32, out: &mut Vec<u16>) {
    for_each_digit(number, |digit| out.push(digit));
}

/// Runs something on each decimal digit, a code unit, the first one first.
pub fn for_each_digit(number: u32, mut run: impl FnMut(u16)) {
    let mut is_leading = true;
    for digit in std::iter::once(tenth_digit(number)).chain(last_nine_digits(number)) {
        is_leading &= digit == u16::from(b'0');
        if !is_leading {
            run(digit);
        }
    }
    if is_leading {
        run(u16::from(b'0'));
    }
}

/// The tenth of the decimal digits, counted from the last, a code unit.
#[inline]
pub fn tenth_digit(number: u32) -> u16 {
    u16::from(b'0') | (number / 1_000_000_000) as u16
}

/// The last nine decimal digits, code units, zeros among them.
///
/// Every bucket takes them, so they are made one after the other by multiplications, without a buffer: nine digits as
/// a fixed-point number of which the whole part is a digit and ten times the rest the next ones. 2⁵⁷ / 10⁸, rounded up,
/// is off by less than one, which for nine nines is still less than the last digit.
#[inline]
pub fn last_nine_digits(number: u32) -> impl Iterator<Item = u16> {
    const SCALE: u64 = (1u64 << 57).div_ceil(100_000_000);
    let mut rest = u64::from(number % 1_000_000_000).wrapping_mul(SCALE);
    (0..9).map(move |_| {
        let digit = (rest >> 57) as u16;
        rest = (rest & ((1 << 57) - 1)).wrapping_mul(10);
        u16::from(b'0') | digit
    })
}

#[cfg(feature = "wasm")]
use crate::wasm::number as conversion;

#[cfg(not(feature = "wasm"))]
use native as conversion;

#[cfg(not(feature = "wasm"))]
mod native;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(number: f64) -> String {
        let mut out = Vec::new();
        format(number, &mut out);
        String::from_utf16_lossy(&out)
    }

    fn number(text: &str) -> f64 {
        parse(&text.encode_utf16().collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (5.0, "5"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1.25e-7, "1.25e-7"),
            (123.456, "123.456"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
            (f64::MIN_POSITIVE / 4_503_599_627_370_496.0, "5e-324"),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    #[test]
    fn whole_numbers_are_written_digit_by_digit() {
        let mut numbers: Vec<u32> = (0..200_000).chain((0..=u32::MAX).rev().take(200_000)).collect();
        for power in 0..10 {
            let power = 10u32.pow(power);
            numbers.extend([power - 1, power, power + 1, power.wrapping_mul(4) - 1]);
        }
        numbers.extend((0..=u32::MAX).step_by(9_973));
        for number in numbers {
            let mut out = Vec::new();
            format_integer(number, &mut out);
            assert_eq!(String::from_utf16_lossy(&out), number.to_string());
            let nine: Vec<u16> = last_nine_digits(number).collect();
            assert_eq!(String::from_utf16_lossy(&nine), format!("{:09}", number % 1_000_000_000));
        }
    }

    #[test]
    fn text_is_read_as_javascript_reads_it() {
        for (value, expected) in [
            ("", 0.0),
            (" \u{feff}\n", 0.0),
            (" 5 ", 5.0),
            ("0x1F", 31.0),
            ("0b101", 5.0),
            ("0o17", 15.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+1e3", 1000.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number(value), expected, "{value:?}");
        }
        for value in ["inf", "nan", "infinity", "1_000", "0x", "-0x1", "1e", ".", "5 5", "e5", "½", "1n"] {
            assert!(number(value).is_nan(), "{value:?}");
        }
    }

    #[test]
    fn array_indices_are_canonical() {
        let index = |text: &str| array_index(&text.encode_utf16().collect::<Vec<_>>());
        assert_eq!(index("0"), Some(0));
        assert_eq!(index("42"), Some(42));
        for not_index in ["", "00", "01", "-1", "1.0", "4294967295", "99999999999"] {
            assert_eq!(index(not_index), None, "{not_index:?}");
        }
    }
}
