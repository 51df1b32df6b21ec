//! What may change without a visitor noticing.

use super::bundles::bundle;
use super::contexts::context;
use super::{cases, engine};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use slotwise::Context;

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
