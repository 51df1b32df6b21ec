//! What may change without a visitor noticing.

use super::bundles::bundle;
use super::contexts::context;
use super::{cases, engine};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use slotwise::Context;
use slotwise::bucket::{HashVersion, Seed};

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn raising_the_coverage_moves_nobody(
        weights in vec(0u32..100, 2..6), (low, high) in (0.0..=1.0_f64, 0.0..=1.0_f64), version in 1..3,
        namespace in any::<bool>(),
    ) {
        let total = f64::from(weights.iter().sum::<u32>().max(1));
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let arms: serde_json::Map<_, _> =
            weights.iter().enumerate().map(|(arm, weight)| (arm.to_string(), json!(f64::from(*weight) / total))).collect();
        let [less, more] = [low.min(high), low.max(high)].map(|coverage| engine(&json!({
            "version": 1, "id": "random",
            "experiments": { "e": {
                "variants": arms, "coverage": coverage, "hashVersion": version, "consent": "none",
                "namespace": namespace.then(|| json!(["space", 0.2, 0.9])),
            } },
            "slots": { "slot": { "default": "v", "variants": { "v": {} }, "rules": [{ "experiment": "e", "show": "v" }] } }
        })));
        for visitor in 0..300 {
            let context = Context::new(0.0).attributes(json!({ "id": visitor }));
            let arms = [&less, &more].map(|engine| engine.personalize(&context).slots["slot"].arm.clone());
            prop_assert!(arms[0].is_none() || arms[0] == arms[1], "visitor {visitor}: {arms:?}");
        }
    }

    /// Buckets of experiments that follow each other are worked out together, whatever they split by, and asked in any order.
    #[test]
    fn other_experiments_change_nobodys_bucket(
        experiments in vec((select(&["id", "company"][..]), 1..3), 1..12), order in any::<u64>(), company in option::of("[a-z]{1,9}"),
        required in any::<bool>(),
    ) {
        let name = |number: usize| format!("e{number}");
        let all: serde_json::Map<_, _> = experiments.iter().enumerate().map(|(number, (by, version))| {
            let mut experiment = json!({
                "variants": { "a": 0.5, "b": 0.5 }, "hashVersion": version, "hashAttribute": by, "fallbackAttribute": "id",
                "sticky": true, "consent": "none",
            });
            // An experiment in between asks the one before it, which may split by something else.
            if required && number % 2 == 1 {
                experiment["requires"] = json!([{ "experiment": name(number - 1), "variants": ["a", "b"] }]);
            }
            (name(number), experiment)
        }).collect();
        let mut numbers: Vec<usize> = (0..experiments.len()).collect();
        numbers.sort_by_key(|number| (*number as u64 + 1).wrapping_mul(order | 1));
        let slots: serde_json::Map<_, _> = numbers.iter().map(|number| (
            format!("s{number}"),
            json!({ "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": name(*number) }] }),
        )).collect();
        let engine = engine(&json!({ "version": 1, "id": "random", "experiments": all, "slots": slots }));
        let answer = engine.personalize(&Context::new(0.0).attributes(json!({ "id": "u1", "company": company })));
        for (number, (by, version)) in experiments.iter().enumerate() {
            let value = company.as_deref().filter(|_| *by == "company").unwrap_or("u1");
            let version = if *version == 1 { HashVersion::One } else { HashVersion::Two };
            let alone = Seed::new(&name(number), version).bucket(&value.encode_utf16().collect::<Vec<_>>());
            prop_assert_eq!(answer.slots[&format!("s{number}")].bucket, Some(alone.share()), "{}", name(number));
        }
    }

    /// Slots that ask the same share the conditions, each of which is asked once in a decision.
    #[test]
    fn slots_that_ask_the_same_change_nothing(bundle in bundle(true), context in context()) {
        let context = Context { force: Default::default(), ..context };
        let names: Vec<String> = bundle["slots"].as_object().unwrap().keys().cloned().collect();
        let mut doubled = bundle.clone();
        for name in &names {
            doubled["slots"][format!("{name} again")] = bundle["slots"][name].clone();
        }
        let [alone, beside] = [&bundle, &doubled].map(|bundle| slotwise::compile(bundle.clone()).unwrap().program);
        prop_assert_eq!(alone.conditions.ops.len(), beside.conditions.ops.len());
        let [alone, beside] = [&bundle, &doubled].map(|bundle| engine(bundle).personalize(&context));
        for name in &names {
            prop_assert_eq!(&alone.slots[name], &beside.slots[name]);
            prop_assert_eq!(&alone.slots[name], &beside.slots[&format!("{name} again")]);
        }
    }

    #[test]
    fn the_order_of_keys_in_attributes_does_not_matter(bundle in bundle(false), context in context()) {
        let engine = engine(&bundle);
        let turned = Context { attributes: reversed(&context.attributes), ..context.clone() };
        prop_assert_eq!(engine.personalize(&context), engine.personalize(&turned));
    }
}

fn reversed(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(reversed).collect()),
        Json::Object(members) => {
            Json::Object(members.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect())
        }
        other => other.clone(),
    }
}
