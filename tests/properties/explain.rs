//! An explanation tells what happened.

use super::bundles::bundle;
use super::contexts::context;
use super::{cases, engine};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use slotwise::Context;
use slotwise::explain::Step;

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn ends_in_the_same_decision(bundle in bundle(true), context in context()) {
        let engine = engine(&bundle);
        let result = engine.personalize(&context);
        let explanation = engine.explain(&context);
        prop_assert_eq!(result.slots.keys().collect::<Vec<_>>(), explanation.slots.keys().collect::<Vec<_>>());
        for (slot, steps) in &explanation.slots {
            let shown = &result.slots[slot];
            let last = Step::Decided { variant: shown.variant.clone(), source: shown.source, reason: shown.reason };
            prop_assert_eq!(steps.last(), Some(&last));
            prop_assert!(steps.iter().all(|step| !step.to_string().is_empty()));
            prop_assert!(is_balanced(&serde_json::to_value(steps).unwrap()), "{:#?}", steps);
        }
    }
}

/// Every answer of a segment or an experiment lies as deep as its question, or, when it was remembered, as deep as
/// what is around it.
fn is_balanced(steps: &Json) -> bool {
    let mut open: Vec<(&Json, &Json)> = Vec::new();
    steps.as_array().unwrap().iter().all(|step| {
        let (name, depth) = (&step["name"], &step["depth"]);
        let around = json!(open.len());
        match step["step"].as_str().unwrap() {
            "segment" | "experiment" => {
                let fits = *depth == around;
                open.push((name, depth));
                fits
            }
            "segmentHeld" | "assigned" => match open.last() {
                Some((asked, at)) if *asked == name => {
                    let fits = *at == depth;
                    open.pop();
                    fits
                }
                _ => *depth == around,
            },
            "test" => *depth == around,
            _ => open.is_empty(),
        }
    })
}

/// The second slot asks an experiment that requires one whose answer the first slot has left.
#[test]
fn a_remembered_answer_lies_inside_what_asked() {
    let arms = json!({ "a": 1, "b": 0 });
    let slot = |experiment: &str| json!({ "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": experiment }] });
    let engine = engine(&json!({
        "version": 1, "id": "spec",
        "experiments": { "first": { "variants": arms }, "second": { "variants": arms, "requires": [{ "experiment": "first" }] } },
        "slots": { "one": slot("first"), "two": slot("second") }
    }));
    let context = Context::new(0.0).attributes(json!({ "id": "u1" })).consent("personalization");
    let steps = serde_json::to_value(&engine.explain(&context).slots["two"]).unwrap();
    let depths: Vec<_> =
        steps.as_array().unwrap().iter().map(|step| (step["name"].as_str(), step["depth"].as_u64())).collect();
    let expected =
        [(None, None), (Some("second"), Some(0)), (Some("first"), Some(1)), (Some("second"), Some(0)), (None, None)];
    assert_eq!(depths, expected, "{steps:#}");
}
