//! What only JavaScript can do: `rewrite.ts`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../rewrite.ts")]
extern "C" {
    /// The page with a plan applied, as a stream.
    #[wasm_bindgen(js_name = rewrite)]
    pub(crate) fn rewrite_page(page: web_sys::Response, plan: &str) -> web_sys::Response;
    /// The page with what became of it in a header, and kept for nobody.
    #[wasm_bindgen(js_name = marked)]
    pub(crate) fn mark_page(page: web_sys::Response, outcome: &str) -> web_sys::Response;
    fn zone(name: &str, now: f64) -> js_sys::Float64Array;
}

/// Minutes ahead of UTC in a time zone, and until when (milliseconds since the epoch) that holds.
pub(crate) fn zone_at(name: &str, now: f64) -> [f64; 2] {
    let found = zone(name, now);
    [found.get_index(0), found.get_index(1)]
}
