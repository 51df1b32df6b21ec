//! Catalogs and rankings that compile, and of which a part does nothing: each cause is told once, with numbers, and what may be meant is not.

#![cfg(feature = "compiler")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise::{Files, Matrix, Severity, check, check_with};

/// Three items, of which not everything is known, and a rule that ranks them.
fn shop(rank: &Json, catalog: &Json) -> Json {
    let mut bundle = json!({
        "version": 1, "id": "shop",
        "segments": { "grown-up": { "age": { "$gte": 18 } } },
        "catalog": {
            "items": [
                { "id": "tent", "stock": 3, "sold": 8, "added": "2026-03-01" },
                { "id": "boots", "stock": 0, "sold": null, "added": null },
                { "id": "hat" },
            ],
            "popularity": { "member": "sold" },
            "recency": { "member": "added" },
        },
        "slots": { "related": {
            "default": "none",
            "variants": { "none": {}, "cards": { "html": "{{#items}}{{id}} {{/items}}" } },
            "rules": [{ "rank": { "show": "cards" } }],
        } },
    });
    for (target, changes) in [("/slots/related/rules/0/rank", rank), ("/catalog", catalog)] {
        let target = bundle.pointer_mut(target).unwrap();
        changes.as_object().unwrap().iter().for_each(|(name, value)| target[name] = value.clone());
    }
    bundle
}

/// Places and messages; all of them are warnings, and say what to do.
fn told(bundle: Json, files: &Files) -> Vec<String> {
    let problems = check_with(bundle, files);
    assert!(
        problems.iter().all(|problem| problem.severity == Severity::Warning && problem.help.is_some()),
        "{problems:#?}"
    );
    problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect()
}

fn told_of_rank(rank: &Json) -> Vec<String> {
    told(shop(rank, &json!({})), &Files::default())
}

fn told_of_catalog(catalog: &Json) -> Vec<String> {
    told(shop(&json!({}), catalog), &Files::default())
}

#[test]
fn what_is_not_known_of_items_is_fine() {
    assert_eq!(check(shop(&json!({}), &json!({}))), []);
}

#[test]
fn values_that_are_no_numbers_or_times_are_counted() {
    let at = |values: [Json; 4]| {
        // Not in the order of ids, which items are sorted by.
        let ids = ["tent", "boots", "hat", "axe"].iter().zip(&values);
        let of = |name: &str| ids.clone().map(|(id, value)| json!({ "id": id, name: value })).collect::<Vec<_>>();
        [("sold", "popularity"), ("added", "recency")].map(|(name, part)| {
            let mut bundle = shop(&json!({}), &json!({ "items": of(name) }));
            bundle["catalog"].as_object_mut().unwrap().retain(|name, _| name == "items" || name == part);
            told(bundle, &Files::default())
        })
    };
    let message = |part: &str, message: &str| vec![format!("/catalog/{part}/member: {message}")];
    let [sold, added] = at([json!(5), json!("80"), Json::Null, json!("x".repeat(60))]);
    assert_eq!(
        sold,
        message(
            "popularity",
            "2 of 4 items have no number in \"sold\" but something else: the first is \"boots\", with \"80\""
        )
    );
    assert_eq!(
        added,
        message(
            "recency",
            "2 of 4 items have no time in \"added\" but something else: the first is \"boots\", with \"80\""
        )
    );
    let [sold, added] =
        at([json!({ "all": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] }), json!(1e15), json!(1), json!(2)]);
    let long = "{\"all\":[1,2,3,4,5,6,7,8,9,10,11,12,13]}";
    assert_eq!(long.len(), 39, "shown as it is");
    assert_eq!(
        sold,
        message(
            "popularity",
            &format!("1 of 4 items have no number in \"sold\" but something else: the first is \"tent\", with {long}")
        )
    );
    assert_eq!(
        added,
        message(
            "recency",
            &format!("2 of 4 items have no time in \"added\" but something else: the first is \"tent\", with {long}")
        )
    );
    // All of them are told in the same way; where there is nothing at all, another member was meant.
    let [sold, _] = at([json!(true), json!(false), json!(""), json!("x".repeat(60))]);
    assert_eq!(
        sold,
        message(
            "popularity",
            "4 of 4 items have no number in \"sold\" but something else: the first is \"tent\", with true"
        )
    );
    let [sold, added] = at([Json::Null, Json::Null, Json::Null, Json::Null]);
    assert_eq!(sold, message("popularity", "0 of 4 items have a number in \"sold\""));
    assert_eq!(added, message("recency", "0 of 4 items have a time in \"added\""));
    let [sold, _] = at([json!(0), json!(-1), Json::Null, Json::Null]);
    assert_eq!(sold, message("popularity", "no item of the catalog was chosen"));
    let [sold, _] = at([json!("x".repeat(60)), json!(0), json!(0), Json::Null]);
    assert_eq!(sold.len(), 1, "one cause: {sold:?}");
    assert!(sold[0].ends_with(&format!("with \"{}…", "x".repeat(39))), "{sold:?}");
}

#[test]
fn counts_take_the_place_of_the_member() {
    let items = json!([{ "id": "tent", "sold": "80", "added": 1 }]);
    let told = |counts: Json| {
        told_of_catalog(&json!({ "items": items, "popularity": { "member": "sold", "counts": counts } }))
    };
    assert_eq!(told(json!({ "tent": 8 })), [] as [&str; 0]);
    assert_eq!(told(json!({ "tent": 0 })), ["/catalog/popularity/counts: no item of the catalog was chosen"]);
}

#[test]
fn a_condition_that_no_item_fits_is_told_unless_the_visitor_decides() {
    let place = "/slots/related/rules/0/rank";
    let of_rule = format!("{place}/where: 0 of 3 items fit, so the rule is always passed over");
    for filter in [
        json!({ "stock": { "$gt": 10 } }),
        json!({ "stock": { "$eq": "3" } }),
        json!({ "id": { "$in": ["Tent"] } }),
        json!({ "$nor": [{ "id": { "$exists": true } }] }),
    ] {
        assert_eq!(told_of_rank(&json!({ "where": filter })), [of_rule.as_str()], "{filter}");
        let boost = told_of_rank(&json!({ "boosts": [{ "add": 1 }, { "where": filter, "add": 1 }] }));
        let of_boost = format!("{place}/boosts/1/where: 0 of 3 items fit, so nothing is added to any");
        assert_eq!(boost, [of_boost], "{filter}");
        // Pinned items are shown all the same.
        let pinned = json!({ "where": filter, "pins": [{ "item": "hat", "place": 1 }] });
        assert_eq!(told_of_rank(&pinned), [] as [&str; 0], "{filter}");
    }
    for filter in [
        json!({}),
        json!({ "stock": 3 }),
        json!({ "$segment": "grown-up" }),
        json!({ "stock": { "$gt": 10 }, "$segment": "grown-up" }),
        json!({ "$or": [{ "stock": { "$gt": 10 } }, { "$segment": "grown-up" }] }),
    ] {
        assert_eq!(told_of_rank(&json!({ "where": filter })), [] as [&str; 0], "{filter}");
    }
    // One cause is told once.
    let slip = told_of_rank(&json!({ "where": { "stok": 3 } }));
    assert_eq!(slip, [format!("{place}/where/stok: no item of the catalog has a member \"stok\"")]);
}

#[test]
fn a_catalog_without_items_is_the_cause_of_conditions_that_nothing_fits() {
    let bundle = shop(&json!({ "where": { "stock": 3 } }), &json!({ "items": [] }));
    let messages: Vec<_> = check(bundle).into_iter().map(|problem| problem.message).collect();
    assert_eq!(messages, ["the catalog has no items"]);
}

#[test]
fn weights_that_are_all_zero_are_told() {
    let zero = json!({ "content": 0, "factors": 0, "neighbours": 0, "popularity": 0, "recency": 0, "boost": 0 });
    let place = "/slots/related/rules/0/rank";
    let by_id = format!("{place}/weights: all weights are 0, so items come in the order of their ids");
    assert_eq!(told_of_rank(&json!({ "weights": zero })), [by_id.as_str()]);
    // Boosts add nothing then, which has the same cause.
    assert_eq!(told_of_rank(&json!({ "weights": zero, "boosts": [{ "add": 1 }] })), [by_id]);
    let random = json!({ "weights": zero, "explore": 1 });
    assert_eq!(told_of_rank(&random), [] as [&str; 0]);
    let unrelated =
        format!("{place}/weights: all weights are 0, so no item has anything to do with what the list is about");
    assert_eq!(told_of_rank(&json!({ "weights": zero, "about": "last", "explore": 1 })), [unrelated]);
    let mut one = zero.clone();
    one["recency"] = json!(-1);
    assert_eq!(told_of_rank(&json!({ "weights": one })), [] as [&str; 0]);
    assert_eq!(told_of_rank(&json!({ "weights": {} })), [] as [&str; 0]);
}

#[test]
fn stacks_of_which_nothing_counts_are_told_where_they_are() {
    let message = "no signal of the stack counts: of each, the weight or the deviation is 0";
    let no_deviations = json!({ "weights": [1, 1, 1, 1, 1, 1] });
    assert_eq!(
        told_of_rank(&json!({ "stack": no_deviations })),
        [format!("/slots/related/rules/0/rank/stack: {message}")]
    );
    assert_eq!(told_of_catalog(&json!({ "stack": no_deviations })), [format!("/catalog/stack: {message}")]);
    let fine = json!({ "weights": [0, 0, 0, 1, 0, 0], "deviations": [0, 0, 0, 1, 0, 0] });
    assert_eq!(told_of_catalog(&json!({ "stack": fine })), [] as [&str; 0]);
    // Learned by what was chosen, it need not know boosts; whoever writes boosts should.
    let boosted = told(shop(&json!({ "boosts": [{ "add": 1 }] }), &json!({ "stack": fine })), &Files::default());
    assert_eq!(boosted, ["/slots/related/rules/0/rank/boosts: boosts add nothing, because their weight is 0"]);
}

#[test]
fn boosts_that_add_nothing_are_told() {
    let place = "/slots/related/rules/0/rank/boosts";
    let boosts = json!([{ "where": { "stock": 3 } }, { "where": { "stock": 3 }, "add": 0 }, { "where": { "stock": 3 }, "add": -0.1 }]);
    assert_eq!(
        told_of_rank(&json!({ "boosts": boosts })),
        [format!("{place}/0: the boost adds 0"), format!("{place}/1/add: the boost adds 0")]
    );
    let weightless = json!({ "boosts": [{ "add": 1 }], "weights": { "boost": 0 } });
    assert_eq!(told_of_rank(&weightless), [format!("{place}: boosts add nothing, because their weight is 0")]);
    assert_eq!(told_of_rank(&json!({ "weights": { "boost": 0 } })), [] as [&str; 0]);
}

#[test]
fn rows_of_items_that_there_are_not_or_that_are_there_twice_are_told() {
    let ids = json!(["tent", "boots", "gone", "hat", "tent", "lost", "lost", "tent"]);
    let content = json!({ "vectors": vec![[1, 2]; 8], "rows": ids });
    let gone = "rows: the catalog has no item \"gone\", nor 1 others that are named here";
    let twice = "rows: item \"tent\" and 1 others have several rows, of which the last ones count";
    let expected = |part: &str| [format!("/catalog/{part}/{gone}"), format!("/catalog/{part}/{twice}")];
    assert_eq!(told_of_catalog(&json!({ "content": content })), expected("content"));
    assert_eq!(told_of_catalog(&json!({ "factors": content })), expected("factors"));

    let content = json!({ "vectors": vec![[1, 2]; 4], "rows": ["tent", "boots", "hat", "hat"] });
    let once = ["/catalog/content/rows: item \"hat\" has several rows, of which the last one counts"];
    assert_eq!(told_of_catalog(&json!({ "content": content })), once);
}

/// `slotwise train` writes one file of ids for both.
#[test]
fn ids_in_one_file_are_told_once() {
    let part = json!({ "vectors": "vectors.npy", "rows": "rows.json" });
    let mut files = Files::default();
    files.insert("rows.json", b"[\"tent\", \"gone\", \"hat\"]".to_vec());
    files.insert("others.json", b"[\"tent\", \"boots\", \"lost\"]".to_vec());
    files.insert_matrix("vectors.npy", Matrix { columns: 1, numbers: vec![1.0, 2.0, 3.0] });
    let told_of = |factors: &Json| told(shop(&json!({}), &json!({ "content": part, "factors": factors })), &files);
    let content = [
        "/catalog/content/rows: the catalog has no item \"gone\", which is passed over",
        "/catalog/content/vectors: 1 of 3 items have no vector",
    ];
    assert_eq!(told_of(&part), content);
    let others = json!({ "vectors": "vectors.npy", "rows": "others.json" });
    let factors = [
        "/catalog/factors/rows: the catalog has no item \"lost\", which is passed over",
        "/catalog/factors/vectors: 1 of 3 items have no vector",
    ];
    assert_eq!(told_of(&others), [content, factors].concat());
}
