//! Conditions and attributes: one answer, which negation turns around, other ways of writing it keep, and the explanation
//! gives too.

use crate::explained::{decided, explained};
use crate::{compile, visitor};
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};
use slotwise::decide::Frame;
use slotwise::explain::Step;
use slotwise::{Compiled, Context, Engine, Problem, Severity};

/// A name that no segment of a vector has.
const ITSELF: &str = "the condition itself";

pub(crate) fn check(input: &[u8]) {
    let Ok(vector) = serde_json::from_slice::<Json>(input) else { return };
    let Some(condition) = vector.get("condition") else { return };
    let attributes = vector.get("attributes").unwrap_or(&Json::Null);
    let Ok(plain) = compile::compiled(&bundle(&vector, std::slice::from_ref(condition))) else { return };
    let holds = answers(&plain, attributes)[0];
    is_told(&plain, condition, attributes, holds);

    let negated = json!({ "$not": condition });
    let mut forms = vec![
        (negated.clone(), !holds),
        (json!({ "$nor": [condition] }), !holds),
        (json!({ "$nor": [condition, negated] }), false),
        (json!({ "$not": negated }), holds),
        (json!({ "$and": [condition, {}] }), holds),
        (json!({ "$or": [condition, condition] }), holds),
        (json!({ "$segment": ITSELF }), holds),
        (json!({ "$or": [condition, negated] }), true),
        (json!({ "$and": [negated, condition] }), false),
    ];
    if let Some((path, value)) = single_path(condition) {
        forms.push((json!({ path: { "$not": value } }), !holds));
    }
    // Some of them, since every pattern is compiled anew for each.
    Rng::with_seed(adler2::adler32_slice(input).into()).shuffle(&mut forms);
    forms.truncate(3);
    let mut vector = vector.clone();
    if let Some(segments) = vector.as_object_mut().unwrap().entry("segments").or_insert(json!({})).as_object_mut() {
        segments.insert(ITSELF.to_owned(), condition.clone());
    }
    let document = bundle(&vector, &forms.iter().map(|(form, _)| form.clone()).collect::<Vec<_>>());
    match compile::compiled(&document) {
        Ok(compiled) => {
            for ((form, expected), found) in forms.iter().zip(answers(&compiled, attributes)) {
                assert_eq!(found, *expected, "{form}, since the condition gives {holds} of {attributes}");
            }
        }
        // Other ways of writing may be nested deeper than is allowed.
        Err(problems) => {
            let is_other =
                |problem: &&Problem| problem.severity == Severity::Error && !problem.message.contains(" deep");
            let other = problems.iter().find(is_other);
            assert!(other.is_none(), "another way of writing it is refused: {other:?}");
        }
    }
}

/// A bundle with one slot a condition, which shows "yes" where it holds. Identifying attributes need no consent in it.
fn bundle(vector: &Json, conditions: &[Json]) -> Json {
    let slot = |when: &Json| json!({ "default": "no", "variants": { "no": {}, "yes": {} }, "rules": [{ "when": when, "show": "yes" }] });
    let slots: Map<_, _> =
        conditions.iter().enumerate().map(|(place, when)| (format!("slot {place}"), slot(when))).collect();
    let member = |name: &str| vector.get(name).cloned().unwrap_or(json!({}));
    json!({
        "version": 1, "id": "fuzz", "consent": { "ids": "none" },
        "segments": member("segments"), "groups": member("groups"), "slots": slots,
    })
}

/// Whether each condition holds, after asserting that the engine and the explanation say the same.
fn answers((compiled, engine): &(Compiled, Engine), attributes: &Json) -> Vec<bool> {
    let frame = frame(compiled, attributes);
    let decisions = decided(&compiled.program, &frame);
    let steps = explained(&compiled.program, &compiled.manifest, &frame, &decisions);
    for (steps, decision) in steps.iter().zip(&decisions.slots) {
        let has_failed = steps.contains(&Step::RuleFailed);
        assert_eq!(has_failed, decision.variant == 0, "{steps:?}");
    }
    let found: Vec<bool> = decisions.slots.iter().map(|decision| decision.variant == 1).collect();
    if !attributes.to_string().contains("\"$js\"") {
        let result = engine.personalize(&Context::new(frame.now).attributes(attributes.clone()));
        let by_name: Vec<bool> = result.slots.values().map(|shown| shown.variant == "yes").collect();
        assert_eq!(by_name, found, "by name and by index");
    }
    found
}

fn frame(compiled: &Compiled, attributes: &Json) -> Frame {
    visitor::frame_of(&compiled.program, &compiled.manifest, attributes)
}

/// The path and what is asked of it, where a condition asks of one path.
fn single_path(condition: &Json) -> Option<(&String, &Json)> {
    let members = condition.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().filter(|(path, _)| !path.starts_with('$'))
}

/// Of a condition that is one test, the explanation tells that test, of that path, with that outcome.
fn is_told((compiled, _): &(Compiled, Engine), condition: &Json, attributes: &Json, holds: bool) {
    const SINGLE: [&str; 19] = [
        "$eq",
        "$ne",
        "$lt",
        "$lte",
        "$gt",
        "$gte",
        "$in",
        "$nin",
        "$ini",
        "$nini",
        "$exists",
        "$type",
        "$regex",
        "$regexi",
        "$veq",
        "$vlt",
        "$vgte",
        "$inGroup",
        "$notInGroup",
    ];
    let Some((path, value)) = single_path(condition) else { return };
    let operators = value.as_object().map(|members| members.keys().map(String::as_str).collect::<Vec<_>>());
    let is_single = match operators.as_deref() {
        None => true,
        Some([operator]) => SINGLE.contains(operator),
        Some(_) => false,
    };
    if !is_single {
        return;
    }
    let frame = frame(compiled, attributes);
    let decisions = decided(&compiled.program, &frame);
    let steps = explained(&compiled.program, &compiled.manifest, &frame, &decisions);
    let tests: Vec<_> = steps[0].iter().filter(|step| matches!(step, Step::Test { .. })).collect();
    let [Step::Test { path: told, holds: outcome, .. }] = tests[..] else { panic!("not one test: {steps:?}") };
    assert_eq!((told, *outcome), (path, holds), "{steps:?}");
}
