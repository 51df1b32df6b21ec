//! The tree that pattern languages are read into, and its way to a graph: alphabet, byte-level HIR, Thompson NFA and
//! dense DFA (both by `regex-automata`), whose states are then listed.

use std::collections::{BTreeMap, BTreeSet};

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, Look, Repetition};

use super::alphabet::Alphabet;
use super::error::PatternError;
use super::graph::{ACCEPT, Edge, Graph, REJECT};
use super::unit_set::UnitSet;
use super::walk::Automaton;

/// Limits of the intermediate machines, bytes. They bound the time a hostile pattern can take.
const MAX_NFA_BYTES: usize = 1 << 20;
const MAX_DFA_BYTES: usize = 8 << 20;
/// States of the DFA before it is made minimal.
const MAX_DFA_STATES: usize = 60_000;

/// A pattern over code units. Depth is bounded by whoever builds it.
#[derive(Debug)]
pub(super) enum Node {
    /// One unit of a set. The empty set never matches.
    Units(UnitSet),
    /// One after the other; the empty sequence matches the empty text.
    Sequence(Vec<Node>),
    /// Any one of them.
    Either(Vec<Node>),
    /// At least `min` and at most `max` times.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
    /// Start, end, or an ASCII word boundary or none.
    Look(Look),
}

impl Node {
    /// The automaton that accepts a text in which this pattern matches anywhere.
    ///
    /// # Errors
    /// When the pattern is too complex or too large.
    pub(super) fn into_automaton(self) -> Result<Automaton, PatternError> {
        let mut sets = BTreeSet::new();
        self.collect_sets(&mut sets);
        let alphabet = Alphabet::of(&sets)?;
        let leaves = sets.into_iter().map(|set| (set, class(&alphabet.bytes_of(set)))).collect();
        let hir = self.to_hir(&leaves);
        let config =
            thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(MAX_NFA_BYTES));
        let nfa =
            thompson::Compiler::new().configure(config).build_from_hir(&hir).map_err(|_| PatternError::too_large())?;
        let config = dense::Config::new()
            .accelerate(false)
            .start_kind(StartKind::Unanchored)
            .dfa_size_limit(Some(MAX_DFA_BYTES))
            .determinize_size_limit(Some(MAX_DFA_BYTES));
        let dfa =
            dense::Builder::new().configure(config).build_from_nfa(&nfa).map_err(|_| PatternError::too_large())?;
        list_states(&dfa, &alphabet)?.into_automaton()
    }

    fn collect_sets<'a>(&'a self, sets: &mut BTreeSet<&'a UnitSet>) {
        match self {
            Self::Units(set) => {
                sets.insert(set);
            }
            Self::Sequence(nodes) | Self::Either(nodes) => nodes.iter().for_each(|node| node.collect_sets(sets)),
            Self::Repeat { node, .. } => node.collect_sets(sets),
            Self::Look(_) => {}
        }
    }

    fn to_hir(&self, leaves: &BTreeMap<&UnitSet, Hir>) -> Hir {
        match self {
            Self::Units(set) => leaves.get(set).cloned().unwrap_or_else(Hir::fail),
            Self::Sequence(nodes) => Hir::concat(nodes.iter().map(|node| node.to_hir(leaves)).collect()),
            Self::Either(nodes) => Hir::alternation(nodes.iter().map(|node| node.to_hir(leaves)).collect()),
            Self::Repeat { node, min, max } => {
                Hir::repetition(Repetition { min: *min, max: *max, greedy: true, sub: Box::new(node.to_hir(leaves)) })
            }
            Self::Look(look) => Hir::look(*look),
        }
    }
}

fn class(bytes: &BTreeSet<u8>) -> Hir {
    Hir::class(Class::Bytes(ClassBytes::new(bytes.iter().map(|&byte| ClassBytesRange::new(byte, byte)))))
}

/// The states a search from the start of a text can be in. The DFA reports a match one byte late, and it is over with
/// the first match, so an edge into a match state becomes one into [`ACCEPT`].
fn list_states(dfa: &dense::DFA<Vec<u32>>, alphabet: &Alphabet) -> Result<Graph, PatternError> {
    let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).map_err(|_| PatternError::too_large())?;
    let bytes = alphabet.bytes();
    let mut states = States { dfa, found: Vec::new(), numbers: BTreeMap::new() };
    let mut graph = Graph {
        ranges: alphabet.intervals().iter().map(|&(unit, byte)| (unit, u32::from(byte))).collect(),
        edges: Vec::new(),
        accepting: vec![false, true],
        start: states.number(start),
    };
    let mut next = 0;
    while let Some(&state) = states.found.get(next) {
        next = next.saturating_add(1);
        if next > MAX_DFA_STATES {
            return Err(PatternError::too_large());
        }
        graph.accepting.push(dfa.is_match_state(dfa.next_eoi_state(state)));
        let from = states.number(state);
        for &byte in &bytes {
            let to = states.number(dfa.next_state(state, byte));
            if to != REJECT {
                graph.edges.push(Edge { from, label: u32::from(byte), to });
            }
        }
    }
    Ok(graph)
}

/// Numbers for the states of a DFA in the order they are met, after [`REJECT`] and [`ACCEPT`].
struct States<'a> {
    dfa: &'a dense::DFA<Vec<u32>>,
    found: Vec<StateID>,
    numbers: BTreeMap<StateID, usize>,
}

impl States<'_> {
    fn number(&mut self, state: StateID) -> usize {
        if self.dfa.is_dead_state(state) {
            return REJECT;
        }
        if self.dfa.is_match_state(state) {
            return ACCEPT;
        }
        *self.numbers.entry(state).or_insert_with(|| {
            self.found.push(state);
            self.found.len().saturating_add(ACCEPT)
        })
    }
}
