//! Properties over random input: total on anything at all, and in agreement
//! with `jiff` for calendars and the standard library for UTF-8.

use jiff::{Timestamp, tz::Offset};
use proptest::{collection::vec, prelude::*};

use super::{code_points, text, units};
use crate::derive::{LIST, Moment, Output, derive, lookup, time, url};

/// Code units of every kind, with those that the parsers look for overrepresented.
fn anything() -> impl Strategy<Value = Vec<u16>> {
    let marks: Vec<u16> = units(":/?#@[]%+=&;,-*. q01ceFabAndroidMobi");
    vec(
        prop_oneof![
            4 => proptest::sample::select(marks),
            1 => any::<u16>(),
            1 => 0xD800_u16..=0xDFFF,
            1 => 0x20_u16..0x7F,
        ],
        0..120,
    )
}

/// Years -2000 to 9000 in milliseconds, and an offset of up to a day.
fn instants() -> impl Strategy<Value = (i64, i32)> {
    (-125_281_123_200_000_i64..=221_845_392_000_000, -1440..=1440)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics(text in anything(), now in any::<f64>(), offset in any::<i32>(), name in ".{0,4}") {
        let moment = Moment { now_ms: now, offset_minutes: offset };
        for &(path, ..) in LIST {
            let (derived, known) = lookup(path).unwrap();
            derive(derived, known.map(code_points).as_deref(), &text, moment);
        }
        // A decoded value is well-formed whatever the URL was, and no longer.
        let value = url::query(&text, &code_points(&name));
        let mut out = Vec::new();
        value.append_to(&mut out);
        prop_assert!(String::from_utf16(&out).is_ok());
        prop_assert!(out.len() <= text.len());
    }

    #[test]
    fn gives_back_the_parts_of_a_url(
        scheme in "https?", user in "([a-z]{1,5}(:[a-z]{0,5})?@)?", host in "[a-z0-9-]{1,8}(\\.[a-z]{2,5}){0,2}",
        port in "(:[0-9]{1,5})?", path in "(/[A-Za-z0-9%:@.~-]{0,6}){0,4}", name in "[a-zA-Z0-9_.-]{1,6}",
        value in "[a-zA-Z0-9_.~:/?@-]{0,8}", fragment in "(#[a-z=&?/]{0,6})?",
    ) {
        let whole = format!("{scheme}://{user}{host}{port}{path}?{name}={value}&{name}=second{fragment}");
        let whole = units(&whole);
        prop_assert_eq!(text(url::host(&whole)), Some(host));
        prop_assert_eq!(text(url::path(&whole)), Some(if path.is_empty() { "/".to_owned() } else { path }));
        prop_assert_eq!(text(url::query(&whole, &code_points(&name))), Some(value));
    }

    #[test]
    fn decodes_escaped_bytes_as_the_standard_library_does(
        bytes in vec(prop_oneof![any::<u8>(), 0x80_u8..=0xBF, 0xE0_u8..=0xF5], 0..12),
    ) {
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        let url = units(&format!("/?v={escaped}"));
        prop_assert_eq!(text(url::query(&url, &code_points("v"))), Some(String::from_utf8_lossy(&bytes).into_owned()));
    }

    #[test]
    fn agrees_with_jiff((now, offset) in instants()) {
        let zone = Offset::from_seconds(offset * 60).unwrap();
        let local = zone.to_datetime(Timestamp::from_millisecond(now).unwrap());
        let now = now as f64;
        prop_assert_eq!(time::hour(now, offset), Output::Number(local.hour().into()));
        prop_assert_eq!(time::month(now, offset), Output::Number(local.month().into()));
        let weekday = local.weekday().to_monday_one_offset();
        prop_assert_eq!(time::weekday(now, offset), Output::Number(weekday.into()));
        prop_assert_eq!(text(time::date(now, offset)), Some(local.date().to_string()));
    }

    #[test]
    fn changes_at_the_next_hour_and_midnight((now, offset) in instants(), fraction in 0.0..1.0_f64) {
        let now = now as f64 + fraction;
        let hour = time::next_hour(now, offset);
        prop_assert!(now < hour && hour - now <= 3_600_000.0);
        prop_assert_eq!(time::hour(hour - 1.0, offset), time::hour(now, offset));
        prop_assert_ne!(time::hour(hour, offset), time::hour(now, offset));
        let midnight = time::next_midnight(now, offset);
        prop_assert!(now < midnight && midnight - now <= 86_400_000.0);
        prop_assert_eq!(time::date(midnight - 1.0, offset), time::date(now, offset));
        prop_assert_ne!(time::date(midnight, offset), time::date(now, offset));
    }
}
