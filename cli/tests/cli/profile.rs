//! `slotwise explain --profile`: what the visitor did, and the items that are ranked by it.

use super::Folder;
use super::explain::BUNDLE;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::json;
use slotwise::profile::{Event, Profile};

/// The neighbours' share is 0.8 × 1, since the past adds up to one and boots are all of it; the popularity's half of 40 of 80, and half of 10 of 80.
const RANKED: &str = r#"{
  "version": 1, "id": "shop",
  "catalog": {
    "items": [
      { "id": "boots", "title": "Hiking boots", "sold": 80 },
      { "id": "socks", "title": "Wool socks", "sold": 40 },
      { "id": "tent", "title": "Tent for two", "sold": 10 }
    ],
    "neighbours": { "boots": { "socks": 0.8 } },
    "popularity": { "member": "sold" },
    "because": { "neighbours": "Goes with {{title}}" }
  },
  "slots": {
    "advice": {
      "default": "none",
      "variants": { "none": {}, "shown": { "value": 1 } },
      "rules": [{ "when": { "$did": { "event": "view_item", "within": "10m", "times": { "$gte": 2 } } }, "show": "shown" }]
    },
    "related": {
      "default": "none",
      "variants": { "none": {}, "cards": { "html": "{{#items}}{{title}} {{/items}}" } },
      "rules": [{ "rank": { "show": "cards", "limit": 2, "exclude": ["seen"], "weights": { "neighbours": 1, "popularity": 0.5 } } }]
    }
  }
}"#;

const AT_HALF_PAST: &str = r#"{ "now": "2026-11-02T08:30:00Z", "consent": { "personalization": true } }"#;

/// Two views in the last ten minutes, one of them told twice, and one of tomorrow; as they stand in a log, the latest first.
const EVENTS: &str = r#"{"name": "view_item", "item": "tent", "time": "2026-11-03T08:00:00Z"}
{"name": "view_item", "item": "boots", "time": "2026-11-02T08:25:00Z", "visitor": "v1", "attributes": {"geo": {}}}

{"name": "view_item", "item": "boots", "time": 1793607840000, "visitor": "v1"}
{"name": "view_item", "item": "boots", "time": 1793607840000, "visitor": "v1"}
"#;

#[test]
fn a_profile_is_folded_from_events_and_ranked_items_say_why() {
    let folder = Folder::with("bundle.json", RANKED);
    folder.write("events.jsonl", EVENTS);
    let ran = folder.run(&["explain", "bundle.json", "-c", AT_HALF_PAST, "--profile", "events.jsonl"]).expect(0);
    for line in [
        "advice shows shown",
        "      $did view_item within 10m is 2: $gte 2? yes",
        "  item     1. socks 1.0500  Goes with Hiking boots",
        "              neighbours 0.8000 (boots), popularity 0.2500",
        "  item     2. tent 0.0625",
        "              popularity 0.0625",
    ] {
        assert!(ran.stdout.lines().any(|found| found == line), "{line:?} is missing:\n{}", ran.stdout);
    }
    assert!(ran.stderr.contains("1 of 4 events left out: told again"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 of 4 events left out: later"), "{}", ran.stderr);
    let told = folder.run(&["explain", "bundle.json", "-c", AT_HALF_PAST, "-p", "events.jsonl", "--json"]).json();
    let socks = &told["slots"]["related"]["items"][0];
    assert_eq!((&socks["id"], &socks["because"]["item"]), (&json!("socks"), &json!("boots")));
    assert_eq!(socks["because"]["shares"]["popularity"], 0.25);
}

#[test]
fn a_profile_is_read_as_pages_keep_it() {
    let folder = Folder::with("bundle.json", RANKED);
    let mut profile = Profile::new(7);
    for time in [1_793_607_900_000.0, 1_793_607_960_000.0] {
        let event = Event { name: "view_item".into(), item: Some("boots".into()), time, ..Event::default() };
        assert!(profile.apply(&event, time));
    }
    let kept = Base64UrlUnpadded::encode_string(&profile.to_bytes());
    let arguments = ["explain", "bundle.json", "-c", AT_HALF_PAST, "-p", "-"];
    let told = folder.run_with_stdin(&arguments, format!("{kept}\n")).expect(0).stdout;
    assert!(told.contains("advice shows shown") && told.contains("(boots)"), "{told}");
    for cut in [&kept[..8], "no profile", ""] {
        let ran = folder.run_with_stdin(&arguments, cut).expect(2);
        assert!(ran.stderr.contains("stdin holds neither events nor a profile"), "{cut}: {}", ran.stderr);
    }
}

#[test]
fn a_profile_that_changes_nothing_says_so() {
    let folder = Folder::with("bundle.json", RANKED);
    folder.write("plain.json", BUNDLE);
    folder.write("events.jsonl", r#"{"name": "view_item", "item": "boots"}"#);
    let ran = folder.run(&["explain", "bundle.json", "-p", "events.jsonl"]).expect(0);
    assert!(ran.stderr.contains("no consent to \"personalization\""), "{}", ran.stderr);
    assert!(!ran.stdout.contains("(boots)"), "{}", ran.stdout);
    let ran = folder.run(&["explain", "plain.json", "-c", AT_HALF_PAST, "-p", "events.jsonl"]).expect(0);
    assert!(ran.stderr.contains("asks nothing about what visitors did"), "{}", ran.stderr);
}

#[test]
fn what_is_no_event_is_refused_at_its_line() {
    let folder = Folder::with("bundle.json", RANKED);
    for (line, message) in [
        (r#"{"nam": "view_item"}"#, "unknown field `nam`"),
        (r#"{"item": "boots"}"#, "missing field `name`"),
        (r#"{"name": "view_item""#, "EOF while parsing an object"),
        (r#"{"name": "view_item", "time": "noon"}"#, "\"noon\" is no time"),
        (r#"{"name": "view_item", "time": 1793607840}"#, "before 2020"),
        (r#"{"name": "view_item", "visitor": "v2"}"#, "of \"v2\", and those before of \"v1\""),
    ] {
        folder.write("events.jsonl", format!("{{\"name\": \"like\", \"visitor\": \"v1\"}}\n{line}\n"));
        let ran = folder.run(&["explain", "bundle.json", "-p", "events.jsonl"]).expect(2);
        assert!(ran.stderr.contains("events.jsonl:2: ") && ran.stderr.contains(message), "{line}:\n{}", ran.stderr);
    }
    folder.run(&["explain", "-", "--profile", "-"]).expect(2);
}
