//! A catalog while the rules that rank it are compiled.

use super::item_sets::ItemSets;
use super::tables::Tables;
use crate::bundle::ranking::Stack;
use crate::problem::{Pointer, Problem, mistyped};
use crate::rank::blend::Signal;
use crate::rank::catalog::{Catalog, MOST_SEGMENTS};
use crate::rank::quantise::Loss;
use indexmap::IndexSet;
use serde_json::{Map, Value as Json};
use std::collections::{HashMap, HashSet};

/// What became of vectors when they were quantised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantisation {
    /// Whose vectors: `content` or `factors`.
    pub part: &'static str,
    /// How many rows of how many dimensions.
    pub rows: usize,
    /// See `rows`.
    pub dimensions: usize,
    /// What was lost.
    pub loss: Loss,
    /// Whether the file has them: not when no rule asks for what they say.
    pub is_kept: bool,
}

/// A catalog while rules that rank it are compiled.
pub(super) struct Draft {
    pub(super) catalog: Catalog,
    pub(super) quantised: Vec<Quantisation>,
    /// Segments by their bits.
    pub(super) segments: IndexSet<String>,
    /// Sets of items that conditions describe.
    pub(super) sets: ItemSets,
    pub(super) numbers: HashMap<String, u16>,
    /// Members that some items have, and templates see.
    pub(super) members: HashSet<String>,
    /// Members that some items have, and conditions see.
    pub(super) asked_members: HashSet<String>,
    /// How signals are blended where a rule does not say.
    pub(super) stack: Option<Stack>,
    /// What `{{because}}` stands for.
    pub(super) because: String,
}

impl Draft {
    /// The number of an item.
    pub(super) fn number(&self, id: &str) -> Option<u16> {
        self.numbers.get(id).copied()
    }

    /// Some ids, for a suggestion.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.catalog.model.items).map(|item| self.catalog.ids.get(item))
    }

    /// Whether templates find a member in items, by its name or that of what it lies in.
    pub(super) fn has_member(&self, name: &str) -> bool {
        let outer = name.split('.').next().unwrap_or_default();
        matches!(outer, "because" | "about" | "id") || self.members.contains(outer)
    }

    /// Whether a name is that of what the list is about. Where items have a member of that name, it is theirs.
    pub(super) fn names_about(&self, name: &str) -> bool {
        name == "about" && !self.members.contains(name)
    }

    /// What to say of a name that is the visitor's for being a letter away from what was meant: a member of items right inside of
    /// `{{#items}}`, or outside of it a section that asks for what the list is about.
    pub(super) fn slip(&self, name: &str, sections: &[&str], pointer: &Pointer) -> Option<Problem> {
        let message = |what: &str| format!("{what}, so \"{name}\" is the visitor's");
        match sections {
            ["items"] => {
                let close = mistyped(name, self.members.iter().map(String::as_str))?;
                let problem =
                    Problem::warning(pointer, message(&format!("no item of the catalog has a member \"{name}\"")));
                Some(problem.help(format!("did you mean \"{close}\"?")))
            }
            [] if self.names_about(name) => {
                let problem =
                    Problem::warning(pointer, message("what the list is about can be printed, and not asked for"));
                Some(problem.help("write {{about.title}}, which is empty where there is no such item"))
            }
            _ => None,
        }
    }

    /// A template with the catalog's sentences in place of `{{because}}`, and with members of what the list is about, which the first item
    /// has, in place of `{{about.name}}`.
    pub(super) fn spelled_out(&self, source: &str) -> String {
        let mut out = String::with_capacity(source.len());
        let mut tags = source.split("{{");
        out.push_str(tags.next().unwrap_or_default());
        for rest in tags {
            let (name, _) = rest.split_once("}}").unwrap_or_default();
            let text = rest.get(name.len().saturating_add(2)..).unwrap_or_default();
            if name.trim() == "because" {
                out.push_str(&self.because);
                out.push_str(text);
            } else if name.trim().split_once('.').is_some_and(|(about, _)| self.names_about(about)) {
                out.push_str(&format!("{{{{#items}}}}{{{{{name}}}}}{{{{/items}}}}{text}"));
            } else {
                out.push_str("{{");
                out.push_str(rest);
            }
        }
        out
    }

    /// Leaves out vectors that no ranking asks: where the model's stack is one signal alone, the others' would be most of the file.
    pub(super) fn leave_out_vectors(&mut self) {
        let Catalog { model, rankings, .. } = &mut self.catalog;
        let counts = |signal| rankings.iter().any(|ranking| ranking.blend.weight(signal) != 0.0);
        // Content also says what is alike in a list that is to be diverse.
        let is_diverse = rankings.iter().any(|ranking| ranking.relevance != 1.0 && !ranking.is_by_category);
        if !counts(Signal::Content) && !is_diverse {
            model.content = None;
        }
        if !counts(Signal::Factors) {
            model.factors = None;
        }
        for quantisation in &mut self.quantised {
            quantisation.is_kept =
                if quantisation.part == "content" { model.content.is_some() } else { model.factors.is_some() };
        }
    }

    /// The bit of a segment.
    pub(super) fn segment(&mut self, name: &str, pointer: &Pointer, tables: &mut Tables) -> u8 {
        if let Some(bit) = self.segments.get_index_of(name) {
            return u8::try_from(bit).unwrap_or_default();
        }
        let names = tables.segment_names.clone();
        let Some(segment) = tables.resolve("segment", name, names.iter().map(String::as_str), pointer) else {
            return 0;
        };
        let (bit, _) = self.segments.insert_full(name.to_owned());
        tables.program.rank_segments.push(segment);
        if bit >= MOST_SEGMENTS {
            tables.error(pointer, format!("rankings may ask {MOST_SEGMENTS} different segments"));
        }
        u8::try_from(bit).unwrap_or_default()
    }
}

/// Models and scores are of single precision.
pub(super) fn narrow(number: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "see above")]
    let number = number as f32;
    number
}

/// One item as authored.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) members: Map<String, Json>,
    /// Its place in the document, which rows of vectors follow.
    pub(super) place: usize,
}
