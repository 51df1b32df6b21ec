//! A deterministic state machine as lists, on its way to a table: made minimal, nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// States are numbers. 0 is the state that refuses everything and has no edges, in or out: a missing edge leads to it.
/// 1 is the state that accepts everything.
#[derive(Debug, Clone)]
pub(super) struct Graph {
    /// The alphabet: first code unit of each range, ascending from 0, and the label its units have on edges.
    pub ranges: Vec<(u16, u32)>,
    /// At most one edge for a state and a label.
    pub edges: Vec<Edge>,
    /// For each state: whether it accepts when the text ends there.
    pub accepting: Vec<bool>,
    pub start: usize,
}

/// `from`, reading a unit with this label, becomes `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub from: usize,
    pub label: u32,
    pub to: usize,
}

pub(super) const REJECT: usize = super::walk::REJECT as usize;
pub(super) const ACCEPT: usize = super::walk::ACCEPT as usize;

impl Graph {
    /// The smallest graph that accepts the same texts. Its states are numbered so that 0 and 1 keep their meaning and
    /// accepting states come before all others but 0.
    pub(super) fn minimal(mut self) -> Self {
        self.edges.retain(|edge| edge.from != ACCEPT);
        let mut labels: Vec<u32> = self.ranges.iter().map(|&(_, label)| label).collect();
        labels.sort_unstable();
        labels.dedup();
        self.edges.extend(labels.into_iter().map(|label| Edge { from: ACCEPT, label, to: ACCEPT }));
        self.remove_hopeless();
        let classes = Partition::refined(&self);
        self.merged(&classes)
    }

    /// Drops the edges into states from which nothing is accepted. Those states are left without edges, like the state
    /// that refuses, and so become one with it.
    fn remove_hopeless(&mut self) {
        let mut hopeful = self.accepting.clone();
        let incoming = self.incoming();
        let mut queue: VecDeque<usize> =
            (0..hopeful.len()).filter(|&state| hopeful.get(state) == Some(&true)).collect();
        while let Some(state) = queue.pop_front() {
            for &(_, from) in incoming.get(state).into_iter().flatten() {
                if let Some(seen @ false) = hopeful.get_mut(from) {
                    *seen = true;
                    queue.push_back(from);
                }
            }
        }
        self.edges.retain(|edge| hopeful.get(edge.to) == Some(&true));
    }

    /// For each state the labels and sources of the edges into it.
    fn incoming(&self) -> Vec<Vec<(u32, usize)>> {
        let mut incoming = vec![Vec::new(); self.accepting.len()];
        for edge in &self.edges {
            if let Some(list) = incoming.get_mut(edge.to) {
                list.push((edge.label, edge.from));
            }
        }
        incoming
    }

    /// One state for each block of equivalent states that the start can reach.
    fn merged(&self, partition: &Partition) -> Self {
        let block = |state: usize| partition.block_of.get(state).copied().unwrap_or_default();
        let representatives: Vec<usize> =
            partition.blocks.iter().map(|states| states.first().copied().unwrap_or_default()).collect();
        let mut outgoing: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
        for edge in &self.edges {
            if representatives.get(block(edge.from)) == Some(&edge.from) {
                outgoing.entry(block(edge.from)).or_default().push(*edge);
            }
        }

        let (refusing, universal) = (block(REJECT), block(ACCEPT));
        let mut order = vec![block(self.start)];
        let mut seen: BTreeSet<usize> = order.iter().copied().collect();
        let mut next = 0;
        while let Some(&current) = order.get(next) {
            next = next.saturating_add(1);
            let targets = outgoing.get(&current).into_iter().flatten().map(|edge| block(edge.to));
            order.extend(targets.filter(|&target| seen.insert(target)));
        }
        order.retain(|&found| found != refusing && found != universal);
        let accepts = |block: &usize| {
            representatives.get(*block).and_then(|&state| self.accepting.get(state)).copied().unwrap_or_default()
        };
        let (accepting, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(accepts);
        let numbered = [refusing, universal].into_iter().chain(accepting).chain(others);
        let numbers: BTreeMap<usize, usize> = numbered.enumerate().map(|(number, block)| (block, number)).collect();

        let number = |state: usize| numbers.get(&block(state)).copied().unwrap_or(REJECT);
        let kept = outgoing.iter().filter(|(block, _)| numbers.contains_key(block) && **block != universal);
        let edges = kept.flat_map(|(_, edges)| edges).map(|edge| Edge {
            from: number(edge.from),
            label: edge.label,
            to: number(edge.to),
        });
        let mut by_number: Vec<(usize, bool)> =
            numbers.iter().map(|(block, &number)| (number, accepts(block))).collect();
        by_number.sort_unstable();
        let mut merged = Self {
            ranges: self.ranges.clone(),
            edges: edges.collect(),
            accepting: by_number.into_iter().map(|(_, accepts)| accepts).collect(),
            start: number(self.start),
        };
        merged.edges.sort_unstable();
        merged
    }
}

/// Blocks of states not yet told apart. Hopcroft's refinement, with blocks instead of (block, label) pairs on the
/// list of what is left to do, and with missing edges, which is sound because hopeless states are gone.
struct Partition {
    blocks: Vec<Vec<usize>>,
    block_of: Vec<usize>,
    /// Where a state stands in its block.
    position: Vec<usize>,
}

impl Partition {
    /// The coarsest partition into states that accept the same continuations.
    fn refined(graph: &Graph) -> Self {
        let states = graph.accepting.len();
        let mut partition =
            Self { blocks: vec![(0..states).collect()], block_of: vec![0; states], position: (0..states).collect() };
        let accepting = (0..states).filter(|&state| graph.accepting.get(state) == Some(&true));
        partition.split_off(accepting.collect());

        let incoming = graph.incoming();
        let mut waiting = vec![true; partition.blocks.len()];
        let mut queue: VecDeque<usize> = (0..partition.blocks.len()).collect();
        while let Some(splitter) = queue.pop_front() {
            if let Some(waits) = waiting.get_mut(splitter) {
                *waits = false;
            }
            let members = partition.blocks.get(splitter).into_iter().flatten();
            let mut sources: Vec<(u32, usize)> =
                members.filter_map(|&state| incoming.get(state)).flatten().copied().collect();
            sources.sort_unstable();
            for same_label in sources.chunk_by(|a, b| a.0 == b.0) {
                for (old, new) in partition.split(same_label.iter().map(|&(_, from)| from)) {
                    waiting.push(false);
                    let size = |block: usize| partition.blocks.get(block).map_or(0, Vec::len);
                    let old_waits = waiting.get(old) == Some(&true);
                    let chosen = if old_waits || size(new) <= size(old) { new } else { old };
                    if let Some(waits) = waiting.get_mut(chosen) {
                        *waits = true;
                        queue.push_back(chosen);
                    }
                }
            }
        }
        partition
    }

    /// Separates these states from the rest of their blocks. Gives the numbers of each block that was split and of the
    /// new block beside it.
    fn split(&mut self, states: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
        let mut by_block: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for state in states {
            if let Some(&block) = self.block_of.get(state) {
                by_block.entry(block).or_default().push(state);
            }
        }
        let mut pairs = Vec::new();
        for (block, states) in by_block {
            if self.blocks.get(block).is_some_and(|all| states.len() < all.len()) {
                pairs.push((block, self.blocks.len()));
                self.split_off(states);
            }
        }
        pairs
    }

    /// Moves states into a new block, the last one.
    fn split_off(&mut self, states: Vec<usize>) {
        let new = self.blocks.len();
        for (new_position, &state) in states.iter().enumerate() {
            let (Some(block), Some(position)) = (self.block_of.get_mut(state), self.position.get_mut(state)) else {
                continue;
            };
            let (old, hole) = (std::mem::replace(block, new), std::mem::replace(position, new_position));
            let Some(members) = self.blocks.get_mut(old) else {
                continue;
            };
            members.swap_remove(hole);
            if let Some(position) = members.get(hole).and_then(|&moved| self.position.get_mut(moved)) {
                *position = hole;
            }
        }
        self.blocks.push(states);
    }
}
