//! Sets of strings that equal a text ignoring case, for `$ini` and `$alli`: equal means that JavaScript's
//! `toLowerCase()` of both is the same.
//!
//! Texts are not lower-cased at run time. Instead each position of a lower-cased string accepts every character that
//! becomes what stands there. Capital sigma is the one character whose lower case depends on the text around it
//! (Unicode's `Final_Sigma`). That condition looks only at properties that lower-casing keeps, so the lower-cased string
//! tells what a capital sigma at each place would become; and it looks ahead, so strings share a way through the
//! automaton only as far as they agree on that.

use std::collections::{BTreeMap, BTreeSet};

use super::case_map::upper_case_forms;
use super::error::PatternError;
use super::graph::{Edge, Graph, REJECT};
use super::walk::Automaton;

/// Longer sets are refused, bytes of all strings.
const MAX_BYTES: usize = 1 << 20;
/// States of the deterministic graph before it is made minimal.
const MAX_STATES: usize = 200_000;

/// The automaton that accepts a text exactly when its `toLowerCase()` is that of one of the strings.
///
/// The Unicode version is that of the compiler's standard library.
///
/// # Errors
/// When the set is too large.
pub fn equals_ignore_case(strings: &[&str]) -> Result<Automaton, PatternError> {
    if strings.iter().map(|string| string.len()).fold(0, usize::saturating_add) > MAX_BYTES {
        return Err(too_many());
    }
    let lowered: BTreeSet<String> = strings.iter().map(|string| string.to_lowercase()).collect();
    let mut trie = Trie { nodes: vec![Node::default()] };
    for string in &lowered {
        trie.insert(string);
    }
    trie.into_graph()?.into_automaton()
}

fn too_many() -> PatternError {
    PatternError::new("the strings are too many or too long for one condition, split them")
}

/// Lower-cased strings by common prefix of [`Symbol`]s, with side edges for characters of other case. Node 0 is the root.
struct Trie {
    nodes: Vec<Node>,
}

/// One place of a lower-cased string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Symbol {
    unit: u16,
    /// Whether a capital sigma in this place becomes the unit.
    from_capital_sigma: bool,
}

#[derive(Default)]
struct Node {
    /// Where the places of the lower-cased strings lead.
    children: BTreeMap<Symbol, usize>,
    /// Where code units of characters of other case lead.
    side: BTreeSet<(u16, usize)>,
    /// Whether a string ends here.
    ends: bool,
}

impl Trie {
    fn insert(&mut self, lowered: &str) {
        let path = self.path(&symbols(lowered));
        if let Some(node) = path.last().and_then(|&last| self.nodes.get_mut(last)) {
            node.ends = true;
        }
        let units: Vec<u16> = lowered.encode_utf16().collect();
        for (at, unit) in units.iter().enumerate() {
            for form in upper_case_forms(*unit) {
                if units.get(at..).is_some_and(|rest| rest.starts_with(&form.lower)) {
                    self.bypass(&path, at, &form.lower, &form.upper);
                }
            }
        }
    }

    /// The nodes along a string, created where missing, from the root to the end.
    fn path(&mut self, symbols: &[Symbol]) -> Vec<usize> {
        let mut path = vec![0];
        let mut current = 0;
        for symbol in symbols {
            let new = self.nodes.len();
            let Some(node) = self.nodes.get_mut(current) else {
                break;
            };
            current = *node.children.entry(*symbol).or_insert(new);
            if current == new {
                self.nodes.push(Node::default());
            }
            path.push(current);
        }
        path
    }

    /// Adds `upper` as another way from the place `at` on a path to where `lower` leads from there.
    fn bypass(&mut self, path: &[usize], at: usize, lower: &[u16], upper: &[u16]) {
        let (Some(&from), Some(&to)) = (path.get(at), path.get(at.saturating_add(lower.len()))) else {
            return;
        };
        let (Some((last, before)), mut current) = (upper.split_last(), from) else {
            return;
        };
        for unit in before {
            let new = self.nodes.len();
            let Some(node) = self.nodes.get_mut(current) else {
                return;
            };
            let shared = node.edges().find(|(shared, _)| shared == unit);
            current = match shared {
                Some((_, shared)) => shared,
                None => {
                    node.side.insert((*unit, new));
                    self.nodes.push(Node::default());
                    new
                }
            };
        }
        if let Some(node) = self.nodes.get_mut(current) {
            node.side.insert((*last, to));
        }
    }

    /// Subset construction, because a sigma may lead to several places at once. Never to many: what a sigma was is
    /// settled by the next cased character.
    fn into_graph(self) -> Result<Graph, PatternError> {
        let labels = self.labels();
        let mut graph =
            Graph { ranges: ranges(&labels), edges: Vec::new(), accepting: vec![false, true], start: REJECT };
        let mut subsets = Subsets { found: Vec::new(), numbers: BTreeMap::new() };
        graph.start = subsets.number(BTreeSet::from([0]));
        let mut next = 0;
        while let Some(subset) = subsets.found.get(next).cloned() {
            next = next.saturating_add(1);
            if next > MAX_STATES {
                return Err(too_many());
            }
            let from = subsets.number(subset.clone());
            let nodes = || subset.iter().filter_map(|&node| self.nodes.get(node));
            graph.accepting.push(nodes().any(|node| node.ends));
            let mut moves: BTreeMap<u16, BTreeSet<usize>> = BTreeMap::new();
            for (unit, to) in nodes().flat_map(Node::edges) {
                moves.entry(unit).or_default().insert(to);
            }
            for (unit, targets) in moves {
                let label = labels.get(&unit).copied().unwrap_or_default();
                graph.edges.push(Edge { from, label, to: subsets.number(targets) });
            }
        }
        Ok(graph)
    }

    /// A label for every code unit on an edge, from 1; 0 is for all others.
    fn labels(&self) -> BTreeMap<u16, u32> {
        let units: BTreeSet<u16> = self.nodes.iter().flat_map(Node::edges).map(|(unit, _)| unit).collect();
        units.into_iter().zip(1..).collect()
    }
}

impl Node {
    fn edges(&self) -> impl Iterator<Item = (u16, usize)> {
        let own = self.children.iter().map(|(symbol, &to)| (symbol.unit, to));
        let capital_sigmas =
            self.children.iter().filter(|(symbol, _)| symbol.from_capital_sigma).map(|(_, &to)| (CAPITAL_SIGMA, to));
        own.chain(capital_sigmas).chain(self.side.iter().copied())
    }
}

/// Numbers for sets of trie nodes in the order they are met, after the two states that every graph has.
struct Subsets {
    found: Vec<BTreeSet<usize>>,
    numbers: BTreeMap<BTreeSet<usize>, usize>,
}

impl Subsets {
    fn number(&mut self, subset: BTreeSet<usize>) -> usize {
        *self.numbers.entry(subset).or_insert_with_key(|subset| {
            self.found.push(subset.clone());
            self.found.len().saturating_add(1)
        })
    }
}

fn ranges(labels: &BTreeMap<u16, u32>) -> Vec<(u16, u32)> {
    let mut ranges: BTreeMap<u16, u32> = BTreeMap::from([(0, 0)]);
    for (&unit, &label) in labels {
        ranges.insert(unit, label);
        if let Some(after) = unit.checked_add(1) {
            ranges.insert(after, 0);
        }
    }
    ranges.into_iter().collect()
}

const CAPITAL_SIGMA: u16 = 0x3a3;

/// The places of a lower-cased string, one for each code unit.
fn symbols(lowered: &str) -> Vec<Symbol> {
    let probed = lowered.replace(['σ', 'ς'], "Σ").to_lowercase();
    let pairs = lowered.encode_utf16().zip(probed.encode_utf16());
    pairs
        .map(|(unit, probed)| Symbol { unit, from_capital_sigma: unit == probed && matches!(unit, 0x3c3 | 0x3c2) })
        .collect()
}
