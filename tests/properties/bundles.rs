//! Random bundles that pass check: segments, experiments of every kind, slots with rules, templates and values.

use super::conditions::condition;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value as Json, json};

/// 2026-11-01T00:00:00Z, around which schedules and contexts lie.
pub(super) const START: f64 = 1_793_491_200_000.0;

/// What becomes one experiment; indices choose among what the bundle has before it.
#[derive(Clone, Debug)]
struct Parts {
    is_factorial: bool,
    weights: (u32, u32),
    coverage: f64,
    hash: (u32, &'static str, Option<&'static str>),
    namespace: Option<(u8, u8)>,
    holdout: bool,
    sticky: Option<(u16, u16)>,
    when: Option<Json>,
    requires: Vec<(Index, bool)>,
    schedule: Vec<(u32, Option<u32>, f64)>,
    force: Option<bool>,
    consent: Option<&'static str>,
}

fn parts(segments: Vec<String>, whole: bool) -> impl Strategy<Value = Parts> {
    let share = || prop_oneof![Just(0.0), Just(0.5), Just(1.0), 0.0..1.0];
    let hash = (1u32..3, select(&["id", "deviceId", "user.email"][..]), option::weighted(0.2, Just("anonymousId")));
    let step = (0u32..10_000, option::weighted(0.4, 0u32..5_000), share());
    let first = (any::<bool>(), (0u32..=100, 0u32..=100), share(), hash, option::weighted(0.3, (0u8..50, 50u8..=100)));
    let second = (
        option::weighted(0.3, condition(segments, whole)),
        vec((any::<Index>(), any::<bool>()), 0..3),
        vec(step, 0..3),
        option::weighted(0.1, any::<bool>()),
        option::weighted(0.3, select(&["none", "analytics", "personalization"][..])),
    );
    let sticky = (any::<bool>(), option::weighted(0.4, (0u16..3, 0u16..3)));
    (first, second, sticky).prop_map(|(first, second, (holdout, sticky))| {
        let (is_factorial, weights, coverage, hash, namespace) = first;
        let (when, requires, schedule, force, consent) = second;
        Parts {
            is_factorial,
            weights,
            coverage,
            hash,
            namespace,
            holdout,
            sticky,
            when,
            requires,
            schedule,
            force,
            consent,
        }
    })
}

fn two(percent: u32) -> Json {
    let share = f64::from(percent) / 100.0;
    json!({ "a": share, "b": 1.0 - share })
}

fn experiment(place: usize, parts: &Parts, before: &[Parts], segments: &[String]) -> Json {
    let mut json = Map::new();
    let mut set = |name: &str, value: Json| json.insert(name.to_owned(), value);
    let (f, g) = parts.weights;
    match parts.is_factorial {
        true => set("factors", json!({ "f": two(f), "g": two(g) })),
        false => set("variants", two(f)),
    };
    set("coverage", json!(parts.coverage));
    set("seed", json!(format!("seed-{place}")));
    let (version, attribute, fallback) = parts.hash;
    set("hashVersion", json!(version));
    set("hashAttribute", json!(attribute));
    fallback.map(|fallback| set("fallbackAttribute", json!(fallback)));
    parts.namespace.map(|(start, end)| {
        let [start, end] = [start, end].map(|edge| f64::from(edge) / 100.0);
        set("namespace", json!(["space", start, if start < end { end } else { 1.0 }]))
    });
    if parts.holdout {
        set("holdout", json!("held"));
    }
    if let Some((first, second)) = parts.sticky {
        set("sticky", json!(true));
        set("bucketVersion", json!(first.max(second)));
        set("minBucketVersion", json!(first.min(second)));
    }
    parts.when.clone().map(|when| set("when", when));
    let requires: Vec<Json> = parts
        .requires
        .iter()
        .filter_map(|(index, flag)| {
            if *flag && !segments.is_empty() {
                return Some(json!({ "segment": index.get(segments) }));
            }
            let needed = (place > 0).then(|| index.index(place))?;
            let arm = if before[needed].is_factorial { "a+b" } else { "a" };
            Some(if *flag {
                json!({ "experiment": format!("e{needed}"), "variants": [arm] })
            } else {
                json!({ "experiment": format!("e{needed}") })
            })
        })
        .collect();
    set("requires", json!(requires));
    set("schedule", schedule(&parts.schedule));
    let arms = if parts.is_factorial { ["a+a", "b+a"] } else { ["a", "b"] };
    parts.force.map(|force| set("force", json!(arms[usize::from(force)])));
    parts.consent.map(|consent| set("consent", json!(consent)));
    Json::Object(json)
}

/// Steps one after the other, in minutes and seconds after [`START`].
fn schedule(steps: &[(u32, Option<u32>, f64)]) -> Json {
    let mut at = START / 1000.0;
    let instant = |seconds: f64| {
        let timestamp = jiff::Timestamp::from_second(seconds as i64).unwrap();
        Json::from(timestamp.to_string())
    };
    let steps = steps.iter().map(|(wait, ramp, coverage)| {
        at += f64::from(*wait);
        let from = at;
        let mut step = json!({ "from": instant(from), "coverage": coverage });
        if let Some(ramp) = ramp {
            at += f64::from(*ramp);
            step["to"] = instant(at);
        }
        step
    });
    Json::Array(steps.collect())
}

/// Contents that read attributes, time and the visitor's id among them.
fn content() -> impl Strategy<Value = Json> {
    let contents = vec![
        json!({}),
        json!({ "value": null }),
        json!({ "value": { "steps": 3 } }),
        json!({ "html": "<p>fixed</p>" }),
        json!({ "html": "<p title=\"{{plan}}\">{{geo.city}} {{v}}</p>" }),
        json!({ "html": "<p>{{id}} {{user.email}} {{time.hour}}</p>" }),
        json!({ "html": "<ul>{{#items}}<li>{{a}}{{plan}}{{#tags}}<i>{{.}}</i>{{/tags}}</li>{{/items}}{{^items}}{{n}}{{/items}}</ul>" }),
        json!({ "html": "{{#v}}{{#v}}<b>{{.}}</b>{{/v}}{{/v}}" }),
        json!({ "patches": [{ "op": "text", "value": "{{plan}} & {{time.date}}" }, { "op": "class", "selector": "a", "value": "x" }] }),
        json!({ "patches": [{ "op": "attribute", "selector": "a", "name": "href", "value": "/x?q={{url.query.x}}" },
                            { "op": "append", "value": "<i>{{language}}</i>" }] }),
    ];
    select(contents)
}

fn slots(experiments: Vec<bool>, segments: Vec<String>, whole: bool) -> impl Strategy<Value = Vec<Json>> {
    let rule = (option::of(condition(segments, whole)), any::<Index>(), 0u8..4);
    let slot = (vec(content(), 3), vec(rule, 0..4));
    vec(slot, 1..4).prop_map(move |slots| {
        let slots = slots.into_iter().map(|(contents, rules)| {
            let rules: Vec<Json> = rules
                .into_iter()
                .map(|(when, index, kind)| {
                    let mut rule = if experiments.is_empty() || kind == 0 {
                        json!({ "show": "a" })
                    } else {
                        let place = index.index(experiments.len());
                        let mut rule = json!({ "experiment": format!("e{place}") });
                        match (experiments[place], kind) {
                            (true, 1) => rule["show"] = json!("b"),
                            (true, 2) => rule["factor"] = json!("f"),
                            (true, _) => rule["factor"] = json!("g"),
                            (false, 1) => rule["show"] = json!({ "a": "base" }),
                            _ => {}
                        }
                        rule
                    };
                    if let Some(when) = when {
                        rule["when"] = when;
                    }
                    rule
                })
                .collect();
            let names = ["base", "a", "b"].map(str::to_owned);
            let variants: Map<String, Json> = names.into_iter().zip(contents).collect();
            json!({ "default": "base", "variants": variants, "rules": rules })
        });
        slots.collect()
    })
}

/// A bundle that passes check. Without `whole`, no condition compares whole lists or objects.
pub(super) fn bundle(whole: bool) -> impl Strategy<Value = Json> {
    let segment_names = |count: usize| (0..count).map(|place| format!("s{place}")).collect::<Vec<_>>();
    let segments = (0usize..3)
        .prop_flat_map(move |count| (0..count).map(|place| condition(segment_names(place), whole)).collect::<Vec<_>>());
    let both = segments.prop_flat_map(move |segments| {
        let names = segment_names(segments.len());
        (Just(segments), vec(parts(names, whole), 0..4))
    });
    both.prop_flat_map(move |(segments, experiments)| {
        let names = segment_names(segments.len());
        let kinds = experiments.iter().map(|parts| parts.is_factorial).collect();
        let purposes = select(&["personalization", "none", "analytics"][..]);
        (Just((segments, experiments)), slots(kinds, names, whole), purposes.clone(), purposes)
    })
    .prop_map(|((segments, experiments), slots, ids, purpose)| {
        let names: Vec<String> = (0..segments.len()).map(|place| format!("s{place}")).collect();
        let experiments = experiments.iter().enumerate().map(|(place, parts)| {
            let before = experiments.get(..place).unwrap_or_default();
            (format!("e{place}"), experiment(place, parts, before, &names))
        });
        let slots = slots.into_iter().enumerate().map(|(place, slot)| (format!("slot{place}"), slot));
        json!({
            "version": 1, "id": "random", "revision": 3,
            "consent": { "ids": ids, "experiments": purpose },
            "groups": { "group": ["a", 1, true, null, "u1"] },
            "segments": names.iter().cloned().zip(segments).collect::<Map<_, _>>(),
            "holdouts": { "held": { "coverage": 0.2 } },
            "experiments": experiments.collect::<Map<_, _>>(),
            "slots": slots.collect::<Map<_, _>>(),
        })
    })
}
