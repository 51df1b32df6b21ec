//! What patterns match, by hand and by chance. Expected values follow ECMA-262 and the documented glob table.

mod casefold;
mod glob;
mod regex;
mod table;

use super::{Automaton, PatternError};

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// Asserts that the automaton accepts all of the first texts and none of the second.
fn assert_matches(name: &str, automaton: Result<Automaton, PatternError>, accepted: &[&str], refused: &[&str]) {
    let automaton = automaton.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(automaton.is_valid(), "{name}");
    for (texts, expected) in [(accepted, true), (refused, false)] {
        for text in texts {
            assert_eq!(automaton.matches(&units(text)), expected, "{name} on {text:?}");
        }
    }
}

fn assert_refused(automaton: Result<Automaton, PatternError>, words: &str, at: Option<usize>) {
    let error = automaton.expect_err(words);
    assert!(error.message.contains(words), "{error}");
    assert_eq!(error.at, at, "{error}");
}
