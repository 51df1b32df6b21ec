//! Conditions on attributes that need no code of the site's: names that are nearly theirs, and values that they never have.

use crate::bundle::wire::{Bundle, Condition};
use crate::derive::{LIST, Values, lookup};
use crate::problem::{Pointer, Problem, mistyped};
use serde_json::Value as Json;

/// What the Worker knows of a visitor's place (docs/deploy.md): `placeOf` in `worker/src/visitor/visitor.ts`.
const PLACE: [&str; 8] = [
    "geo.continent",
    "geo.country",
    "geo.region",
    "geo.city",
    "geo.postalCode",
    "geo.latitude",
    "geo.longitude",
    "geo.timeZone",
];

pub(super) fn lint(bundle: &Bundle) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (Condition(condition), pointer) in conditions(bundle) {
        whole(condition, &pointer, &mut problems);
    }
    problems
}

/// All conditions about visitors, and where they are.
fn conditions(bundle: &Bundle) -> Vec<(&Condition, Pointer)> {
    let root = Pointer::default();
    let mut all: Vec<_> = Vec::new();
    for (name, condition) in &bundle.segments {
        all.push((condition, root.child("segments").child(name)));
    }
    for (name, experiment) in &bundle.experiments {
        let pointer = root.child("experiments").child(name).child("when");
        all.extend(experiment.when.iter().map(|condition| (condition, pointer.clone())));
    }
    for (name, slot) in &bundle.slots {
        let pointer = root.child("slots").child(name).child("rules");
        let rules = slot.rules.iter().enumerate();
        all.extend(rules.filter_map(|(index, rule)| Some((rule.when.as_ref()?, pointer.child(index).child("when")))));
    }
    all
}

/// A whole condition: combinators and paths.
fn whole(condition: &Json, pointer: &Pointer, problems: &mut Vec<Problem>) {
    for (key, operand) in condition.as_object().into_iter().flatten() {
        let pointer = pointer.child(key);
        match (key.as_str(), operand) {
            ("$not", _) => whole(operand, &pointer, problems),
            ("$and" | "$or" | "$nor", Json::Array(conditions)) => {
                for (index, condition) in conditions.iter().enumerate() {
                    whole(condition, &pointer.child(index), problems);
                }
            }
            _ if key.starts_with('$') => {}
            (name, _) => match LIST.iter().find(|(path, ..)| *path == name) {
                Some(&(path, _, _, values, meaning)) => {
                    Known { path, values, meaning }.never(operand, &pointer, problems);
                }
                None => problems.extend(misnamed(name, &pointer)),
            },
        }
    }
}

/// A name that a site may have of its own, and has mistyped more likely. Names of one part are left alone, being short.
pub(in crate::bundle) fn misnamed(path: &str, pointer: &Pointer) -> Option<Problem> {
    let known = LIST.iter().map(|(known, ..)| *known).chain(PLACE);
    if !path.contains('.') || PLACE.contains(&path) || lookup(path).is_some() {
        return None;
    }
    let close = mistyped(path, known)?;
    let help = format!("did you mean \"{close}\"?");
    Some(Problem::warning(pointer, format!("\"{path}\" is missing unless you pass it yourself")).help(help))
}

/// What is known of a derived attribute.
#[derive(Clone, Copy)]
struct Known {
    path: &'static str,
    values: Values,
    meaning: &'static str,
}

impl Known {
    /// The values that it is compared with, and never has.
    fn never(self, condition: &Json, pointer: &Pointer, problems: &mut Vec<Problem>) {
        let Json::Object(operators) = condition else {
            problems.extend(self.check(condition, false, pointer));
            return;
        };
        for (operator, operand) in operators {
            let pointer = pointer.child(operator);
            match (operator.as_str(), operand) {
                ("$eq" | "$ne", value) => problems.extend(self.check(value, true, &pointer)),
                ("$in" | "$nin", Json::Array(members)) => {
                    let members = members.iter().enumerate();
                    problems
                        .extend(members.filter_map(|(index, value)| self.check(value, true, &pointer.child(index))));
                }
                ("$not", inner) => self.never(inner, &pointer, problems),
                _ => {}
            }
        }
    }

    fn check(self, value: &Json, is_strict: bool, pointer: &Pointer) -> Option<Problem> {
        let Self { path, values, meaning } = self;
        let help = format!("it is {meaning}, unless you pass it yourself");
        let problem = || Problem::warning(pointer, format!("\"{path}\" is never {value}")).help(help);
        (!can_be(values, value, is_strict)).then(problem)
    }
}

/// Whether an attribute can equal a value: strictly, or as a bare value is compared, which converts. What is missing equals `null`.
fn can_be(values: Values, value: &Json, is_strict: bool) -> bool {
    let is_whole = |from: u8, to: u8, number: f64| (from..=to).any(|whole| f64::from(whole) == number);
    match (values, value) {
        (Values::Any, _) | (_, Json::Null) => true,
        (Values::OneOf(texts), Json::String(text)) => texts.contains(&text.as_str()),
        (Values::Whole(from, to), Json::Number(number)) => {
            number.as_f64().is_some_and(|number| is_whole(from, to, number))
        }
        (Values::Flag, Json::Bool(_)) => true,
        (Values::Whole(from, to), Json::String(text)) => {
            !is_strict && (from..=to).any(|whole| whole.to_string() == *text)
        }
        (Values::Flag, Json::String(text)) => !is_strict && (text == "true" || text == "false"),
        (Values::Flag, Json::Number(number)) => {
            !is_strict && number.as_f64().is_some_and(|number| is_whole(0, 1, number))
        }
        (Values::OneOf(_) | Values::Whole(..), Json::Bool(_)) => !is_strict,
        (Values::OneOf(_), Json::Number(_)) | (_, Json::Array(_) | Json::Object(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::bundle::compile::check;
    use crate::problem::Severity;
    use serde_json::{Value as Json, json};

    /// What is said of a condition: where in it, and what.
    fn said(condition: &Json) -> Vec<(String, String, String)> {
        let problems = check(json!({
            "version": 1, "id": "test",
            "slots": { "hero": {
                "default": "a", "variants": { "a": {}, "b": {} },
                "rules": [{ "when": condition, "show": "b" }]
            } }
        }));
        problems
            .into_iter()
            .map(|problem| {
                assert_eq!(problem.severity, Severity::Warning);
                let place = problem.pointer.as_str().strip_prefix("/slots/hero/rules/0/when").unwrap().to_owned();
                (place, problem.message, problem.help.unwrap())
            })
            .collect()
    }

    #[test]
    fn names_that_are_nearly_known() {
        for (path, meant) in [
            ("geo.ciy", "geo.city"),
            ("geo.timezone", "geo.timeZone"),
            ("time.hourr", "time.hour"),
            ("device.tpye", "device.type"),
            ("profile.isnew", "profile.isNew"),
            ("utm.campain", "utm.campaign"),
        ] {
            let [(place, message, help)] = &said(&json!({ "$or": [{ path: 1 }] }))[..] else { panic!("{path}") };
            assert_eq!(*place, format!("/$or/0/{path}"));
            assert!(message.contains(path), "{message}");
            assert_eq!(*help, format!("did you mean \"{meant}\"?"));
        }
    }

    #[test]
    fn names_in_templates() {
        let problems = check(json!({
            "version": 1, "id": "test",
            "slots": { "hero": {
                "default": "a",
                "variants": { "a": { "html": "<p>{{geo.city}} {{url.path}} {{geo.ciy}} {{#list}}{{geo.ciy}}{{/list}}</p>" } }
            } }
        }));
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!(problem.pointer.as_str(), "/slots/hero/variants/a/html");
        assert_eq!(problem.help.as_deref(), Some("did you mean \"geo.city\"?"));
    }

    #[test]
    fn names_of_the_site() {
        for path in ["geo.city", "geo.zone", "time.day", "plan", "local", "url.query.tme", "device.model", "cart.size"]
        {
            assert_eq!(said(&json!({ path: { "$exists": true } })), [], "{path}");
        }
    }

    #[test]
    fn values_that_never_are() {
        for (condition, place, value) in [
            (json!({ "device.type": "phone" }), "/device.type", "\"phone\""),
            (json!({ "device.os": { "$in": ["ios", "iOS"] } }), "/device.os/$in/1", "\"iOS\""),
            (json!({ "time.weekday": "mon" }), "/time.weekday", "\"mon\""),
            (json!({ "time.weekday": 0 }), "/time.weekday", "0"),
            (json!({ "time.hour": 24 }), "/time.hour", "24"),
            (json!({ "time.hour": { "$eq": "9" } }), "/time.hour/$eq", "\"9\""),
            (json!({ "time.month": { "$not": { "$ne": 1.5 } } }), "/time.month/$not/$ne", "1.5"),
            (json!({ "$not": { "device.browser": ["chrome"] } }), "/$not/device.browser", "[\"chrome\"]"),
            (json!({ "profile.engagement": 3 }), "/profile.engagement", "3"),
            (json!({ "profile.isNew": { "$eq": "true" } }), "/profile.isNew/$eq", "\"true\""),
        ] {
            let [(at, message, help)] = &said(&condition)[..] else { panic!("{condition}: {:?}", said(&condition)) };
            assert_eq!(at, place);
            assert!(message.ends_with(&format!("is never {value}")), "{message}");
            assert!(help.starts_with("it is "), "{help}");
        }
    }

    #[test]
    fn values_that_may_be() {
        for condition in [
            json!({ "device.type": { "$in": ["mobile", "tablet"], "$nin": ["bot"] } }),
            json!({ "device.type": true, "time.date": "2026-12-24", "language": { "$eq": "pl" } }),
            json!({ "device.type": null, "time.month": { "$eq": null } }),
            json!({ "time.hour": "9", "time.weekday": 7, "time.month": { "$gte": 13 } }),
            json!({ "profile.isNew": "true", "profile.leftCart": 1, "profile.sessions": 12 }),
            json!({ "geo.city": "Gdynia", "url.query.device.type": "phone" }),
        ] {
            assert_eq!(said(&condition), [], "{condition}");
        }
    }
}
