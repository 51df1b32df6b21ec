//! The bindings for JavaScript: the only place that knows wasm-bindgen.
//!
//! With the feature `wasm` alone this crate is the runtime module; with `compiler` as well it is the
//! compiler module, which holds everything of the runtime and the cold paths besides. The hot call passes
//! numbers only: values go in and decisions come out through memory that both sides know. With the feature `page` alone it
//! is the page module, which decides nothing.

#![allow(unreachable_pub, reason = "what JavaScript sees has to be public")]

#[cfg(feature = "compiler")]
mod compiler;
#[cfg(feature = "wasm")]
pub(crate) mod number;
#[cfg(feature = "wasm")]
mod packed;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "wasm")]
mod runtime;

use rlsf::SmallGlobalTlsf;
#[cfg(feature = "wasm")]
use wasm_bindgen::prelude::*;

/// The standard allocator's code is several times as large.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// Shows panics of the engine in the console. For debugging the engine itself.
#[cfg(feature = "debug")]
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// A new visitor id: 128 random bits as 32 hexadecimal digits.
///
/// # Errors
/// When the host has no source of randomness.
#[cfg(feature = "wasm")]
#[wasm_bindgen(js_name = mintId)]
pub fn mint_id() -> Result<String, JsValue> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| JsValue::from_str("no_randomness"))?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect())
}
