//! Slots that rank a catalog, from the bundle as authored to what is shown, worked by hand.

#![cfg(feature = "compiler")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise::profile::{Event, Profile};
use slotwise::{Context, Engine, Files, Personalization, check, compile_with};

/// 2026-03-01, noon.
const NOW: f64 = 1_772_366_400_000.0;

fn shop() -> Json {
    json!({
        "version": 1, "id": "shop",
        "segments": { "grown-up": { "age": { "$gte": 18 } }, "poland": { "country": "PL" } },
        "catalog": {
            "items": [
                { "id": "boots", "title": "Boots", "category": "shoes", "stock": 3, "sold": 8, "added": "2026-03-01" },
                { "id": "sandals", "title": "Sandals", "category": "shoes", "stock": 0, "sold": 4 },
                { "id": "hat", "title": "Hat & band", "category": "hats", "stock": 1, "sold": 2 },
                { "id": "wine", "title": "Wine", "category": "food", "stock": 9, "sold": 1, "adult": true },
            ],
            "neighbours": { "boots": { "hat": 0.5, "wine": 1.0 }, "hat": { "boots": 1.0 } },
            "popularity": { "member": "sold", "segments": { "poland": { "hat": 20 } }, "prior": 20 },
            "because": { "neighbours": "Goes with {{title}}", "popularity": "Many chose {{title}}" },
        },
        "slots": { "related": {
            "default": "none",
            "variants": {
                "none": {},
                "cards": { "html": "<ul>{{#items}}<li><a href=\"{{id}}\">{{title}}</a> <i>{{because}}</i></li>{{/items}}</ul>" },
            },
            "rules": [{ "id": "for-you", "rank": {
                "show": "cards", "limit": 3,
                "where": { "stock": { "$gt": 0 }, "$or": [{ "adult": { "$exists": false } }, { "$segment": "grown-up" }] },
                "weights": { "neighbours": 1, "popularity": 0.25 },
            } }],
        } },
    })
}

fn compiled(bundle: Json) -> Engine {
    let compiled = compile_with(bundle, &Files::default()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    Engine::load(&compiled.bytes).unwrap()
}

fn did(events: &[(&str, &str)]) -> Vec<u8> {
    let mut profile = Profile::new(1);
    for (name, item) in events {
        let event =
            Event { name: (*name).into(), item: Some((*item).into()), time: NOW - 10_000.0, ..Event::default() };
        profile.apply(&event, NOW);
    }
    profile.to_bytes()
}

fn context() -> Context {
    Context::new(NOW).consent("personalization")
}

fn related(result: &Personalization) -> (&str, &str, Vec<(&str, f64)>) {
    let shown = &result.slots["related"];
    let items = shown.items.as_deref().unwrap_or_default();
    (shown.source, shown.reason, items.iter().map(|item| (item.id.as_str(), item.score)).collect())
}

#[test]
fn a_visitor_of_whom_nothing_is_known_sees_what_is_popular() {
    let result = compiled(shop()).personalize(&context());
    // A quarter of the popularity, the most popular item having 1. Sandals are sold out, wine is for grown-ups.
    assert_eq!(related(&result), ("rank", "ranked", vec![("boots", 0.25), ("hat", 0.0625)]));
    let html = result.slots["related"].content["html"].as_str().unwrap();
    assert_eq!(
        html,
        "<ul><li><a href=\"boots\">Boots</a> <i>Many chose Boots</i></li>\
         <li><a href=\"hat\">Hat &amp; band</a> <i>Many chose Hat &amp; band</i></li></ul>"
    );
    let because = &result.slots["related"].items.as_ref().unwrap()[1].because;
    assert_eq!(because.text.as_deref(), Some("Many chose Hat & band"));
}

#[test]
fn what_a_visitor_did_decides_what_comes_next() {
    let viewed_boots = Context { profile: Some(did(&[("view_item", "boots")])), ..context() };
    let grown_up = viewed_boots.clone().attributes(json!({ "age": 30 }));
    let result = compiled(shop()).personalize(&grown_up);
    // Boots alone are the past, so neighbours count whole: wine 1 + 1/32, hat 1/2 + 1/16, boots 1/4. Half of 127 steps is 64 of them.
    let (_, _, items) = related(&result);
    assert_eq!(items.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["wine", "hat", "boots"]);
    for ((_, score), expected) in items.iter().zip([1.0 + 0.031_25, 64.0 / 127.0 + 0.0625, 0.25]) {
        assert!((score - expected).abs() < 1e-6, "{score} {expected}");
    }
    let because = &result.slots["related"].items.as_ref().unwrap()[0].because;
    assert_eq!((because.signal, because.item.as_deref()), (Some("neighbours"), Some("boots")));
    assert_eq!(because.text.as_deref(), Some("Goes with Boots"));
    assert_eq!(because.parts.len(), 1);
    assert_eq!(because.parts[0].share, because.shares["neighbours"]);
}

#[test]
fn without_consent_the_context_alone_ranks() {
    let engine = compiled(shop());
    let profile = Some(did(&[("view_item", "boots")]));
    let refused = Context { profile, ..Context::new(NOW) }.attributes(json!({ "age": 30, "country": "PL" }));
    let result = engine.personalize(&refused);
    let (source, reason, items) = related(&result);
    assert_eq!((source, reason), ("rank", "consent_required"));
    // In Poland 20 of 20 chose the hat: popularity in the unit of the most popular item's share, which is 8/15.
    // Hat (20 + 20 × 2/15) / 40 = 17/30, over 8/15 is 17/16; boots half of 1, wine half of 1/8.
    assert_eq!(items, [("hat", 0.25 * 17.0 / 16.0), ("boots", 0.125), ("wine", 0.25 / 16.0)]);
}

#[test]
fn a_list_about_an_item_falls_through_without_one() {
    let mut bundle = shop();
    bundle["slots"]["related"]["rules"][0]["rank"]["about"] = json!("last");
    let engine = compiled(bundle);
    assert_eq!(related(&engine.personalize(&context())), ("default", "nothing_to_rank", vec![]));
    let viewed = Context { profile: Some(did(&[("view_item", "wine"), ("view_item", "hat")])), ..context() };
    // Two views in the same millisecond: of equal ones the first by id.
    assert_eq!(related(&engine.personalize(&viewed)).2[0].0, "boots");
}

#[test]
fn the_page_can_say_what_a_list_is_about() {
    let mut bundle = shop();
    bundle["slots"]["related"]["rules"][0]["rank"]["about"] = json!({ "attribute": "page.item" });
    let result = compiled(bundle).personalize(&Context::new(NOW).attributes(json!({ "page": { "item": "hat" } })));
    assert_eq!(related(&result).2, [("boots", 1.25)]);
    assert!(result.cache.varies.contains(&"page.item".to_owned()));
}

#[test]
fn lists_hold_until_the_hour_ends() {
    let engine = compiled(shop());
    assert_eq!(engine.personalize(&context()).cache.max_age, 3600);
    let later = Context { now: NOW + 60_000.0, ..context() };
    assert_eq!(engine.personalize(&later).cache.max_age, 3540);
}

#[test]
fn keys_tell_lists_apart() {
    let mut bundle = shop();
    bundle["slots"]["related"]["variants"]["cards"] = json!({ "value": true });
    bundle["catalog"].as_object_mut().unwrap().shift_remove("because");
    let engine = compiled(bundle);
    let key =
        |events: &[(&str, &str)]| engine.personalize(&Context { profile: Some(did(events)), ..context() }).cache.key;
    assert_eq!(key(&[]), key(&[("view_item", "none of the catalog")]));
    assert_ne!(key(&[]), key(&[("view_item", "boots")]));
}

#[test]
fn what_is_wrong_with_a_catalog_is_said_where_it_is() {
    let mut bundle = shop();
    bundle["catalog"]["items"][1]["id"] = json!("boots");
    bundle["catalog"]["items"][2] = json!("hat");
    bundle["catalog"]["content"] = json!({ "vectors": [[1, 2]] });
    bundle["catalog"]["factors"] = json!({ "vectors": "factors.npy" });
    let rank = &mut bundle["slots"]["related"]["rules"][0]["rank"];
    rank["limit"] = json!(0);
    rank["where"] = json!({ "stock": { "$gth": 0 }, "$segment": "grown-ups" });
    rank["pins"] = json!([{ "item": "bots", "place": 1 }, { "item": "hat", "place": 2 }, { "item": "boots", "place": 2 }, { "item": "hat", "place": 3 }]);
    let problems = check(bundle);
    let found: Vec<_> = problems
        .iter()
        .map(|problem| (problem.pointer.as_str(), problem.help.as_deref().unwrap_or_default()))
        .collect();
    for expected in [
        ("/catalog/items/1/id", ""),
        ("/catalog/items/2", "write {\"id\": \"a1\", \"title\": …}"),
        ("/catalog/content/vectors", ""),
        ("/slots/related/rules/0/rank/limit", ""),
        ("/slots/related/rules/0/rank/where/stock/$gth", "did you mean $gt?"),
        ("/slots/related/rules/0/rank/where/$segment", "did you mean \"grown-up\"?"),
        ("/slots/related/rules/0/rank/pins/0/item", "did you mean \"boots\"?"),
        ("/slots/related/rules/0/rank/pins/2/place", ""),
        ("/slots/related/rules/0/rank/pins/3/item", ""),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:#?}");
    }
    assert!(
        found.iter().any(
            |(pointer, help)| *pointer == "/catalog/factors/vectors" && help.contains("compile(bundle, { files })")
        )
    );
}

#[test]
fn a_bundle_that_ranks_has_nothing_to_be_warned_of() {
    let mut bundle = shop();
    // A ranking may have nothing to show, so the rule behind it is reached.
    bundle["slots"]["related"]["rules"].as_array_mut().unwrap().push(json!({ "show": "none" }));
    assert_eq!(check(bundle), []);
}

#[test]
fn models_of_another_day_are_said_once() {
    let mut bundle = shop();
    bundle["catalog"]["neighbours"] = json!({ "gone": { "boots": 1 }, "boots": { "lost": 1, "hat": 1 }, "sold": {} });
    bundle["catalog"]["popularity"]["segments"]["poland"] = json!({ "gone": 3 });
    bundle["catalog"]["popularity"]["counts"] = json!({ "boots": 8, "boot": 4 });
    let problems = check(bundle);
    let said: Vec<_> = problems.iter().map(|problem| (problem.pointer.as_str(), problem.message.as_str())).collect();
    assert_eq!(
        said,
        [
            ("/catalog/neighbours", "the catalog has no item \"gone\", nor 2 others that are named here"),
            ("/catalog/popularity/counts", "the catalog has no item \"boot\", which is passed over"),
            ("/catalog/popularity/segments/poland", "the catalog has no item \"gone\", which is passed over"),
        ]
    );
}

#[test]
fn a_name_that_no_item_has_is_said_to_be_the_visitors() {
    let mut bundle = shop();
    bundle["slots"]["related"]["variants"]["cards"] =
        json!({ "html": "{{#items}}<a href=\"{{url}}\">{{title}}</a>{{/items}}" });
    let problems = check(bundle);
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems.iter().all(|problem| problem.pointer.as_str() == "/slots/related/variants/cards/html"));
    assert_eq!(problems[1].message, "no item of the catalog has a member \"url\", so it is the visitor's");
}

#[test]
fn what_a_list_is_about_is_named_outside_of_its_items_unless_items_have_that_member() {
    let mut bundle = shop();
    let html = "<h2>{{about.title}}</h2>{{#items}}<p>{{#title}}{{about.title}}{{/title}}</p>{{/items}}";
    bundle["slots"]["related"]["variants"]["cards"] = json!({ "html": html });
    let problems = check(bundle.clone());
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].pointer.as_str(), "/slots/related/variants/cards/html");
    assert_eq!(problems[0].message, "what the list is about can be named outside of {{#items}} alone");

    bundle["catalog"]["items"][0]["about"] = json!({ "title": "The item's own" });
    assert_eq!(check(bundle), []);
}

#[test]
fn a_rule_that_ranks_needs_a_catalog() {
    let mut bundle = shop();
    bundle.as_object_mut().unwrap().shift_remove("catalog");
    let problems = check(bundle);
    assert!(problems.iter().any(|problem| problem.message == "there is no catalog to rank"), "{problems:#?}");
}

#[test]
fn interests_that_have_all_but_vanished_say_nothing() {
    use slotwise::bundle::codec::decode_catalog;
    use slotwise::rank::{Ask, Lister, Past};
    let compiled = compile_with(shop(), &Files::default()).unwrap();
    let catalog = decode_catalog(&compiled.bytes).unwrap().unwrap();
    let list = |worth: f64| {
        let history = [Past { id: "boots", worth, last: NOW, is_bought: false }];
        let ask = Ask { history: &history, now: NOW, ..Ask::default() };
        Lister::default().list(&catalog, &catalog.rankings[0], &ask)
    };
    // Less than the least of single precision: 2⁻¹⁴⁹ is 1.4 × 10⁻⁴⁵.
    assert_eq!(list(1e-60), list(0.0));
    assert_ne!(list(1e-30), list(0.0));
}

#[test]
fn vectors_that_count_nothing_are_left_out() {
    use slotwise::bundle::codec::decode_catalog;
    let kept = |change: fn(&mut Json)| {
        let mut bundle = shop();
        let vectors = json!([[1, 0], [0, 1], [1, 1], [1, 0]]);
        bundle["catalog"]["content"] = json!({ "vectors": vectors });
        bundle["catalog"]["factors"] = json!({ "vectors": vectors });
        let rule = &mut bundle["slots"]["related"]["rules"][0]["rank"];
        rule["weights"] = json!({ "content": 0, "factors": 0, "neighbours": 1, "popularity": 0.25 });
        change(rule);
        let compiled = compile_with(bundle, &Files::default()).unwrap();
        let model = decode_catalog(&compiled.bytes).unwrap().unwrap().model;
        let told: Vec<(&str, bool)> = compiled.quantised.iter().map(|part| (part.part, part.is_kept)).collect();
        assert_eq!(told, [("content", model.content.is_some()), ("factors", model.factors.is_some())]);
        (model.content.is_some(), model.factors.is_some())
    };
    assert_eq!(kept(|_| ()), (false, false));
    assert_eq!(kept(|rule| rule["weights"]["content"] = json!(-0.5)), (true, false));
    assert_eq!(kept(|rule| rule["weights"]["factors"] = json!(0.5)), (false, true));
    // What is not said has its usual weight.
    assert_eq!(kept(|rule| rule["weights"] = json!({ "neighbours": 1 })), (true, true));
    assert_eq!(kept(|rule| rule["diversity"] = json!({ "amount": 0.5 })), (true, false));
    assert_eq!(kept(|rule| rule["diversity"] = json!({ "amount": 0.5, "by": "category" })), (false, false));
    assert_eq!(kept(|rule| rule["diversity"] = json!({ "amount": 0, "mostOfCategory": 1 })), (false, false));
}

#[test]
fn catalogs_that_somebody_changed_are_refused() {
    use slotwise::binary::{from_bytes, to_bytes};
    use slotwise::bundle::codec::decode_catalog;
    use slotwise::rank::Catalog;
    let compiled = compile_with(shop(), &Files::default()).unwrap();
    let catalog = decode_catalog(&compiled.bytes).unwrap().unwrap();
    assert!(catalog.is_sound() && from_bytes(&to_bytes(&catalog)) == Some(catalog.clone()));
    let changes: [fn(&mut Catalog); 9] = [
        |catalog| catalog.model.items = 3,
        |catalog| catalog.categories.truncate(1),
        |catalog| catalog.confidence = f32::NAN,
        |catalog| catalog.rankings[0].limit = 101,
        |catalog| catalog.rankings[0].candidates = 501,
        |catalog| catalog.rankings[0].explore = f64::NAN,
        |catalog| catalog.rankings[0].relevance = 1.5,
        |catalog| catalog.rankings[0].pins = vec![(0, 4)],
        |catalog| catalog.sets.clear(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = catalog.clone();
        change(&mut changed);
        assert!(!changed.is_sound(), "{number}");
    }
}

#[test]
fn of_fifty_thousand_items_the_best_are_found() {
    const ITEMS: usize = 50_000;
    const DIMENSIONS: usize = 8;
    // A linear congruential generator (Numerical Recipes), so that the vectors are the same each time.
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 23) - 1.0
    };
    let vectors: Vec<Vec<f64>> = (0..ITEMS).map(|_| (0..DIMENSIONS).map(|_| next()).collect()).collect();
    let items: Vec<Json> = (0..ITEMS).map(|item| json!({ "id": format!("{item:05}") })).collect();
    let engine = compiled(json!({
        "version": 1, "id": "many", "catalog": { "items": items, "content": { "vectors": vectors } },
        "slots": { "list": { "default": "none", "variants": { "none": {}, "list": {} },
                             "rules": [{ "rank": { "show": "list", "limit": 10, "about": { "attribute": "item" } } }] } },
    }));
    let mut found = 0;
    for about in (0..ITEMS).step_by(ITEMS / 20) {
        let product = |item: usize| -> f64 { vectors[item].iter().zip(&vectors[about]).map(|(a, b)| a * b).sum() };
        let mut expected: Vec<usize> = (0..ITEMS).filter(|item| *item != about).collect();
        expected.sort_by(|one, other| product(*other).total_cmp(&product(*one)));
        let context = Context::new(NOW).attributes(json!({ "item": format!("{about:05}") }));
        let result = engine.personalize(&context);
        let list = result.slots["list"].items.as_ref().unwrap();
        assert_eq!(list.len(), 10);
        found += expected[..10].iter().filter(|item| list.iter().any(|shown| shown.id == format!("{item:05}"))).count();
    }
    // Recall among the best ten, of twenty lists.
    assert!(found >= 198, "{found} of 200");
}
