//! Local calendar values of an instant, on the proleptic Gregorian calendar.
//!
//! The offset is passed in: there are no time zone rules here. Arithmetic is
//! in `f64`, which is exact: every intermediate is an integer below 2^53, and
//! a quotient of two such integers never rounds up to the next integer.

use super::Output;

/// The furthest instant from the epoch, in milliseconds either way: the range
/// of a JavaScript `Date`. Beyond it every value is missing.
pub const MAX_INSTANT: f64 = 8.64e15;

/// The largest offset from UTC, in minutes either way. Beyond it every value
/// is missing.
pub const MAX_OFFSET: i32 = 24 * 60;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 3_600_000.0;
const DAY: f64 = 86_400_000.0;

/// The local hour, 0 to 23.
pub fn hour(now_ms: f64, offset_minutes: i32) -> Output<'static> {
    number(now_ms, offset_minutes, |local| modulo(floor_div(local, HOUR), 24.0))
}

/// The ISO 8601 day of the week, 1 (Monday) to 7 (Sunday).
pub fn weekday(now_ms: f64, offset_minutes: i32) -> Output<'static> {
    // Day 0, 1970-01-01, was a Thursday: three days after a Monday.
    number(now_ms, offset_minutes, |local| modulo(floor_div(local, DAY) + 3.0, 7.0) + 1.0)
}

/// The month, 1 to 12.
pub fn month(now_ms: f64, offset_minutes: i32) -> Output<'static> {
    number(now_ms, offset_minutes, |local| civil_from_days(floor_div(local, DAY)).1)
}

/// The local date as `YYYY-MM-DD`. Years before 0 or after 9999 have a sign
/// and six digits, as in ECMAScript's date time string format.
pub fn date(now_ms: f64, offset_minutes: i32) -> Output<'static> {
    let Some(local) = local_ms(now_ms, offset_minutes) else {
        return Output::Missing;
    };
    let (year, month, day) = civil_from_days(floor_div(local, DAY));
    let mut text = Vec::new();
    if (0.0..10_000.0).contains(&year) {
        push_digits(&mut text, year, 1_000);
    } else {
        text.push(u16::from(if year < 0.0 { b'-' } else { b'+' }));
        push_digits(&mut text, year.abs(), 100_000);
    }
    for part in [month, day] {
        text.push(u16::from(b'-'));
        push_digits(&mut text, part, 10);
    }
    Output::Owned(text)
}

/// The first instant after `now_ms` at which the local hour changes, as long
/// as the offset stays the same. Infinite when there is no hour to change.
pub fn next_hour(now_ms: f64, offset_minutes: i32) -> f64 {
    next_multiple(now_ms, offset_minutes, HOUR)
}

/// The first instant after `now_ms` at which the local date changes, as long
/// as the offset stays the same. Infinite when there is no date to change.
pub fn next_midnight(now_ms: f64, offset_minutes: i32) -> f64 {
    next_multiple(now_ms, offset_minutes, DAY)
}

fn next_multiple(now_ms: f64, offset_minutes: i32, step: f64) -> f64 {
    match local_ms(now_ms, offset_minutes) {
        Some(local) => (floor_div(local, step) + 1.0) * step - f64::from(offset_minutes) * MINUTE,
        None => f64::INFINITY,
    }
}

fn number(now_ms: f64, offset_minutes: i32, of_local: fn(f64) -> f64) -> Output<'static> {
    match local_ms(now_ms, offset_minutes) {
        Some(local) => Output::Number(of_local(local)),
        None => Output::Missing,
    }
}

/// Whole milliseconds on the local clock; `None` if an argument is out of range.
fn local_ms(now_ms: f64, offset_minutes: i32) -> Option<f64> {
    let known = (-MAX_INSTANT..=MAX_INSTANT).contains(&now_ms) && (-MAX_OFFSET..=MAX_OFFSET).contains(&offset_minutes);
    // Floored first: adding an offset to a fraction could round it up.
    known.then(|| now_ms.floor() + f64::from(offset_minutes) * MINUTE)
}

/// Year, month (1 to 12) and day (1 to 31) of a day counted from 1970-01-01.
///
/// Howard Hinnant's `civil_from_days`, from "chrono-Compatible Low-Level Date
/// Algorithms", <https://howardhinnant.github.io/date_algorithms.html>. Years
/// run from March, so that the leap day is a year's last, and 400 years (an
/// era) are 146 097 days.
fn civil_from_days(days: f64) -> (f64, f64, f64) {
    // Days from 0000-03-01.
    let shifted = days + 719_468.0;
    let era = floor_div(shifted, 146_097.0);
    let day_of_era = modulo(shifted, 146_097.0);
    let leap_days = floor_div(day_of_era, 1_460.0) - floor_div(day_of_era, 36_524.0) + floor_div(day_of_era, 146_096.0);
    let year_of_era = floor_div(day_of_era - leap_days, 365.0);
    let day_of_year = day_of_era - (365.0 * year_of_era + floor_div(year_of_era, 4.0) - floor_div(year_of_era, 100.0));
    let month_from_march = floor_div(5.0 * day_of_year + 2.0, 153.0);
    let day = day_of_year - floor_div(153.0 * month_from_march + 2.0, 5.0) + 1.0;
    let in_next_year = month_from_march >= 10.0;
    let month = month_from_march + if in_next_year { -9.0 } else { 3.0 };
    let year = year_of_era + era * 400.0 + f64::from(u8::from(in_next_year));
    (year, month, day)
}

fn floor_div(value: f64, by: f64) -> f64 {
    (value / by).floor()
}

fn modulo(value: f64, by: f64) -> f64 {
    value - floor_div(value, by) * by
}

/// Writes a non-negative integer from the digit that is worth `worth` down.
fn push_digits(text: &mut Vec<u16>, value: f64, mut worth: u32) {
    // At most 275 761, the last year of `MAX_INSTANT`.
    let value = value as u32;
    while worth > 0 {
        let digit = value.checked_div(worth).unwrap_or(0) % 10;
        text.push(u16::from(b'0').wrapping_add(digit as u16));
        worth /= 10;
    }
}
