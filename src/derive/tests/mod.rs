//! Tables worked out by hand or from the standards named beside them, and
//! properties against independent implementations.

#![allow(clippy::arithmetic_side_effects, reason = "expected values are worked out in place")]

mod device;
mod language;
mod list;
mod properties;
mod time;
mod url;

use super::Output;

fn code_points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The text of an output; `None` if it is missing.
fn text(output: Output<'_>) -> Option<String> {
    assert!(!matches!(output, Output::Number(_)), "a number is not a text");
    let mut all = Vec::new();
    output.append_to(&mut all);
    (output != Output::Missing).then(|| String::from_utf16(&all).expect("no lone surrogate"))
}
