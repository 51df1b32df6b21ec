//! The conversions that need tables, by JavaScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Number)]
    fn number_of(text: &str) -> f64;
    #[wasm_bindgen(js_name = String)]
    fn text_of(number: f64) -> String;
}

/// Reads a decimal literal.
pub(crate) fn parse(text: &str) -> f64 {
    number_of(text)
}

/// Appends a positive, finite number.
pub(crate) fn format(number: f64, out: &mut Vec<u16>) {
    out.extend(text_of(number).bytes().map(u16::from));
}
