//! A catalog as a compiled bundle holds it: items, what models know of them, and the rankings that its rules ask for.

use super::blend::Blend;
use super::checks::{HUGE, within};
use super::filter::Filter;
use super::items::Items;
use super::ranker::Model;
use super::texts::Texts;
use crate::binary::binary;

/// Items that slots can rank, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// The items' ids, ascending by their bytes. The place is the item's number.
    pub ids: Texts,
    /// What is shown of each item: a JSON object.
    pub members: Texts,
    /// The category of each, as a number; [`super::diversify::NO_CATEGORY`] for none.
    pub categories: Vec<u16>,
    /// What is known of them.
    pub model: Model,
    /// How much more an event counts than none, for factors.
    pub confidence: f32,
    /// Sets of items that filters are made of.
    pub sets: Vec<Items>,
    /// Segments that popularity was counted in, by their bits in [`super::list::Ask::segments`], each narrowing the one before it.
    pub popular_in: Vec<u8>,
    /// One for each rule that ranks.
    pub rankings: Vec<Ranking>,
}

/// How one rule ranks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// How many items are shown at most.
    pub limit: u16,
    /// How many of the best are candidates for those.
    pub candidates: u16,
    /// What speaks for an item, and how much.
    pub blend: Blend,
    /// What the list is about.
    pub anchor: Anchor,
    /// Which items may be shown.
    pub filter: Filter,
    /// What the site adds to some.
    pub boosts: Vec<Boost>,
    /// Whether what the visitor has dealt with is left out.
    pub leaves_out_seen: bool,
    /// Whether what the visitor has bought is left out.
    pub leaves_out_bought: bool,
    /// How much being relevant counts against being different, from 0 to 1.
    pub relevance: f32,
    /// Whether items are alike by category, and not by vectors.
    pub is_by_category: bool,
    /// How many items of a category are shown at most.
    pub category_cap: u16,
    /// Items whose place is fixed: places, counted from 0, and items.
    pub pins: Vec<(u16, u16)>,
    /// Which share of places is explored, from 0 to 1.
    pub explore: f64,
    /// Draws other places when it changes.
    pub seed: u32,
}

/// What a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// All that the visitor did.
    #[default]
    History,
    /// The item that the visitor dealt with last.
    Last,
    /// An item that the caller names, such as that of the page.
    Given,
}

/// What the site adds to the score of some items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boost {
    /// Which.
    pub filter: Filter,
    /// How much, before the weight of boosts.
    pub add: f32,
}

binary!(struct Catalog { ids, members, categories, model, confidence, sets, popular_in, rankings });
binary!(struct Ranking {
    limit, candidates, blend, anchor, filter, boosts, leaves_out_seen, leaves_out_bought, relevance, is_by_category, category_cap, pins,
    explore, seed,
});
binary!(enum Anchor else Self::History;
    0 = History,
    1 = Last,
    2 = Given,
);
binary!(struct Boost { filter, add });

/// The most items that one rule can show, and the most candidates for them.
pub const MOST_SHOWN: u16 = 100;
/// See [`MOST_SHOWN`].
pub const MOST_CANDIDATES: u16 = 500;
/// The most segments that a catalog's filters and its popularity ask.
pub const MOST_SEGMENTS: usize = 32;

impl Catalog {
    /// Whether all parts are of the same items, and of numbers that can be reckoned with. A catalog that was compiled is sound; one that
    /// was read from a file is asked once.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let items = usize::from(self.model.items);
        self.ids.len() == items
            && self.members.len() == items
            && self.categories.len() == items
            && self.model.is_sound()
            && within(&[self.confidence], 0.0, HUGE)
            && self.rankings.iter().all(|ranking| ranking.is_sound(self.sets.len(), items))
    }
}

impl Ranking {
    fn is_sound(&self, sets: usize, items: usize) -> bool {
        let filters = self.boosts.iter().map(|boost| &boost.filter).chain([&self.filter]);
        self.limit <= MOST_SHOWN
            && self.candidates <= MOST_CANDIDATES
            && self.blend.is_sound()
            && filters.into_iter().all(|filter| filter.is_sound(sets))
            && self.boosts.iter().all(|boost| within(&[boost.add], -HUGE, HUGE))
            && within(&[self.relevance], 0.0, 1.0)
            && (0.0..=1.0).contains(&self.explore)
            && self.pins.len() <= usize::from(MOST_SHOWN)
            && self.pins.iter().all(|(_, item)| usize::from(*item) < items)
    }
}
