//! Contexts with values that JSON cannot hold: `{ "$js": … }` stands for one in attributes and requests, at any depth.

use serde_json::Value as Json;
use slotwise::bundle::manifest::InputPath;
use slotwise::decide::Frame;
use slotwise::value::{MAX_DEPTH, Node, Pool, Span};
use slotwise::{Context, Engine};

/// The code units of `{ "$js": "text", "units": [...] }`.
pub(crate) fn units(value: &Json) -> Option<Vec<u16>> {
    let units = value.get("units")?.as_array()?;
    units.iter().map(|unit| unit.as_u64().and_then(|unit| u16::try_from(unit).ok())).collect()
}

/// What a decision on this context has to go by.
pub(crate) fn frame(engine: &Engine, context: &Json) -> Frame {
    let mut plain = context.clone();
    let [attributes, request] = ["attributes", "request"].map(|name| plain[name].take());
    plain.as_object_mut().unwrap().retain(|_, member| !member.is_null());
    let context: Context = serde_json::from_value(plain).unwrap();
    let mut frame = context.frame(engine.program(), engine.manifest());
    for (place, input) in engine.manifest().inputs.iter().enumerate() {
        let found = match input {
            InputPath::Attribute(path) => {
                path.iter().try_fold(attributes.clone(), |value, name| property(&value, name)).unwrap_or_default()
            }
            InputPath::Request(fact) => request.get(fact).cloned().unwrap_or_default(),
            InputPath::Sticky(..) | InputPath::Profile(_) | InputPath::Ranked(_) => continue,
        };
        frame.values[place] = push(&mut frame.pool, &found, 0);
    }
    frame.derive(engine.program());
    frame
}

/// One own property, as JavaScript finds it.
fn property(value: &Json, name: &str) -> Option<Json> {
    match value {
        Json::Object(members) if !members.contains_key("$js") => members.get(name).cloned(),
        Json::Array(items) if name == "length" => Some(items.len().into()),
        Json::Array(items) => items.get(name.parse::<usize>().ok().filter(|at| at.to_string() == name)?).cloned(),
        _ => None,
    }
}

fn push(pool: &mut Pool, value: &Json, depth: u32) -> Node {
    match value.get("$js").and_then(Json::as_str) {
        Some("undefined") => return Node::Undefined,
        Some("text") => return Node::Text(pool.push_units(units(value).unwrap())),
        Some("-0") => return Node::Number(-0.0),
        Some(number) => return Node::Number(number.parse().unwrap()),
        None => {}
    }
    match value {
        Json::Array(_) | Json::Object(_) if depth >= MAX_DEPTH => Node::Null,
        Json::Array(items) => {
            let span = pool.reserve(items.len());
            for (at, item) in (span.start..).zip(items) {
                let node = push(pool, item, depth + 1);
                pool.set(at, node);
            }
            Node::Array(span)
        }
        Json::Object(members) => {
            let span = pool.reserve(members.len() * 2);
            for (at, (name, member)) in (span.start..).step_by(2).zip(members) {
                let name = Node::Text(pool.push_str(name));
                pool.set(at, name);
                let node = push(pool, member, depth + 1);
                pool.set(at + 1, node);
            }
            Node::Object(Span { start: span.start, len: span.len / 2 })
        }
        plain => pool.push_json(plain),
    }
}
