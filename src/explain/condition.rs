//! Compiled tests back into the words they were authored with.

use crate::bundle::manifest::{InputPath, Manifest};
use crate::condition::{Accept, ConditionAt, Kind, Op, Set, Subject, Test};
use crate::program::Program;
use crate::value::{Node, Span};
use serde_json::{Value as Json, json};

/// One test as its author wrote it.
pub(super) struct Described {
    pub(super) subject: Subject,
    pub(super) operator: &'static str,
    pub(super) operand: Json,
    /// Whether the op is the inside of a negation, which the operator's name already says.
    pub(super) negated: bool,
}

/// The test that the op at this index makes; nothing for ops that test no value.
pub(super) fn describe(program: &Program, at: ConditionAt) -> Option<Described> {
    let op = program.conditions.ops.get(at as usize)?;
    let before = at.checked_sub(1).and_then(|before| program.conditions.ops.get(before as usize));
    let inside_not = matches!(before, Some(Op::Not { end }) if *end == at.saturating_add(1));
    let (subject, (operator, operand), negated) = match op {
        Op::Test { subject, test } => {
            let described = describe_test(program, test);
            match negation(described.0).filter(|_| inside_not) {
                Some("$exists") => (*subject, ("$exists", json!(false)), true),
                Some(operator) => (*subject, (operator, described.1), true),
                None => (*subject, described, false),
            }
        }
        Op::Near { latitude, area, .. } => {
            let [latitude_of, longitude_of, km] = area.authored;
            (*latitude, ("$near", json!({ "latitude": latitude_of, "longitude": longitude_of, "km": km })), false)
        }
        Op::Some { subject, .. } => (*subject, ("some element", Json::Null), false),
        Op::Size { subject, .. } => (*subject, ("$size", Json::Null), false),
        Op::Count { subject, .. } => (*subject, ("$did", Json::Null), false),
        _ => return None,
    };
    Some(Described { subject, operator, operand, negated })
}

fn describe_test(program: &Program, test: &Test) -> (&'static str, Json) {
    let text = |span: Span| Json::from(String::from_utf16_lossy(program.constants.text(span)));
    let constant = |node: Node| program.constants.value(node).to_json();
    let pattern =
        |index: u16| program.conditions.patterns.get(usize::from(index)).map_or(Json::Null, |span| text(*span));
    match *test {
        Test::Text { text: span, .. } => ("equals", text(span)),
        Test::Number(number) => ("equals", program.constants.value(Node::Number(number)).to_json()),
        Test::Bool(bool) => ("equals", Json::from(bool)),
        Test::Null => ("equals", Json::Null),
        Test::Json(node) => ("equals", constant(node)),
        Test::Is(node) => ("$eq", constant(node)),
        Test::Compare(accept, node) => {
            (comparison(accept, ["$lt", "$lte", "$gt", "$gte", "$eq", "$ne"]), constant(node))
        }
        Test::Exists => ("$exists", Json::from(true)),
        Test::In(set) => match program.conditions.sets.get(usize::from(set)) {
            Some(set) => (if set.folded.is_some() { "$ini" } else { "$in" }, members(set, &text)),
            None => ("$in", Json::Null),
        },
        Test::Pattern(automaton) => ("$regex", pattern(automaton)),
        Test::Glob(automaton) => ("$glob", pattern(automaton)),
        Test::Type(kind) => ("$type", Json::from(kind_name(kind))),
        Test::Version(accept, version) => {
            (comparison(accept, ["$vlt", "$vlte", "$vgt", "$vgte", "$veq", "$vne"]), text(version))
        }
    }
}

/// The operator that says the opposite.
fn negation(operator: &str) -> Option<&'static str> {
    match operator {
        "$eq" => Some("$ne"),
        "$in" => Some("$nin"),
        "$ini" => Some("$nini"),
        "$exists" => Some("$exists"),
        _ => None,
    }
}

fn comparison(accept: Accept, names: [&'static str; 6]) -> &'static str {
    let [less, less_or_equal, greater, greater_or_equal, equal, unequal] = names;
    match (accept.less, accept.equal, accept.greater) {
        (true, true, _) => less_or_equal,
        (true, false, false) => less,
        (true, false, true) => unequal,
        (false, true, true) => greater_or_equal,
        (false, false, true) => greater,
        (false, _, false) => equal,
    }
}

fn members(set: &Set, text: &impl Fn(Span) -> Json) -> Json {
    let texts = set.texts.iter().map(|span| text(*span));
    let numbers = set.numbers.iter().map(|number| json!(number));
    let plain = [(set.has_true, json!(true)), (set.has_false, json!(false)), (set.has_null, Json::Null)];
    Json::Array(texts.chain(numbers).chain(plain.into_iter().filter(|(has, _)| *has).map(|(_, value)| value)).collect())
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Undefined => "undefined",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}

/// Where a value came from: the path as authored, `element` for one that is walked.
pub(super) fn subject(program: &Program, manifest: &Manifest, subject: Subject) -> String {
    match subject {
        Subject::Input(input) => match manifest.inputs.get(usize::from(input)) {
            Some(InputPath::Attribute(path)) => path.join("."),
            Some(InputPath::Profile(name)) => format!("$did {name}"),
            _ => String::new(),
        },
        Subject::Element(path) => {
            let names = program.conditions.names.get(path.range(1)).unwrap_or_default();
            let names = names.iter().map(|name| String::from_utf16_lossy(program.constants.text(*name)));
            std::iter::once("element".to_owned()).chain(names).collect::<Vec<_>>().join(".")
        }
    }
}
