//! Moments and time zones: what the engine is handed instead of looking it up.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::Value as Json;
use slotwise::derive::time::MAX_OFFSET;
use slotwise::problem::nearest;

/// What a time zone comes down to at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Zone {
    /// Minutes that local time is ahead of UTC.
    pub(crate) offset_minutes: i32,
    /// Until when (milliseconds since the epoch) that holds; always when missing.
    pub(crate) until: Option<f64>,
}

/// A moment in milliseconds since the epoch: a number, RFC 3339 text, or the present.
pub(crate) fn instant(now: Option<&Json>) -> Result<f64, String> {
    match now {
        None | Some(Json::Null) => Ok(milliseconds(Timestamp::now())),
        Some(Json::Number(number)) => Ok(number.as_f64().unwrap_or(f64::NAN)),
        Some(Json::String(text)) => match text.parse::<Timestamp>() {
            Ok(time) => Ok(milliseconds(time)),
            Err(_) => Err(format!("\"{text}\" is no time")),
        },
        Some(other) => Err(format!("{other} is no time")),
    }
}

/// What a time zone comes down to at `now`; else what is wrong with it, and what to do.
pub(crate) fn resolve(zone: Option<&Json>, now: f64) -> Result<Zone, (String, String)> {
    let usual = || "an IANA name such as \"Europe/Warsaw\", or minutes ahead of UTC".to_owned();
    match zone {
        None | Some(Json::Null) => Ok(Zone::default()),
        Some(Json::Number(number)) => {
            let minutes = number.as_i64().and_then(|minutes| i32::try_from(minutes).ok());
            let minutes = minutes.filter(|minutes| (-MAX_OFFSET..=MAX_OFFSET).contains(minutes));
            let offset_minutes =
                minutes.ok_or_else(|| (format!("{number} minutes are no offset from UTC"), usual()))?;
            Ok(Zone { offset_minutes, until: None })
        }
        Some(Json::String(name)) => {
            let database = TimeZoneDatabase::bundled();
            let found = database.get(name).map_err(|_| {
                let known: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
                let close = nearest(name, known.iter().map(String::as_str));
                (
                    format!("there is no time zone \"{name}\""),
                    close.map_or_else(usual, |close| format!("did you mean \"{close}\"?")),
                )
            })?;
            at(&found, now).ok_or_else(|| {
                (
                    format!("\"{name}\" is not known at {now} ms"),
                    "give a time between the years -9999 and 9999".to_owned(),
                )
            })
        }
        Some(other) => Err((format!("{other} is no time zone"), usual())),
    }
}

fn at(zone: &TimeZone, now: f64) -> Option<Zone> {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and what is out of range is refused next")]
    let time = Timestamp::from_millisecond(now.floor() as i64).ok()?;
    let offset_minutes = zone.to_offset(time).seconds().div_euclid(60);
    let until = zone.following(time).next().map(|change| milliseconds(change.timestamp()));
    Some(Zone { offset_minutes, until })
}

#[expect(clippy::cast_precision_loss, reason = "timestamps end with the year 9999, far below 2^53 ms")]
fn milliseconds(time: Timestamp) -> f64 {
    time.as_millisecond() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments() {
        // 2026-11-02T07:30:00Z is 20,759 days and 7.5 hours after the epoch.
        let expected = f64::from(20_759 * 24 * 3600 + 27_000) * 1000.0;
        assert_eq!(instant(Some(&json!("2026-11-02T08:30:00+01:00"))), Ok(expected));
        assert_eq!(instant(Some(&json!(12.5))), Ok(12.5));
        assert!(instant(Some(&json!("tomorrow"))).is_err());
        assert!(instant(Some(&json!(true))).is_err());
    }

    #[test]
    fn zones_end_where_the_clocks_change() {
        let at = |text: &str| instant(Some(&json!(text))).unwrap();
        // In 2026 the European Union's summer time ends on 25 October at 01:00 UTC.
        let summer = resolve(Some(&json!("Europe/Warsaw")), at("2026-10-24T12:00:00Z"));
        assert_eq!(summer, Ok(Zone { offset_minutes: 120, until: Some(at("2026-10-25T01:00:00Z")) }));
        let winter = resolve(Some(&json!("Europe/Warsaw")), at("2026-10-25T01:00:00Z"));
        assert_eq!(winter.map(|zone| zone.offset_minutes), Ok(60));
        assert_eq!(resolve(Some(&json!("UTC")), 0.0), Ok(Zone::default()));
        assert_eq!(resolve(Some(&json!(-210)), 0.0), Ok(Zone { offset_minutes: -210, until: None }));
    }

    #[test]
    fn what_is_no_zone_is_refused_with_a_suggestion() {
        let (_, help) = resolve(Some(&json!("Europe/Warszaw")), 0.0).unwrap_err();
        assert_eq!(help, "did you mean \"Europe/Warsaw\"?");
        for zone in [json!(2000), json!(1.5), json!(true), json!("nowhere")] {
            assert!(resolve(Some(&zone), 0.0).is_err(), "{zone}");
        }
        assert!(resolve(Some(&json!("Europe/Warsaw")), 1e300).is_err());
    }
}
