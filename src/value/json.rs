//! JSON into a pool, with the property order that `JSON.parse` would give.

use super::{MAX_DEPTH, Node, Pool, Span, Value, number};
use serde_json::Value as Json;

impl Pool {
    /// Stores a JSON value. Object keys that are array indices come first, in ascending order, as in
    /// a JavaScript object.
    pub fn push_json(&mut self, json: &Json) -> Node {
        self.push_json_within_depth(json, 0)
    }

    fn push_json_within_depth(&mut self, json: &Json, depth: u32) -> Node {
        let deeper = depth.saturating_add(1);
        match json {
            Json::Null => Node::Null,
            Json::Bool(bool) => Node::Bool(*bool),
            Json::Number(number) => Node::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Node::Text(self.push_str(text)),
            Json::Array(_) | Json::Object(_) if depth >= MAX_DEPTH => Node::Null,
            Json::Array(items) => {
                let span = self.reserve(items.len());
                for (index, item) in (span.start..).zip(items) {
                    let node = self.push_json_within_depth(item, deeper);
                    self.set(index, node);
                }
                Node::Array(span)
            }
            Json::Object(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by_key(|(key, _)| {
                    number::array_index(&key.encode_utf16().collect::<Vec<_>>()).map_or((1, 0), |index| (0, index))
                });
                let span = self.reserve(pairs.len().saturating_mul(2));
                for (index, (key, value)) in (span.start..).step_by(2).zip(pairs) {
                    let key = Node::Text(self.push_str(key));
                    self.set(index, key);
                    let node = self.push_json_within_depth(value, deeper);
                    self.set(index.saturating_add(1), node);
                }
                Node::Object(Span { start: span.start, len: span.len / 2 })
            }
        }
    }
}

impl Value<'_> {
    /// The value as JSON, as `JSON.stringify` would write it: what JSON cannot hold becomes `null`.
    #[must_use]
    pub fn to_json(self) -> Json {
        match self.node() {
            Node::Undefined | Node::Null => Json::Null,
            Node::Bool(bool) => Json::Bool(bool),
            Node::Number(number) => number_to_json(number),
            Node::Text(span) => Json::String(String::from_utf16_lossy(self.pool().text(span))),
            Node::Array(_) => Json::Array(self.elements().into_iter().flatten().map(Value::to_json).collect()),
            Node::Object(_) => Json::Object(
                self.entries()
                    .into_iter()
                    .flatten()
                    .map(|(key, value)| (String::from_utf16_lossy(key), value.to_json()))
                    .collect(),
            ),
        }
    }
}

/// Whole numbers are written without a fraction, as JavaScript does.
fn number_to_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "checked above: exact in an i64")]
        return Json::from(number as i64);
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}
