//! Clusters in bundles: what is refused, what is warned of, and until when an answer holds.

#![cfg(feature = "compiler")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise::profile::{Event, Profile};
use slotwise::{Context, Engine, Files, Severity, check, check_with, compile, compile_with};

const DAY: f64 = 86_400_000.0;
/// 2026-03-01, noon in UTC.
const NOON: f64 = 1_772_366_400_000.0;

fn clusters() -> Json {
    json!({
        "features": [
            { "of": "profile.rfm.recency", "log": true, "mean": 1, "deviation": 0.5 },
            { "of": "profile.rfm.monetary", "log": true, "mean": 4, "deviation": 1 }
        ],
        "clusters": [
            { "name": "active", "description": "They bought lately.", "center": [-1, 0] },
            { "name": "lapsed", "center": [1, 0] }
        ]
    })
}

/// A shop that greets one cluster.
fn shop(clusters: &Json) -> Json {
    json!({
        "version": 1, "id": "shop", "clusters": clusters,
        "slots": { "hero": {
            "default": "base", "variants": { "base": {}, "welcome": { "html": "<p>Hello, {{profile.cluster}}</p>" } },
            "rules": [{ "when": { "profile.cluster": "active" }, "show": "welcome" }]
        } }
    })
}

#[test]
fn a_cluster_holds_until_a_feature_changes() {
    let engine = Engine::load(&compile(shop(&clusters())).unwrap().bytes).unwrap();
    let mut profile = Profile::new(1);
    let time = NOON - 2.25 * DAY;
    profile.apply(&Event { name: "purchase".to_owned(), value: Some(50.0), time, ..Event::default() }, time);
    let at = |now| {
        let context = Context { profile: Some(profile.to_bytes()), ..Context::new(now).consent("personalization") };
        engine.personalize(&context)
    };
    // Two whole days ago: (ln 3 − 1) / 0.5 = 0.2, which is nearer to 1 than to −1. One: (ln 2 − 1) / 0.5 = −0.6.
    let (now, before) = (at(NOON), at(NOON - DAY));
    assert_eq!((now.slots["hero"].variant.as_str(), before.slots["hero"].variant.as_str()), ("base", "welcome"));
    assert_eq!(before.slots["hero"].content["html"], "<p>Hello, active</p>");
    // The third day begins after three quarters of one.
    assert_eq!((now.cache.max_age, before.cache.max_age), (64_800, 64_800));
    assert_eq!(now.cache.varies, ["profile.cluster"]);
}

#[test]
fn clusters_stand_in_a_file() {
    let mut files = Files::default();
    files.insert("made/clusters.json", clusters().to_string().into_bytes());
    let bundle = shop(&json!("made/clusters.json"));
    assert_eq!(Files::mentioned(&bundle), [("made/clusters.json".to_owned(), false)]);
    assert_eq!(compile_with(bundle, &files).unwrap().bytes, compile(shop(&clusters())).unwrap().bytes);
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (place, value, pointer, part) in [
        ("/features", json!([]), "/clusters/features", "1 to 16 of them, and not 0"),
        ("/clusters", json!([]), "/clusters/clusters", "1 to 100 of them, and not 0"),
        ("/features/0/of", json!("profile.recency"), "/clusters/features/0/of", "profile.rfm.recency, profile.rfm."),
        ("/features/0/of", json!("profile.items"), "/clusters/features/0/of", "\"profile.items\" is no profile.isNew"),
        ("/features/1/of", json!("profile.rfm.recency"), "/clusters/features/1/of", "is there already"),
        ("/features/1/deviation", json!(0), "/clusters/features/1/deviation", "more than 0"),
        ("/clusters/1/name", json!("active"), "/clusters/clusters/1/name", "the name of another"),
        ("/clusters/1/name", json!(""), "/clusters/clusters/1/name", "has a name"),
        ("/clusters/0/center", json!([1]), "/clusters/clusters/0/center", "has 1 numbers, and there are 2 features"),
        ("/clusters/0/center", json!("far"), "/clusters/clusters/0/center", "expected a list, not \"far\""),
        ("/clusters/1/center/1", json!("far"), "/clusters/clusters/1/center/1", "expected a number, not \"far\""),
        ("/features/0", json!({ "of": "sessions", "lag": 1 }), "/clusters/features/0/lag", "there is no \"lag\" here"),
        ("/features/1", json!(7), "/clusters/features/1", "expected an object, not 7"),
        ("", json!(7), "/clusters", "the name of a file, or what would stand in it, not 7"),
    ] {
        let mut wrong = clusters();
        *wrong.pointer_mut(place).unwrap() = value.clone();
        let found = check(shop(&wrong));
        let is_it = |problem: &slotwise::Problem| {
            problem.severity == Severity::Error && problem.pointer.as_str() == pointer && problem.message.contains(part)
        };
        assert!(found.iter().any(is_it), "{place} as {value}: {found:#?}");
    }
    let mut files = Files::default();
    let mut wrong = clusters();
    wrong["clusters"][1]["center"] = json!([]);
    files.insert("clusters.json", wrong.to_string().into_bytes());
    let found = check_with(shop(&json!("clusters.json")), &files);
    assert_eq!(found[0].pointer.as_str(), "/clusters");
    assert_eq!(found[0].message, "clusters.json, at /clusters/1/center: has 0 numbers, and there are 2 features");
    let found = check(shop(&json!("elsewhere.json")));
    assert_eq!(
        (found[0].pointer.as_str(), found[0].message.as_str()),
        ("/clusters", "there is no file \"elsewhere.json\"")
    );
}

#[test]
fn all_mistakes_are_told_at_once_and_each_once() {
    let bundle = shop(&json!({
        "features": [7, { "of": "profile.sessions", "mean": "many", "deviation": 0 }],
        "clusters": [{ "nam": "active", "center": [1, []] }, { "name": "lapsed", "center": [{}, null] }]
    }));
    let found = check(bundle).into_iter().filter(|problem| problem.severity == Severity::Error);
    let mut found: Vec<String> = found.map(|problem| problem.pointer.as_str().to_owned()).collect();
    found.sort();
    let expected = [
        "/clusters/0/center/1",
        "/clusters/0/nam",
        "/clusters/1/center/0",
        "/clusters/1/center/1",
        "/features/0",
        "/features/1/deviation",
        "/features/1/mean",
    ];
    assert_eq!(found, expected.map(|place| format!("/clusters{place}")));
}

#[test]
fn what_was_hardly_meant_is_warned_of() {
    let warned = |bundle: Json| {
        let found = check(bundle);
        assert!(found.iter().all(|problem| problem.severity == Severity::Warning), "{found:#?}");
        found.iter().map(|problem| (problem.pointer.as_str().to_owned(), problem.message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(warned(shop(&clusters())), []);
    let mut bundle = shop(&clusters());
    bundle["segments"] = json!({ "rich": { "$or": [{ "profile.cluster": { "$in": ["lapsed", "activ"] } }] } });
    let at = "/segments/rich/$or/0/profile.cluster/$in/1".to_owned();
    assert_eq!(warned(bundle), [(at, "there is no cluster \"activ\"".to_owned())]);
    let mut bundle = shop(&clusters());
    bundle.as_object_mut().unwrap().remove("clusters");
    let message = "profile.cluster is always missing: the bundle has no clusters";
    assert_eq!(warned(bundle), [(String::new(), message.to_owned())]);
    let mut bundle = shop(&clusters());
    bundle["slots"] = json!({ "hero": { "default": "base", "variants": { "base": {} } } });
    assert_eq!(warned(bundle), [("/clusters".to_owned(), "nothing reads profile.cluster".to_owned())]);
}
