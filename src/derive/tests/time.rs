use super::text;
use crate::derive::{
    Output,
    time::{self, MAX_INSTANT},
};

/// 2026-11-22T00:00:00Z: day 20 779.
const NOVEMBER_22: f64 = 1_795_305_600_000.0;
const HOUR: f64 = 3_600_000.0;

#[test]
fn reads_the_local_calendar() {
    for (now, offset, expected_date, expected_hour, expected_weekday) in [
        (0.0, 0, "1970-01-01", 0.0, 4.0),
        (-1.0, 0, "1969-12-31", 23.0, 3.0),
        (-0.5, 0, "1969-12-31", 23.0, 3.0),
        (0.0, -1, "1969-12-31", 23.0, 3.0),
        // A fraction of a millisecond before midnight is before midnight.
        (86_399_999.999, 0, "1970-01-01", 23.0, 4.0),
        (NOVEMBER_22, 0, "2026-11-22", 0.0, 7.0),
        (NOVEMBER_22 + 18.0 * HOUR, 330, "2026-11-22", 23.0, 7.0),
        (NOVEMBER_22 + 18.5 * HOUR, 330, "2026-11-23", 0.0, 1.0),
        (NOVEMBER_22, -720, "2026-11-21", 12.0, 6.0),
        (NOVEMBER_22, 1440, "2026-11-23", 0.0, 1.0),
        (NOVEMBER_22, -1440, "2026-11-21", 0.0, 6.0),
        // Leap years: 2000 is one, 1900 is not, 2024 is.
        (951_782_400_000.0, 0, "2000-02-29", 0.0, 2.0),
        (-25_508.0 * 24.0 * HOUR, 0, "1900-03-01", 0.0, 4.0),
        (-25_509.0 * 24.0 * HOUR, 0, "1900-02-28", 0.0, 3.0),
        (19_782.0 * 24.0 * HOUR, 0, "2024-02-29", 0.0, 4.0),
        // ECMAScript's Date: the ends of its range, and its expanded years.
        (MAX_INSTANT, 0, "+275760-09-13", 0.0, 6.0),
        (-MAX_INSTANT, 0, "-271821-04-20", 0.0, 2.0),
        (-62_167_219_200_000.0, 0, "0000-01-01", 0.0, 6.0),
        (-62_167_219_200_001.0, 0, "-000001-12-31", 23.0, 5.0),
        (253_402_300_799_999.0, 0, "9999-12-31", 23.0, 5.0),
        (253_402_300_800_000.0, 0, "+010000-01-01", 0.0, 6.0),
    ] {
        let case = format!("{now} at {offset}");
        assert_eq!(text(time::date(now, offset)).as_deref(), Some(expected_date), "{case}");
        assert_eq!(time::hour(now, offset), Output::Number(expected_hour), "{case}");
        assert_eq!(time::weekday(now, offset), Output::Number(expected_weekday), "{case}");
        let month: f64 = expected_date[expected_date.len() - 5..][..2].parse().unwrap();
        assert_eq!(time::month(now, offset), Output::Number(month), "{case}");
    }
}

#[test]
fn misses_what_is_out_of_range() {
    for (now, offset) in [
        (f64::NAN, 0),
        (f64::INFINITY, 0),
        (f64::NEG_INFINITY, 0),
        (MAX_INSTANT + 1.0, 0),
        (-MAX_INSTANT - 1.0, 0),
        (f64::MAX, 0),
        (0.0, 1441),
        (0.0, -1441),
        (0.0, i32::MIN),
        (0.0, i32::MAX),
    ] {
        for output in
            [time::hour(now, offset), time::weekday(now, offset), time::month(now, offset), time::date(now, offset)]
        {
            assert_eq!(output, Output::Missing, "{now} at {offset}");
        }
        assert_eq!(time::next_hour(now, offset), f64::INFINITY, "{now} at {offset}");
        assert_eq!(time::next_midnight(now, offset), f64::INFINITY, "{now} at {offset}");
    }
}

#[test]
fn knows_when_the_value_changes() {
    for (now, offset, hour, midnight) in [
        (0.0, 0, HOUR, 24.0 * HOUR),
        (-1.0, 0, 0.0, 0.0),
        (-0.25, 0, 0.0, 0.0),
        (HOUR - 0.5, 0, HOUR, 24.0 * HOUR),
        (HOUR, 0, 2.0 * HOUR, 24.0 * HOUR),
        // 05:30 on the local clock: half an hour to six, 18.5 hours to midnight.
        (0.0, 330, 0.5 * HOUR, 18.5 * HOUR),
        // 19:15 on the day before.
        (0.0, -285, 0.75 * HOUR, 4.75 * HOUR),
        (NOVEMBER_22, 60, NOVEMBER_22 + HOUR, NOVEMBER_22 + 23.0 * HOUR),
    ] {
        assert_eq!(time::next_hour(now, offset), hour, "{now} at {offset}");
        assert_eq!(time::next_midnight(now, offset), midnight, "{now} at {offset}");
    }
}
