//! From a document to a file and back: what passes check can be used, what comes back is what went in.

use super::bundles::bundle;
use super::cases;
use super::conditions::scalar;
use super::contexts::context;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};
use slotwise::bundle::codec;
use slotwise::{Engine, Severity, check, compile};

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn decoding_gives_back_what_was_encoded(bundle in bundle(true)) {
        let compiled = compile(bundle).unwrap();
        let decoded = codec::decode(&compiled.bytes).unwrap();
        // As text, since NaN (the number of the text "NaN") is not equal to itself.
        prop_assert_eq!(format!("{:?}", &decoded.program), format!("{:?}", &compiled.program));
        let names = &compiled.bytes[decoded.manifest];
        prop_assert_eq!(codec::encode(&decoded.program, names, None).unwrap(), compiled.bytes.clone());
        let engine = Engine::load(&compiled.bytes).unwrap();
        prop_assert_eq!(engine.manifest(), &compiled.manifest);
    }

    #[test]
    fn what_passes_check_decides(bundle in bundle(true), contexts in vec(context(), 4)) {
        prop_assert!(check(bundle.clone()).iter().all(|problem| problem.severity == Severity::Warning));
        decides(&bundle, &contexts);
    }

    #[test]
    fn a_document_with_mistakes_is_refused_or_decides(
        bundle in bundle(true), places in vec((any::<Index>(), odd()), 1..4), contexts in vec(context(), 2),
    ) {
        let mut bundle = bundle;
        for (index, odd) in places {
            let count = count(&bundle);
            replace(&mut bundle, &mut index.index(count), &odd);
        }
        let problems = check(bundle.clone());
        if problems.iter().all(|problem| problem.severity == Severity::Warning) {
            decides(&bundle, &contexts);
        } else {
            for problem in &problems {
                prop_assert!(bundle.pointer(problem.pointer.as_str()).is_some(), "there is nothing at {problem:?}");
            }
        }
    }
}

/// A list has no members with names, though a reader that goes by position could make something of it.
#[test]
fn lists_in_the_place_of_objects_are_refused() {
    let bundle = json!({
        "version": 1, "id": "shop", "consent": {},
        "holdouts": { "h": { "coverage": 0.5 } },
        "experiments": { "e": { "variants": { "a": 0.5, "b": 0.5 }, "requires": [{ "segment": "s" }],
                                "schedule": [{ "from": "2026-11-01T00:00:00Z", "coverage": 1 }] } },
        "segments": { "s": {} },
        "slots": { "slot": {
            "default": "a", "variants": { "a": { "patches": [{ "op": "text", "value": "x" }] }, "b": {} },
            "rules": [{ "experiment": "e" }]
        } }
    });
    assert_eq!(check(bundle.clone()), []);
    for pointer in [
        "/consent",
        "/holdouts/h",
        "/experiments/e",
        "/experiments/e/requires/0",
        "/experiments/e/schedule/0",
        "/slots/slot",
        "/slots/slot/variants/a",
        "/slots/slot/variants/b",
        "/slots/slot/variants/a/patches/0",
        "/slots/slot/rules/0",
    ] {
        for list in [json!([]), json!([null]), json!(["text", null, null, "x"])] {
            let mut bundle = bundle.clone();
            *bundle.pointer_mut(pointer).unwrap() = list.clone();
            let problems = check(bundle);
            let is_found = problems
                .iter()
                .any(|problem| problem.severity == Severity::Error && problem.pointer.as_str() == pointer);
            assert!(is_found, "{list} at {pointer}: {problems:?}");
        }
    }
}

fn decides(bundle: &Json, contexts: &[slotwise::Context]) {
    let engine = Engine::load(&compile(bundle.clone()).unwrap().bytes).unwrap();
    for context in contexts {
        let result = engine.personalize(context);
        assert_eq!(result.slots.len(), bundle["slots"].as_object().map_or(0, serde_json::Map::len));
        assert_eq!(result, engine.personalize(context), "the same twice");
    }
}

/// What an author may write by mistake.
fn odd() -> impl Strategy<Value = Json> {
    prop_oneof![
        scalar(),
        Just(json!([])),
        Just(json!({})),
        Just(json!({ "$gt": 1 })),
        Just(json!({ "$segment": "s0" })),
        Just(json!("a{{b}}")),
        Just(json!("{{#v}}")),
        Just(json!("<script>{{v}}</script>")),
        Just(json!("e0")),
        Just(json!("(?=a)")),
        Just(json!(-1)),
        Just(json!(1e300)),
    ]
}

fn children(json: &mut Json) -> Vec<&mut Json> {
    match json {
        Json::Array(items) => items.iter_mut().collect(),
        Json::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    }
}

fn count(json: &Json) -> usize {
    let inner: usize = match json {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    inner + 1
}

/// Replaces the value at this place of a walk through the document.
fn replace(json: &mut Json, place: &mut usize, odd: &Json) {
    if *place == 0 {
        *json = odd.clone();
        *place = usize::MAX;
        return;
    }
    *place -= 1;
    for child in children(json) {
        if *place == usize::MAX {
            return;
        }
        replace(child, place, odd);
    }
}
