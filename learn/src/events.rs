//! All events of a log that are about items, in the order of time, with numbers in place of names.

use crate::failure::Failure;
use crate::log::{Columns, Row, Tally, read};
use crate::watch::Watch;
use indexmap::IndexSet;
use slotwise::profile::fading::REFERENCE;
use slotwise::profile::interest_of;
use std::path::Path;

/// What says less than this is no interaction: having been on a list, a page that was opened.
const LEAST_INTEREST: f64 = 0.5;

const DAY: f64 = 86_400_000.0;

/// An event about an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Number of the visitor.
    pub visitor: u32,
    /// Number of the item.
    pub item: u32,
    /// Number of the event's name.
    pub name: u16,
    /// Number of the file that told it.
    pub file: u16,
    /// What it says of the visitor's interest, as the profile takes it.
    pub weight: f32,
    /// What it was worth; NaN for nothing.
    pub value: f64,
    /// When, in milliseconds since 1970; NaN where the log has no time.
    pub time: f64,
}

/// The events of a log, thirty-two bytes each, and what numbers stand for.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// In the order of time; those of one moment, and those without a time, in that of the log.
    pub all: Vec<Event>,
    /// Visitors, as the log first names them.
    pub visitors: IndexSet<String>,
    /// Items, in ascending order of their ids.
    pub items: Vec<String>,
    /// Names of events.
    pub names: IndexSet<String>,
    /// For each attribute that is counted by, the value of each event; see [`Groups::NONE`].
    pub groups: Vec<Groups>,
    /// What became of the log's rows.
    pub tally: Tally,
    /// Events about items that the catalog does not have.
    pub of_unknown_items: u64,
    /// Events that are about no item, or say too little.
    pub passed_over: u64,
}

/// The values of an attribute.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// The attribute's path.
    pub path: String,
    /// What numbers stand for.
    pub values: IndexSet<String>,
    /// One an event.
    pub of: Vec<u16>,
}

impl Groups {
    /// The event has no value, or the attribute has too many.
    pub const NONE: u16 = u16::MAX;

    fn number(&mut self, value: Option<String>) -> u16 {
        let number = value.and_then(|value| u16::try_from(self.values.insert_full(value).0).ok());
        number.unwrap_or(Self::NONE)
    }
}

/// See [`Events::lag`]; of a log whose first event happened at some time.
pub(crate) fn lag(first: f64) -> f64 {
    ((REFERENCE - first) / DAY).ceil().max(0.0) * DAY
}

/// A moment in words that sort.
pub(crate) fn written(time: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of the calendar are below 2⁵³")]
    let time = jiff::Timestamp::from_millisecond(time as i64);
    time.map(|time| time.to_string()).unwrap_or_default()
}

impl Events {
    /// Reads logs, one after the other. With a catalog, events about other items are counted and left out.
    ///
    /// # Errors
    /// As [`read`] says; a log without a single event that can be learned from.
    pub fn read(
        paths: &[&Path],
        columns: &Columns,
        catalog: Option<&[String]>,
        watch: &dyn Watch,
    ) -> Result<Self, Failure> {
        let mut events = Self::default();
        let mut items: IndexSet<String> = catalog.into_iter().flatten().cloned().collect();
        events.groups = columns.by.iter().map(|path| Groups { path: path.clone(), ..Groups::default() }).collect();
        let known = catalog.map(|_| items.len());
        events.tally = read(paths, columns, watch, &mut |row, file| {
            events.take(row, file, &mut items, known);
        })?;
        if events.all.is_empty() {
            let mut told = format!("of {} rows none can be learned from", events.tally.rows);
            for (why, count) in events.tally.rejected.reasons() {
                told.push_str(&format!("; {count}: {why}"));
            }
            let help = format!(
                "{} are about no item, {} about items that are not in the catalog",
                events.passed_over, events.of_unknown_items
            );
            return Err(Failure::new(told).help(help));
        }
        events.number_items_by_id(items);
        events.sort();
        Ok(events)
    }

    fn take(&mut self, row: Row, file: u16, items: &mut IndexSet<String>, known: Option<usize>) {
        let weight = interest_of(&row.name, row.value);
        let Some(item) = row.item.filter(|_| weight.abs() >= LEAST_INTEREST) else {
            self.passed_over += 1;
            return;
        };
        let item = match known {
            Some(_) => items.get_index_of(&item),
            None => Some(items.insert_full(item).0),
        };
        let Some(item) = item else {
            self.of_unknown_items += 1;
            return;
        };
        for (groups, value) in self.groups.iter_mut().zip(row.by) {
            let number = groups.number(value);
            groups.of.push(number);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "weights are of single precision; no log has 2³² visitors"
        )]
        self.all.push(Event {
            visitor: self.visitors.insert_full(row.visitor).0 as u32,
            item: item as u32,
            name: u16::try_from(self.names.insert_full(row.name).0).unwrap_or(u16::MAX),
            file,
            weight: weight as f32,
            value: row.value.unwrap_or(f64::NAN),
            time: row.time.unwrap_or(f64::NAN),
        });
    }

    fn number_items_by_id(&mut self, items: IndexSet<String>) {
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by(|one, other| items[*one].cmp(&items[*other]));
        let mut number = vec![0; order.len()];
        for (new, old) in (0..).zip(&order) {
            number[*old] = new;
        }
        self.all.iter_mut().for_each(|event| event.item = number[event.item as usize]);
        let mut items: Vec<String> = items.into_iter().collect();
        items.sort();
        self.items = items;
    }

    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by(|one, other| self.all[*one].time.total_cmp(&self.all[*other].time));
        self.all = order.iter().map(|place| self.all[*place]).collect();
        for groups in &mut self.groups {
            groups.of = order.iter().map(|place| groups.of[*place]).collect();
        }
    }

    /// By how many milliseconds the log has to be moved so that profiles can be made of it, which fade from 2020 on: whole days.
    #[must_use]
    pub fn lag(&self) -> f64 {
        self.period().map_or(0.0, |(first, _)| lag(first))
    }

    /// When the first and the last event happened; nothing where the log has no time.
    #[must_use]
    pub fn period(&self) -> Option<(f64, f64)> {
        let times = || self.all.iter().map(|event| event.time).filter(|time| !time.is_nan());
        Some((times().next()?, times().next_back()?))
    }
}
