//! How often items were chosen.

use super::{History, Recommender};
use crate::events::{Event, Groups};
use indexmap::IndexMap;
use std::collections::HashSet;

/// How many visitors chose each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Popularity {
    /// One an item.
    pub counts: Vec<u32>,
}

impl Popularity {
    /// Counts the visitors that chose each item; one who chose it often counts once.
    #[must_use]
    pub fn new<'e>(events: impl Iterator<Item = &'e Event>, items: usize) -> Self {
        let mut known = HashSet::new();
        let mut counts = vec![0; items];
        for event in events.filter(|event| event.weight > 0.0) {
            if known.insert((event.visitor, event.item)) {
                counts[event.item as usize] += 1;
            }
        }
        Self { counts }
    }

    /// The same for each value of an attribute that at least `least` choices had, the most frequent first. `of` has the events' values.
    #[must_use]
    pub fn by_group<'g>(events: &[Event], groups: &'g Groups, items: usize, least: usize) -> IndexMap<&'g str, Self> {
        let mut parts: Vec<Vec<Event>> = vec![Vec::new(); groups.values.len()];
        for (event, value) in events.iter().zip(&groups.of).filter(|(_, value)| **value != Groups::NONE) {
            parts[usize::from(*value)].push(*event);
        }
        let mut counted: Vec<_> = groups.values.iter().zip(parts).filter(|(_, events)| events.len() >= least).collect();
        counted.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
        counted.into_iter().map(|(value, events)| (value.as_str(), Self::new(events.iter(), items))).collect()
    }
}

impl Recommender for Popularity {
    #[expect(clippy::cast_precision_loss, reason = "an order of counts")]
    fn score(&self, _: &History, scores: &mut [f32]) {
        scores.iter_mut().zip(&self.counts).for_each(|(score, count)| *score = *count as f32);
    }
}
