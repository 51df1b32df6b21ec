//! Where in a JSON text the things are that JSON pointers name.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use slotwise::Pointer;
use std::collections::HashSet;
use std::ops::Range;

/// What is longer than this is not underlined whole.
const LONGEST: usize = 72;

/// The places of all values of a JSON text.
pub(crate) struct Spans<'a> {
    text: &'a str,
    root: Option<Value<'a>>,
}

impl<'a> Spans<'a> {
    /// Finds the places in a text that is known to be JSON; anything else has the one place, its start.
    pub(crate) fn new(text: &'a str) -> Self {
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict);
        Self { text, root: parsed.ok().and_then(|parsed| parsed.value) }
    }

    /// The bytes that a pointer names: a member with its name, or an element. What is long is named by its
    /// name or its first character alone. What is not there is looked for in what holds it.
    pub(crate) fn of(&self, pointer: &str) -> Range<usize> {
        let Some(root) = &self.root else { return 0..0 };
        let mut place = Place::Value(root);
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            let child = match place.value() {
                Value::Object(object) => {
                    object.properties.iter().rfind(|member| member.name.as_str() == name).map(Place::Member)
                }
                Value::Array(array) => {
                    name.parse().ok().and_then(|index: usize| array.elements.get(index)).map(Place::Value)
                }
                _ => None,
            };
            match child {
                Some(child) => place = child,
                None => break,
            }
        }
        self.shorten(&place)
    }

    /// Members that are written twice in one object: what the later ones are, which alone count.
    pub(crate) fn repeated(&self) -> Vec<(Pointer, Range<usize>)> {
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            self.find_repeated(root, &Pointer::default(), &mut found);
        }
        found
    }

    fn find_repeated(&self, value: &Value<'a>, pointer: &Pointer, found: &mut Vec<(Pointer, Range<usize>)>) {
        match value {
            Value::Object(object) => {
                let mut names = HashSet::new();
                for member in &object.properties {
                    let pointer = pointer.child(member.name.as_str());
                    if !names.insert(member.name.as_str()) {
                        found.push((pointer.clone(), self.shorten(&Place::Member(member))));
                    }
                    self.find_repeated(&member.value, &pointer, found);
                }
            }
            Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    self.find_repeated(element, &pointer.child(index), found);
                }
            }
            _ => {}
        }
    }

    fn shorten(&self, place: &Place<'_, 'a>) -> Range<usize> {
        let whole = place.range();
        let text = self.text.get(whole.clone()).unwrap_or_default();
        if text.len() <= LONGEST && !text.contains('\n') {
            return whole;
        }
        match place {
            Place::Member(member) => member.name.range().start..member.name.range().end,
            Place::Value(_) => whole.start..whole.start.saturating_add(text.chars().next().map_or(0, char::len_utf8)),
        }
    }
}

enum Place<'t, 'a> {
    Value(&'t Value<'a>),
    Member(&'t ObjectProp<'a>),
}

impl<'t, 'a> Place<'t, 'a> {
    fn value(&self) -> &'t Value<'a> {
        match self {
            Self::Value(value) => value,
            Self::Member(member) => &member.value,
        }
    }

    fn range(&self) -> Range<usize> {
        let range = match self {
            Self::Value(value) => value.range(),
            Self::Member(member) => member.range,
        };
        range.start..range.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<'a>(text: &'a str, pointer: &str) -> &'a str {
        text.get(Spans::new(text).of(pointer)).unwrap()
    }

    #[test]
    fn members_elements_and_escapes() {
        let text = r#"{ "a/b": { "~": [1, "two", { "x": null }] }, "\u017c\ud83d\ude00\n\"": true, "": 5 }"#;
        assert_eq!(named(text, "/a~1b/~0/1"), "\"two\"");
        assert_eq!(named(text, "/a~1b/~0/2/x"), "\"x\": null");
        assert_eq!(named(text, "/ż😀\n\""), r#""\u017c\ud83d\ude00\n\"": true"#);
        assert_eq!(named(text, "/"), "\"\": 5");
        // `~01` is the name `~1`, not a slash.
        assert_eq!(named(r#"{"~1": 1, "/": 2}"#, "/~01"), "\"~1\": 1");
    }

    #[test]
    fn text_beyond_ascii_moves_nothing() {
        assert_eq!(named("{\"żółw\": \"😀\", \"b\": [\"é\", 2]}", "/b/1"), "2");
    }

    #[test]
    fn of_repeated_members_the_last_counts() {
        let text = r#"{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}"#;
        assert_eq!(named(text, "/a"), "\"a\": 4");
        let repeated = Spans::new(text).repeated();
        let repeated: Vec<_> = repeated.iter().map(|(pointer, span)| (pointer.as_str(), &text[span.clone()])).collect();
        assert_eq!(repeated, [("/b/c", "\"c\": 3"), ("/a", "\"a\": 4")]);
    }

    #[test]
    fn long_things_are_named_by_their_start() {
        let text = "{\n  \"slots\": {\n    \"hero\": {}\n  },\n  \"list\": [\n    [\n 1]]}";
        assert_eq!(named(text, ""), "{");
        assert_eq!(named(text, "/slots"), "\"slots\"");
        assert_eq!(named(text, "/slots/hero"), "\"hero\": {}");
        assert_eq!(named(text, "/list/0"), "[");
    }

    #[test]
    fn what_is_missing_is_looked_for_in_what_holds_it() {
        let text = r#"{"a": {"b": 1}}"#;
        assert_eq!(named(text, "/a/x/y"), r#""a": {"b": 1}"#);
        assert_eq!(named(text, "/a/b/0"), "\"b\": 1");
        assert_eq!(named("", "/a"), "");
    }
}
