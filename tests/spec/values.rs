//! Values that JSON cannot hold: read where native code can express them all the same.

use serde_json::Value as Json;
use slotwise::Engine;
use slotwise::bundle::manifest::InputPath;
use slotwise::decide::{Decisions, Frame, decide};
use slotwise::trace::NoTrace;
use slotwise::value::{Node, Pool, Span};

/// Whether a vector holds such a value.
pub(crate) fn needs_js(vector: &Json) -> bool {
    vector.get("needs").is_some_and(|needs| needs == "js")
}

/// The code units of `{ "$js": "text", "units": [...] }`.
pub(crate) fn units(value: &Json) -> Option<Vec<u16>> {
    let units = value.get("units")?.as_array()?;
    units.iter().map(|unit| unit.as_u64().and_then(|unit| u16::try_from(unit).ok())).collect()
}

/// The variant of the only slot, decided on attributes that a [`slotwise::Context`] cannot hold.
pub(crate) fn frame_variant(engine: &Engine, attributes: &Json) -> u16 {
    let mut frame = Frame::default();
    for input in &engine.manifest().inputs {
        let found = match input {
            InputPath::Attribute(path) => {
                path.iter().try_fold(attributes, |value, name| if is_js(value) { None } else { value.get(name) })
            }
            _ => None,
        };
        let node = found.map_or(Node::Null, |value| push(&mut frame.pool, value));
        frame.values.push(node);
    }
    frame.derive(engine.program());
    let mut decisions = Decisions::default();
    decide(engine.program(), &frame, &mut NoTrace, &mut decisions);
    decisions.slots[0].variant
}

fn is_js(value: &Json) -> bool {
    value.get("$js").is_some()
}

fn push(pool: &mut Pool, value: &Json) -> Node {
    match value.get("$js").and_then(Json::as_str) {
        Some("undefined") => return Node::Undefined,
        Some("text") => return Node::Text(pool.push_units(units(value).unwrap())),
        Some("-0") => return Node::Number(-0.0),
        Some(number) => return Node::Number(number.parse().unwrap()),
        None => {}
    }
    match value {
        Json::Array(items) => {
            let span = pool.reserve(items.len());
            for (at, item) in (span.start..).zip(items) {
                let node = push(pool, item);
                pool.set(at, node);
            }
            Node::Array(span)
        }
        Json::Object(members) => {
            let span = pool.reserve(members.len() * 2);
            for (at, (name, member)) in (span.start..).step_by(2).zip(members) {
                let name = Node::Text(pool.push_str(name));
                pool.set(at, name);
                let node = push(pool, member);
                pool.set(at + 1, node);
            }
            Node::Object(Span { start: span.start, len: span.len / 2 })
        }
        plain => pool.push_json(plain),
    }
}
