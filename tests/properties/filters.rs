//! What a ranking asks of items, against the same condition asked of a visitor who has the item's members.

use super::{cases, engine};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use slotwise::Context;

const MEMBERS: [&str; 4] = ["stock", "colour", "tags", "price"];
const SEGMENTS: [&str; 3] = ["grown-up", "poland", "new"];

fn value() -> impl Strategy<Value = Json> {
    prop_oneof![
        (0..4).prop_map(Json::from),
        select(vec![
            json!("red"),
            json!("blue"),
            json!(""),
            json!("2"),
            json!(true),
            json!(null),
            json!(["red", 2]),
            json!([])
        ]),
    ]
}

fn members() -> impl Strategy<Value = Json> {
    btree_map(select(&MEMBERS[..]), value(), 0..4).prop_map(|members| json!(members))
}

/// One test of a member.
fn test() -> impl Strategy<Value = Json> {
    let operator = select(vec!["$gt", "$lte", "$eq", "$ne", "$exists", "$in", "$nin", "$elemMatch", "$size", "$type"]);
    (select(&MEMBERS[..]), operator, value()).prop_map(|(member, operator, value)| {
        let value = if value.is_array() { json!(2) } else { value };
        let operand = match operator {
            "$exists" => json!(value == json!(true)),
            "$in" | "$nin" => json!([value, "red"]),
            "$elemMatch" => json!({ "$eq": value }),
            "$size" => json!({ "$gt": 0 }),
            "$type" => json!("string"),
            "$gt" | "$lte" if !value.is_number() && !value.is_string() => json!(1),
            _ => value,
        };
        json!({ member: { operator: operand } })
    })
}

fn condition() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![2 => test(), 1 => select(&SEGMENTS[..]).prop_map(|name| json!({ "$segment": name }))];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (select(vec!["$and", "$or", "$nor"]), vec(inner.clone(), 0..4))
                .prop_map(|(combinator, conditions)| json!({ combinator: conditions })),
            inner.clone().prop_map(|condition| json!({ "$not": condition })),
            // Members of one object must all hold.
            (inner.clone(), inner).prop_map(|(one, other)| {
                let mut both = one;
                both.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
                both
            }),
        ]
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn items_are_those_of_which_the_condition_holds(
        items in vec(members(), 1..12), filter in condition(), held in vec(any::<bool>(), SEGMENTS.len())
    ) {
        let segment = |name: &&str| ((*name).to_owned(), json!({ "in": { "$elemMatch": { "$eq": name } } }));
        let segments: serde_json::Map<String, Json> = SEGMENTS.iter().map(segment).collect();
        let held: Vec<&str> = SEGMENTS.iter().zip(held).filter(|(_, held)| *held).map(|(name, _)| *name).collect();
        let catalog: Vec<Json> = items.iter().enumerate().map(|(number, members)| {
            let mut item = members.clone();
            item["id"] = json!(format!("{number:02}"));
            item
        }).collect();
        let ranking = engine(&json!({
            "version": 1, "id": "items", "segments": segments, "catalog": { "items": catalog },
            "slots": { "list": { "default": "none", "variants": { "none": {}, "list": {} },
                                 "rules": [{ "rank": { "show": "list", "limit": 100, "where": filter } }] } },
        }));
        let rule = engine(&json!({
            "version": 1, "id": "visitors", "segments": segments,
            "slots": { "one": { "default": "no", "variants": { "no": {}, "yes": {} }, "rules": [{ "when": filter, "show": "yes" }] } },
        }));
        let expected: Vec<String> = items.iter().enumerate().filter(|(_, members)| {
            let mut attributes = (*members).clone();
            attributes["in"] = json!(held);
            rule.personalize(&Context::new(0.0).attributes(attributes)).slots["one"].variant == "yes"
        }).map(|(number, _)| format!("{number:02}")).collect();
        let result = ranking.personalize(&Context::new(0.0).attributes(json!({ "in": held })));
        let found: Vec<String> = result.slots["list"].items.iter().flatten().map(|item| item.id.clone()).collect();
        // Nothing speaks for any item, so they come in the order of their ids.
        prop_assert_eq!(found, expected);
    }
}
