use proptest::prelude::*;

use super::{assert_matches, assert_refused};
use crate::condition::automaton::glob;

#[test]
fn paths_match_as_the_table_says() {
    let cases: [(&str, &[&str], &[&str]); 20] = [
        ("", &[""], &["/", "a"]),
        ("/blog", &["/blog"], &["/blog/", "/Blog", "/blog2", "x/blog"]),
        ("/blog/*", &["/blog/", "/blog/a"], &["/blog", "/blog/a/b"]),
        ("/blog/*/edit", &["/blog/a/edit", "/blog//edit"], &["/blog/a/b/edit"]),
        ("/shop/**", &["/shop", "/shop/", "/shop/a", "/shop/a/b"], &["/shops", "/", "/shop2/a"]),
        ("/a/**/b", &["/a/b", "/a/x/b", "/a/x/y/b", "/a//b"], &["/ab", "/a/xb", "/a/b/"]),
        ("/a/**/**/b", &["/a/b", "/a/x/b"], &["/ab"]),
        ("**/b", &["b", "/b", "/a/b", "a/b"], &["ab", "/ab"]),
        ("**", &["", "/", "a/b"], &[]),
        ("/**", &["", "/", "/a/b"], &["a"]),
        ("/a**b", &["/ab", "/a/x/b"], &["/a", "/b"]),
        ("/a/**b", &["/a/b", "/a/x/yb"], &["/ab"]),
        ("/***", &["", "/a/b"], &["a"]),
        ("/?", &["/a", "/é"], &["/", "//", "/ab", "/🙂"]),
        ("/??", &["/🙂"], &["/a"]),
        ("/{a,b}/c", &["/a/c", "/b/c"], &["/{a,b}/c", "/ab/c"]),
        ("/a{,b{1,2}}", &["/a", "/ab1", "/ab2"], &["/ab", "/a1"]),
        ("{/shop/**,/blog}", &["/shop", "/shop/a", "/blog"], &["/blog/", ""]),
        ("{/shop/**,/blog}/x", &["/shop/x", "/shop/a/x", "/blog/x"], &["/shopx", "/shop"]),
        (r"/\*\{\,\\,]", &[r"/*{,\,]"], &[r"/a{,\,]"]),
    ];
    for (pattern, accepted, refused) in cases {
        assert_matches(pattern, glob(pattern), accepted, refused);
    }
}

#[test]
fn refusals_say_what_and_where() {
    assert_refused(glob("/é{a"), "never closed", Some(3));
    assert_refused(glob("/a}"), "nothing is open", Some(2));
    assert_refused(glob("/a\\"), "backslash", Some(2));
    assert_refused(glob("/[a]"), "character classes", Some(1));
    assert_refused(glob(&"{a,b}".repeat(9)), "more than 256", Some(40));
    assert_refused(glob(&"{".repeat(40)), "nested", Some(16));
    assert_refused(glob(&"a".repeat(5000)), "longer", None);
}

proptest! {
    #[test]
    fn no_glob_and_no_text_panics(pattern in r"[/ab*?{},\\\[é🙂]{0,24}", any in any::<String>(), text in any::<Vec<u16>>()) {
        for pattern in [pattern, any] {
            if let Ok(automaton) = glob(&pattern) {
                prop_assert!(automaton.is_valid());
                automaton.matches(&text);
            }
        }
    }
}
