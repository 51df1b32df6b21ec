//! From the best candidates to a list that is not all alike.
//!
//! Maximal marginal relevance (Carbonell and Goldstein, 1998): each place goes to the candidate with the highest
//!
//! ```text
//! λ × relevance − (1 − λ) × likeness to the one most alike of those already in the list
//! ```
//!
//! where relevance is the score, from 0 for the worst candidate to 1 for the best, and likeness that of their vectors
//! or categories, at least 0. With a λ of 1 the list is that of the best.

use super::explore::Explorer;
use super::select::Candidate;
use super::vectors::Quantised;

/// The category of items that have none: they are like no other, and as many may be shown.
pub const NO_CATEGORY: u16 = u16::MAX;

/// What items are alike in.
#[derive(Clone, Copy, Debug)]
pub enum Likeness<'a> {
    /// The cosine of their vectors.
    Vectors(&'a Quantised),
    /// Their category: 1 when it is the same, else 0.
    Category,
}

/// What a list looks like.
#[derive(Clone, Copy, Debug)]
pub struct Arrangement<'a> {
    /// How many items it has at most.
    pub length: usize,
    /// λ, from 0 to 1: how much relevance counts against diversity.
    pub relevance: f32,
    /// What items are alike in.
    pub likeness: Likeness<'a>,
    /// One an item, or [`NO_CATEGORY`].
    pub categories: &'a [u16],
    /// How many items of a category it has at most; pinned ones count and are never left out.
    pub category_cap: usize,
    /// Items whose place is fixed, counted from 0. Of two for one place the first is taken, and of two places of one item
    /// the first as well. When there are too few candidates, they move up.
    pub pins: &'a [(usize, u16)],
}

/// An item of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Index of the item.
    pub item: u16,
    /// Its score; none for a pinned item that is no candidate.
    pub score: Option<f32>,
    /// How likely it was that it got its place, given those before it.
    pub propensity: f64,
}

/// A candidate that may still be placed.
#[derive(Debug)]
struct Open {
    candidate: Candidate,
    relevance: f32,
    /// Likeness to the one most alike in the list.
    nearest: f32,
}

impl Arrangement<'_> {
    /// Makes `list` of `candidates`, which are sorted, best first; of equal ones the first is taken.
    pub fn arrange(&self, candidates: &[Candidate], explorer: &mut Explorer, list: &mut Vec<Placed>) {
        list.clear();
        let score = |candidate: Option<&Candidate>| candidate.map_or(0.0, |candidate| candidate.score);
        let worst = score(candidates.last());
        let spread = score(candidates.first()) - worst;
        let mut open: Vec<Open> = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let relevance = if spread > 0.0 { (candidate.score - worst) / spread } else { 1.0 };
            open.push(Open { candidate: *candidate, relevance, nearest: 0.0 });
        }
        // Where a pinned item stands does not matter for what is like it: all of them are there from the beginning.
        let mut shown = Vec::new();
        for (place, item) in self.pins {
            if *place < self.length && !shown.contains(item) {
                self.show(*item, &mut shown, &mut open);
            }
        }
        for place in 0..self.length {
            let pinned = self.pins.iter().find(|(pinned, _)| *pinned == place);
            if let Some((_, item)) = pinned.filter(|(_, item)| list.iter().all(|placed| placed.item != *item)) {
                let score = candidates.iter().find(|candidate| candidate.item == *item).map(|found| found.score);
                list.push(Placed { item: *item, score, propensity: 1.0 });
            } else if let Some(best) = self.best(&open) {
                let (chosen, propensity) = explorer.choose(best, open.len());
                if let Some(Candidate { item, score }) = open.get(chosen).map(|open| open.candidate) {
                    list.push(Placed { item, score: Some(score), propensity });
                    self.show(item, &mut shown, &mut open);
                }
            }
        }
    }

    /// Takes note that an item is in the list: of what is like it, and which candidates have no place any more.
    fn show(&self, item: u16, shown: &mut Vec<u16>, open: &mut Vec<Open>) {
        shown.push(item);
        let category = self.category(item);
        let same = shown.iter().filter(|shown| self.category(**shown) == category).count();
        let is_full = category != NO_CATEGORY && same >= self.category_cap;
        open.retain(|open| {
            let other = open.candidate.item;
            other != item && !(is_full && self.category(other) == category)
        });
        if self.relevance < 1.0 {
            for open in open {
                open.nearest = open.nearest.max(self.likeness(item, open.candidate.item));
            }
        }
    }

    /// The candidate with the highest marginal relevance, of equal ones the first.
    fn best(&self, open: &[Open]) -> Option<usize> {
        let value = |open: &Open| self.relevance * open.relevance - (1.0 - self.relevance) * open.nearest;
        let mut best = None;
        for (place, value) in open.iter().map(value).enumerate() {
            if best.is_none_or(|(_, highest)| value > highest) {
                best = Some((place, value));
            }
        }
        best.map(|(place, _)| place)
    }

    fn likeness(&self, left: u16, right: u16) -> f32 {
        match self.likeness {
            Likeness::Vectors(vectors) => vectors.cosine(left, right),
            Likeness::Category => {
                let category = self.category(left);
                f32::from(u8::from(category != NO_CATEGORY && category == self.category(right)))
            }
        }
    }

    fn category(&self, item: u16) -> u16 {
        self.categories.get(usize::from(item)).copied().unwrap_or(NO_CATEGORY)
    }
}

#[cfg(test)]
#[path = "diversify_tests.rs"]
mod tests;
