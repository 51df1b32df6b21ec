//! Native code's side of the tests that compare every place where the engine runs.
//!
//! Reads cases from standard input, one a line: `{ "bundle": …, "contexts": [ … ] }`, contexts as the package takes them, with
//! `{ "$js": … }` for what JSON cannot hold. Writes one line for each: the compiled file in hexadecimal, and for every context the
//! whole decision with its steps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "../../spec/values.rs"]
mod values;
#[allow(dead_code, reason = "of the command line's module, only time zones are needed")]
#[path = "../../../cli/src/zone.rs"]
mod zone;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value as Json, json};
use slotwise::explain::{Step, explain};
use slotwise::{Engine, Personalization, compile};
use std::io::{BufRead, Write, stdin, stdout};

/// What is said of one case.
#[derive(Serialize)]
struct Answer {
    file: String,
    decisions: Vec<Explained>,
}

/// As `engine.explain` of the package has it.
#[derive(Serialize)]
struct Explained {
    result: Personalization,
    steps: IndexMap<String, Vec<Told>>,
}

#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    step: Step,
    text: String,
}

fn main() {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let case: Json = serde_json::from_str(&line.unwrap()).unwrap();
        serde_json::to_writer(&mut out, &answer(&case)).unwrap();
        writeln!(out).unwrap();
    }
}

fn answer(case: &Json) -> Answer {
    let bytes = match compile(case["bundle"].clone()) {
        Ok(compiled) => compiled.bytes,
        Err(problems) => return Answer { file: format!("refused: {}", problems[0]), decisions: Vec::new() },
    };
    let engine = Engine::load(&bytes).unwrap();
    let contexts = case["contexts"].as_array().unwrap();
    Answer {
        file: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        decisions: contexts.iter().map(|context| explained(&engine, context)).collect(),
    }
}

fn explained(engine: &Engine, context: &Json) -> Explained {
    let mut context = context.clone();
    let now = context["now"].as_f64().unwrap();
    let zone = match context["timeZone"].take() {
        Json::Number(minutes) => zone::Zone { offset_minutes: minutes.as_i64().unwrap() as i32, until: None },
        // As in the package, and unlike on the command line, a name that is none is Universal Time.
        name => zone::resolve(Some(&name), now).unwrap_or_default(),
    };
    context["utcOffset"] = json!(zone.offset_minutes);
    context["utcOffsetUntil"] = json!(zone.until);
    let frame = values::frame(engine, &context);
    let told = |step: Step| Told { text: step.to_string(), step };
    let steps = explain(engine.program(), engine.manifest(), &frame).slots.into_iter();
    Explained {
        result: engine.decide(&frame),
        steps: steps.map(|(slot, steps)| (slot, steps.into_iter().map(told).collect())).collect(),
    }
}
