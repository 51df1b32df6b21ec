//! Inputs to begin with: what `tests/spec` and the bundles of this repository hold.

use crate::codec;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;

/// The files of `tests/spec`, by name.
pub(crate) const SPECS: [(&str, &str); 6] = [
    ("conditions", include_str!("../../tests/spec/conditions.json")),
    ("conditions-refused", include_str!("../../tests/spec/conditions-refused.json")),
    ("decisions", include_str!("../../tests/spec/decisions.json")),
    ("derived", include_str!("../../tests/spec/derived.json")),
    ("experiments", include_str!("../../tests/spec/experiments.json")),
    ("templates", include_str!("../../tests/spec/templates.json")),
];

fn spec(name: &str) -> Json {
    let (_, source) = SPECS.iter().find(|(known, _)| *known == name).unwrap();
    serde_json::from_str(source).unwrap()
}

/// The vectors of a file, of which only some members are kept.
fn vectors(name: &str, members: &[&str]) -> Vec<(String, Vec<u8>)> {
    let vectors = spec(name);
    let seed = |(number, vector): (usize, &Json)| {
        let kept = members.iter().filter_map(|member| Some((*member, vector.get(member)?)));
        let kept: serde_json::Map<_, _> = kept.map(|(member, value)| (member.to_owned(), value.clone())).collect();
        (format!("{name}-{number}"), Json::Object(kept).to_string().into_bytes())
    };
    vectors.as_array().unwrap().iter().enumerate().map(seed).collect()
}

pub(crate) fn conditions() -> Vec<(String, Vec<u8>)> {
    let members = ["condition", "attributes", "segments", "groups"];
    let mut seeds = vectors("conditions", &members);
    seeds.extend(vectors("conditions-refused", &members));
    seeds
}

/// The vectors, and values of attributes, which have the attribute's `name` beside.
pub(crate) fn templates() -> Vec<(String, Vec<u8>)> {
    let attributes = [
        ("href", "/p?q={{x}}"),
        ("href", "{{x}}"),
        ("href", "/{{x}}"),
        ("HREF", "https://shop.example/{{x}}#{{y}}"),
        ("src", "{{#x}}/a/{{y}}{{/x}}"),
        ("title", "{{x}} {{^x}}none{{/x}}"),
        ("class", "a {{x}}"),
        ("style", "color: {{x}}"),
        ("onclick", "f('{{x}}')"),
        ("xlink:href", "#{{x}}"),
        ("data-x", "javascript:{{x}}"),
    ];
    let attributes = attributes.iter().enumerate().map(|(number, (name, template))| {
        let input = json!({ "name": name, "template": template, "view": { "x": "x", "y": "<y>" } });
        (format!("attribute-{number}"), input.to_string().into_bytes())
    });
    vectors("templates", &["template", "view"]).into_iter().chain(attributes).collect()
}

pub(crate) fn bundles() -> Vec<(String, Vec<u8>)> {
    let of_spec = ["decisions", "experiments"].into_iter().flat_map(|file| {
        let bundles = spec(file)["bundles"].as_object().unwrap().clone();
        bundles
            .into_iter()
            .map(move |(name, bundle)| (format!("{file}-{}", name.replace('/', "-")), bundle.to_string()))
    });
    // The first has every experiment's member that the vectors of `tests/spec` leave to their defaults.
    let whole = json!({
        "version": 1, "id": "whole", "revision": 7, "description": "d",
        "consent": { "ids": "none", "experiments": "analytics", "profiles": "p", "ranking": "r" },
        "groups": { "beta": ["u1", 2, true, null] },
        "segments": { "polish": { "language": { "$ini": ["pl"] } }, "early": { "$or": [{ "time.hour": { "$lt": 12 } }, { "$segment": "polish" }] } },
        "holdouts": { "global": { "coverage": 0.1, "seed": "s", "hashAttribute": "id" } },
        "experiments": {
            "parent": { "factors": { "f": { "a": 0.5, "b": 0.5 }, "g": { "c": 0.5, "d": 0.5 } }, "holdout": "global" },
            "cta": {
                "variants": { "control": 0.5, "urgent": 0.5 }, "coverage": 0.9, "namespace": ["n", 0, 0.9], "sticky": true,
                "bucketVersion": 2, "minBucketVersion": 1, "hashAttribute": "id", "fallbackAttribute": "deviceId", "hashVersion": 1,
                "seed": "s", "consent": "none", "force": "urgent", "when": { "url.path": { "$glob": "/shop/**" } },
                "requires": [{ "experiment": "parent", "variants": ["a+c"] }, { "segment": "early" }],
                "schedule": [{ "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "coverage": 1 }]
            }
        },
        "slots": {
            "hero": {
                "default": "base",
                "variants": { "base": { "html": "<p>{{#tags}}{{.}}{{/tags}}</p>" }, "control": {}, "urgent": { "patches": [
                    { "op": "attribute", "selector": "a.b > c", "name": "href", "value": "/p?q={{url.query.q}}" },
                    { "op": "text", "value": "{{geo.city}}" }, { "op": "remove", "selector": "i" }] } },
                "rules": [
                    { "when": { "v": { "$regex": "^a+$" }, "n": { "$in": [1, "x"] }, "w": { "$vgt": "1.2" } }, "show": "urgent" },
                    { "when": { "tags": { "$elemMatch": { "$inGroup": "beta" } }, "l": { "$size": { "$gt": 1 } } }, "show": "control" },
                    { "id": "cta", "experiment": "cta" },
                    { "experiment": "parent", "factor": "f", "show": { "a": "base", "b": "control" } }
                ]
            },
            "flow": { "default": "v", "variants": { "v": { "value": { "steps": 3 } } } }
        }
    });
    let own = [
        ("whole", whole.to_string()),
        ("demonstration", include_str!("../../www/bundle.json").to_owned()),
        ("new", include_str!("../../cli/templates/bundle.json").to_owned()),
    ];
    let own = own.map(|(name, source)| (name.to_owned(), source));
    own.into_iter().chain(of_spec).map(|(name, source)| (name, source.into_bytes())).collect()
}

/// Each bundle as the file that it compiles to, and as the program in it.
pub(crate) static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let compiled = bundles().into_iter().filter_map(|(name, source)| {
        let compiled = slotwise::compile(serde_json::from_slice(&source).ok()?).ok()?;
        Some([(format!("{name}-program"), codec::program_of(&compiled)), (name, compiled.bytes)])
    });
    compiled.flatten().collect()
});

pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    FILES.clone()
}
