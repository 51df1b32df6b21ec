//! What must hold for any bundle and any visitor.

#![cfg(feature = "compiler")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod bundles;
mod cache;
mod conditions;
mod contexts;
mod explain;
mod files;
mod filters;
mod html_rewriter;
mod invariance;
mod merging;
mod pages;
mod profiles;
mod ranking;

use proptest::prelude::ProptestConfig;
use serde_json::Value as Json;
use slotwise::{Context, Engine, compile};

/// Few cases, since each compiles a bundle; `PROPTEST_CASES` asks for more. A failure prints its smallest input.
fn cases(few: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { few };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..asked }
}

fn engine(bundle: &Json) -> Engine {
    let compiled = compile(bundle.clone()).unwrap_or_else(|problems| panic!("{}\n{bundle:#}", problems[0]));
    Engine::load(&compiled.bytes).unwrap()
}

/// What a visitor sees and what is logged and kept: everything but the bucket and how long it holds.
fn output(engine: &Engine, context: &Context) -> Json {
    let mut result = serde_json::to_value(engine.personalize(context)).unwrap();
    result.as_object_mut().unwrap().remove("cache");
    for slot in result["slots"].as_object_mut().unwrap().values_mut() {
        slot.as_object_mut().unwrap().remove("bucket");
    }
    for exposure in result["exposures"].as_array_mut().unwrap() {
        exposure.as_object_mut().unwrap().remove("bucket");
    }
    result
}
