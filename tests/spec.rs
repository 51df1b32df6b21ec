//! The vectors in `spec/*.json` against the engine as native code uses it. What they mean, and where their
//! expected values come from, is written in `spec/README.md`.

#![cfg(feature = "compiler")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says how many vectors it ran"
)]

#[path = "spec/values.rs"]
mod values;

use serde_json::{Value as Json, json};
use slotwise::decide::Frame;
use slotwise::profile::{Event, Profile};
use slotwise::{Context, Engine, compile};

/// Runs every vector, so that one failure does not hide the next.
fn run(file: &str, source: &str, mut check: impl FnMut(&Json, &Json) -> Result<(), String>) {
    let document: Json = serde_json::from_str(source).unwrap();
    let (vectors, bundles) = match &document {
        Json::Array(vectors) => (vectors, &Json::Null),
        other => (other["vectors"].as_array().unwrap(), &other["bundles"]),
    };
    let mut failures = Vec::new();
    for vector in vectors {
        if let Err(problem) = check(vector, bundles) {
            failures.push(format!("{}\n    {problem}", vector.get("name").unwrap_or(vector)));
        }
    }
    println!("{file}: {} vectors", vectors.len());
    assert!(failures.is_empty(), "{} of {} in {file}:\n{}", failures.len(), vectors.len(), failures.join("\n"));
}

fn engine(bundle: &Json) -> Result<Engine, String> {
    let compiled = compile(bundle.clone()).map_err(|problems| format!("refused: {}", problems[0]))?;
    Engine::load(&compiled.bytes).map_err(|error| error.to_string())
}

/// A bundle that shows "yes" where the condition holds. Identifying attributes need no consent here.
fn rule_bundle(condition: &Json, vector: &Json) -> Json {
    json!({
        "version": 1, "id": "spec",
        "consent": { "ids": "none" },
        "segments": vector.get("segments").unwrap_or(&json!({})),
        "groups": vector.get("groups").unwrap_or(&json!({})),
        "slots": { "slot": {
            "default": "no", "variants": { "no": {}, "yes": {} },
            "rules": [{ "when": condition, "show": "yes" }]
        } }
    })
}

/// What a decision on a vector has to go by; a [`Context`] cannot hold all of them.
fn frame(engine: &Engine, context: &Json) -> Frame {
    if context.to_string().contains("\"$js\"") {
        return values::frame(engine, context);
    }
    let context: Context = serde_json::from_value(context.clone()).unwrap();
    context.frame(engine.program(), engine.manifest())
}

fn holds(engine: &Engine, context: &Json) -> Result<bool, String> {
    decided(engine, &frame(engine, context))
}

fn decided(engine: &Engine, frame: &Frame) -> Result<bool, String> {
    let variant = engine.decide(frame).slots["slot"].variant.clone();
    let explained = explain(engine, frame);
    match explained["slots"]["slot"].as_array().unwrap().last() {
        Some(last) if last["variant"] == variant.as_str() => Ok(variant == "yes"),
        other => Err(format!("decided \"{variant}\", explained {other:?}")),
    }
}

fn explain(engine: &Engine, frame: &Frame) -> Json {
    serde_json::to_value(slotwise::explain::explain(engine.program(), engine.manifest(), frame)).unwrap()
}

fn expect(vector: &Json, actual: impl Into<Json>) -> Result<(), String> {
    let actual = actual.into();
    if vector["expected"] == actual { Ok(()) } else { Err(format!("gave {actual}, expected {}", vector["expected"])) }
}

#[test]
fn conditions() {
    run("conditions", include_str!("spec/conditions.json"), |vector, _| {
        let engine = engine(&rule_bundle(&vector["condition"], vector))?;
        expect(vector, holds(&engine, &json!({ "attributes": vector["attributes"] }))?)
    });
}

/// 2026-03-01, noon in UTC: when profiles are asked.
const NOON: f64 = 1_772_366_400_000.0;

/// The profile of somebody who did these things, each added when it happened.
fn profile(events: &Json) -> Profile {
    let mut profile = Profile::new(1);
    for event in events.as_array().unwrap() {
        let text = |name: &str| event[name].as_str().map(str::to_owned);
        let (number, unit) = event["ago"].as_str().map(|ago| ago.split_at(ago.len() - 1)).unwrap();
        let minutes = match unit {
            "m" => 1.0,
            "h" => 60.0,
            _ => 1440.0,
        };
        let time = NOON - number.parse::<f64>().unwrap() * minutes * 60_000.0;
        let event = Event {
            name: text("name").unwrap(),
            item: text("item"),
            category: text("category"),
            value: event["value"].as_f64(),
            time,
            id: text("id"),
        };
        profile.apply(&event, time);
    }
    profile
}

#[test]
fn profiles() {
    let source = include_str!("spec/profiles.json");
    let document: Json = serde_json::from_str(source).unwrap();
    run("profiles", source, |vector, _| {
        let mut bundle = rule_bundle(&vector["condition"], vector);
        if let Some(name) = vector["clusters"].as_str() {
            bundle["clusters"] = document["clusters"][name].clone();
        }
        let engine = engine(&bundle)?;
        let events = &document["events"][vector["events"].as_str().unwrap()];
        let mut context = Context::new(NOON).attributes(vector["attributes"].clone());
        if vector.get("consent").is_none() {
            context = context.consent("personalization");
        }
        context.profile = Some(profile(events).to_bytes());
        let frame = context.frame(engine.program(), engine.manifest());
        expect(vector, decided(&engine, &frame)?)
    });
}

#[test]
fn rankings() {
    let source = include_str!("spec/rankings.json");
    let document: Json = serde_json::from_str(source).unwrap();
    run("rankings", source, |vector, bundles| {
        let engine = engine(&bundles[vector["bundle"].as_str().unwrap()])?;
        let mut context = json!({ "now": NOON, "consent": { "personalization": true }, "attributes": {} });
        for (name, member) in vector["context"].as_object().into_iter().flatten() {
            context[name] = member.clone();
        }
        let mut context: Context = serde_json::from_value(context).unwrap();
        context.profile = Some(profile(&document["events"][vector["events"].as_str().unwrap()]).to_bytes());
        as_expected(vector, &serde_json::to_value(engine.personalize(&context)).unwrap())
    });
}

#[test]
fn conditions_refused() {
    const WHEN: &str = "/slots/slot/rules/0/when";
    run("conditions-refused", include_str!("spec/conditions-refused.json"), |vector, _| {
        let known = json!({ "segments": { "known": {} }, "groups": { "beta": [1] } });
        let problems = slotwise::check(rule_bundle(&vector["condition"], &known));
        let texts = vector["message"].as_array().unwrap();
        let found = problems.iter().any(|problem| {
            let text = problem.to_string();
            let place = match vector["pointer"].as_str() {
                Some(pointer) => problem.pointer.as_str() == format!("{WHEN}{pointer}"),
                None => problem.pointer.as_str().starts_with(WHEN),
            };
            place && texts.iter().all(|part| text.contains(part.as_str().unwrap()))
        });
        if found { Ok(()) } else { Err(format!("found {problems:?}")) }
    });
}

#[test]
fn bucketing() {
    run("bucketing", include_str!("spec/bucketing.json"), |vector, _| {
        let weights = vector.get("weights").and_then(Json::as_array).cloned().unwrap_or(vec![json!(1), json!(0)]);
        let arms: serde_json::Map<_, _> = (0..).map(|arm: usize| arm.to_string()).zip(weights).collect();
        let engine = engine(&json!({
            "version": 1, "id": "spec",
            "experiments": { "e": {
                "variants": arms, "consent": "none",
                "seed": vector.get("seed").unwrap_or(&json!("s")),
                "hashVersion": vector.get("version").unwrap_or(&json!(2)),
                "coverage": vector.get("coverage").unwrap_or(&json!(1)),
                "namespace": vector.get("namespace"),
            } },
            "slots": { "slot": {
                "default": "no", "variants": { "no": {}, "yes": {} },
                "rules": [{ "experiment": "e", "show": "yes" }]
            } }
        }))?;
        let result = engine.decide(&frame(&engine, &json!({ "attributes": { "id": vector["value"] } })));
        let shown = &result.slots["slot"];
        if vector.get("namespace").is_some() {
            return expect(vector, shown.reason != "not_in_namespace");
        }
        if vector.get("weights").is_some() {
            return expect(vector, shown.arm.as_deref().map(|arm| arm.parse::<u64>().unwrap()));
        }
        expect(vector, shown.bucket)
    });
}

#[test]
fn derived() {
    run("derived", include_str!("spec/derived.json"), |vector, _| {
        let attribute = vector["attribute"].as_str().unwrap();
        let test = match &vector["expected"] {
            Json::Null => json!({ "$exists": false }),
            value => json!({ "$eq": value }),
        };
        let engine = engine(&rule_bundle(&json!({ attribute: test }), vector))?;
        if holds(&engine, vector)? {
            return Ok(());
        }
        Err(explain(&engine, &frame(&engine, vector)).to_string())
    });
}

#[test]
fn experiments() {
    run("experiments", include_str!("spec/experiments.json"), decision);
}

#[test]
fn decisions() {
    run("decisions", include_str!("spec/decisions.json"), decision);
}

fn decision(vector: &Json, bundles: &Json) -> Result<(), String> {
    let engine = engine(&bundles[vector["bundle"].as_str().unwrap()])?;
    if let Some(contexts) = vector.get("contexts") {
        let keys = [0, 1].map(|place| engine.decide(&frame(&engine, &contexts[place])).cache.key);
        let same = keys[0] == keys[1];
        return if vector["sameKey"] == same { Ok(()) } else { Err(format!("the keys are {keys:?}")) };
    }
    as_expected(vector, &serde_json::to_value(engine.decide(&frame(&engine, &vector["context"]))).unwrap())
}

fn as_expected(vector: &Json, result: &Json) -> Result<(), String> {
    let mut differences = Vec::new();
    compare(&vector["expected"], Some(result), "", &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n    ")) }
}

/// Everything expected must be there: members of objects, all elements of lists.
fn compare(expected: &Json, actual: Option<&Json>, at: &str, differences: &mut Vec<String>) {
    let equal = match (expected, actual) {
        (Json::Object(members), actual) if members.contains_key("$absent") => actual.is_none(),
        (Json::Object(members), Some(Json::Object(found))) => {
            for (name, member) in members {
                compare(member, found.get(name), &format!("{at}/{name}"), differences);
            }
            true
        }
        (Json::Array(items), Some(Json::Array(found))) => {
            for (place, (item, found)) in items.iter().zip(found).enumerate() {
                compare(item, Some(found), &format!("{at}/{place}"), differences);
            }
            items.len() == found.len()
        }
        (Json::Number(left), Some(Json::Number(right))) => left.as_f64() == right.as_f64(),
        (left, right) => Some(left) == right,
    };
    if !equal {
        differences.push(format!("{at}: {}, expected {expected}", actual.unwrap_or(&json!("nothing"))));
    }
}
