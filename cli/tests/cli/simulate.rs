//! `slotwise simulate`.

use super::{Folder, ran};
use serde_json::{Value as Json, json};
use slotwise::bucket::{HashVersion, Seed};

const BUNDLE: &str = r#"{
  "version": 1, "id": "shop",
  "holdouts": { "global": { "coverage": 0.2 } },
  "experiments": {
    "even": { "variants": { "a": 0.5, "b": 0.5 } },
    "uneven": { "variants": { "a": 0.9, "b": 0.1 }, "coverage": 0.5 },
    "held": { "variants": { "a": 0.5, "b": 0.5 }, "holdout": "global" },
    "pro": { "variants": { "a": 0.5, "b": 0.5 }, "when": { "plan": "pro" } }
  },
  "slots": {
    "one": { "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "even" }] },
    "two": { "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "uneven" }] },
    "three": { "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "held" }] },
    "four": { "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "experiment": "pro" }] }
  }
}"#;

const VISITORS: u64 = 200_000;

fn simulate(folder: &Folder, more: &[&str]) -> Json {
    let count = VISITORS.to_string();
    let arguments =
        [&["simulate", "bundle.json", "--json", "--visitors", &count, "--context", r#"{ "now": 0 }"#], more].concat();
    folder.run(&arguments).expect(0).json()
}

/// Who has done nothing has dealt with no item last, so the rule behind is asked: in half of the cases by its experiment.
#[test]
fn a_ranking_with_nothing_to_show_is_passed_over() {
    let bundle = r#"{
      "version": 1, "id": "shop",
      "experiments": { "even": { "variants": { "a": 0.5, "b": 0.5 } } },
      "catalog": { "items": [{ "id": "boots", "stock": 0 }, { "id": "hat", "stock": 1 }], "neighbours": { "boots": { "hat": 1 } } },
      "slots": {
        "last": { "default": "a", "variants": { "a": {}, "b": {}, "cards": {} },
                  "rules": [{ "rank": { "show": "cards", "about": "last" } }, { "experiment": "even" }] },
        "any": { "default": "a", "variants": { "a": {}, "cards": {} },
                 "rules": [{ "rank": { "show": "cards", "where": { "stock": { "$gt": 0 } } } }] },
        "page": { "default": "a", "variants": { "a": {}, "cards": {} },
                  "rules": [{ "rank": { "show": "cards", "about": { "attribute": "item" } } }] }
      }
    }"#;
    let folder = Folder::with("bundle.json", bundle);
    folder.write("visitors.jsonl", "{ \"item\": \"boots\" }\n{ \"item\": \"gone\" }\n");
    let result = simulate(&folder, &["--attributes-from", "visitors.jsonl"]);
    let visitors = |slot: &str, variant: &str| result["slots"][slot][variant]["visitors"].as_u64();
    assert_eq!(visitors("last", "cards"), Some(0));
    assert_eq!(visitors("any", "cards"), Some(VISITORS));
    assert_eq!(visitors("page", "cards"), Some(VISITORS / 2), "nothing goes with what there is not");
    assert_eq!(result["experiments"]["even"]["participants"]["visitors"], VISITORS);
}

/// Whether a share of the visitors is what it should be, give or take 4.5 standard errors.
fn is_near(share: &Json, expected: f64) -> bool {
    let error = (expected * (1.0 - expected) / 200_000.0_f64).sqrt();
    (share.as_f64().unwrap() - expected).abs() < 4.5 * error
}

#[test]
fn shares_are_what_the_bundle_says() {
    let result = simulate(&Folder::with("bundle.json", BUNDLE), &[]);
    assert_eq!(result["visitors"], VISITORS);
    let experiments = &result["experiments"];
    for (name, arm, expected) in [("even", "a", 0.5), ("even", "b", 0.5), ("uneven", "a", 0.9), ("uneven", "b", 0.1)] {
        let arm = &experiments[name]["arms"][arm];
        let (low, high) = (arm["interval"][0].as_f64().unwrap(), arm["interval"][1].as_f64().unwrap());
        assert!(low < expected && expected < high, "{name}: {arm}");
        assert!(high - low < 0.01 && low < arm["share"].as_f64().unwrap(), "{name}: {arm}");
        assert_eq!(arm["expected"], expected);
        assert_eq!(experiments[name]["sampleRatio"]["ok"], true);
    }
    for (name, share) in [("even", 1.0), ("uneven", 0.5), ("held", 0.8), ("pro", 0.0)] {
        let participants = &experiments[name]["participants"]["share"];
        assert!(is_near(participants, share) || participants == share, "{name}: {participants}");
    }
    assert!(is_near(&experiments["uneven"]["absent"]["not_covered"]["share"], 0.5));
    assert!(is_near(&experiments["held"]["absent"]["held_out"]["share"], 0.2));
    assert_eq!(experiments["pro"]["absent"]["not_targeted"]["visitors"], VISITORS);
    assert_eq!(experiments["pro"]["sampleRatio"], Json::Null);
    assert_eq!(experiments["pro"]["arms"]["a"]["interval"], Json::Null);
    // Slot two shows b to a tenth of the half that takes part.
    assert!(is_near(&result["slots"]["two"]["b"]["share"], 0.05));
    assert!(is_near(&result["slots"]["two"]["a"]["share"], 0.95));
}

#[test]
fn overlaps_are_the_visitors_of_both() {
    let result = simulate(&Folder::with("bundle.json", BUNDLE), &[]);
    let overlaps = result["overlaps"].as_array().unwrap();
    let shared = |first: &str, second: &str| {
        let pair = |overlap: &&Json| {
            overlap["experiments"] == json!([first, second]) || overlap["experiments"] == json!([second, first])
        };
        overlaps.iter().find(pair).map(|overlap| overlap["share"].clone())
    };
    // Everybody takes part in `even`; the others are drawn independently.
    assert!(is_near(&shared("even", "uneven").unwrap(), 0.5));
    assert!(is_near(&shared("even", "held").unwrap(), 0.8));
    assert!(is_near(&shared("uneven", "held").unwrap(), 0.4));
    assert_eq!(shared("even", "pro"), None);
    assert_eq!(overlaps.len(), 3);
}

#[test]
fn the_seed_decides_and_the_number_of_cores_does_not() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let run = |seed: &str, threads: &str| {
        let arguments = ["simulate", "bundle.json", "-n", "30000", "--seed", seed, "-c", r#"{ "now": 0 }"#];
        ran(folder.command(&arguments).env("RAYON_NUM_THREADS", threads)).expect(0).stdout
    };
    let first = run("1", "1");
    assert_eq!(first, run("1", "3"));
    assert_ne!(first, run("2", "1"));
    assert!(first.contains("as the weights say") && first.contains("nothing to test"), "{first}");
}

#[test]
fn attributes_come_from_the_context_and_from_lines() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let context =
        r#"{ "now": 0, "attributes": { "plan": "pro", "id": "ignored" }, "consent": { "personalization": true } }"#;
    let result = folder.run(&["simulate", "bundle.json", "--json", "-n", "5000", "-c", context]).expect(0).json();
    assert_eq!(result["experiments"]["pro"]["participants"]["visitors"], 5000);
    // Two of three lines are of this plan; 6000 visitors are 2000 rounds.
    folder.write("lines.jsonl", "{\"plan\": \"pro\"}\n\n{}\n{\"plan\": \"pro\", \"x\": 1}\n");
    let lines = ["simulate", "bundle.json", "--json", "-n", "6000", "--attributes-from", "lines.jsonl"];
    let result = folder.run(&lines).expect(0).json();
    assert_eq!(result["experiments"]["pro"]["participants"]["visitors"], 4000);
    let refused = r#"{ "consent": { "personalization": false } }"#;
    let result = folder.run(&["simulate", "bundle.json", "--json", "-n", "5000", "-c", refused]).expect(0).json();
    assert_eq!(result["experiments"]["even"]["absent"]["consent_required"]["visitors"], 5000);
}

#[test]
fn a_skewed_set_of_visitors_fails_the_sample_ratio_test() {
    // As after a fault that loses every fifth visitor of arm b: 0.5 against 0.4 of some four thousand.
    let seed = Seed::new("even", HashVersion::Two);
    let ids: Vec<String> = (0..4000).map(|number| format!("user-{number}")).collect();
    let is_a = |id: &String| seed.bucket(&id.encode_utf16().collect::<Vec<_>>()).share() < 0.5;
    let (a, b): (Vec<&String>, Vec<&String>) = ids.iter().partition(|id| is_a(id));
    let b: Vec<&String> = b.into_iter().enumerate().filter(|(place, _)| place % 5 != 0).map(|(_, id)| id).collect();
    let lines = |ids: &mut dyn Iterator<Item = &String>| {
        ids.map(|id| json!({ "id": id }).to_string() + "\n").collect::<String>()
    };

    let folder = Folder::with("bundle.json", BUNDLE);
    folder.write("skewed.jsonl", lines(&mut a.iter().chain(&b).copied()));
    let skewed = ["simulate", "bundle.json", "--attributes-from", "skewed.jsonl"];
    let result = folder.run(&[&skewed[..], &["--json"]].concat()).expect(1).json();
    let even = &result["experiments"]["even"];
    assert_eq!((&even["arms"]["a"]["visitors"], &even["arms"]["b"]["visitors"]), (&json!(a.len()), &json!(b.len())));
    // With half expected in each arm, chi-square is (a - b)² / (a + b).
    let (a, b) = (a.len() as f64, b.len() as f64);
    let ratio = &even["sampleRatio"];
    assert!((ratio["chiSquare"].as_f64().unwrap() - (a - b).powi(2) / (a + b)).abs() < 1e-9, "{ratio}");
    assert!(ratio["p"].as_f64().unwrap() < 0.001 && ratio["ok"] == false, "{ratio}");
    let text = folder.run(&skewed).expect(1).stdout;
    assert!(text.contains("mismatch") && text.contains("less than once in a thousand runs"), "{text}");

    folder.write("all.jsonl", lines(&mut ids.iter()));
    folder.run(&["simulate", "bundle.json", "--attributes-from", "all.jsonl"]).expect(0);
    // Nobody is counted twice.
    let ran = folder.run(&[&skewed[..], &["-n", "4001"]].concat()).expect(2);
    assert!(ran.stderr.contains("4,001 visitors are asked for"), "{}", ran.stderr);
}

#[test]
fn lines_and_bundles_that_cannot_be_used() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let lines = ["simulate", "bundle.json", "--attributes-from", "lines.jsonl"];
    for (text, message) in [
        ("{}\n[]\n", "line 2 of lines.jsonl is no JSON object"),
        ("{}\n\n{\"a\": }\n", "lines.jsonl, line 3"),
        ("\n", "lines.jsonl has no lines"),
    ] {
        folder.write("lines.jsonl", text);
        let ran = folder.run(&lines).expect(2);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    folder.run(&["simulate", "nowhere.json"]).expect(2);
    folder.write("bundle.json", "{}");
    folder.run(&["simulate", "bundle.json"]).expect(1);
}
