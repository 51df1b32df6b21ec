//! Random contexts: what visitors send, and what they might.

use super::bundles::START;
use super::conditions::{number, scalar, text};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};
use slotwise::{Context, Request};

/// Any value, nested now and then, and sometimes deeper or longer than anybody needs.
fn value() -> impl Strategy<Value = Json> {
    let deep = (30usize..80).prop_map(|depth| (0..depth).fold(json!("deep"), |inner, _| json!([inner])));
    let leaf = prop_oneof![30 => scalar(), 1 => deep, 1 => (1000usize..20_000).prop_map(|len| json!("ab".repeat(len)))];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            vec(("[a-c1-3]", inner), 0..4).prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
        ]
    })
}

pub(super) fn attributes() -> impl Strategy<Value = Json> {
    let id = prop_oneof![6 => "u[0-9]{1,2}".prop_map(Json::from), 1 => value()];
    let geo = prop_oneof![
        (text(), number(), number())
            .prop_map(|(city, north, east)| json!({ "city": city, "latitude": north, "longitude": east })),
        value(),
    ];
    let user = prop_oneof![3 => "[ab]@x".prop_map(|email| json!({ "email": email })), 1 => value()];
    let known = (
        option::weighted(0.8, id),
        option::of(scalar()),
        option::of(scalar()),
        option::of(value()),
        option::of(value()),
        option::of(geo),
        option::of(user),
        option::weighted(0.2, value()),
        option::of("d[0-9]".prop_map(Json::from)),
        option::of(vec(value(), 0..3).prop_map(Json::from)),
    );
    let object = known.prop_map(|(id, plan, n, v, tags, geo, user, time, device, items)| {
        let named = [
            ("id", id),
            ("plan", plan),
            ("n", n),
            ("v", v),
            ("tags", tags),
            ("geo", geo),
            ("user", user),
            ("time", time),
            ("deviceId", device),
            ("items", items),
        ];
        let given = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(given.collect::<Map<_, _>>())
    });
    prop_oneof![20 => object, 1 => value()]
}

fn now() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-3600i32..30_000).prop_map(|seconds| START + f64::from(seconds) * 1000.0),
        3 => (0.0..30_000_000.0).prop_map(|after| START + after),
        1 => select(&[0.0, -1.0, 8.64e15, -8.64e15, 1e300, 1_793_494_800_000.0 - 1.0][..]),
    ]
}

const URLS: [&str; 5] = ["https://shop.example/shop/x?x=1&y=%FF", "https://KRAKÓW.example", "/shop?x=<b>", "", "://?x"];

fn request() -> impl Strategy<Value = Request> {
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1";
    (
        option::of(prop_oneof![select(&URLS[..]).prop_map(str::to_owned), ".{0,12}"]),
        option::of(select(&URLS[..])),
        option::of(select(vec![phone, "curl/8", ""])),
        option::of(select(&["pl-PL,en;q=0.5", "*", "x"][..])),
    )
        .prop_map(|(url, referrer, user_agent, language)| Request {
            url,
            referrer: referrer.map(str::to_owned),
            user_agent: user_agent.map(str::to_owned),
            language: language.map(str::to_owned),
        })
}

pub(super) fn context() -> impl Strategy<Value = Context> {
    let consent = option::weighted(0.8, any::<bool>());
    let sticky = vec((0..4, 0..3, select(&["a", "b", "a+a", "b+b", "gone", ""][..])), 0..3);
    let force = vec((0..4, select(&["base", "a", "b", "gone"][..])), 0..2);
    let offset = prop_oneof![Just(0), -840..=840, select(&[1440, -1440, 1441, i32::MAX, i32::MIN][..])];
    (attributes(), request(), (consent.clone(), consent), now(), offset, option::of(0.0..1e8), sticky, force).prop_map(
        |(attributes, request, (personal, analytics), now, utc_offset, until, sticky, force)| {
            let purposes = [("personalization", personal), ("analytics", analytics)];
            Context {
                attributes,
                request,
                consent: purposes.into_iter().filter_map(|(name, given)| Some((name.to_owned(), given?))).collect(),
                now,
                utc_offset,
                utc_offset_until: until.map(|after| now + after),
                sticky: sticky
                    .into_iter()
                    .map(|(e, version, arm)| (format!("e{e}__{version}"), arm.to_owned()))
                    .collect(),
                profile: None,
                force: force.into_iter().map(|(slot, variant)| (format!("slot{slot}"), variant.to_owned())).collect(),
            }
        },
    )
}
