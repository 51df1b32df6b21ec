//! What is wrong with a bundle: where, what, and what would be right.

use serde::Serialize;
use serde_json::Value as Json;
use std::fmt;

/// A JSON pointer (RFC 6901) into the authored bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to a member or an element of what this one points to.
    #[must_use]
    pub fn child(&self, name: impl fmt::Display) -> Self {
        let name = name.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{name}", self.0))
    }

    /// This place if the document has it, or else the nearest around it: where what is missing should be.
    #[must_use]
    pub fn within(&self, document: &Json) -> Self {
        let mut text = self.as_str();
        while document.pointer(text).is_none() {
            text = text.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        Self(text.to_owned())
    }

    /// The text of the pointer; empty for the whole document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether a bundle can be used in spite of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The bundle is refused.
    Error,
    /// The bundle works, but hardly as its author means it.
    Warning,
}

/// One thing that is wrong with a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the bundle can be used all the same.
    pub severity: Severity,
    /// Where in the authored JSON.
    pub pointer: Pointer,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Problem {
    /// A problem that makes the bundle unusable.
    #[must_use]
    pub fn error(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, pointer: pointer.clone(), message: message.into(), help: None }
    }

    /// A problem that leaves the bundle usable.
    #[must_use]
    pub fn warning(pointer: &Pointer, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(pointer, message) }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.as_str().is_empty() { "the document" } else { self.pointer.as_str() };
        write!(formatter, "{place}: {}", self.message)?;
        self.help.iter().try_for_each(|help| write!(formatter, " ({help})"))
    }
}

/// The name among `known` that `name` was probably meant to be.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(name.chars().count() / 3, name, known)
}

/// The name among `known` of which `name` is a slip of the pen: for names that may be meant as they are.
#[must_use]
pub fn mistyped<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(1, name, known)
}

fn within<'a>(edits: usize, name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= edits.max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_their_parts() {
        assert_eq!(Pointer::default().child("a/b").child("~").child(0).as_str(), "/a~1b/~0/0");
    }

    #[test]
    fn what_is_missing_is_missed_where_it_should_be() {
        let document = serde_json::json!({ "a/b": [{ "c": {} }] });
        for (pointer, expected) in
            [("/a~1b/0/c", "/a~1b/0/c"), ("/a~1b/0/c/d/e", "/a~1b/0/c"), ("/a~1b/1", "/a~1b"), ("/b", ""), ("", "")]
        {
            assert_eq!(Pointer(pointer.to_owned()).within(&document).as_str(), expected, "{pointer}");
        }
    }

    #[test]
    fn names_are_suggested_only_when_close() {
        assert_eq!(nearest("heros", ["hero", "footer"]), Some("hero"));
        assert_eq!(nearest("$regx", ["$regex", "$regexi"]), Some("$regex"));
        assert_eq!(nearest("banner", ["hero", "footer"]), None);
        assert_eq!(nearest("heor", ["hero", "footer"]), Some("hero"));
        assert_eq!(mistyped("geo.ciy", ["geo.city"]), Some("geo.city"));
        assert_eq!(mistyped("time.day", ["time.date"]), None);
    }
}
