//! Laws of the engine that hold for any input, and the inputs that try them.
//!
//! A [`Target`] is one way into the engine: its laws, inputs to begin with, and how to change one. Two things drive
//! it: libFuzzer through `fuzz_targets/`, guided by what an input reaches, and `tests/bounded.rs`, a few thousand
//! cases of a printed seed in every `make test`. Inputs that once broke a law are in `kept/` and are tried by
//! `tests/kept.rs`.
//!
//! All inputs but catalogs, the codec's, pages and profiles are JSON, shaped as the vectors in `tests/spec` are, so that those are the first inputs
//! and a kept one can be read. JSON is changed as a tree ([`document`]): few changes of its bytes would parse.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a law that is broken panics"
)]

mod catalogs;
mod codec;
mod compile;
mod conditions;
pub mod document;
mod explained;
#[path = "../../tests/properties/html_rewriter.rs"]
mod html_rewriter;
mod markup;
mod pages;
mod profiles;
mod seeds;
mod templates;
mod visitor;
mod vocabulary;

/// One way into the engine.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of the target, of its kept inputs and of its corpus.
    pub name: &'static str,
    /// Panics when the input breaks a law. Input of another shape is passed over.
    pub check: fn(&[u8]),
    /// Inputs to begin with, by name.
    pub seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// A changed copy of an input.
    pub mutate: fn(&[u8], &mut fastrand::Rng) -> Vec<u8>,
}

/// Compiled files.
pub const CODEC: Target = Target { name: "codec", check: codec::check, seeds: seeds::files, mutate: codec::mutate };
/// Catalogs of compiled files.
pub const CATALOGS: Target =
    Target { name: "catalogs", check: catalogs::check, seeds: catalogs::seeds, mutate: profiles::mutate };
/// Authored bundles.
pub const COMPILE: Target =
    Target { name: "compile", check: compile::check, seeds: seeds::bundles, mutate: document::mutate };
/// Conditions and attributes.
pub const CONDITIONS: Target =
    Target { name: "conditions", check: conditions::check, seeds: seeds::conditions, mutate: document::mutate };
/// Pages, for the page reader.
pub const PAGES: Target = Target { name: "pages", check: pages::check, seeds: pages::seeds, mutate: pages::mutate };
/// Written profiles.
pub const PROFILES: Target =
    Target { name: "profiles", check: profiles::check, seeds: profiles::seeds, mutate: profiles::mutate };
/// Templates and views.
pub const TEMPLATES: Target =
    Target { name: "templates", check: templates::check, seeds: seeds::templates, mutate: document::mutate };

/// Every target.
pub const TARGETS: [Target; 7] = [CATALOGS, CODEC, COMPILE, CONDITIONS, PAGES, PROFILES, TEMPLATES];
