//! JavaScript's conversions and comparisons, as ECMA-262 defines them, over [`Value`].
//!
//! Objects convert as plain objects do: to `[object Object]`, or NaN. A `valueOf`, `toString` or
//! `toJSON` of the host is never called: those belong to the visitor's page, not to a decision.

use super::{Node, Value, number};
use std::cmp::Ordering;

impl Value<'_> {
    /// JavaScript's truthiness.
    #[must_use]
    pub fn is_truthy(self) -> bool {
        match self.node() {
            Node::Undefined | Node::Null => false,
            Node::Bool(bool) => bool,
            Node::Number(number) => number != 0.0 && !number.is_nan(),
            Node::Text(span) => span.len > 0,
            Node::Array(_) | Node::Object(_) => true,
        }
    }

    /// `Number(value)`.
    #[must_use]
    pub fn to_number(self) -> f64 {
        match self.node() {
            Node::Undefined | Node::Object(_) => f64::NAN,
            Node::Null => 0.0,
            Node::Bool(bool) => f64::from(u8::from(bool)),
            Node::Number(number) => number,
            Node::Text(span) => number::parse(self.pool().text(span)),
            Node::Array(_) => {
                let mut text = Vec::new();
                self.write_text(&mut text);
                number::parse(&text)
            }
        }
    }

    /// Appends `String(value)`.
    pub fn write_text(self, out: &mut Vec<u16>) {
        let literal = match self.node() {
            Node::Undefined => "undefined",
            Node::Null => "null",
            Node::Bool(true) => "true",
            Node::Bool(false) => "false",
            Node::Number(number) => return number::format(number, out),
            Node::Text(span) => return out.extend_from_slice(self.pool().text(span)),
            Node::Object(_) => "[object Object]",
            Node::Array(_) => {
                for (index, element) in self.elements().into_iter().flatten().enumerate() {
                    if index > 0 {
                        out.push(u16::from(b','));
                    }
                    if !element.is_nullish() {
                        element.write_text(out);
                    }
                }
                return;
            }
        };
        out.extend(literal.encode_utf16());
    }

    /// Runs `test` on `String(value)`, copying nothing when the value is text already.
    pub fn with_text<T>(self, test: impl FnOnce(&[u16]) -> T) -> T {
        match self.as_text() {
            Some(text) => test(text),
            None => {
                let mut text = Vec::new();
                self.write_text(&mut text);
                test(&text)
            }
        }
    }

    /// `self === other`. Arrays and objects of a context are never identical to those of a condition.
    #[must_use]
    pub fn strictly_equals(self, other: Value<'_>) -> bool {
        match (self.node(), other.node()) {
            (Node::Text(_), Node::Text(_)) => self.as_text() == other.as_text(),
            (Node::Number(left), Node::Number(right)) => left == right,
            (Node::Bool(left), Node::Bool(right)) => left == right,
            (Node::Null, Node::Null) | (Node::Undefined, Node::Undefined) => true,
            _ => false,
        }
    }

    /// `JSON.stringify(self) === JSON.stringify(other)`: the order of keys counts.
    #[must_use]
    pub fn stringifies_as(self, other: Value<'_>) -> bool {
        let is_json_null = |node| match node {
            Node::Null => true,
            Node::Number(number) => !number.is_finite(),
            _ => false,
        };
        // Inside an array, `undefined` is written as `null`; the callers below pass it as such.
        if is_json_null(self.node()) || is_json_null(other.node()) {
            return is_json_null(self.node()) && is_json_null(other.node());
        }
        if let (Some(left), Some(right)) = (self.elements(), other.elements()) {
            return left.len() == right.len()
                && left.zip(right).all(|(left, right)| left.defined_or_null().stringifies_as(right.defined_or_null()));
        }
        if let (Some(left), Some(right)) = (self.entries(), other.entries()) {
            let defined = |(_, value): &(&[u16], Value<'_>)| value.node() != Node::Undefined;
            let (mut left, mut right) = (left.filter(defined), right.filter(defined));
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some((key, value)), Some((other_key, other_value)))
                        if key == other_key && value.stringifies_as(other_value) => {}
                    _ => return false,
                }
            }
        }
        self.node() != Node::Undefined && self.strictly_equals(other)
    }

    fn defined_or_null(self) -> Self {
        if self.node() == Node::Undefined { self.pool().value(Node::Null) } else { self }
    }

    /// How `self` stands to `other` for `<` and `>`; `None` when no comparison holds (NaN).
    ///
    /// Two texts compare by code units, everything else as numbers (IsLessThan in ECMA-262).
    #[must_use]
    pub fn compare(self, other: Value<'_>) -> Option<Ordering> {
        if self.compares_as_text() && other.compares_as_text() {
            return Some(self.with_text(|left| other.with_text(|right| left.cmp(right))));
        }
        self.to_number().partial_cmp(&other.to_number())
    }

    /// Whether ToPrimitive gives text.
    fn compares_as_text(self) -> bool {
        matches!(self.node(), Node::Text(_) | Node::Array(_) | Node::Object(_))
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{Node, Pool, Value};
    use serde_json::json;
    use std::cmp::Ordering;

    fn with<T>(json: &serde_json::Value, test: impl FnOnce(Value<'_>) -> T) -> T {
        let mut pool = Pool::default();
        let node = pool.push_json(json);
        test(pool.value(node))
    }

    #[test]
    fn text_of_values() {
        for (value, expected) in [
            (json!(null), "null"),
            (json!([1, [2, null, 3], "x"]), "1,2,,3,x"),
            (json!({"a": 1}), "[object Object]"),
            (json!([]), ""),
            (json!([null]), ""),
            (json!(true), "true"),
        ] {
            let text = with(&value, |value| value.with_text(String::from_utf16_lossy));
            assert_eq!(text, expected, "{value}");
        }
    }

    #[test]
    fn numbers_of_values() {
        for (value, expected) in
            [(json!(null), 0.0), (json!([]), 0.0), (json!([5]), 5.0), (json!(" 7 "), 7.0), (json!(true), 1.0)]
        {
            assert_eq!(with(&value, |value| value.to_number()), expected, "{value}");
        }
        for value in [json!({}), json!([1, 2]), json!("x")] {
            assert!(with(&value, |value| value.to_number()).is_nan(), "{value}");
        }
    }

    #[test]
    fn comparison_is_by_text_only_between_texts() {
        let compare = |left: serde_json::Value, right: serde_json::Value| {
            with(&left, |left| with(&right, |right| left.compare(right)))
        };
        assert_eq!(compare(json!("10"), json!("9")), Some(Ordering::Less));
        assert_eq!(compare(json!("10"), json!(9)), Some(Ordering::Greater));
        assert_eq!(compare(json!([10]), json!("9")), Some(Ordering::Less));
        assert_eq!(compare(json!(null), json!(0)), Some(Ordering::Equal));
        assert_eq!(compare(json!("x"), json!(1)), None);
    }

    #[test]
    fn json_equality_minds_key_order_and_drops_undefined() {
        let same = |left: serde_json::Value, right: serde_json::Value| {
            with(&left, |left| with(&right, |right| left.stringifies_as(right)))
        };
        assert!(same(json!({"a": [1, "x"]}), json!({"a": [1, "x"]})));
        assert!(!same(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1})));
        assert!(same(json!({"2": 1, "1": 2}), json!({"1": 2, "2": 1})), "index keys are in order in JavaScript");
        let pool = Pool::default();
        let undefined = pool.value(Node::Undefined);
        assert!(!undefined.stringifies_as(pool.value(Node::Null)));
        assert!(pool.value(Node::Number(f64::NAN)).stringifies_as(pool.value(Node::Null)));
    }
}
