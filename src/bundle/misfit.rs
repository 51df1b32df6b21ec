//! What the deserialiser says of a misfit, in the words of a bundle's author.

use crate::problem::{Pointer, Problem, nearest};

/// Something that does not fit the model.
pub(super) struct Misfit {
    pub(super) problem: Problem,
    /// The member that its author meant and that is now missing, as with a wrong type or a misspelt name.
    meant: Option<Pointer>,
}

impl From<Problem> for Misfit {
    fn from(problem: Problem) -> Self {
        Self { problem, meant: None }
    }
}

impl Misfit {
    /// The misfit at the end of `steps`.
    pub(super) fn new(steps: &[String], message: &str) -> Self {
        let at = |steps: &[String]| steps.iter().fold(Pointer::default(), |pointer, step| pointer.child(step));
        let pointer = at(steps);
        let unknown = unknown_field(message).or_else(|| quoted(message.strip_prefix("unknown variant ")?));
        let Some(name) = unknown else {
            return Self { problem: Problem::error(&pointer, plain(message)), meant: Some(pointer) };
        };
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let close = nearest(name, known.iter().copied());
        let help = match close {
            Some(close) => format!("did you mean \"{close}\"?"),
            None => format!("there are {}", known.join(", ")),
        };
        let problem = Problem::error(&pointer, format!("there is no \"{name}\" here")).help(help);
        let meant = close.map(|close| match steps.split_last() {
            Some((_, parents)) if unknown_field(message).is_some() => at(parents).child(close),
            _ => pointer,
        });
        Self { problem, meant }
    }

    /// Whether a problem that was found later only repeats what this one made.
    pub(super) fn explains(&self, later: &Problem) -> bool {
        let is_of_what_was_meant = |meant: &Pointer| {
            let (meant, later) = (meant.as_str(), later.pointer.as_str());
            let is_inside = later.strip_prefix(meant).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_inside || meant.rsplit_once('/').is_some_and(|(parent, _)| parent == later)
        };
        self.problem.pointer == later.pointer || self.meant.as_ref().is_some_and(is_of_what_was_meant)
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
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" => "a whole number",
        "an array of length 6" => "a list of six numbers",
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
        // Behind its kind, which may be of two words: floating point `1.5`.
        quoted if quoted.ends_with('`') => quoted.split('`').nth(1).unwrap_or(quoted),
        other => other.split_once(' ').map_or(other, |(_, value)| value),
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
            ("invalid type: floating point `1.5`, expected u64", "expected a whole number, not 1.5"),
            ("invalid value: integer `70000`, expected u16", "expected a whole number from 0 to 65535, not 70000"),
            ("invalid length 2, expected an array of length 6", "expected a list of six numbers, not 2"),
            ("invalid type: sequence, expected a map", "expected an object, not a list"),
            ("invalid type: boolean `true`, expected a string", "expected a text, not true"),
        ] {
            assert_eq!(Misfit::new(&[], message).problem.message, expected);
        }
        let patch = Misfit::new(&["op".to_owned()], "unknown variant `htm`, expected one of `html`, `text`").problem;
        assert_eq!(patch.help.as_deref(), Some("did you mean \"html\"?"));
    }
}
