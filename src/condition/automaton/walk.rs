//! The table and the loop that walks it. Knows nothing of patterns.

use crate::binary::binary;

/// A deterministic automaton over UTF-16 code units.
///
/// States are numbered: 0 refuses whatever follows, 1 accepts whatever follows, and the states below `first_refusing`
/// accept when the text ends in them. States 0 and 1 have no row; row `n` belongs to state `n + 2`. A row is a default
/// target and, for the classes of code units that go elsewhere, edges sorted by class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automaton {
    /// First code unit of every range, ascending, the first is 0. A range ends where the next one starts.
    pub(super) range_starts: Vec<u16>,
    /// Class of each range.
    pub(super) range_classes: Vec<u16>,
    /// Default target of each row.
    pub(super) defaults: Vec<u16>,
    /// Where each row's edges end in the two lists below; they start where the previous row's end.
    pub(super) row_ends: Vec<u32>,
    /// Class of each edge.
    pub(super) edge_classes: Vec<u16>,
    /// Target of each edge.
    pub(super) edge_targets: Vec<u16>,
    /// State before the first code unit.
    pub(super) start: u16,
    /// States from here on refuse when the text ends in them; at least 2.
    pub(super) first_refusing: u16,
}

binary!(struct Automaton {
    range_starts, range_classes, defaults, row_ends, edge_classes, edge_targets, start, first_refusing,
});

pub(super) const REJECT: u16 = 0;
pub(super) const ACCEPT: u16 = 1;

impl Automaton {
    /// Whether the text matches. One step a code unit, none after the answer is known.
    ///
    /// Total: a malformed table gives some answer, in the same time.
    pub fn matches(&self, text: &[u16]) -> bool {
        let mut state = self.start;
        for &unit in text {
            if state <= ACCEPT {
                break;
            }
            state = self.step(state, unit).unwrap_or(REJECT);
        }
        state != REJECT && state < self.first_refusing
    }

    fn step(&self, state: u16, unit: u16) -> Option<u16> {
        let range = self.range_starts.partition_point(|&start| start <= unit).checked_sub(1)?;
        let class = self.range_classes.get(range)?;
        let row = usize::from(state.checked_sub(2)?);
        let first = match row.checked_sub(1) {
            None => 0,
            Some(previous) => *self.row_ends.get(previous)? as usize,
        };
        let classes = self.edge_classes.get(first..*self.row_ends.get(row)? as usize)?;
        match classes.binary_search(class) {
            Ok(edge) => self.edge_targets.get(first.checked_add(edge)?).copied(),
            Err(_) => self.defaults.get(row).copied(),
        }
    }

    /// Whether the tables fit together: ranges cover all code units, rows cover all edges, every target is a state.
    ///
    /// To be asked once, after decoding an automaton from a file that nobody vouches for.
    pub fn is_valid(&self) -> bool {
        let Some(states) = self.defaults.len().checked_add(2) else {
            return false;
        };
        let is_state = |&state: &u16| usize::from(state) < states;
        self.range_starts.first() == Some(&0)
            && self.range_starts.is_sorted_by(|a, b| a < b)
            && self.range_starts.len() == self.range_classes.len()
            && self.row_ends.len() == self.defaults.len()
            && self.edge_classes.len() == self.edge_targets.len()
            && self.rows_are_valid()
            && self.defaults.iter().all(is_state)
            && self.edge_targets.iter().all(is_state)
            && is_state(&self.start)
            && (2..=states).contains(&usize::from(self.first_refusing))
    }

    fn rows_are_valid(&self) -> bool {
        let mut first = 0;
        for &end in &self.row_ends {
            let Some(classes) = self.edge_classes.get(first..end as usize) else {
                return false;
            };
            if !classes.is_sorted_by(|a, b| a < b) {
                return false;
            }
            first = end as usize;
        }
        first == self.edge_classes.len()
    }
}
