//! `slotwise check`.

use super::Folder;
use serde_json::{Value as Json, json};

/// Four mistakes, on lines 5, 6, 8 and 9; the last two lines are never reached.
const WRONG: &str = r#"{
  "version": 1, "id": "shop",
  "slots": {
    "a/b": {
      "default": "bse",
      "variants": { "base": {}, "żółw": { "htm": "x" } },
      "rules": [
        { "id": "😀", "when": { "city": { "$regx": "^a" } }, "show": "base" },
        { "when": { "city": "x" }, "show": "żólw" }
      ]
    }
  }
}
"#;

const FINE: &str =
    r#"{ "version": 1, "id": "shop", "slots": { "hero": { "default": "base", "variants": { "base": {} } } } }"#;

#[test]
fn a_good_bundle_passes() {
    let folder = Folder::with("bundle.json", FINE);
    let ran = folder.run(&["check", "bundle.json", "--deny-warnings"]).expect(0);
    assert!(ran.stdout.contains("slots 1, experiments 0"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
    assert_eq!(folder.run(&["check", "bundle.json", "--json"]).expect(0).json(), json!([]));
    folder.run_with_stdin(&["check", "-"], FINE).expect(0);
}

#[test]
fn every_mistake_is_shown_at_its_place() {
    let folder = Folder::with("bundle.json", WRONG);
    let ran = folder.run(&["check", "bundle.json"]).expect(1);
    for place in ["[bundle.json:5:7]", "[bundle.json:6:43]", "[bundle.json:8:42]", "[bundle.json:9:36]"] {
        assert!(ran.stderr.contains(place), "{place} is missing:\n{}", ran.stderr);
    }
    // The line is shown, and underlined below the right characters, wide ones included.
    let below = " 5 │       \"default\": \"bse\",\n   ·       ────────────────\n";
    assert!(ran.stderr.contains(below), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean \"base\"?"));
    assert!(ran.stderr.contains("did you mean $regex?"));
    assert!(ran.stderr.contains("bundle.json: 4 errors, "));
    assert_eq!(ran.stdout, "");
}

#[test]
fn as_json_with_lines_and_columns() {
    let folder = Folder::with("bundle.json", WRONG);
    let found = folder.run(&["check", "bundle.json", "--json"]).expect(1).json();
    let errors: Vec<&Json> = found.as_array().unwrap().iter().filter(|line| line["severity"] == "error").collect();
    let places: Vec<_> =
        errors.iter().map(|line| (line["pointer"].as_str().unwrap(), &line["line"], &line["column"])).collect();
    // Columns counted by hand, in characters.
    assert_eq!(
        places,
        [
            ("/slots/a~1b/default", &json!(5), &json!(7)),
            ("/slots/a~1b/variants/żółw/htm", &json!(6), &json!(43)),
            ("/slots/a~1b/rules/0/when/city/$regx", &json!(8), &json!(42)),
            ("/slots/a~1b/rules/1/show", &json!(9), &json!(36)),
        ]
    );
    assert_eq!(errors[0]["help"], "did you mean \"base\"?");
    for line in found.as_array().unwrap() {
        let members: Vec<&String> = line.as_object().unwrap().keys().collect();
        assert_eq!(members, ["severity", "pointer", "line", "column", "message", "help"]);
    }
}

#[test]
fn text_that_is_no_json_is_shown_where_it_stops() {
    for (text, line, column, help) in [
        ("{\n  \"version\": 1,\n}", 3, 1, "remove the comma before it"),
        ("{\n  // a note\n}", 2, 3, "JSON has no comments; put notes into \"description\""),
        ("{ 'version': 1 }", 1, 3, "JSON texts stand in double quotes"),
        ("{\n  \"ż\": nul\n}", 2, 11, ""),
        ("", 1, 1, ""),
        ("{\n\"a\": [1, 2", 2, 11, ""),
    ] {
        let ran = Folder::new().run_with_stdin(&["check", "-", "--json"], text).expect(1);
        let found = &ran.json()[0];
        assert_eq!((&found["line"], &found["column"]), (&json!(line), &json!(column)), "{text}: {found}");
        assert_eq!(found["help"].as_str().unwrap_or(""), help, "{text}");
        assert!(found["message"].as_str().unwrap().starts_with("this is not JSON: "), "{found}");
    }
    let ran = Folder::new().run_with_stdin(&["check", "-"], "{\n  // a note\n}").expect(1);
    assert!(ran.stderr.contains("[stdin:2:3]"), "{}", ran.stderr);
}

#[test]
fn warnings_fail_only_when_they_are_denied() {
    let text = FINE.replace("\"base\": {}", "\"base\": {}, \"spare\": {}");
    let folder = Folder::with("bundle.json", &text);
    let ran = folder.run(&["check", "bundle.json"]).expect(0);
    assert!(ran.stderr.contains("no rule shows this variant") && ran.stderr.contains("1 warning"), "{}", ran.stderr);
    folder.run(&["check", "bundle.json", "--deny-warnings"]).expect(1);
    let found = folder.run(&["check", "bundle.json", "--json", "--deny-warnings"]).expect(1).json();
    assert_eq!(found[0]["pointer"], "/slots/hero/variants/spare");
}

#[test]
fn a_member_that_is_written_twice_is_a_warning() {
    let folder = Folder::with("bundle.json", &FINE.replace("\"id\": \"shop\"", "\"id\": \"a\", \"id\": \"b\""));
    let found = folder.run(&["check", "bundle.json", "--json"]).expect(0).json();
    assert_eq!((&found[0]["pointer"], &found[0]["column"]), (&json!("/id"), &json!(28)));
}

#[test]
fn of_minified_json_only_the_place_is_shown() {
    let padding = format!("\"description\": \"{}\", \"default\": \"bse\"", "ż".repeat(5000));
    let folder = Folder::with("bundle.json", &FINE.replace("\"default\": \"base\"", &padding));
    let ran = folder.run(&["check", "bundle.json"]).expect(1);
    assert!(ran.stderr.contains("\"default\": \"bse\""), "{}", ran.stderr);
    // What comes before: `{ "version": 1, "id": "shop", "slots": { "hero": { "description": "` (67), 5000, `", ` (3).
    assert!(ran.stderr.contains("[bundle.json:1:5071]"), "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.chars().count() < 200));
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::new();
    let ran = folder.run(&["check", "nowhere.json"]).expect(2);
    assert!(ran.stderr.contains("cannot read nowhere.json"), "{}", ran.stderr);
    folder.write("bytes.json", [b'{', 0xff]);
    let ran = folder.run(&["check", "bytes.json"]).expect(2);
    assert!(ran.stderr.contains("no UTF-8 text: byte 1"), "{}", ran.stderr);
}
