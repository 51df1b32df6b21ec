//! `slotwise train` and `slotwise evaluate`.

use super::Folder;
use serde_json::{Value as Json, json};
use slotwise::{Context, Engine};
use std::fmt::Write;

/// Forty visitors of two tastes, who come twice; one row is no event, and one tells an event again.
fn shop() -> Folder {
    let folder = Folder::new();
    let mut items = String::new();
    for item in 0..20 {
        let what = if item < 10 { "walking shoe" } else { "printed book" };
        let _ =
            writeln!(items, "{}", json!({ "id": format!("i{item:02}"), "title": format!("{what} size{}", item % 3) }));
    }
    folder.write("items.jsonl", &items);
    let mut log = String::from("visitor,item,name,time,country\n");
    let mut state = 1_u64;
    for day in 0..8_u64 {
        for visitor in 0..40_u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let item = (state >> 40) % 10 + 10 * (visitor % 2);
            let country = if visitor % 2 == 0 { "PL" } else { "DE" };
            let _ =
                writeln!(log, "v{visitor},i{item:02},view_item,{},{country}", 1_772_366_400 + day * 86_400 + visitor);
        }
    }
    let last = log.lines().last().unwrap_or_default().to_owned();
    let _ = writeln!(log, "{last}\nv1,i01,view_item,soon,PL");
    folder.write("log.csv", &log);
    folder
}

const LOG: [&str; 4] = ["--events", "log.csv", "--items", "items.jsonl"];

fn with(command: &'static str, more: &[&'static str]) -> Vec<&'static str> {
    [&[command], LOG.as_slice(), more].concat()
}

#[test]
fn what_is_trained_is_built_and_ranks() {
    let folder = shop();
    let ran = folder.run(&with("train", &["-o", "model", "--by", "country", "--rejected", "rejected.tsv"])).expect(0);
    for expected in
        ["320 events of 40 visitors with 20 items, of 322 rows", "1 told again", "1 not used: the time is none"]
    {
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    assert!(ran.stdout.contains("NDCG at 10 on the events that were held back"), "{}", ran.stdout);
    let rejected = String::from_utf8(folder.read("rejected.tsv")).unwrap();
    assert_eq!(rejected, "row\treason\tcontent\nlog.csv:322\tthe time is none\tv1,i01,view_item,soon,PL\n");

    folder.write(
        "bundle.json",
        r#"{ "version": 1, "id": "shop",
             "catalog": { "items": "items.jsonl", "model": "model/model.json" },
             "slots": { "list": { "default": "none", "variants": { "none": {}, "cards": {} }, "rules": [{ "rank": { "show": "cards" } }] } } }"#,
    );
    let built = folder.run(&["build", "bundle.json", "-o", "bundle.slotwise"]).expect(0);
    assert!(built.stdout.contains("factors 20 × 64 in 12 bits"), "{}", built.stdout);
    let engine = Engine::load(&folder.read("bundle.slotwise")).unwrap();
    let ranked = |country: &str| -> Vec<String> {
        let context = Context::new(1_775_000_000_000.0).attributes(json!({ "country": country }));
        let list = engine.personalize(&context).slots["list"].items.clone().unwrap_or_default();
        list.into_iter().map(|item| item.id).collect()
    };
    // Whoever is new sees what is popular where they are: shoes in Poland, books in Germany.
    assert!(ranked("PL").iter().all(|id| id.as_str() < "i10"), "{:?}", ranked("PL"));
    assert!(ranked("DE").iter().all(|id| id.as_str() >= "i10"), "{:?}", ranked("DE"));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = shop();
    let ran = folder.run(&with("train", &["-o", "."])).expect(2);
    assert!(ran.stderr.contains("holds something else than a model"), "{}", ran.stderr);
    assert!(ran.stderr.contains("name another folder with -o"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["items.jsonl", "log.csv"]);
}

#[test]
fn lists_are_evaluated_beside_chance_and_popularity() {
    let folder = shop();
    let more = ["--test-share", "0.3", "--json", "--report", "report.html", "--write-parameters", "found.json"];
    let found = folder.run(&with("evaluate", &more)).expect(0).json();
    let names: Vec<&str> = found["rows"].as_array().unwrap().iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names[..6], ["random", "popularity", "knn", "ease", "als", "content"]);
    let mean = |name: &str| -> f64 {
        let row = found["rows"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();
        row["metrics"]["ndcg"]["mean"].as_f64().unwrap()
    };
    assert!(mean("ease") > mean("popularity"), "{found}");
    let parameters: Json = serde_json::from_slice(&folder.read("found.json")).unwrap();
    assert_eq!(parameters, found["parameters"]);
    assert!(String::from_utf8(folder.read("report.html")).unwrap().starts_with("<!doctype html>"));

    let again = folder.run(&with("evaluate", &["--test-share", "0.3", "--parameters", "found.json"])).expect(0);
    assert!(again.stdout.contains(&format!("{:.4}", mean("ease"))), "{}", again.stdout);
}

#[test]
fn what_is_wrong_is_said() {
    let folder = shop();
    folder.write("short.csv", "visitor,item,time\nv1,i01,1\n");
    folder.write("parameters.json", r#"{ "als": { "factor": 3 } }"#);
    for (words, expected) in [
        (vec!["train", "--events", "log.xls", "-o", "model"], "this kind of log is not known"),
        (vec!["train", "--events", "none.csv", "-o", "model"], "cannot read none.csv"),
        (vec!["train", "--events", "short.csv", "-o", "model"], "no event is left to be validated with"),
        (vec!["evaluate", "--events", "log.csv", "--columns", "visitor=who"], "the log has no column \"who\""),
        (vec!["evaluate", "--events", "log.csv", "--parameters", "parameters.json"], "unknown field `factor`"),
        (vec!["evaluate", "--events", "log.csv", "--test-share", "2"], "is a share between 0 and 1"),
    ] {
        let ran = folder.run(&words).expect(2);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    }
    assert!(!folder.names().contains(&"model".to_owned()));
}
