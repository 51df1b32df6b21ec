//! Rows that are not used: how many, why, and some of them to look at.

use crate::failure::Failure;
use indexmap::IndexMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// As many rows are kept of each reason.
const KEPT: usize = 20;

/// What was rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    reasons: IndexMap<&'static str, Reason>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reason {
    count: u64,
    /// Where the first few stand, and what they hold.
    sample: Vec<(String, String)>,
}

impl Rejected {
    pub(super) fn add(&mut self, why: &'static str, place: impl FnOnce() -> String, line: impl FnOnce() -> String) {
        let reason = self.reasons.entry(why).or_default();
        reason.count += 1;
        if reason.sample.len() < KEPT {
            reason.sample.push((place(), line()));
        }
    }

    /// How many rows.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.reasons.values().map(|reason| reason.count).sum()
    }

    /// Reasons, and how many rows were rejected for each.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.reasons.iter().map(|(why, reason)| (*why, reason.count))
    }

    /// Writes the first few rows of each reason: `file:row<TAB>reason<TAB>what it holds`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut text = String::from("row\treason\tcontent\n");
        for (why, reason) in &self.reasons {
            for (place, line) in &reason.sample {
                let line: String = line.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
                let _ = writeln!(text, "{place}\t{why}\t{line}");
            }
        }
        fs::write(path, text).map_err(|error| Failure::unwritable(path, error))
    }
}
