use proptest::prelude::*;

use super::{assert_matches, assert_refused, units};
use crate::condition::automaton::regex;

#[test]
fn searches_anywhere_unless_anchored() {
    let cases: [(&str, &[&str], &[&str]); 14] = [
        ("", &["", "x"], &[]),
        ("bc", &["bc", "abcd"], &["", "b", "b c"]),
        ("^bc", &["bc", "bcd"], &["abc"]),
        ("bc$", &["bc", "abc"], &["bcd", "bc\n"]),
        ("^$", &[""], &["a", "\n"]),
        ("a$|^b", &["xa", "by"], &["ax", "yb"]),
        ("^/shop/[a-z0-9-]+$", &["/shop/red-42"], &["/shop/", "/shop/Red", "/shop/a/b", "x/shop/a"]),
        ("a{2,3}", &["aa", "xaaa"], &["a", "aba"]),
        ("^a{2,3}?$", &["aa", "aaa"], &["a", "aaaa"]),
        ("^(?:ab|a)*?c$", &["c", "abac"], &["abb", "bc"]),
        ("^.$", &["a", "é", "\u{85}"], &["", "\n", "\r", "\u{2028}", "\u{2029}", "🙂"]),
        ("^[^]$", &["\n", "a"], &["", "ab"]),
        ("[]", &[], &["", "a"]),
        ("a$b", &[], &["ab", "a\nb"]),
    ];
    for (source, accepted, refused) in cases {
        assert_matches(source, regex(source, false), accepted, refused);
    }
}

#[test]
fn word_boundaries_know_ascii_words_only() {
    assert_matches(r"\bcat\b", regex(r"\bcat\b", false), &["cat", "a cat!", "écaté"], &["concat", "cat_", "cats"]);
    assert_matches(r"\Bcat", regex(r"\Bcat", false), &["concat", "_cat"], &["cat", "é cat", "écat"]);
    assert_matches(r"^\B$", regex(r"^\B$", false), &[""], &["a"]);
    assert_matches(r"\bſ", regex(r"\bſ", true), &["aſ"], &["ſ", " ſ"]);
}

#[test]
fn classes_and_escapes() {
    let cases: [(&str, &[&str], &[&str]); 14] = [
        (
            r"^\s$",
            &[" ", "\t", "\u{b}", "\u{a0}", "\u{feff}", "\u{3000}", "\u{2029}"],
            &["\u{180e}", "\u{85}", "\u{200b}"],
        ),
        (r"^\w\W$", &["_!", "0é"], &["éa", "ab"]),
        (r"^\d\D$", &["0a", "9\n"], &["٣a", "a0"]),
        (r"^[\d-x]$", &["5", "-", "x"], &["a"]),
        (r"^[^a-c]$", &["d", "\n", "\u{ffff}"], &["b", "", "🙂"]),
        (r"^\x41\u0042\103\cJ\t\0$", &["ABC\n\t\0"], &["ABC\n\t0"]),
        (r"^(a)\01\012{2}$", &["a\u{1}\n\n"], &["aa\n\n", "a\u{1}a2"]),
        (r"^(a)\0$", &["a\0"], &["aa", "a"]),
        (r"^[\b]$", &["\u{8}"], &["b", ""]),
        (r"^\p\u{2}\-$", &["puu-"], &["pu-"]),
        (r"^a{,2}]}$", &["a{,2}]}"], &["aa]}"]),
        (r"^\8\c$", &[r"8\c"], &["8c"]),
        ("^🙂+$", &["🙂"], &["🙂🙂"]),
        (r"^\uD83D\uDE42$", &["🙂"], &["x"]),
    ];
    for (source, accepted, refused) in cases {
        assert_matches(source, regex(source, false), accepted, refused);
    }
}

#[test]
fn lone_surrogates_are_units_like_any_other() {
    assert!(regex("^[^a]$", false).unwrap().matches(&[0xd83d]));
    assert!(regex(r"^\uD83D", false).unwrap().matches(&units("🙂")));
    assert!(!regex("🙂", false).unwrap().matches(&[0xde42, 0xd83d]));
}

#[test]
fn ignoring_case_compares_simple_upper_case() {
    assert_matches("iphone|ipad", regex("iphone|ipad", true), &["an iPhone", "IPAD"], &["ipod"]);
    assert_matches("^ß$", regex("^ß$", true), &["ß"], &["SS", "ẞ"]);
    assert_matches("^σ$", regex("^σ$", true), &["Σ", "ς", "σ"], &["s"]);
    assert_matches("^[^σ]$", regex("^[^σ]$", true), &["s"], &["Σ", "ς", "σ"]);
    assert_matches("^k$", regex("^k$", true), &["K"], &["\u{212a}"]);
    assert_matches(r"^\w$", regex(r"^\w$", true), &["s", "S"], &["ſ", "\u{212a}"]);
    assert_matches(r"^[^\W]$", regex(r"^[^\W]$", true), &["s"], &["ſ"]);
    assert_matches("^[a-z]$", regex("^[a-z]$", true), &["Q"], &["ſ", "ı", "é"]);
    assert_matches("^𐐀$", regex("^𐐀$", true), &["𐐀"], &["𐐨"]);
}

#[test]
fn refusals_say_what_and_where() {
    assert_refused(regex("ab(?=c)", false), "look-ahead", Some(2));
    assert_refused(regex("é(?<!c)", false), "look-ahead", Some(2));
    assert_refused(regex(r"(a)\1", false), "back-references", Some(3));
    assert_refused(regex(r"(?<n>a)\k<n>", false), "back-references", Some(7));
    assert_refused(regex("(?i:a)", false), "modifiers", Some(0));
    assert_refused(regex(r"[\cA]", false), r"\xHH", Some(1));
    assert_refused(regex(r"x\400", false), "octal", Some(1));
    assert_refused(regex(r"(a)(b)(c)(d)(e)(f)(g)(h)\08", false), "octal", Some(24));
    assert_refused(regex("a(b", false), "not a JavaScript regular expression", Some(1));
    assert_refused(regex("a{99999999999}", false), "too large", Some(0));
}

#[test]
fn hostile_patterns_are_refused_not_endured() {
    assert_refused(regex("(a{1000}){1000}", false), "too large", None);
    assert_refused(regex("(a|b)*a(a|b){20}", false), "too large", None);
    assert_refused(regex(&"(".repeat(100_000), false), "longer", None);
    assert_refused(regex(&"(".repeat(1000), false), "nested", Some(64));
    let many_letters: String = ('一'..).take(300).map(|letter| format!("{letter}|")).collect();
    assert_refused(regex(&many_letters.replace('|', ""), false), "too complex", None);
    let nested = format!("{}a{}", "(".repeat(64), "*)".repeat(64));
    assert_matches("stars in stars", regex(&nested, false), &["", "b"], &[]);
}

proptest! {
    #[test]
    fn no_pattern_and_no_text_panics(source in r"[\\\[\](){}|*+?^$.,<>=!:a-cu0-9\-é🙂kx]{0,24}", any in any::<String>(), ignore_case in any::<bool>(), text in any::<Vec<u16>>()) {
        for source in [source, any] {
            if let Ok(automaton) = regex(&source, ignore_case) {
                prop_assert!(automaton.is_valid());
                automaton.matches(&text);
            }
        }
    }

    #[test]
    fn a_quoted_text_finds_itself(text in any::<String>(), before in any::<Vec<u16>>(), after in any::<Vec<u16>>()) {
        let quoted: String = units(&text).iter().take(40).map(|unit| format!("\\u{unit:04x}")).collect();
        let found: Vec<u16> = before.into_iter().chain(units(&text)).chain(after).collect();
        if let Ok(automaton) = regex(&quoted, false) {
            prop_assert!(automaton.matches(&found));
        }
    }
}
