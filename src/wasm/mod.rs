//! The bindings for JavaScript: the only place that knows wasm-bindgen.
//!
//! With the feature `wasm` alone this crate is the runtime module; with `compiler` as well it is the
//! compiler module, which holds everything of the runtime and the cold paths besides. The hot call passes
//! numbers only: values go in and decisions come out through memory that both sides know. With the feature `page` alone it
//! is the page module, which decides nothing, with `profile` alone the one that keeps profiles, and with `rank` alone the one
//! that ranks catalogs.

#![allow(unreachable_pub, reason = "what JavaScript sees has to be public")]

#[cfg(feature = "compiler")]
mod compiler;
#[cfg(feature = "wasm")]
pub(crate) mod number;
#[cfg(feature = "wasm")]
mod packed;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "profile")]
mod profile;
#[cfg(feature = "rank")]
mod rank;
#[cfg(feature = "wasm")]
mod runtime;

use rlsf::SmallGlobalTlsf;
use wasm_bindgen::prelude::*;

/// The standard allocator's code is several times as large.
#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// The code and the message of an error, as bindings throw them.
#[cfg(any(feature = "wasm", feature = "rank"))]
fn refusal(error: crate::Error) -> wasm_bindgen::JsValue {
    let mut text = error.kind().code().to_owned();
    text.push('\n');
    text.push_str(error.kind().message());
    wasm_bindgen::JsValue::from_str(&text)
}

/// Shows panics of the engine in the console with the feature `debug`, which is for debugging the engine itself. It is there without it as well:
/// where nothing but a function of JavaScript's is to start a module, engines compile a third of a millisecond for it.
#[wasm_bindgen(start)]
pub fn start() {
    #[cfg(feature = "debug")]
    console_error_panic_hook::set_once();
}
