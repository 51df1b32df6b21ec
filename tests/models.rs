//! A bundle that names what `slotwise train` wrote is the bundle that says all of it itself.

#![cfg(feature = "compiler")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise::bundle::model::mentioned;
use slotwise::{Files, Matrix, Problem, compile_with};

fn shop(catalog: &Json) -> Json {
    let mut bundle = json!({
        "version": 1, "id": "shop",
        "segments": { "poland": { "country": "PL" } },
        "catalog": { "items": [{ "id": "hat" }, { "id": "boots" }, { "id": "new" }] },
        "slots": { "related": {
            "default": "none",
            "variants": { "none": {}, "cards": { "html": "{{#items}}{{id}} {{/items}}" } },
            "rules": [{ "rank": { "show": "cards" } }, { "rank": { "show": "cards", "weights": { "content": 2 } } }],
        } },
    });
    for (name, value) in catalog.as_object().unwrap() {
        bundle["catalog"][name] = value.clone();
    }
    bundle
}

fn stack() -> Json {
    json!({ "weights": [1, 2, 3, 4, 0, 1], "bias": -1, "means": [0, 0.5, 0, 0, 0, 0], "deviations": [1, 0.5, 1, 1, 0, 1] })
}

fn model() -> Json {
    json!({
        "content": { "vectors": "content.npy", "rows": "rows.json" },
        "factors": { "vectors": "factors.npy", "rows": "rows.json", "regularization": 0.5, "alpha": 3 },
        "neighbours": "neighbours.json",
        "popularity": { "counts": "counts.json", "segments": { "country=DE": { "hat": 3 } }, "prior": 5 },
        "stack": stack(),
        "segments": { "country=DE": { "country": "DE" } },
    })
}

fn rows(numbers: &[f32]) -> Matrix {
    Matrix { columns: 2, numbers: numbers.to_vec() }
}

fn files() -> Files {
    let mut files = Files::default();
    let texts = [
        ("learned/model.json", model()),
        ("learned/rows.json", json!(["boots", "gone", "hat"])),
        ("learned/neighbours.json", json!({ "boots": { "hat": 1 } })),
        ("learned/counts.json", json!({ "hat": 4, "boots": 2 })),
    ];
    texts.into_iter().for_each(|(name, content)| files.insert(name, content.to_string().into_bytes()));
    files.insert_matrix("learned/content.npy", rows(&[1.0, 2.0, 7.0, 7.0, 3.0, 4.0]));
    files.insert_matrix("learned/factors.npy", rows(&[0.5, 0.25, 7.0, 7.0, -0.5, 0.75]));
    files
}

fn bytes(bundle: Json) -> (Vec<u8>, Vec<Problem>) {
    let compiled = compile_with(bundle, &files()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    (compiled.bytes, compiled.warnings)
}

/// Rows in the order of items; the new one has nothing.
fn written_out() -> Json {
    let mut bundle = shop(&json!({
        "content": { "vectors": [[3, 4], [1, 2], [0, 0]] },
        "factors": { "vectors": [[-0.5, 0.75], [0.5, 0.25], [0, 0]], "regularization": 0.5, "alpha": 3 },
        "neighbours": { "boots": { "hat": 1 } },
        "popularity": { "counts": { "hat": 4, "boots": 2 }, "segments": { "country=DE": { "hat": 3 } }, "prior": 5 },
        "stack": stack(),
    }));
    bundle["segments"]["country=DE"] = json!({ "country": "DE" });
    bundle
}

#[test]
fn a_model_says_what_the_catalog_does_not() {
    let (from_model, warnings) = bytes(shop(&json!({ "model": "learned/model.json" })));
    // Rows of what is no longer in the catalog are left out, also of the sums that visitors are folded in with.
    let (from_here, _) = bytes(written_out());
    assert_eq!(from_model, from_here);
    let told: Vec<&str> = warnings.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told, ["the catalog has no item \"gone\", which is passed over", "1 of 3 items have no vector"]);
}

#[test]
fn what_the_bundle_says_itself_stays() {
    let own = json!({ "neighbours": { "hat": { "boots": 1 } }, "stack": null });
    let mut with_model = shop(&json!({ "model": "learned/model.json", "neighbours": own["neighbours"] }));
    with_model["segments"]["country=DE"] = json!({ "country": { "$in": ["DE", "AT"] } });
    let mut without = written_out();
    without["catalog"]["neighbours"] = own["neighbours"].clone();
    without["segments"]["country=DE"] = json!({ "country": { "$in": ["DE", "AT"] } });
    assert_eq!(bytes(with_model).0, bytes(without).0);
}

#[test]
fn a_stack_is_for_rules_that_have_no_weights_of_their_own() {
    let mut bundle = written_out();
    bundle["catalog"].as_object_mut().unwrap().remove("stack");
    bundle["slots"]["related"]["rules"][0]["rank"]["stack"] = stack();
    assert_eq!(bytes(bundle).0, bytes(written_out()).0);
}

#[test]
fn files_of_a_model_lie_beside_it() {
    let mut names: Vec<_> = mentioned("learned/model.json", &model()).into_iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let expected = ["content.npy", "counts.json", "factors.npy", "neighbours.json", "rows.json"];
    assert_eq!(names, expected.map(|name| format!("learned/{name}")));
    assert_eq!(mentioned("model.json", &model())[0].0, "neighbours.json");
}

#[test]
fn models_that_do_not_fit() {
    let told = |change: fn(&mut Files)| -> Vec<String> {
        let mut files = files();
        change(&mut files);
        let problems = compile_with(shop(&json!({ "model": "learned/model.json" })), &files).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    };
    for (change, expected) in [
        (
            (|files| files.insert("learned/model.json", b"{\"contents\": 1}".to_vec())) as fn(&mut Files),
            "unknown field `contents`",
        ),
        (|files| *files = Files::default(), "there is no file \"learned/model.json\""),
        (|files| files.insert("learned/rows.json", b"[\"hat\"]".to_vec()), "rows: 3, ids: 1"),
        (|files| files.insert("learned/rows.json", b"[1]".to_vec()), "the file \"learned/rows.json\" cannot be read"),
        (|files| files.insert("learned/counts.json", b"[".to_vec()), "the file \"learned/counts.json\" cannot be read"),
    ] {
        let told = told(change);
        assert!(told.iter().any(|line| line.contains(expected)), "{told:#?}: not {expected}");
    }
}
