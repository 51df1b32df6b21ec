//! What the deserialiser says of a misfit, in the words of a bundle's author.

use crate::problem::{Pointer, Problem, nearest};

/// Something that does not fit the model.
pub(super) struct Misfit {
    pub(super) problem: Problem,
    /// Whether its author meant a member that is now missing, as with a wrong type or a misspelt name.
    stands_for_member: bool,
}

impl From<Problem> for Misfit {
    fn from(problem: Problem) -> Self {
        Self { problem, stands_for_member: false }
    }
}

impl Misfit {
    /// The misfit at the end of `steps`.
    pub(super) fn new(steps: &[String], message: &str) -> Self {
        let pointer = steps.iter().fold(Pointer::default(), |pointer, step| pointer.child(step));
        let unknown = unknown_field(message).or_else(|| quoted(message.strip_prefix("unknown variant ")?));
        let Some(name) = unknown else {
            return Self { problem: Problem::error(&pointer, plain(message)), stands_for_member: true };
        };
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let close = nearest(name, known.iter().copied());
        let help = match close {
            Some(close) => format!("did you mean \"{close}\"?"),
            None => format!("there are {}", known.join(", ")),
        };
        let problem = Problem::error(&pointer, format!("there is no \"{name}\" here")).help(help);
        Self { problem, stands_for_member: close.is_some() }
    }

    /// Whether a problem that was found later only repeats what this one made.
    pub(super) fn explains(&self, later: &Problem) -> bool {
        let pointer = &self.problem.pointer;
        let parent = pointer.as_str().rsplit_once('/').map_or("", |(parent, _)| parent);
        *pointer == later.pointer || (self.stands_for_member && parent == later.pointer.as_str())
    }
}

/// The member that a message calls unknown.
pub(super) fn unknown_field(message: &str) -> Option<&str> {
    quoted(message.strip_prefix("unknown field ")?)
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('`')?.split('`').next()
}

fn plain(message: &str) -> String {
    if message.contains("enum Show") {
        return "expected the name of a variant, or an object from arms to variants".to_owned();
    }
    if message.contains("enum Given") {
        return "expected the name of a file, or what would stand in it".to_owned();
    }
    let rest =
        ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|prefix| message.strip_prefix(prefix));
    let Some((found, expected)) = rest.and_then(|rest| rest.split_once(", expected ")) else {
        return message.to_owned();
    };
    format!("expected {}, not {}", expected_in_words(expected), found_in_words(found))
}

fn expected_in_words(expected: &str) -> &str {
    match expected {
        "a map" => "an object",
        "a sequence" => "a list",
        "a boolean" => "true or false",
        "a string" => "a text",
        "f64" => "a number",
        "u16" | "u32" | "u64" => "a whole number",
        "a tuple of size 3" => "a list of three: name, start, end",
        struct_name if struct_name.starts_with("struct ") => "an object",
        other => other,
    }
}

fn found_in_words(found: &str) -> &str {
    match found {
        "map" => "an object",
        "sequence" => "a list",
        "null" | "unit value" => "null",
        other => {
            let value = other.split_once(' ').map_or(other, |(_, value)| value);
            value.trim_matches('`')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_in_the_authors_words() {
        for (message, expected) in [
            ("invalid type: integer `5`, expected struct Rule", "expected an object, not 5"),
            ("invalid type: string \"1\", expected u32", "expected a whole number, not \"1\""),
            ("invalid value: integer `-1`, expected u64", "expected a whole number, not -1"),
            ("invalid type: sequence, expected a map", "expected an object, not a list"),
            ("invalid type: boolean `true`, expected a string", "expected a text, not true"),
        ] {
            assert_eq!(Misfit::new(&[], message).problem.message, expected);
        }
        let patch = Misfit::new(&["op".to_owned()], "unknown variant `htm`, expected one of `html`, `text`").problem;
        assert_eq!(patch.help.as_deref(), Some("did you mean \"html\"?"));
    }
}
