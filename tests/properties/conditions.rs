//! Random conditions over every operator, all of which pass check.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

/// Paths that conditions and templates read; some are derived, one identifies the visitor, some lead into lists.
pub(super) const PATHS: [&str; 22] = [
    "id",
    "plan",
    "n",
    "v",
    "tags",
    "tags.0",
    "tags.length",
    "items",
    "geo",
    "geo.city",
    "user.email",
    "time.hour",
    "time.weekday",
    "time.month",
    "time.date",
    "url.path",
    "url.host",
    "url.query.x",
    "device.type",
    "language",
    "referrer.host",
    "żółw",
];

const TEXTS: [&str; 26] = [
    "",
    "a",
    "A",
    "b",
    "pro",
    "PRO",
    "1",
    "0",
    "1.0",
    "-2.5",
    "NaN",
    "null",
    "true",
    "undefined",
    "Kraków",
    "KRAKÓW",
    "straße",
    "İ",
    "ΟΔΟΣ",
    "🍕",
    "/shop/x",
    "1.2.3",
    "v2.0.0-rc.1",
    "<b>&\"'",
    "2026-11-15",
    "mobile",
];
const NUMBERS: [f64; 12] = [0.0, 1.0, -1.0, 2.0, 2.5, 3.0, 7.0, 12.0, 23.0, 1e21, 1e-7, -0.0];
const PATTERNS: [&str; 10] = ["", "^a", "b$", "[a-z]+", "^\\d{1,3}$", "(a|b)*c", "ó", "\\bpro\\b", "^.$", "[^/]/x"];
const GLOBS: [&str; 7] = ["**", "*", "/shop/**", "/{a,b}/?", "**/x", "/\\*", "a"];
const VERSIONS: [&str; 5] = ["1.2.3", "v1", "2.0.0-rc.1", "0", "x"];
const TYPES: [&str; 7] = ["string", "number", "boolean", "array", "object", "null", "undefined"];

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(&TEXTS[..]).prop_map(str::to_owned), 1 => ".{0,4}"]
}

pub(super) fn number() -> impl Strategy<Value = Json> {
    prop_oneof![4 => select(&NUMBERS[..]).prop_map(Json::from), 1 => any::<i32>().prop_map(Json::from)]
}

pub(super) fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![4 => text().prop_map(Json::from), 3 => number(), 1 => any::<bool>().prop_map(Json::from), 1 => Just(Json::Null)]
}

/// One operator that holds no further condition.
fn operator() -> impl Strategy<Value = (String, Json)> {
    let name = |names: &'static [&'static str]| select(names).prop_map(str::to_owned);
    let near = (-90..=90, -180..=180, 1..20_000)
        .prop_map(|(latitude, longitude, km)| json!({ "latitude": latitude, "longitude": longitude, "km": km }));
    prop_oneof![
        2 => (name(&["$eq", "$ne"]), scalar()),
        3 => (name(&["$lt", "$lte", "$gt", "$gte"]), prop_oneof![number(), text().prop_map(Json::from)]),
        3 => (name(&["$in", "$nin", "$ini", "$nini"]), vec(scalar(), 0..4).prop_map(Json::from)),
        1 => (name(&["$all", "$alli"]), vec(scalar(), 0..3).prop_map(Json::from)),
        1 => (name(&["$inGroup", "$notInGroup"]), Just(json!("group"))),
        1 => (name(&["$exists"]), any::<bool>().prop_map(Json::from)),
        1 => (name(&["$type"]), select(&TYPES[..]).prop_map(Json::from)),
        1 => (name(&["$size"]), (0..4).prop_map(Json::from)),
        2 => (name(&["$regex", "$regexi"]), select(&PATTERNS[..]).prop_map(Json::from)),
        1 => (name(&["$glob"]), prop_oneof![select(&GLOBS[..]).prop_map(Json::from), vec(select(&GLOBS[..]), 0..3).prop_map(Json::from)]),
        2 => (name(&["$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"]), select(&VERSIONS[..]).prop_map(Json::from)),
        1 => (name(&["$near"]), near),
    ]
}

fn operators() -> impl Strategy<Value = Json> {
    vec(operator(), 1..3).prop_map(|pairs| Json::Object(pairs.into_iter().collect()))
}

/// The test of one value. `whole` allows lists and objects to be compared as JSON text, where the order of keys counts.
fn test(whole: bool) -> BoxedStrategy<Json> {
    let lists = vec(scalar(), 0..3).prop_map(Json::from);
    let objects = vec(("[a-c1-3]", scalar()), 0..3).prop_map(|pairs| Json::Object(pairs.into_iter().collect()));
    let constant = prop_oneof![lists, objects].boxed();
    let leaf = prop_oneof![3 => scalar(), 8 => operators(), u32::from(whole) => constant];
    leaf.prop_recursive(2, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|test| json!({ "$not": test })),
            vec(inner.clone(), 1..3).prop_map(|tests| json!({ "$all": tests })),
            operators().prop_map(|test| json!({ "$elemMatch": test })),
            operators().prop_map(|test| json!({ "$size": test })),
            ("[abc]", inner).prop_map(|(name, test)| json!({ "$elemMatch": { name: test } })),
        ]
    })
    .boxed()
}

/// A condition that may ask these segments.
pub(super) fn condition(segments: Vec<String>, whole: bool) -> BoxedStrategy<Json> {
    let paths = vec((select(&PATHS[..]), test(whole)), 0..3)
        .prop_map(|pairs| Json::Object(pairs.into_iter().map(|(path, test)| (path.to_owned(), test)).collect()));
    let leaf = if segments.is_empty() {
        paths.boxed()
    } else {
        prop_oneof![4 => paths, 1 => select(segments).prop_map(|name| json!({ "$segment": name }))].boxed()
    };
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            (select(&["$and", "$or", "$nor"][..]), vec(inner.clone(), 0..3))
                .prop_map(|(name, conditions)| json!({ name: conditions })),
            inner.clone().prop_map(|condition| json!({ "$not": condition })),
            (inner.clone(), inner).prop_map(|(left, right)| merged(left, right)),
        ]
    })
    .boxed()
}

fn merged(left: Json, right: Json) -> Json {
    let members = [left, right].into_iter().flat_map(|side| match side {
        Json::Object(members) => members,
        _ => Map::new(),
    });
    Json::Object(members.collect())
}
