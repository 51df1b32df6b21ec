use proptest::prelude::*;

use super::{assert_matches, units};
use crate::condition::automaton::equals_ignore_case;

#[test]
fn a_text_equals_when_its_lower_case_does() {
    let cases: [(&[&str], &[&str], &[&str]); 9] = [
        (&[], &[], &["", "a"]),
        (&[""], &[""], &["a"]),
        (&["Kraków", "New York"], &["KRAKÓW", "kraków", "new york"], &["krakow", "New", "New York ", ""]),
        (&["k"], &["K", "k", "\u{212a}"], &["κ"]),
        (&["İ"], &["İ", "i\u{307}", "I\u{307}"], &["i", "I", "ı"]),
        (&["straße"], &["STRAẞE", "Straße"], &["STRASSE"]),
        (&["ſ"], &["ſ"], &["s", "S"]),
        (&["𐐀b"], &["𐐨B", "𐐀b"], &["𐐁b"]),
        (&["a", "ab", "abc"], &["A", "aB", "ABC"], &["", "b", "abcd"]),
    ];
    for (strings, accepted, refused) in cases {
        assert_matches(&format!("{strings:?}"), equals_ignore_case(strings), accepted, refused);
    }
}

#[test]
fn capital_sigma_depends_on_the_text_around_it() {
    let cases: [(&[&str], &[&str], &[&str]); 6] = [
        (&["ΟΔΟΣ"], &["οδος", "ΟΔΟΣ"], &["οδοσ"]),
        (&["οδοσ"], &["ΟΔΟσ"], &["ΟΔΟΣ", "οδος"]),
        (&["Σ"], &["Σ", "σ"], &["ς"]),
        (&["aσ", "aσb"], &["aσ", "AΣB"], &["AΣ"]),
        (&["aς", "aσb"], &["aς", "AΣ", "AΣB"], &["aσ", "aςb"]),
        (&["a'σ."], &["A'σ."], &["A'Σ."]),
    ];
    for (strings, accepted, refused) in cases {
        assert_matches(&format!("{strings:?}"), equals_ignore_case(strings), accepted, refused);
    }
}

#[test]
fn two_thousand_strings_are_one_automaton() {
    let strings: Vec<String> = (0..2000).map(|number| format!("Sku-{}-{}", number * 7919 % 2003, number)).collect();
    let borrowed: Vec<&str> = strings.iter().map(String::as_str).collect();
    let automaton = equals_ignore_case(&borrowed).unwrap();
    assert!(automaton.is_valid());
    for string in &strings {
        assert!(automaton.matches(&units(&string.to_uppercase())));
        assert!(!automaton.matches(&units(&format!("{string}x"))));
    }
}

fn words() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[aAiIİıkKσςΣßẞ'.ʰ\u{307}𐐀𐐨]{0,5}", 0..5)
}

proptest! {
    #[test]
    fn agrees_with_lower_casing_both(strings in words(), texts in words()) {
        let borrowed: Vec<&str> = strings.iter().map(String::as_str).collect();
        let automaton = equals_ignore_case(&borrowed).unwrap();
        prop_assert!(automaton.is_valid());
        let capitals: Vec<String> = strings.iter().map(|string| string.replace(['σ', 'ς'], "Σ")).collect();
        for text in strings.iter().chain(&texts).chain(&capitals) {
            let expected = strings.iter().any(|string| string.to_lowercase() == text.to_lowercase());
            prop_assert_eq!(automaton.matches(&units(text)), expected, "{}", text);
        }
    }

    #[test]
    fn no_string_and_no_text_panics(strings in proptest::collection::vec(any::<String>(), 0..4), text in any::<Vec<u16>>()) {
        let borrowed: Vec<&str> = strings.iter().map(String::as_str).collect();
        if let Ok(automaton) = equals_ignore_case(&borrowed) {
            prop_assert!(automaton.is_valid());
            automaton.matches(&text);
        }
    }
}
