//! A row of a log, checked.

use super::fields::{Field, Fields, Role};

/// An event as a log tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Who.
    pub visitor: String,
    /// The item that something was done to.
    pub item: Option<String>,
    /// What was done.
    pub name: String,
    /// What it was worth.
    pub value: Option<f64>,
    /// When, in milliseconds since 1970; nothing where the log has no time at all.
    pub time: Option<f64>,
    /// Tells it from all others.
    pub id: Option<String>,
    /// The item's category.
    pub category: Option<String>,
    /// The attributes that popularity is counted by.
    pub by: Vec<Option<String>>,
}

/// What was done where a log does not say.
const USUAL_NAME: &str = "view_item";

/// Numbers below this are seconds: the year 5138 in seconds, 1973 in milliseconds.
const SECONDS: f64 = 1e11;

/// 10000-01-01 in milliseconds: what is later is no time.
const LATEST: f64 = 253_402_300_800_000.0;

impl Row {
    /// Checks the fields of a row.
    ///
    /// # Errors
    /// Why it is none.
    pub fn check(fields: Fields) -> Result<Self, &'static str> {
        let text = |role, why| match fields.get(role) {
            Field::Missing => Ok(None),
            Field::Text(text) => Ok(Some(text.clone())),
            Field::Number(number) | Field::Time(number) => Ok(Some(number.to_string())),
            Field::Other => Err(why),
        };
        let visitor = text(Role::Visitor, "the visitor is no text")?.ok_or("there is no visitor")?;
        Ok(Self {
            visitor,
            item: text(Role::Item, "the item is no text")?,
            name: text(Role::Name, "the name is no text")?.unwrap_or_else(|| USUAL_NAME.to_owned()),
            value: number(fields.get(Role::Value))?,
            time: time(fields.get(Role::Time))?,
            id: text(Role::Id, "the id is no text")?,
            category: text(Role::Category, "the category is no text")?,
            by: fields.by,
        })
    }
}

fn number(field: &Field) -> Result<Option<f64>, &'static str> {
    let number = match field {
        Field::Missing => return Ok(None),
        Field::Number(number) | Field::Time(number) => Some(*number),
        Field::Text(text) => text.trim().parse().ok(),
        Field::Other => None,
    };
    number.filter(|number| number.is_finite()).map(Some).ok_or("the value is no number")
}

fn time(field: &Field) -> Result<Option<f64>, &'static str> {
    let time = match field {
        Field::Missing => return Ok(None),
        Field::Time(milliseconds) => Some(*milliseconds),
        Field::Number(number) => Some(milliseconds(*number)),
        Field::Text(text) => text.trim().parse().ok().map(milliseconds).or_else(|| moment(text.trim())),
        Field::Other => None,
    };
    time.filter(|time| (0.0..=LATEST).contains(time)).map(Some).ok_or("the time is none")
}

/// Of a number that is seconds or milliseconds.
fn milliseconds(number: f64) -> f64 {
    if number.abs() < SECONDS { number * 1000.0 } else { number }
}

/// Milliseconds of an RFC 3339 time or a date.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of the calendar are below 2⁵³")]
fn moment(text: &str) -> Option<f64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond() as f64);
    }
    let date = text.parse::<jiff::civil::Date>().ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(set: &[(Role, Field)]) -> Fields {
        let mut fields = Fields::default();
        set.iter().for_each(|(role, field)| fields.set(*role, field.clone()));
        fields
    }

    #[test]
    fn times_are_seconds_milliseconds_or_text() {
        for (given, expected) in [
            (Field::Number(881_250_949.0), 881_250_949_000.0),
            (Field::Number(1_772_366_400_000.0), 1_772_366_400_000.0),
            (Field::text("1772366400"), 1_772_366_400_000.0),
            (Field::text("2026-03-01T12:00:00Z"), 1_772_366_400_000.0),
            (Field::text("2026-03-01T13:00:00+01:00"), 1_772_366_400_000.0),
            (Field::text("2026-03-01"), 1_772_323_200_000.0),
            (Field::text("1970-01-02"), 86_400_000.0),
            (Field::Time(86_400_000.0), 86_400_000.0),
        ] {
            assert_eq!(time(&given), Ok(Some(expected)), "{given:?}");
        }
        for bad in [Field::text("yesterday"), Field::Number(-5.0), Field::Number(1e18), Field::Number(f64::NAN)] {
            assert_eq!(time(&bad), Err("the time is none"), "{bad:?}");
        }
    }

    #[test]
    fn a_row_needs_a_visitor_and_is_a_view() {
        let row = Row::check(fields(&[(Role::Visitor, Field::Number(7.0)), (Role::Item, Field::text("a"))]));
        let row = row.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!((row.visitor.as_str(), row.item.as_deref(), row.name.as_str()), ("7", Some("a"), "view_item"));
        assert_eq!(Row::check(fields(&[(Role::Item, Field::text("a"))])), Err("there is no visitor"));
        for (role, field, why) in [
            (Role::Visitor, Field::Other, "the visitor is no text"),
            (Role::Item, Field::Other, "the item is no text"),
            (Role::Value, Field::text("cheap"), "the value is no number"),
            (Role::Value, Field::text("inf"), "the value is no number"),
        ] {
            let with = fields(&[(Role::Visitor, Field::text("v")), (role, field)]);
            assert_eq!(Row::check(with), Err(why));
        }
    }
}
