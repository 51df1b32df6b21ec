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
    reason = "a test fails by panicking, and says how many vectors it left out"
)]

#[path = "spec/values.rs"]
mod values;

use serde_json::{Value as Json, json};
use slotwise::{Context, Engine, compile};
use values::{frame_variant, needs_js, units};

/// Runs every vector, so that one failure does not hide the next, and says how many were left out.
fn run(file: &str, source: &str, mut check: impl FnMut(&Json, &Json) -> Result<bool, String>) {
    let document: Json = serde_json::from_str(source).unwrap();
    let (vectors, bundles) = match &document {
        Json::Array(vectors) => (vectors, &Json::Null),
        other => (other["vectors"].as_array().unwrap(), &other["bundles"]),
    };
    let (mut failures, mut skipped) = (Vec::new(), 0);
    for vector in vectors {
        match check(vector, bundles) {
            Ok(true) => {}
            Ok(false) => skipped += 1,
            Err(problem) => failures.push(format!("{}\n    {problem}", vector.get("name").unwrap_or(vector))),
        }
    }
    println!("{file}: {} vectors, {skipped} left to JavaScript", vectors.len());
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

fn holds(engine: &Engine, context: &Context) -> Result<bool, String> {
    let variant = engine.personalize(context).slots["slot"].variant.clone();
    let explained = serde_json::to_value(engine.explain(context)).unwrap();
    match explained["slots"]["slot"].as_array().unwrap().last() {
        Some(last) if last["variant"] == variant.as_str() => Ok(variant == "yes"),
        other => Err(format!("decided \"{variant}\", explained {other:?}")),
    }
}

fn expect(vector: &Json, actual: impl Into<Json>) -> Result<bool, String> {
    let actual = actual.into();
    if vector["expected"] == actual { Ok(true) } else { Err(format!("gave {actual}, expected {}", vector["expected"])) }
}

#[test]
fn conditions() {
    run("conditions", include_str!("spec/conditions.json"), |vector, _| {
        let engine = engine(&rule_bundle(&vector["condition"], vector))?;
        if needs_js(vector) {
            return expect(vector, frame_variant(&engine, &vector["attributes"]) == 1);
        }
        expect(vector, holds(&engine, &Context::new(0.0).attributes(vector["attributes"].clone()))?)
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
        if found { Ok(true) } else { Err(format!("found {problems:?}")) }
    });
}

#[test]
fn bucketing() {
    run("bucketing", include_str!("spec/bucketing.json"), |vector, _| {
        if needs_js(vector) {
            return bucket_of_units(vector);
        }
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
        let result = engine.personalize(&Context::new(0.0).attributes(json!({ "id": vector["value"] })));
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

fn bucket_of_units(vector: &Json) -> Result<bool, String> {
    use slotwise::bucket::{HashVersion, Namespace, Range, Seed};
    let Some(value) = units(&vector["value"]) else { return Ok(false) };
    if let Some(namespace) = vector.get("namespace") {
        let range = Range { start: namespace[1].as_f64().unwrap(), end: namespace[2].as_f64().unwrap() };
        return expect(vector, Namespace::new(namespace[0].as_str().unwrap(), range).contains(&value));
    }
    let version = if vector["version"] == 1 { HashVersion::One } else { HashVersion::Two };
    expect(vector, Seed::new(vector["seed"].as_str().unwrap(), version).bucket(&value))
}

#[test]
fn derived() {
    run("derived", include_str!("spec/derived.json"), |vector, _| {
        if needs_js(vector) {
            return Ok(false);
        }
        let attribute = vector["attribute"].as_str().unwrap();
        let test = match &vector["expected"] {
            Json::Null => json!({ "$exists": false }),
            value => json!({ "$eq": value }),
        };
        let engine = engine(&rule_bundle(&json!({ attribute: test }), vector))?;
        let context = context(vector);
        if holds(&engine, &context)? {
            return Ok(true);
        }
        Err(serde_json::to_string(&engine.explain(&context)).unwrap())
    });
}

fn context(vector: &Json) -> Context {
    serde_json::from_value(vector.clone()).unwrap()
}

#[test]
fn experiments() {
    run("experiments", include_str!("spec/experiments.json"), decision);
}

#[test]
fn decisions() {
    run("decisions", include_str!("spec/decisions.json"), decision);
}

fn decision(vector: &Json, bundles: &Json) -> Result<bool, String> {
    if needs_js(vector) {
        return Ok(false);
    }
    let engine = engine(&bundles[vector["bundle"].as_str().unwrap()])?;
    if let Some(contexts) = vector.get("contexts") {
        let keys = [0, 1].map(|place| engine.personalize(&context(&contexts[place])).cache.key);
        let same = keys[0] == keys[1];
        return if vector["sameKey"] == same { Ok(true) } else { Err(format!("the keys are {keys:?}")) };
    }
    let result = serde_json::to_value(engine.personalize(&context(&vector["context"]))).unwrap();
    let mut differences = Vec::new();
    compare(&vector["expected"], Some(&result), "", &mut differences);
    if differences.is_empty() { Ok(true) } else { Err(differences.join("\n    ")) }
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
