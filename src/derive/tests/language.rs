use super::{text, units};
use crate::derive::language::{language, locale};

#[test]
fn prefers_the_highest_weight_and_the_first_of_equals() {
    for (header, expected) in [
        ("pl", Some("pl")),
        ("pl,en", Some("pl")),
        ("en;q=0.5,pl", Some("pl")),
        ("en;q=0.5, pl;q=0.9, de;q=0.7", Some("pl")),
        ("en;q=0.8,pl;q=0.8", Some("en")),
        ("en;q=0.800,pl;q=0.801", Some("pl")),
        ("en;q=0.8004,pl;q=0.8009", Some("en")),
        ("en;q=0.09,pl;q=0.1", Some("pl")),
        ("en ; q=0.5\t,\tpl", Some("pl")),
        ("en;Q=0.5,pl;Q=0.6", Some("pl")),
        ("en;q=1,pl;q=1.000", Some("en")),
        ("en;q=1.,pl", Some("en")),
        // Refused, any, or malformed.
        ("en;q=0,pl;q=0.001", Some("pl")),
        ("en;q=0", None),
        ("en;q=0.000", None),
        ("*", None),
        ("*,pl;q=0.1", Some("pl")),
        ("en;q=2,pl;q=0.1", Some("pl")),
        ("en;q=1.001,pl;q=0.1", Some("pl")),
        ("en;q=-1,pl;q=0.1", Some("pl")),
        ("en;q=,pl;q=0.1", Some("pl")),
        ("en;q=.5,pl;q=0.1", Some("pl")),
        ("en;q=0,5", None),
        ("en;q=0.5.5,pl;q=0.1", Some("pl")),
        ("en;level=1,pl;q=0.1", Some("pl")),
        ("en;,pl;q=0.1", Some("pl")),
        (",,pl,", Some("pl")),
        ("e,pl;q=0.1", Some("pl")),
        ("en_GB,pl;q=0.1", Some("pl")),
        ("en-,pl;q=0.1", Some("pl")),
        ("en--GB,pl;q=0.1", Some("pl")),
        ("-en,pl;q=0.1", Some("pl")),
        ("12,pl;q=0.1", Some("pl")),
        ("abcdefghi,pl;q=0.1", Some("pl")),
        ("x-private,i-klingon,pl;q=0.1", Some("pl")),
        ("ęn,pl;q=0.1", Some("pl")),
        ("e n", None),
        ("", None),
        (" ", None),
        (";q=1", None),
        // 35 code units are a tag, 36 are not.
        ("ab-aaaaaaaa-bbbbbbbb-cccccccc-ddddd", Some("ab")),
        ("ab-aaaaaaaa-bbbbbbbb-cccccccc-dddddd", None),
    ] {
        assert_eq!(text(language(&units(header))).as_deref(), expected, "{header}");
    }
}

/// Case by RFC 5646, section 2.1.1, whose own examples are the last lines.
#[test]
fn writes_tags_in_canonical_case() {
    for (header, expected_language, expected_locale) in [
        ("PL", "pl", "pl"),
        ("en-gb", "en", "en-GB"),
        ("EN-GB,pl", "en", "en-GB"),
        ("zh-hant-tw", "zh", "zh-Hant-TW"),
        ("ZH-HANT-TW", "zh", "zh-Hant-TW"),
        ("sr-latn", "sr", "sr-Latn"),
        ("es-419", "es", "es-419"),
        ("DE-ch-1996", "de", "de-CH-1996"),
        ("ca-ES-VALENCIA", "ca", "ca-ES-valencia"),
        ("de-de-U-CO-PHONEBK", "de", "de-DE-u-co-phonebk"),
        ("fil-PH", "fil", "fil-PH"),
        ("mn-cyrl-mn", "mn", "mn-Cyrl-MN"),
        ("en-ca-x-ca", "en", "en-CA-x-ca"),
        ("sgn-be-fr", "sgn", "sgn-BE-FR"),
        ("az-latn-x-latn", "az", "az-Latn-x-latn"),
    ] {
        let units = units(header);
        assert_eq!(text(language(&units)).as_deref(), Some(expected_language), "{header}");
        assert_eq!(text(locale(&units)).as_deref(), Some(expected_locale), "{header}");
    }
}
