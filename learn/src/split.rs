//! Which events are learned from, and which say how well.

use crate::events::{Event, Events};
use crate::failure::Failure;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashMap;

/// How events are divided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    /// What happened first is learned from; the last share of all events tests, and the share before it validates.
    Time {
        /// Of all events, from 0 to 1.
        validation: f64,
        /// See `validation`.
        test: f64,
    },
    /// Of each visitor with three items or more, the one that came last tests and the one before it validates.
    LastOut,
    /// The events of a file of their own test; of the others, a share drawn at random validates.
    Given {
        /// Number of that file; without one nothing tests.
        test: Option<u16>,
        /// Of the events of the others, from 0 to 1.
        validation: f64,
    },
}

/// Events, each in the order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// What is learned from.
    pub train: Vec<Event>,
    /// What parameters are chosen by.
    pub validation: Vec<Event>,
    /// What nothing was chosen by.
    pub test: Vec<Event>,
}

impl Split {
    /// Divides events; the seed draws what is drawn at random.
    ///
    /// # Errors
    /// A log without times, where time divides, and nothing to learn from or to validate with.
    pub fn new(events: &Events, by: By, seed: u64) -> Result<Self, Failure> {
        let split = match by {
            By::Time { validation, test } => Self::by_time(events, validation, test)?,
            By::LastOut => Self::last_out(events),
            By::Given { test, validation } => {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                let mut split = Self::default();
                for event in &events.all {
                    let part = match Some(event.file) == test {
                        true => &mut split.test,
                        false if random.random_bool(validation.clamp(0.0, 1.0)) => &mut split.validation,
                        false => &mut split.train,
                    };
                    part.push(*event);
                }
                split
            }
        };
        for (part, name) in [(&split.train, "learned from"), (&split.validation, "validated with")] {
            if part.is_empty() {
                let help = format!("there are {} events; give more, or split them otherwise", events.all.len());
                return Err(Failure::new(format!("no event is left to be {name}")).help(help));
            }
        }
        Ok(split)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "shares of a count"
    )]
    fn by_time(events: &Events, validation: f64, test: f64) -> Result<Self, Failure> {
        if events.period().is_none() {
            let help = "name the column with --columns time=…, or split with --split last or --test FILE";
            return Err(Failure::new("the log has no times to be split by").help(help));
        }
        let all = &events.all;
        let count = |share: f64| (all.len() as f64 * share.clamp(0.0, 1.0)).round() as usize;
        let tests_from = all.len().saturating_sub(count(test));
        let validates_from = tests_from.saturating_sub(count(validation));
        let part = |part: &[Event]| part.to_vec();
        Ok(Self {
            train: part(&all[..validates_from]),
            validation: part(&all[validates_from..tests_from]),
            test: part(&all[tests_from..]),
        })
    }

    fn last_out(events: &Events) -> Self {
        // Items of each visitor in the order in which they came.
        let mut came: HashMap<u32, Vec<u32>> = HashMap::new();
        for event in events.all.iter().filter(|event| event.weight > 0.0) {
            let items = came.entry(event.visitor).or_default();
            if !items.contains(&event.item) {
                items.push(event.item);
            }
        }
        let mut split = Self::default();
        for event in &events.all {
            let last = came.get(&event.visitor).and_then(|items| match items.as_slice() {
                [_, .., validation, test] => Some((*validation, *test)),
                _ => None,
            });
            let part = match last {
                Some((_, test)) if event.item == test => &mut split.test,
                Some((validation, _)) if event.item == validation => &mut split.validation,
                _ => &mut split.train,
            };
            part.push(*event);
        }
        split
    }

    /// What is known when the test begins: what is learned from, and what validated.
    #[must_use]
    pub fn before_test(&self) -> Vec<Event> {
        let mut events = [self.train.as_slice(), &self.validation].concat();
        events.sort_by(|one, other| one.time.total_cmp(&other.time));
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(happened: &[(u32, u32)]) -> Events {
        let event = |(time, (visitor, item)): (u32, &(u32, u32))| Event {
            visitor: *visitor,
            item: *item,
            name: 0,
            file: u16::from(time >= 6),
            weight: 1.0,
            value: f64::NAN,
            time: time.into(),
        };
        Events { all: (0..).zip(happened).map(event).collect(), ..Events::default() }
    }

    fn times(events: &[Event]) -> Vec<f64> {
        events.iter().map(|event| event.time).collect()
    }

    fn split(by: By) -> Split {
        let events = log(&[(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (0, 1), (2, 0), (2, 1), (2, 2), (0, 2)]);
        Split::new(&events, by, 1).unwrap_or_else(|failure| panic!("{failure}"))
    }

    #[test]
    fn time_cuts_twice() {
        let split = split(By::Time { validation: 0.2, test: 0.3 });
        assert_eq!(times(&split.train), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(times(&split.validation), [5.0, 6.0]);
        assert_eq!(times(&split.test), [7.0, 8.0, 9.0]);
        assert_eq!(times(&split.before_test()), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    }

    #[test]
    fn the_last_items_are_left_out_with_all_that_was_done_to_them() {
        let split = split(By::LastOut);
        assert_eq!(times(&split.test), [4.0, 8.0, 9.0]);
        assert_eq!(times(&split.validation), [2.0, 5.0, 7.0]);
        assert_eq!(times(&split.train), [0.0, 1.0, 3.0, 6.0]);
    }

    #[test]
    fn a_file_of_its_own_tests() {
        let split = split(By::Given { test: Some(1), validation: 0.5 });
        assert_eq!(times(&split.test), [6.0, 7.0, 8.0, 9.0]);
        assert_eq!(split.train.len() + split.validation.len(), 6);
    }

    #[test]
    fn too_little_to_be_split() {
        let events = log(&[(0, 0), (1, 0)]);
        let failure = Split::new(&events, By::LastOut, 1).unwrap_err();
        assert_eq!(failure.message, "no event is left to be validated with");
        let mut timeless = log(&[(0, 0)]);
        timeless.all[0].time = f64::NAN;
        let failure = Split::new(&timeless, By::Time { validation: 0.1, test: 0.1 }, 1).unwrap_err();
        assert_eq!(failure.message, "the log has no times to be split by");
    }
}
