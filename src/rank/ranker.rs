//! From a model and a visitor to the best candidates, and why they are.
//!
//! Each signal adds to the sums of all items, the vectors' by their first bits. The best few by those sums are scored
//! again, exactly, and their order is the result.

use super::Items;
use super::blend::{Blend, Signal, Signals, settle};
use super::factors::{Factors, FoldIn, Interaction};
use super::kernel;
use super::neighbours::Neighbours;
use super::popularity::Popularity;
use super::recency::Recency;
use super::select::{Candidate, keep, top};
use super::vectors::{Quantised, Query};
use crate::binary::binary;

/// What is known of a catalog's items. What is not there says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// How many items there are, at most 65,535.
    pub items: u16,
    /// Their content.
    pub content: Option<Quantised>,
    /// What many visitors made of them.
    pub factors: Option<Factors>,
    /// Which go together.
    pub neighbours: Option<Neighbours>,
    /// How popular they are.
    pub popularity: Option<Popularity>,
    /// How new they are.
    pub recency: Option<Recency>,
}

binary!(struct Model { items, content, factors, neighbours, popularity, recency });

impl Model {
    /// Whether all parts are of the same items, and of numbers that can be reckoned with. A model that was compiled
    /// is sound; one that was read from a file is asked once.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let items = usize::from(self.items);
        self.content.as_ref().is_none_or(|part| part.is_sound(items))
            && self.factors.as_ref().is_none_or(|part| part.is_sound(items))
            && self.neighbours.as_ref().is_none_or(|part| part.is_sound(items))
            && self.popularity.as_ref().is_none_or(|part| part.is_sound(items))
            && self.recency.as_ref().is_none_or(|part| part.is_sound(items))
    }
}

/// For whom and when a catalog is ranked.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// What they are interested in, as a vector like those of the items' content; empty when it is not known.
    pub interest: &'a [f32],
    /// What they did, with weights by which it speaks for its neighbours. The content of it is a part of their
    /// interest, with the same weights.
    pub history: &'a [Interaction],
    /// What they did, with confidences.
    pub confidences: &'a [Interaction],
    /// Segments of the context that popularity was learned for, each narrowing the one before it.
    pub segments: &'a [u16],
    /// What the site adds to items, one number an item; shorter when the rest has nothing.
    pub boosts: &'a [f32],
    /// Milliseconds since the epoch.
    pub now: f64,
}

/// Where a part of a share comes from that no item of the history accounts for.
pub const NO_ITEM: u16 = u16::MAX;

/// Ranks; its memory is used again.
#[derive(Clone, Debug, Default)]
pub struct Ranker {
    interest: Query,
    user: Query,
    fold_in: FoldIn,
    popularity: Vec<f32>,
    newness: f32,
    sums: Vec<f32>,
    first: Vec<Candidate>,
    best: Vec<Candidate>,
}

impl Ranker {
    /// The `count` best of `among`, best first, of equal ones the first item first.
    pub fn candidates(
        &mut self,
        model: &Model,
        blend: &Blend,
        visitor: &Visitor<'_>,
        among: Option<&Items>,
        count: usize,
    ) -> &[Candidate] {
        self.prepare(model, blend, visitor);
        self.add_up(model, blend, visitor);
        // The first bits alone get about 98 of 100 right.
        top(&self.sums, among, count.saturating_mul(2).saturating_add(10), &mut self.first);
        self.best.clear();
        for Candidate { item, .. } in &self.first {
            let score = blend.score(&blend.shares(&self.signals(model, visitor, *item)));
            if score > f32::NEG_INFINITY {
                keep(&mut self.best, Candidate { item: *item, score }, count);
            }
        }
        &self.best
    }

    /// What speaks for an item, for the model and the visitor that candidates were last asked for.
    #[must_use]
    pub fn signals(&self, model: &Model, visitor: &Visitor<'_>, item: u16) -> Signals {
        let nearness = |lists: &Neighbours| visitor.history.iter().map(|past| lists.nearness(*past, item)).sum();
        [
            model.content.as_ref().map_or(0.0, |content| content.product(item, &self.interest)),
            model.factors.as_ref().map_or(0.0, |factors| factors.vectors.product(item, &self.user)),
            model.neighbours.as_ref().map_or(0.0, nearness),
            self.popularity.get(usize::from(item)).copied().unwrap_or_default(),
            model.recency.as_ref().map_or(0.0, |recency| recency.value(self.newness, item)),
            visitor.boosts.get(usize::from(item)).copied().unwrap_or_default(),
        ]
    }

    /// Makes `parts` what items of the history gave to an item's share of a signal, in the order of the history. They
    /// add up to `share` as [`settle`] says; what is not theirs, such as interests from before, belongs to
    /// [`NO_ITEM`].
    pub fn parts(
        &mut self,
        model: &Model,
        blend: &Blend,
        visitor: &Visitor<'_>,
        item: u16,
        signal: Signal,
        parts: &mut Vec<(u16, f64)>,
    ) {
        parts.clear();
        let share = blend.shares(&self.signals(model, visitor, item)).get(signal as usize).copied().unwrap_or_default();
        match (signal, &model.content, &model.factors, &model.neighbours) {
            (Signal::Content, Some(content), ..) if self.interest.is_something() => {
                let product =
                    |past: &Interaction| f64::from(past.weight) * f64::from(content.row_product(past.item, item));
                parts.extend(visitor.history.iter().map(|past| (past.item, product(past))));
            }
            (Signal::Factors, _, Some(factors), _) => self.fold_in.shares(factors, item, parts),
            (Signal::Neighbours, .., Some(lists)) => {
                parts.extend(visitor.history.iter().map(|past| (past.item, f64::from(lists.nearness(*past, item)))));
            }
            _ => {}
        }
        let weight = f64::from(blend.weight(signal));
        let mut rest = f64::from(share);
        for (_, part) in parts.iter_mut() {
            *part *= weight;
            rest -= *part;
        }
        if signal != Signal::Neighbours && signal != Signal::Factors {
            parts.push((NO_ITEM, rest));
        }
        settle(share, parts);
    }

    fn prepare(&mut self, model: &Model, blend: &Blend, visitor: &Visitor<'_>) {
        if let Some(content) = &model.content {
            self.interest.set(visitor.interest, content);
        }
        if let Some(factors) = model.factors.as_ref().filter(|_| blend.weight(Signal::Factors) != 0.0) {
            factors.fold_in(visitor.confidences, &mut self.fold_in);
            self.user.set(self.fold_in.user(), &factors.vectors);
        }
        self.popularity.clear();
        if let Some(popularity) = model.popularity.as_ref().filter(|_| blend.weight(Signal::Popularity) != 0.0) {
            popularity.values(visitor.segments, &mut self.popularity);
        }
        self.newness = model.recency.as_ref().map_or(0.0, |recency| recency.factor(visitor.now));
    }

    fn add_up(&mut self, model: &Model, blend: &Blend, visitor: &Visitor<'_>) {
        let sums = &mut self.sums;
        sums.resize(usize::from(model.items), 0.0);
        kernel::fill(sums, blend.bias);
        let vectors = [
            (model.content.as_ref(), &self.interest, Signal::Content),
            (model.factors.as_ref().map(|factors| &factors.vectors), &self.user, Signal::Factors),
        ];
        for (rows, query, signal) in vectors {
            let weight = blend.weight(signal);
            if let Some(rows) = rows.filter(|_| query.is_something() && weight != 0.0) {
                rows.add_products(query, weight, sums);
            }
        }
        if let Some(lists) = &model.neighbours {
            lists.add_nearness(visitor.history, blend.weight(Signal::Neighbours), sums);
        }
        kernel::add_limited(sums, blend.weight(Signal::Popularity), &self.popularity, 1.0, f32::INFINITY);
        if let Some(recency) = model.recency.as_ref().filter(|_| blend.weight(Signal::Recency) != 0.0) {
            recency.add_values(self.newness, blend.weight(Signal::Recency), sums);
        }
        kernel::add_limited(sums, blend.weight(Signal::Boost), visitor.boosts, 1.0, f32::INFINITY);
    }
}

#[cfg(test)]
#[path = "ranker_tests.rs"]
mod tests;
