use super::{code_points, text, units};
use crate::derive::{Output, url};

#[test]
fn takes_a_url_apart() {
    for (input, host, path) in [
        ("https://example.com/", Some("example.com"), Some("/")),
        ("https://example.com", Some("example.com"), Some("/")),
        ("https://example.com?x=/y", Some("example.com"), Some("/")),
        ("https://example.com#/y", Some("example.com"), Some("/")),
        ("https://EXAMPLE.com/A/b%2Fc/", Some("example.com"), Some("/A/b%2Fc/")),
        ("https://user:pass@example.com:8443/a?b#c", Some("example.com"), Some("/a")),
        ("https://a@b@example.com/", Some("example.com"), Some("/")),
        ("https://example.com:/", Some("example.com"), Some("/")),
        ("http://[2001:DB8::1]:8080/x", Some("[2001:db8::1]"), Some("/x")),
        ("http://[::1]/x", Some("[::1]"), Some("/x")),
        ("http://[::1/x", None, Some("/x")),
        ("http://[/x", None, Some("/x")),
        ("http://127.0.0.1:80/", Some("127.0.0.1"), Some("/")),
        ("https://xn--krakw-3ta.example/", Some("xn--krakw-3ta.example"), Some("/")),
        ("https://KRAKÓW.example/", Some("krakÓw.example"), Some("/")),
        ("android-app://com.example.app/", Some("com.example.app"), Some("/")),
        ("file:///etc/hosts", None, Some("/etc/hosts")),
        ("about:blank", None, Some("blank")),
        ("data:text/plain,a?b", None, Some("text/plain,a")),
        ("mailto:someone@example.com", None, Some("someone@example.com")),
        // Relative references.
        ("/path?x=1", None, Some("/path")),
        ("/a:b/c@d", None, Some("/a:b/c@d")),
        ("//cdn.example/lib", Some("cdn.example"), Some("/lib")),
        ("a/b", None, Some("a/b")),
        ("1a:b", None, Some("1a:b")),
        ("?x=1", None, None),
        ("#top", None, None),
        ("", None, None),
        // Nonsense.
        ("https:", None, None),
        ("https:/", None, Some("/")),
        ("https://", None, Some("/")),
        ("://", None, Some("://")),
        ("https://@:80/", None, Some("/")),
    ] {
        let units = units(input);
        assert_eq!(text(url::host(&units)).as_deref(), host, "host of {input}");
        assert_eq!(text(url::path(&units)).as_deref(), path, "path of {input}");
    }
}

/// Values by the URL Standard's parser of `application/x-www-form-urlencoded`
/// and the Encoding Standard's UTF-8 decoder.
#[test]
fn reads_the_first_query_parameter_of_a_name() {
    for (query, name, expected) in [
        ("?a=1&b=2", "b", Some("2")),
        ("?a=1&a=2", "a", Some("1")),
        ("?a=1", "A", None),
        ("?a", "a", Some("")),
        ("?a=", "a", Some("")),
        ("?&&a=1&", "a", Some("1")),
        ("?=1", "", Some("1")),
        ("?&", "", None),
        ("?a=b=c", "a", Some("b=c")),
        ("?a=1?b=2", "a", Some("1?b=2")),
        ("?a=1#&b=2", "b", None),
        ("#?a=1", "a", None),
        ("?a+b=c+d", "a b", Some("c d")),
        ("?a=%2B%26%3D", "a", Some("+&=")),
        ("?%61%5B%5D=1", "a[]", Some("1")),
        ("?kraj=Krak%C3%B3w", "kraj", Some("Kraków")),
        ("?%C5%82=1", "ł", Some("1")),
        ("?a=Kraków", "a", Some("Kraków")),
        ("?a=%F0%9F%8D%95+🍕", "a", Some("🍕 🍕")),
        // Not an escape: it stands for itself.
        ("?a=100%", "a", Some("100%")),
        ("?a=%4", "a", Some("%4")),
        ("?a=%zz%41", "a", Some("%zzA")),
        ("?a=%%41", "a", Some("%A")),
        // One U+FFFD per longest run that could have begun a sequence.
        ("?a=%FF", "a", Some("\u{FFFD}")),
        ("?a=%80%80", "a", Some("\u{FFFD}\u{FFFD}")),
        ("?a=%C3", "a", Some("\u{FFFD}")),
        ("?a=%C3%C3%B3", "a", Some("\u{FFFD}ó")),
        ("?a=%C3x", "a", Some("\u{FFFD}x")),
        ("?a=%C3%zz", "a", Some("\u{FFFD}%zz")),
        ("?a=%E2%82", "a", Some("\u{FFFD}")),
        ("?a=%E2%82%AC", "a", Some("€")),
        ("?a=%E2%82x", "a", Some("\u{FFFD}x")),
        ("?a=%F0%9F%8D%41", "a", Some("\u{FFFD}A")),
        ("?a=%C0%AF", "a", Some("\u{FFFD}\u{FFFD}")),
        ("?a=%E0%80%AF", "a", Some("\u{FFFD}\u{FFFD}\u{FFFD}")),
        ("?a=%ED%A0%80", "a", Some("\u{FFFD}\u{FFFD}\u{FFFD}")),
        ("?a=%F4%90%80%80", "a", Some("\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")),
        ("?a=%F4%8F%BF%BF", "a", Some("\u{10FFFF}")),
        // A byte order mark is kept.
        ("?a=%EF%BB%BFx", "a", Some("\u{FEFF}x")),
        ("?a=%00", "a", Some("\0")),
    ] {
        for start in ["https://example.com/p", "/p", ""] {
            let url = units(&format!("{start}{query}"));
            assert_eq!(text(url::query(&url, &code_points(name))).as_deref(), expected, "{name} in {start}{query}");
        }
    }
}

#[test]
fn replaces_lone_surrogates_in_a_query() {
    for (value, expected) in [
        (&[0xD83D][..], "\u{FFFD}"),
        (&[0xDE00], "\u{FFFD}"),
        (&[0xDE00, 0xD83D], "\u{FFFD}\u{FFFD}"),
        (&[0xD83D, 0xD83D, 0xDE00], "\u{FFFD}😀"),
        (&[0xD83D, 0x61], "\u{FFFD}a"),
        (&[0xD83D, 0x25, 0x34, 0x31], "\u{FFFD}A"),
        (&[0xD83D, 0xDE00], "😀"),
    ] {
        let mut url = units("/?a=");
        url.extend_from_slice(value);
        assert_eq!(text(url::query(&url, &code_points("a"))).as_deref(), Some(expected), "{value:x?}");
    }
}

#[test]
fn borrows_what_stands_in_the_url() {
    let url = units("https://example.com/a?b=c&d=%41");
    assert!(matches!(url::host(&url), Output::Borrowed(_)));
    assert!(matches!(url::path(&url), Output::Borrowed(_)));
    assert!(matches!(url::query(&url, &code_points("b")), Output::Borrowed(_)));
    assert!(matches!(url::query(&url, &code_points("d")), Output::Owned(_)));
}
