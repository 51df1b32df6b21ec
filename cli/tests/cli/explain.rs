//! `slotwise explain`.

use super::Folder;
use serde_json::{Value as Json, json};

pub(crate) const BUNDLE: &str = r#"{
  "version": 1, "id": "shop", "revision": 3,
  "experiments": { "price": { "variants": { "low": 0.5, "high": 0.5 }, "sticky": true } },
  "slots": {
    "hero": {
      "default": "base",
      "variants": { "base": {}, "early": { "html": "<b>{{geo.city}}</b>" } },
      "rules": [{ "id": "morning", "when": { "time.hour": { "$lt": 9 } }, "show": "early" }]
    },
    "offer": {
      "default": "low",
      "variants": { "low": { "value": 5 }, "high": { "patches": [{ "op": "text", "selector": "a.cta", "value": "Buy" }] } },
      "rules": [{ "experiment": "price" }]
    }
  }
}"#;

/// 08:30 in Warsaw is 07:30 in UTC and 01:30 in Chicago (its summer time ended on 1 November 2026).
const CONTEXT: &str = r#"{
  "attributes": { "id": "user-1", "geo": { "city": "Kraków & <co>" } },
  "consent": { "personalization": true },
  "now": "2026-11-02T08:30:00+01:00", "timeZone": "Europe/Warsaw",
  "force": { "offer": "high" }
}"#;

#[test]
fn slots_reasons_content_and_steps_are_told() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let text = folder.run(&["explain", "bundle.json", "--context", CONTEXT]).expect(0).stdout;
    for line in [
        "bundle shop · revision 3 · 2026-11-02T08:30:00 at UTC+01:00",
        "hero shows early",
        "  because  rule \"morning\" (rule, matched)",
        "  content  html <b>Kraków &amp; &lt;co&gt;</b>",
        "    rule 0 \"morning\"",
        "      time.hour is 8: $lt 9? yes",
        "offer shows high",
        "  because  forced, forced",
        "  content  text a.cta Buy",
        "to log once seen  nothing",
    ] {
        assert!(text.lines().any(|found| found == line), "{line:?} is missing:\n{text}");
    }
}

#[test]
fn as_json() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let told = folder.run(&["explain", "bundle.json", "--context", CONTEXT, "--json"]).expect(0).json();
    assert_eq!(told["utcOffset"], 60);
    // 20,759 days and 7.5 hours.
    assert_eq!(told["now"], json!(1_793_604_600_000.0_f64));
    let hero = &told["slots"]["hero"];
    assert_eq!((&hero["variant"], &hero["rule"]), (&json!("early"), &json!("morning")));
    assert_eq!(
        hero["steps"][1],
        json!({ "step": "test", "path": "time.hour", "operator": "$lt", "operand": 9, "value": 8, "holds": true, "depth": 0 })
    );
    assert_eq!(told["slots"]["offer"]["source"], "forced");
    // At nine o'clock the hour changes: half an hour.
    assert_eq!(told["cache"]["maxAge"], 1800);
    let mut varies: Vec<&str> = told["cache"]["varies"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    varies.sort_unstable();
    assert_eq!(varies, ["geo.city", "time.hour"]);
}

#[test]
fn an_experiment_says_what_to_log_and_to_keep() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let context =
        r#"{ "attributes": { "id": "u" }, "consent": { "personalization": true }, "sticky": { "price__0": "high" } }"#;
    let told = folder.run(&["explain", "bundle.json", "-c", context, "-s", "offer", "--json"]).expect(0).json();
    let offer = &told["slots"]["offer"];
    assert_eq!((&offer["reason"], &offer["arm"]), (&json!("sticky"), &json!("high")));
    assert_eq!(told["slots"].as_object().unwrap().len(), 1);
    assert_eq!(told["sticky"], json!({ "price__0": "high" }));
    let text = folder.run(&["explain", "bundle.json", "-c", context]).expect(0).stdout;
    assert!(text.contains("to log once seen  price = high (in offer)"), "{text}");
    assert!(text.contains("to keep           price__0 = high"), "{text}");
}

#[test]
fn contexts_come_from_files_and_stdin_and_may_be_left_out() {
    let folder = Folder::with("bundle.json", BUNDLE);
    folder.write("visitor.json", CONTEXT);
    let inline = folder.run(&["explain", "bundle.json", "--context", CONTEXT]).expect(0).stdout;
    assert_eq!(folder.run(&["explain", "bundle.json", "--context", "visitor.json"]).expect(0).stdout, inline);
    assert_eq!(folder.run_with_stdin(&["explain", "bundle.json", "--context", "-"], CONTEXT).expect(0).stdout, inline);
    assert_eq!(folder.run_with_stdin(&["explain", "-", "--context", "visitor.json"], BUNDLE).expect(0).stdout, inline);
    let unknown = folder.run(&["explain", "bundle.json"]).expect(0).stdout;
    assert!(unknown.contains("default, consent_required"), "{unknown}");
    folder.run(&["explain", "-", "--context", "-"]).expect(2);
}

#[test]
fn time_zones_by_name_and_by_minutes() {
    let folder = Folder::with("bundle.json", BUNDLE);
    for (zone, hour, offset) in [
        (json!("Europe/Warsaw"), 8, 60),
        (json!("America/Chicago"), 1, -360),
        (json!(-210), 4, -210),
        (json!(null), 7, 0),
    ] {
        let context = json!({ "now": 1_793_604_600_000_i64, "timeZone": zone }).to_string();
        let told = folder.run(&["explain", "bundle.json", "-c", &context, "--json"]).expect(0).json();
        assert_eq!(told["slots"]["hero"]["steps"][1]["value"], hour, "{zone}");
        assert_eq!(told["utcOffset"], offset, "{zone}");
    }
    // Summer time ends at 01:00 UTC: half an hour later, and sooner than the next local hour would be known.
    let context = r#"{ "now": "2026-10-25T00:30:00Z", "timeZone": "Europe/Warsaw" }"#;
    let told = folder.run(&["explain", "bundle.json", "-c", context, "--json"]).expect(0).json();
    assert_eq!(told["cache"]["maxAge"], 1800);
}

#[test]
fn wrong_contexts_are_refused_at_their_place_with_a_suggestion() {
    let folder = Folder::with("bundle.json", BUNDLE);
    for (context, place, message) in [
        (r#"{"atributes": {}}"#, "[context:1:2]", "did you mean \"attributes\"?"),
        (r#"{"id": "user-1"}"#, "[context:1:2]", "belongs into attributes"),
        (r#"{"attributes": []}"#, "[context:1:2]", "\"attributes\" is an object"),
        (r#"{"request": {"userAgnt": "x"}}"#, "[context:1:14]", "did you mean \"userAgent\"?"),
        (r#"{"request": {"url": 5}}"#, "[context:1:14]", "5 is no text"),
        (r#"{"consent": {"personalization": "yes"}}"#, "[context:1:14]", "write true or false"),
        (r#"{"now": "noon"}"#, "[context:1:2]", "\"noon\" is no time"),
        (r#"{"timeZone": "Europe/Krakow"}"#, "[context:1:2]", "there is no time zone"),
        (r#"{"force": {"her": "early"}}"#, "[context:1:12]", "did you mean \"hero\"?"),
        (r#"{"force": {"hero": "erly"}}"#, "[context:1:12]", "did you mean \"early\"?"),
        (r#"{"now": }"#, "[context:1:9]", "this is not JSON"),
    ] {
        let ran = folder.run(&["explain", "bundle.json", "--context", context]).expect(2);
        assert!(ran.stderr.contains(place) && ran.stderr.contains(message), "{context}:\n{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
    let ran = folder.run(&["explain", "bundle.json", "--slot", "ofer"]).expect(2);
    assert!(ran.stderr.contains("did you mean \"offer\"?"), "{}", ran.stderr);
}

#[test]
fn bundles_that_cannot_be_used() {
    let folder = Folder::with("bundle.json", &BUNDLE.replace("\"show\": \"early\"", "\"show\": \"late\""));
    let ran = folder.run(&["explain", "bundle.json"]).expect(1);
    assert!(ran.stderr.contains("[bundle.json:8:"), "{}", ran.stderr);
    folder.write("cut.slotwise", [0x89, b'S', b'L', b'W']);
    let ran = folder.run(&["explain", "cut.slotwise"]).expect(1);
    assert!(ran.stderr.contains("ends too early"), "{}", ran.stderr);
    folder.write("text.slotwise", "hello");
    let ran = folder.run(&["explain", "text.slotwise"]).expect(1);
    assert!(ran.stderr.contains("not a compiled Slotwise bundle"), "{}", ran.stderr);
}

#[test]
fn what_a_visitor_sends_cannot_steer_the_terminal() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let context = json!({ "attributes": { "geo": { "city": "\u{1b}[2J\u{9b}x\nnext" } }, "now": 0 }).to_string();
    let text = folder.run(&["explain", "bundle.json", "-c", &context]).expect(0).stdout;
    assert!(text.contains("shows early"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{9b}'), "{text}");
}
