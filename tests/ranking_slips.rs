//! Rules that rank, written as hastily as people write them: two of one name, tags with spaces, conditions without end.

#![cfg(feature = "compiler")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise::{Context, Engine, Files, check, check_with, compile_with};

/// A slot with such rules, beside those of `more`.
fn shop(rules: &Json, html: &str, more: &Json) -> Json {
    let slot = |rules: &Json| json!({ "default": "none", "variants": { "none": {}, "cards": { "html": html } }, "rules": rules });
    let mut slots = json!({ "related": slot(rules) });
    for (name, rules) in more.as_object().unwrap() {
        slots[name] = slot(rules);
    }
    json!({
        "version": 1, "id": "shop",
        "segments": { "grown-up": { "age": { "$gte": 18 } } },
        "catalog": {
            "items": [
                { "id": "boots", "title": "Boots", "category": "shoes", "sold": 8 },
                { "id": "hat", "title": "Hat", "category": "hats", "sold": 2 },
            ],
            "popularity": { "member": "sold" },
            "because": { "popularity": "Many chose {{title}}" },
        },
        "slots": slots,
    })
}

fn compiled(bundle: Json) -> Engine {
    let compiled = compile_with(bundle, &Files::default()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    Engine::load(&compiled.bytes).unwrap()
}

const TITLES: &str = "{{#items}}{{title}} {{/items}}";

/// Every slot shows the titles of those items that it says it has.
#[test]
fn rankings_of_one_name_have_lists_of_their_own() {
    let only = |category: &str| json!({ "show": "cards", "where": { "category": category } });
    // The list about the page's item has none to show where there is no such item, so the rule behind it is asked.
    let first = json!({ "show": "cards", "about": { "attribute": "page.item" } });
    let by_place = json!([{ "id": "1", "rank": first }, { "rank": only("hats") }]);
    let with_dots =
        json!({ "a": [{ "id": "b.c", "rank": only("hats") }], "a.b": [{ "id": "c", "rank": only("shoes") }] });
    let result = compiled(shop(&by_place, TITLES, &with_dots)).personalize(&Context::new(0.0));
    for (slot, expected) in [("related", "Hat "), ("a", "Hat "), ("a.b", "Boots ")] {
        let shown = &result.slots[slot];
        assert_eq!(shown.content["html"], expected, "{slot}");
        assert_eq!(shown.items.as_ref().map(Vec::len), Some(1), "{slot}");
    }
}

/// A tag means the same with spaces in it. Written otherwise, a reason is an object, which nobody wants to read.
#[test]
fn the_reason_is_found_with_spaces_around_its_name() {
    for tag in ["{{because}}", "{{ because }}", "{{because }}"] {
        let html = format!("{{{{#items}}}}{tag}. {{{{/items}}}}");
        let result = compiled(shop(&json!([{ "rank": { "show": "cards" } }]), &html, &json!({})))
            .personalize(&Context::new(0.0));
        assert_eq!(result.slots["related"].content["html"], "Many chose Boots. Many chose Hat. ", "{tag}");
    }
}

#[test]
fn a_member_that_is_a_letter_away_from_one_that_items_have_is_told() {
    let rank = json!({
        "show": "cards",
        "where": { "$or": [{ "categry": "hats" }, { "$not": { "Sold.net": 1 } }, { "$segment": "grown-up" }], "adult": { "$exists": false } },
        "boosts": [{ "where": { "titel": { "$regex": "^B" }, "sold": { "$gt": 1 } }, "add": 1 }],
    });
    let mut bundle = shop(&json!([{ "rank": rank }]), TITLES, &json!({}));
    // What is not shown can be asked for.
    bundle["catalog"]["members"] = json!(["title"]);
    let problems = check(bundle);
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    for (place, name, meant) in [
        ("where/$or/0/categry", "categry", "category"),
        ("where/$or/1/$not/Sold.net", "Sold", "sold"),
        ("boosts/0/where/titel", "titel", "title"),
    ] {
        let expected = format!(
            "/slots/related/rules/0/rank/{place}: no item of the catalog has a member \"{name}\" (did you mean \"{meant}\"?)"
        );
        assert!(told.contains(&expected), "{expected} is not in {told:#?}");
    }
    assert_eq!(told.len(), 3, "{told:#?}");
}

#[test]
fn names_in_templates_that_become_the_visitors_for_a_slip_are_told() {
    let told = |html: &str| {
        let mut bundle =
            shop(&json!([{ "rank": { "show": "cards", "about": { "attribute": "about.item" } } }]), html, &json!({}));
        bundle["catalog"]["items"][0]["colours"] = json!([{ "name": "brown" }]);
        check(bundle).iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        told("{{#items}}{{titel}}{{/items}}"),
        ["no item of the catalog has a member \"titel\", so \"titel\" is the visitor's"]
    );
    assert_eq!(
        told("{{#about.title}}<h2>{{about.title}}</h2>{{/about.title}}{{#items}}{{title}}{{/items}}"),
        ["what the list is about can be printed, and not asked for, so \"about\" is the visitor's"]
    );
    let fine = "<h2>{{about.title}} for {{name}}</h2>{{#items}}{{title}}{{plan}}{{#colours}}{{nam}}{{/colours}}{{because}}{{/items}}";
    assert_eq!(told(fine), [] as [String; 0]);
}

/// None of a category would be none at all; one was shown nevertheless.
#[test]
fn at_most_none_of_a_category_is_refused() {
    for (most, errors) in [(0, 1), (1, 0)] {
        let rank = json!({ "show": "cards", "diversity": { "mostOfCategory": most } });
        let problems = check(shop(&json!([{ "rank": rank }]), TITLES, &json!({})));
        assert_eq!(problems.len(), errors, "{problems:#?}");
    }
}

/// Some editors write a byte order mark before a text, which is no part of it.
#[test]
fn files_are_read_behind_a_byte_order_mark() {
    let mut bundle = shop(&json!([{ "rank": { "show": "cards" } }]), TITLES, &json!({}));
    bundle["catalog"] = json!({ "items": "items.jsonl", "neighbours": "neighbours.json", "model": "model.json" });
    let mut files = Files::default();
    files.insert("items.jsonl", "\u{feff}{ \"id\": \"boots\" }\r\n\r\n{ \"id\": \"hat\" }\n".into());
    files.insert("neighbours.json", "\u{feff}{ \"boots\": { \"hat\": 1 } }".into());
    files.insert("model.json", "\u{feff}{}".into());
    let problems = check_with(bundle.clone(), &files);
    assert_eq!(problems, []);

    files.insert("items.jsonl", "{ \"id\": \"boots\" }\n\n{ id: 1 }".into());
    let problems = check_with(bundle, &files);
    let message = "the file \"items.jsonl\" cannot be read: line 3: key must be a string, column 3";
    assert_eq!(problems.first().map(|problem| problem.message.as_str()), Some(message));
}

/// What can be compiled can be loaded; what is too much is said where it is.
#[test]
fn what_is_nested_too_deep_or_too_large_is_refused_and_not_built() {
    let mut filter = json!({ "$segment": "grown-up" });
    for _ in 0..32 {
        filter = json!({ "sold": { "$gt": 1 }, "$or": [{ "category": "hats" }, filter] });
    }
    let deep = shop(&json!([{ "rank": { "show": "cards", "where": filter } }]), TITLES, &json!({}));
    let mut large = shop(&json!([{ "rank": { "show": "cards" } }]), TITLES, &json!({}));
    large["catalog"]["factors"] = json!({ "vectors": [[9e8, 1], [1, 9e8]] });
    for (bundle, place) in [(deep, "/slots/related/rules/0/rank/where"), (large, "/catalog/factors/vectors")] {
        let problems = check(bundle);
        assert!(
            problems.iter().any(|problem| problem.pointer.as_str() == place && problem.help.is_some()),
            "{problems:#?}"
        );
    }
}
