//! Members of items that are reckoned with: numbers and times.

use super::draft::Item;
use super::tables::Tables;
use crate::problem::{Pointer, Problem};
use serde_json::Value as Json;

/// What a member is read as.
pub(super) struct Reading {
    /// What it is called.
    name: &'static str,
    read: fn(&Json) -> Option<f64>,
    /// How it is written.
    help: &'static str,
}

/// How often an item was chosen.
pub(super) const NUMBER: Reading =
    Reading { name: "number", read: Json::as_f64, help: "write a number without quotes, such as 80, or leave it out" };

/// When an item came.
pub(super) const TIME: Reading =
    Reading { name: "time", read: moment, help: "write 2026-05-01 or 2026-05-01T12:00:00Z, or leave it out" };

/// As much of a value is shown.
const MOST_SHOWN: usize = 40;

/// What items have in a member. Warns of items whose value is something else; that some have none, or null, is fine: not everything is
/// known of every item.
pub(super) fn read_member(
    items: &[Item],
    member: &str,
    reading: &Reading,
    pointer: &Pointer,
    tables: &mut Tables,
) -> Vec<Option<f64>> {
    let Reading { name, read, help } = reading;
    let given = items.iter().map(|item| item.members.get(member).filter(|value| !value.is_null()));
    let found: Vec<Option<f64>> = given.clone().map(|value| value.and_then(read)).collect();
    let unread = items.iter().zip(given).zip(&found).filter(|(_, number)| number.is_none());
    let unread: Vec<(&Item, &Json)> = unread.filter_map(|((item, value), _)| Some((item, value?))).collect();
    // Items are in the order of their ids; the first is that of the catalog as it is written.
    if let Some((first, value)) = unread.iter().min_by_key(|(item, _)| item.place) {
        let value = value.to_string();
        let shown: String = value.chars().take(MOST_SHOWN).collect();
        let more = if shown == value { "" } else { "…" };
        let message = format!(
            "{} of {} items have no {name} in \"{member}\" but something else: the first is \"{}\", with {shown}{more}",
            unread.len(),
            items.len(),
            first.id,
        );
        tables.problem(Problem::warning(pointer, message).help(*help));
    } else if !items.is_empty() && found.iter().all(Option::is_none) {
        let message = format!("0 of {} items have a {name} in \"{member}\"", items.len());
        tables.problem(Problem::warning(pointer, message).help(*help));
    }
    found
}

/// Milliseconds since 1970 of a number, a time or a date.
fn moment(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64().filter(|number| number.abs() < 1e15),
        Json::String(text) => {
            let time = text.parse::<jiff::Timestamp>().ok();
            let midnight = || {
                let date = text.parse::<jiff::civil::Date>().ok()?;
                Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
            };
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of the calendar are below 2⁵³")]
            let milliseconds = |time: jiff::Timestamp| time.as_millisecond() as f64;
            time.or_else(midnight).map(milliseconds)
        }
        _ => None,
    }
}
