//! From a log to what visitors are compared by: every visitor's events are folded into the profile that the engine reads, at the log's end.

use crate::events::lag;
use crate::failure::Failure;
use crate::log::{Columns, Row, Tally, read};
use crate::watch::Watch;
use indexmap::IndexSet;
use ndarray::Array2;
use rayon::prelude::*;
use slotwise::profile::{self, Feature, Profile};
use std::path::Path;

/// Visitors, and a number of each for every feature.
#[derive(Clone, Debug)]
pub struct Visitors {
    /// What they are compared by.
    pub features: Vec<Feature>,
    /// Who they are.
    pub ids: Vec<String>,
    /// A row for each.
    pub values: Array2<f64>,
    /// Visitors of whom a feature is not known: those who bought nothing have no recency.
    pub without: usize,
    /// Events that were folded in.
    pub events: usize,
    /// Events without a time.
    pub untimed: u64,
    /// When the first and the last event happened.
    pub period: (f64, f64),
    /// What became of the log's rows.
    pub tally: Tally,
}

/// Recency, frequency and money.
const RFM: [Feature; 3] = [Feature::Recency, Feature::Frequency, Feature::Monetary];

/// Features by their names: `rfm`, or paths such as `sessions` and `profile.sessions`.
///
/// # Errors
/// A name that is none, or one that is told again.
pub fn features(names: &[String]) -> Result<Vec<Feature>, Failure> {
    let mut features = IndexSet::new();
    for name in names {
        let path = name.strip_prefix("profile.").unwrap_or(name);
        let meant = match Feature::named(path).filter(|feature| feature.is_number()) {
            Some(feature) => vec![feature],
            None if path == "rfm" => RFM.to_vec(),
            None => {
                let known: Vec<&str> = Feature::numbers().map(Feature::path).collect();
                let help = format!("there are rfm, which is the three of that name, and {}", known.join(", "));
                return Err(Failure::new(format!("\"{name}\" is no feature of visitors")).help(help));
            }
        };
        for feature in meant {
            if !features.insert(feature.path()) {
                return Err(Failure::new(format!("{} is told twice", feature.path())).help("leave it out once"));
            }
        }
    }
    Ok(features.into_iter().filter_map(Feature::named).collect())
}

/// An event, forty bytes each; there is no name for what is not told.
struct Event {
    visitor: u32,
    name: u32,
    item: u32,
    category: u32,
    value: f64,
    time: f64,
}

const NOTHING: u32 = u32::MAX;

/// What numbers of events stand for.
#[derive(Default)]
struct Names {
    visitors: IndexSet<String>,
    texts: IndexSet<String>,
}

impl Visitors {
    /// Reads logs, one after the other.
    ///
    /// # Errors
    /// As [`read`] says; a log in which nobody can be compared.
    pub fn read(paths: &[&Path], columns: &Columns, features: &[Feature], watch: &dyn Watch) -> Result<Self, Failure> {
        let (mut names, mut events, mut untimed) = (Names::default(), Vec::new(), 0);
        let tally = read(paths, &columns.clone().without_items(), watch, &mut |row, _| match row.time {
            Some(time) => events.push(names.event(row, time)),
            None => untimed += 1,
        })?;
        events.sort_by(|one, other| one.visitor.cmp(&other.visitor).then(one.time.total_cmp(&other.time)));
        let times = || events.iter().map(|event| event.time);
        let (first, last) = (times().fold(f64::INFINITY, f64::min), times().fold(0.0, f64::max));
        let lag = lag(first);
        let histories: Vec<&[Event]> = events.chunk_by(|one, other| one.visitor == other.visitor).collect();
        let rows: Vec<Option<Vec<f64>>> = histories
            .par_iter()
            .map(|history| {
                let profile = names.profile(history, lag);
                features.iter().map(|feature| profile.number(*feature, last + lag).0).collect()
            })
            .collect();
        let known = || rows.iter().zip(&histories).filter_map(|(row, history)| Some((row.as_ref()?, history)));
        let ids: Vec<String> =
            known().map(|(_, history)| names.visitors[history[0].visitor as usize].clone()).collect();
        let without = rows.len() - ids.len();
        if ids.is_empty() {
            let message = format!("no visitor can be compared: of {} rows {untimed} have no time", tally.rows);
            let help = format!("of {without} visitors a feature is missing; recency needs purchases, see --features");
            return Err(Failure::new(message).help(help));
        }
        let numbers: Vec<f64> = known().flat_map(|(row, _)| row.iter().copied()).collect();
        let values = Array2::from_shape_vec((ids.len(), features.len()), numbers)
            .map_err(|error| Failure::new(format!("the features are no table: {error}")))?;
        let (features, events) = (features.to_vec(), events.len());
        Ok(Self { features, ids, values, without, events, untimed, period: (first, last), tally })
    }

    /// Writes visitors, what they are compared by and the names of their clusters, as comma-separated values.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path, clusters: &[&str]) -> Result<(), Failure> {
        let unwritable = |error: csv::Error| Failure::unwritable(path, error);
        let mut file = csv::Writer::from_path(path).map_err(unwritable)?;
        let paths = self.features.iter().map(|feature| feature.path());
        file.write_record(["visitor"].into_iter().chain(paths).chain(["cluster"])).map_err(unwritable)?;
        for ((id, row), cluster) in self.ids.iter().zip(self.values.rows()).zip(clusters) {
            let numbers = row.iter().map(f64::to_string);
            let record = [id.clone()].into_iter().chain(numbers).chain([(*cluster).to_owned()]);
            file.write_record(record).map_err(unwritable)?;
        }
        file.flush().map_err(|error| Failure::unwritable(path, error))
    }
}

impl Names {
    #[expect(clippy::cast_possible_truncation, reason = "no log has 2³² texts")]
    fn event(&mut self, row: Row, time: f64) -> Event {
        let mut text = |text: Option<String>| text.map_or(NOTHING, |text| self.texts.insert_full(text).0 as u32);
        let (name, item, category) = (text(Some(row.name)), text(row.item), text(row.category));
        let visitor = self.visitors.insert_full(row.visitor).0 as u32;
        Event { visitor, name, item, category, value: row.value.unwrap_or(f64::NAN), time }
    }

    /// The profile that a visitor's events leave, as it comes back from a cookie.
    fn profile(&self, history: &[Event], lag: f64) -> Profile {
        let mut profile = Profile::new(history[0].visitor);
        let text = |number: u32| self.texts.get_index(number as usize).cloned();
        for (number, event) in history.iter().enumerate() {
            let time = event.time + lag;
            let happened = profile::Event {
                name: text(event.name).unwrap_or_default(),
                item: text(event.item),
                category: text(event.category),
                value: Some(event.value).filter(|value| !value.is_nan()),
                time,
                // The log has told apart already what is told twice and what happened twice.
                id: Some(number.to_string()),
            };
            profile.apply(&happened, time);
        }
        Profile::from_bytes(&profile.to_bytes()).unwrap_or(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;
    use std::io::Write;

    const LOG: &str = "\
visitor,name,value,time,id
anna,purchase,30,2001-03-01T10:00:00Z,1
anna,purchase,30,2001-03-01T10:00:00Z,2
anna,page_view,,2001-03-05T09:00:00Z,3
bert,view_item,,2001-03-07T12:00:00Z,4
cleo,purchase,5,2001-03-09T00:00:00Z,5
cleo,purchase,7,2001-03-11T11:00:00Z,6
cleo,purchase,7,2001-03-11T11:00:00Z,6
dora,purchase,7,,7
";

    fn visitors(names: &[&str]) -> Result<Visitors, Failure> {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(LOG.as_bytes()).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Visitors::read(&[file.path()], &Columns::default(), &features(&names)?, &Unwatched)
    }

    #[test]
    fn buyers_have_recency_frequency_and_money_at_the_logs_end() {
        let found = visitors(&["rfm"]).unwrap();
        // Two purchases of one moment are two, and one that is told again is one. Ten days and one hour, and none.
        assert_eq!(found.ids, ["anna", "cleo"]);
        assert_eq!(found.values, ndarray::array![[10.0, 2.0, 60.0], [0.0, 2.0, 12.0]]);
        assert_eq!((found.without, found.events, found.untimed, found.tally.duplicates), (1, 6, 1, 1));
    }

    #[test]
    fn everybody_has_sessions() {
        let found = visitors(&["profile.sessions", "engagement"]).unwrap();
        assert_eq!(found.ids, ["anna", "bert", "cleo"]);
        // Half is forgotten in seven days. 10 of ten days ago and 0.2 of six: 3.8 is medium. 1 of four days ago: 0.7 is low. 5 of two and a
        // half days ago and 5 of now: 8.9 is medium.
        assert_eq!(found.values, ndarray::array![[2.0, 1.0], [1.0, 0.0], [2.0, 1.0]]);
    }

    #[test]
    fn features_are_known_by_name_and_once() {
        for (names, part) in [
            (["rfm", "sessions", "rfm.recency"].as_slice(), "rfm.recency is told twice"),
            (&["items"], "\"items\" is no feature"),
            (&["age"], "\"age\" is no feature"),
        ] {
            let failure = visitors(names).unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
        }
    }
}
