//! A JSON document into the wire model, with every misfit reported.
//!
//! A deserialiser stops at the first thing that does not fit. Here that thing is noted, taken out, and the
//! rest is read again, until everything fits; so an author sees all mistakes at once.

use super::misfit::{Misfit, unknown_field};
use super::wire::Bundle;
use crate::problem::{Pointer, Problem};
use serde_json::{Value as Json, json};
use serde_path_to_error::{Path, Segment};

/// More misfits than this are not worth listing.
const MOST: usize = 200;

/// The format version that bundles state.
const BUNDLE_VERSION: u64 = 1;

/// Reads a document; what did not fit is reported and reads as if it were not there.
pub(super) fn read(mut document: Json) -> (Bundle, Vec<Misfit>) {
    let root = Pointer::default();
    let mut misfits = Vec::new();
    let mut note = |problem| misfits.push(Misfit::from(problem));
    if !document.is_object() {
        note(Problem::error(&root, "a bundle is a JSON object"));
        return (Bundle::default(), misfits);
    }
    for name in ["version", "id", "slots"] {
        if document.get(name).is_none() {
            note(Problem::error(&root, format!("\"{name}\" is missing")));
        }
    }
    if let Some(version) = document.get("version").and_then(Json::as_u64).filter(|version| *version != BUNDLE_VERSION) {
        let problem = Problem::error(&root.child("version"), format!("version {version} is not known"));
        note(problem.help("this Slotwise reads version 1"));
    }
    for steps in lists_for_objects(&document) {
        misfits.push(Misfit::new(&steps, "invalid type: sequence, expected a map"));
        take_out(&mut document, &steps, false);
    }
    while misfits.len() < MOST {
        let error = match serde_path_to_error::deserialize(&document) {
            Ok(bundle) => return (bundle, misfits),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let steps = steps(error.path(), unknown_field(&message));
        let misfit = Misfit::new(&steps, &message);
        let is_known = misfits.iter().any(|known| known.problem.pointer == misfit.problem.pointer);
        if !is_known {
            misfits.push(misfit);
        }
        if !take_out(&mut document, &steps, is_known) {
            break;
        }
    }
    (Bundle::default(), misfits)
}

/// The way to the misfit. An unknown member is reported at its parent, so its name is put behind.
fn steps(path: &Path, unknown: Option<&str>) -> Vec<String> {
    let mut steps: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    if let Some(name) = unknown
        && steps.last().is_none_or(|last| last != name)
    {
        steps.push(name.to_owned());
    }
    steps
}

/// Where a bundle has objects of known members. `*` stands for every member and element.
const OBJECTS: [&[&str]; 22] = [
    &["consent"],
    &["holdouts", "*"],
    &["experiments", "*"],
    &["experiments", "*", "requires", "*"],
    &["experiments", "*", "schedule", "*"],
    &["slots", "*"],
    &["slots", "*", "variants", "*"],
    &["slots", "*", "variants", "*", "patches", "*"],
    &["slots", "*", "rules", "*"],
    &["slots", "*", "rules", "*", "rank"],
    &["slots", "*", "rules", "*", "rank", "weights"],
    &["slots", "*", "rules", "*", "rank", "diversity"],
    &["slots", "*", "rules", "*", "rank", "cap"],
    &["clusters"],
    &["clusters", "features", "*"],
    &["clusters", "clusters", "*"],
    &["catalog"],
    &["catalog", "content"],
    &["catalog", "factors"],
    &["catalog", "popularity"],
    &["catalog", "recency"],
    &["catalog", "because"],
];

/// The lists that stand where an object should. The deserialiser would take their elements for the members in
/// order.
fn lists_for_objects(document: &Json) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for pattern in OBJECTS {
        let mut places = vec![(Vec::new(), document)];
        for step in pattern {
            places = places.into_iter().flat_map(|(path, json)| inside(&path, json, step)).collect();
        }
        found.extend(places.into_iter().filter(|(_, json)| json.is_array()).map(|(path, _)| path));
    }
    found
}

/// What lies one step inside of a value.
fn inside<'j>(path: &[String], json: &'j Json, step: &str) -> Vec<(Vec<String>, &'j Json)> {
    let at = |name: String, json: &'j Json| (path.iter().cloned().chain([name]).collect(), json);
    match json {
        Json::Object(members) if step == "*" => members.iter().map(|(name, json)| at(name.clone(), json)).collect(),
        Json::Array(items) if step == "*" => {
            items.iter().enumerate().map(|(index, json)| at(index.to_string(), json)).collect()
        }
        Json::Object(members) => members.get(step).map(|json| at(step.to_owned(), json)).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What stands in for an element that does not fit: the first of these that does.
fn stand_ins() -> [Json; 4] {
    [json!({}), json!(""), json!(0), json!([])]
}

/// Takes the misfit out of the document. A member goes; an element keeps its place, so that those behind it
/// keep theirs, and becomes a stand-in: the next one when it `is_again` the misfit.
fn take_out(document: &mut Json, steps: &[String], is_again: bool) -> bool {
    let Some((last, parents)) = steps.split_last() else { return false };
    let parent = parents.iter().try_fold(document, |json, step| match json {
        Json::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
        other => other.get_mut(step),
    });
    match parent {
        Some(Json::Object(members)) => members.shift_remove(last).is_some(),
        Some(Json::Array(items)) => {
            let item = last.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            let mut left = stand_ins().into_iter();
            let next = match &item {
                Some(item) if is_again => left.by_ref().skip_while(|stand_in| stand_in != *item).nth(1),
                _ => left.next(),
            };
            item.zip(next).map(|(item, next)| *item = next).is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::given::Given;

    #[test]
    fn every_misfit_is_reported_at_its_place() {
        let (bundle, misfits) = read(json!({
            "version": "1", "id": "shop", "slot": {},
            "slots": { "hero": { "default": 5, "variant": {}, "variants": { "base": { "htm": "x" } },
                                 "rules": [{ "sow": "base" }, { "show": 3 }] } },
            "experiments": { "e": { "coverage": "all" } }
        }));
        let found: Vec<_> = misfits.iter().map(|misfit| misfit.problem.pointer.as_str()).collect();
        for pointer in [
            "/version",
            "/slot",
            "/slots/hero/default",
            "/slots/hero/variant",
            "/slots/hero/variants/base/htm",
            "/slots/hero/rules/0/sow",
            "/slots/hero/rules/1/show",
            "/experiments/e/coverage",
        ] {
            assert!(found.contains(&pointer), "{pointer} is not among {found:?}");
        }
        assert_eq!(found.len(), 8, "{found:#?}");
        assert_eq!(bundle.id, "shop");
    }

    #[test]
    fn elements_behind_a_misfit_keep_their_place() {
        let (bundle, misfits) = read(json!({
            "version": 1, "id": "shop",
            "slots": { "hero": { "default": "base", "variants": { "base": {} }, "rules": [5, { "show": "base" }] } }
        }));
        assert_eq!(misfits.len(), 1);
        assert_eq!(misfits[0].problem.pointer.as_str(), "/slots/hero/rules/0");
        assert_eq!(misfits[0].problem.message, "expected an object, not 5");
        assert_eq!(bundle.slots["hero"].rules.len(), 2);
    }

    #[test]
    fn what_may_stand_in_a_file_is_read_member_by_member_as_well() {
        let (bundle, misfits) = read(json!({
            "version": 1, "id": "shop", "slots": {},
            "catalog": {
                "items": [{ "id": "a" }, 5],
                "content": { "vectors": [[1, "2"], "far", [3, 4]], "rows": 1 },
                "neighbours": { "a": { "b": "near", "c": 1 } }
            }
        }));
        let found: Vec<_> =
            misfits.iter().map(|misfit| (misfit.problem.pointer.as_str(), misfit.problem.message.as_str())).collect();
        assert_eq!(
            found,
            [
                ("/catalog/content/vectors/0/1", "expected a number, not \"2\""),
                ("/catalog/content/vectors/1", "expected a list, not \"far\""),
                ("/catalog/content/rows", "expected the name of a file, or what would stand in it, not 1"),
                ("/catalog/neighbours/a/b", "expected a number, not \"near\""),
            ]
        );
        // The rest was read.
        let catalog = bundle.catalog.unwrap();
        let Some(Given::Here(lists)) = catalog.neighbours else { panic!("neighbours are there") };
        assert_eq!((lists["a"].len(), lists["a"]["c"]), (1, 1.0));
    }

    #[test]
    fn other_versions_are_refused() {
        for version in [0, 2] {
            let problems = crate::check(json!({ "version": version, "id": "shop", "slots": {} }));
            assert_eq!(problems[0].pointer.as_str(), "/version");
            assert_eq!(problems[0].message, format!("version {version} is not known"));
        }
    }

    #[test]
    fn a_condition_of_null_is_not_always() {
        let problems = crate::check(json!({
            "version": 1, "id": "shop",
            "slots": { "hero": { "default": "base", "variants": { "base": {} }, "rules": [{ "when": null, "show": "base" }] } }
        }));
        assert_eq!(problems[0].pointer.as_str(), "/slots/hero/rules/0/when");
    }

    #[test]
    fn what_is_no_object_is_said_to_be_none() {
        for document in [json!(null), json!([]), json!("bundle")] {
            let (_, misfits) = read(document);
            assert_eq!(misfits.len(), 1);
        }
    }
}
