use std::collections::HashSet;

use super::{code_points, units};
use crate::derive::{Derived, LIST, Moment, Output, Source, Values, derive, lookup, next_change};

#[test]
fn finds_every_listed_path_once() {
    let mut paths = HashSet::new();
    for &(path, derived, .., doc) in LIST {
        assert!(paths.insert(path), "{path} is listed twice");
        assert!(!doc.is_empty(), "{path} is not documented");
        assert_eq!(lookup(path).map(|(found, _)| found), Some(derived), "{path}");
    }
}

#[test]
fn whole_numbers_are_those_of_a_year() {
    let ranges = LIST.iter().filter_map(|(path, derived, _, values, _)| match values {
        Values::Whole(first, last) => Some((path, *derived, f64::from(*first), f64::from(*last))),
        _ => None,
    });
    for (path, derived, first, last) in ranges {
        let hours = (0..366 * 24).map(|hour| {
            let moment = Moment { now_ms: f64::from(hour) * 3_600_000.0, offset_minutes: 0 };
            let Output::Number(number) = derive(derived, None, &[], moment) else { panic!("{path} is no number") };
            number
        });
        let (least, most) = hours.fold((f64::MAX, f64::MIN), |(least, most), hour| (least.min(hour), most.max(hour)));
        assert_eq!((least, most), (first, last), "{path}");
    }
}

#[test]
fn the_meaning_names_all_values() {
    for (path, _, _, values, meaning) in LIST {
        match values {
            Values::Any => {}
            Values::OneOf(texts) => assert!(meaning.ends_with(&format!("one of {}", texts.join(", "))), "{path}"),
            Values::Whole(first, last) => {
                assert!(
                    meaning.contains(&format!("from {first}")) && meaning.contains(&format!("to {last}")),
                    "{path}"
                );
            }
            Values::Flag => assert!(meaning.ends_with("true or false"), "{path}"),
        }
    }
}

#[test]
fn gives_the_name_of_the_query_parameter() {
    for (path, expected) in [
        ("url.query.ref", Some((Derived::UrlQuery, Some("ref")))),
        ("url.query.a.b", Some((Derived::UrlQuery, Some("a.b")))),
        ("url.query.*", Some((Derived::UrlQuery, Some("*")))),
        ("utm.source", Some((Derived::UtmSource, Some("utm_source")))),
        ("utm.medium", Some((Derived::UtmMedium, Some("utm_medium")))),
        ("utm.campaign", Some((Derived::UtmCampaign, Some("utm_campaign")))),
        ("utm.term", Some((Derived::UtmTerm, Some("utm_term")))),
        ("utm.content", Some((Derived::UtmContent, Some("utm_content")))),
        ("time.hour", Some((Derived::TimeHour, None))),
        ("url.query.", None),
        ("url.query", None),
        ("url", None),
        ("time.hours", None),
        ("Time.hour", None),
        ("", None),
    ] {
        assert_eq!(lookup(path), expected, "{path}");
    }
}

#[test]
fn computes_each_from_its_own_source() {
    let url = units(
        "https://Shop.example:8443/sale?utm_source=news&utm_medium=email&utm_campaign=spring&utm_term=shoes&utm_content=top&ref=a%20b",
    );
    let referrer = units("https://search.example/find?q=1");
    let user_agent = units(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    );
    let language = units("pl-pl,en;q=0.5");
    // 2026-11-22 23:30 UTC, a Sunday; an hour ahead it is Monday.
    let moment = Moment { now_ms: 1_795_305_600_000.0 + 23.5 * 3_600_000.0, offset_minutes: 60 };
    let value = |path| {
        let (derived, name) = lookup(path).expect(path);
        let source = LIST.iter().find(|(_, listed, ..)| *listed == derived).map(|(_, _, source, ..)| *source);
        let fact: &[u16] = match source.expect(path) {
            Source::Time => &[],
            Source::Url => &url,
            Source::Referrer => &referrer,
            Source::UserAgent => &user_agent,
            Source::Language => &language,
            Source::Profile => panic!("{path} is not worked out here"),
        };
        match derive(derived, name.map(code_points).as_deref(), fact, moment) {
            Output::Number(number) => number.to_string(),
            other => super::text(other).expect(path),
        }
    };
    for (path, expected) in [
        ("time.hour", "0"),
        ("time.weekday", "1"),
        ("time.month", "11"),
        ("time.date", "2026-11-23"),
        ("url.path", "/sale"),
        ("url.host", "shop.example"),
        ("url.query.ref", "a b"),
        ("utm.source", "news"),
        ("utm.medium", "email"),
        ("utm.campaign", "spring"),
        ("utm.term", "shoes"),
        ("utm.content", "top"),
        ("referrer.host", "search.example"),
        ("device.type", "desktop"),
        ("device.os", "chromeos"),
        ("device.browser", "chrome"),
        ("language", "pl"),
        ("locale", "pl-PL"),
    ] {
        assert_eq!(value(path), expected, "{path}");
    }
}

#[test]
fn misses_everything_when_nothing_is_known() {
    let moment = Moment { now_ms: f64::NAN, offset_minutes: 0 };
    for &(path, ..) in LIST {
        let (derived, name) = lookup(path).unwrap();
        assert_eq!(derive(derived, name.map(code_points).as_deref(), &[], moment), Output::Missing, "{path}");
    }
}

#[test]
fn changes_with_time_only_what_is_computed_from_time() {
    for &(path, derived, source, ..) in LIST {
        let next = next_change(derived, 0.0, 0);
        assert_eq!(next.is_finite(), source == Source::Time, "{path}");
    }
    assert_eq!(next_change(Derived::TimeHour, 0.0, 0), 3_600_000.0);
    assert_eq!(next_change(Derived::TimeDate, 0.0, 0), 86_400_000.0);
}
