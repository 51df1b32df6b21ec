//! A minimal graph as the compact table that the walker reads.

use std::collections::{BTreeMap, BTreeSet};

use super::error::PatternError;
use super::graph::{Edge, Graph, REJECT};
use super::walk::Automaton;

/// More states are refused.
const MAX_STATES: usize = 30_000;
/// Larger tables, in memory, are refused.
const MAX_BYTES: usize = 1 << 20;

impl Graph {
    /// The table for this graph, minimal first.
    ///
    /// # Errors
    /// When the table would have more than 30,000 states or 1 MiB.
    pub(super) fn into_automaton(self) -> Result<Automaton, PatternError> {
        let graph = self.minimal();
        if graph.accepting.len() > MAX_STATES {
            return Err(PatternError::too_large());
        }
        let Classes { of_label: classes, range_starts, range_classes } = Classes::merged(&graph)?;
        let mut automaton = Automaton {
            range_starts,
            range_classes,
            defaults: Vec::new(),
            row_ends: Vec::new(),
            edge_classes: Vec::new(),
            edge_targets: Vec::new(),
            start: narrow(graph.start)?,
            first_refusing: narrow(
                graph.accepting.iter().skip(1).take_while(|&&accepts| accepts).count().saturating_add(1),
            )?,
        };
        let mut edges = graph.edges.as_slice();
        for state in 2..graph.accepting.len() {
            let (row, rest) = edges.split_at(edges.partition_point(|edge| edge.from == state));
            edges = rest;
            push_row(&mut automaton, row, &classes)?;
        }
        if bytes(&automaton) > MAX_BYTES {
            return Err(PatternError::too_large());
        }
        Ok(automaton)
    }
}

/// What becomes of the labels: those that are on the same edges everywhere are one class.
struct Classes {
    /// The class of one label of each class, which stands for the others.
    of_label: BTreeMap<u32, u16>,
    /// First code unit of each range, ascending from 0; neighbours are of different classes.
    range_starts: Vec<u16>,
    /// Class of each range.
    range_classes: Vec<u16>,
}

impl Classes {
    fn merged(graph: &Graph) -> Result<Self, PatternError> {
        let mut columns: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
        for edge in &graph.edges {
            columns.entry(edge.label).or_default().push((edge.from, edge.to));
        }
        let mut of_column = BTreeMap::new();
        let mut classes = Self { of_label: BTreeMap::new(), range_starts: Vec::new(), range_classes: Vec::new() };
        for (start, label) in &graph.ranges {
            let column = columns.get(label).map_or(&[][..], Vec::as_slice);
            let next = narrow(of_column.len())?;
            let class = *of_column.entry(column).or_insert_with(|| {
                classes.of_label.insert(*label, next);
                next
            });
            if classes.range_classes.last() != Some(&class) {
                classes.range_starts.push(*start);
                classes.range_classes.push(class);
            }
        }
        Ok(classes)
    }
}

/// Appends one state's row: the target that most classes have as default, edges for the others.
fn push_row(automaton: &mut Automaton, edges: &[Edge], classes: &BTreeMap<u32, u16>) -> Result<(), PatternError> {
    let targets = edges.iter().filter_map(|edge| Some((*classes.get(&edge.label)?, edge.to)));
    let targets: BTreeMap<u16, usize> = targets.collect();
    let mut counts = BTreeMap::from([(REJECT, classes.len().saturating_sub(targets.len()))]);
    for &target in targets.values() {
        let count = counts.entry(target).or_default();
        *count = count.saturating_add(1);
    }
    let default = counts.iter().rev().max_by_key(|&(_, count)| count).map_or(REJECT, |(&target, _)| target);
    automaton.defaults.push(narrow(default)?);

    let mut push = |class: u16, target: usize| {
        automaton.edge_classes.push(class);
        automaton.edge_targets.push(narrow(target)?);
        Ok(())
    };
    if default == REJECT {
        targets.into_iter().try_for_each(|(class, target)| push(class, target))?;
    } else {
        let all: BTreeSet<u16> = classes.values().copied().collect();
        for class in all {
            let target = targets.get(&class).copied().unwrap_or(REJECT);
            if target != default {
                push(class, target)?;
            }
        }
    }
    automaton.row_ends.push(u32::try_from(automaton.edge_classes.len()).map_err(|_| PatternError::too_large())?);
    Ok(())
}

fn narrow(number: usize) -> Result<u16, PatternError> {
    u16::try_from(number).map_err(|_| PatternError::too_large())
}

/// What the table takes in memory.
fn bytes(automaton: &Automaton) -> usize {
    let twos = [
        &automaton.range_starts,
        &automaton.range_classes,
        &automaton.defaults,
        &automaton.edge_classes,
        &automaton.edge_targets,
    ];
    let units: usize = twos.iter().map(|list| list.len()).sum();
    units.saturating_mul(2).saturating_add(automaton.row_ends.len().saturating_mul(4))
}
