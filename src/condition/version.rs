//! Version strings as GrowthBook orders them: numeric parts are padded so that plain text order works.

use crate::value::{Node, Value, number};
use std::cmp::Ordering;

/// How the version in `value` stands to a version that is padded already.
#[must_use]
pub(super) fn compare(value: Value<'_>, padded: &[u16]) -> Ordering {
    let mut version = Vec::new();
    match value.node() {
        Node::Text(span) if span.len > 0 => pad(value.pool().text(span), &mut version),
        Node::Number(number) => {
            let mut text = Vec::new();
            number::format(number, &mut text);
            pad(&text, &mut version);
        }
        _ => pad(&[ZERO], &mut version),
    }
    version.as_slice().cmp(padded)
}

const ZERO: u16 = b'0' as u16;
const WIDTH: usize = 5;

/// Appends the padded form: build data and a leading `v` go, parts between `.` and `-` are joined by
/// `-`, numbers are filled with spaces to five places, and three parts get a `~`, which sorts a release
/// behind its pre-releases.
pub(super) fn pad(version: &[u16], out: &mut Vec<u16>) {
    let version = version.strip_prefix(&[u16::from(b'v')]).unwrap_or(version);
    let version = version.get(..build_data_start(version)).unwrap_or_default();
    let is_separator = |unit: &u16| *unit == u16::from(b'-') || *unit == u16::from(b'.');
    let mut parts = 0usize;
    for part in version.split(is_separator) {
        if parts > 0 {
            out.push(u16::from(b'-'));
        }
        parts = parts.saturating_add(1);
        let is_number = !part.is_empty() && part.iter().all(|unit| (ZERO..=u16::from(b'9')).contains(unit));
        if is_number {
            out.extend(std::iter::repeat_n(u16::from(b' '), WIDTH.saturating_sub(part.len())));
        }
        out.extend_from_slice(part);
    }
    if parts == 3 {
        out.extend([u16::from(b'-'), u16::from(b'~')]);
    }
}

/// Where `+…` starts. It reaches to the end of the text and holds no line break (the dot of the
/// reference's regular expression does not match one).
fn build_data_start(version: &[u16]) -> usize {
    let is_line_break = |unit: &u16| matches!(unit, 0x0A | 0x0D | 0x2028 | 0x2029);
    let last_line = version.iter().rposition(is_line_break).map_or(0, |at| at.saturating_add(1));
    let plus = version.iter().skip(last_line).position(|unit| *unit == u16::from(b'+'));
    plus.map_or(version.len(), |at| at.saturating_add(last_line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(version: &str) -> String {
        let mut out = Vec::new();
        pad(&version.encode_utf16().collect::<Vec<_>>(), &mut out);
        String::from_utf16_lossy(&out)
    }

    #[test]
    fn padding() {
        for (version, expected) in [
            ("v1.2.3", "    1-    2-    3-~"),
            ("1.2.3-rc.1+build.7", "    1-    2-    3-rc-    1"),
            ("10", "   10"),
            ("", ""),
            ("123456.0", "123456-    0"),
            ("+a\n+b", "+a\n"),
        ] {
            assert_eq!(padded(version), expected, "{version:?}");
        }
    }

    #[test]
    fn releases_follow_their_candidates() {
        assert!(padded("1.0.0") > padded("1.0.0-rc.1"));
        assert!(padded("1.10.0") > padded("1.9.0"));
    }
}
