//! One engine that decides what each slot of a page shows.
//!
//! A site authors a *bundle*: slots with their variants, rules, segments and experiments, as JSON.
//! [`compile()`] checks it and turns it into a small binary file; [`Engine::load`] reads that file anywhere
//! (natively, at the edge, in the browser) and decides, in microseconds and always with the same answer, what a
//! visitor's slots show and why.
//!
//! ```
//! use slotwise::{Context, Engine, compile};
//! use serde_json::json;
//!
//! let compiled = compile(json!({
//!     "version": 1, "id": "shop",
//!     "slots": { "hero": {
//!         "default": "base",
//!         "variants": { "base": {}, "morning": { "html": "<h1>Good morning, {{geo.city}}</h1>" } },
//!         "rules": [{ "id": "early", "when": { "time.hour": { "$lt": 12 } }, "show": "morning" }]
//!     } }
//! })).unwrap();
//!
//! let engine = Engine::load(&compiled.bytes).unwrap();
//! let context = Context::new(1_767_225_600_000.0) // 2026-01-01, midnight UTC
//!     .attributes(json!({ "geo": { "city": "Kraków" } }));
//! let result = engine.personalize(&context);
//! assert_eq!(result.slots["hero"].variant, "morning");
//! assert_eq!(result.slots["hero"].content["html"], "<h1>Good morning, Kraków</h1>");
//! assert_eq!(result.cache.max_age, 3600); // until one o'clock
//! ```
//!
//! # Where things are
//!
//! [`bundle`] goes from JSON to the file; [`condition`], [`bucket`], [`experiment`], [`template`] and
//! [`derive`](mod@derive) each know one part of a decision; [`decide`] puts them together, told to a [`trace`];
//! [`value`] holds JavaScript's idea of values, which all of them share. [`page`] reads pages for the Worker that shows what was decided.
//!
//! # What it is not
//!
//! The engine reads no clock, draws no random number, opens no connection and keeps no state: the moment,
//! the visitor and everything else are arguments. Storing, fetching and showing belong to its callers.

pub mod binary;
pub mod bucket;
pub mod bundle;
pub mod condition;
pub mod decide;
pub mod derive;
#[cfg(feature = "engine")]
mod engine;
pub mod error;
pub mod experiment;
#[cfg(feature = "engine")]
pub mod explain;
pub mod page;
#[cfg(feature = "compiler")]
pub mod problem;
pub mod profile;
pub mod program;
pub mod rank;
pub mod template;
pub mod trace;
pub mod value;
#[cfg(any(feature = "wasm", feature = "page", feature = "profile", feature = "rank"))]
mod wasm;

#[cfg(feature = "compiler")]
pub use bundle::compile::{Compiled, Quantisation, check, check_with, compile, compile_with};
#[cfg(feature = "compiler")]
pub use bundle::files::{Files, Matrix};
#[cfg(feature = "compiler")]
pub use bundle::wire::schema;
#[cfg(feature = "engine")]
pub use engine::{Because, BecausePart, Cache, Context, Engine, Exposure, Personalization, Request, Shown, ShownItem};
pub use error::{Error, ErrorKind};
#[cfg(feature = "compiler")]
pub use problem::{Pointer, Problem, Severity};
