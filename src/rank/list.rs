//! From a catalog and what a visitor did to the list that a slot shows, with what speaks for each item.

use super::blend::{SIGNALS, Signal, Signals};
use super::catalog::{Anchor, Catalog, Ranking};
use super::diversify::{Arrangement, Likeness, Placed};
use super::explore::Explorer;
use super::factors::Interaction;
use super::items::Items;
use super::ranker::{NO_ITEM, Ranker, Visitor};
use crate::bucket::Hash;

/// For whom a list is made, and when.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// What the visitor did with items.
    pub history: &'a [Past<'a>],
    /// Items that are left out, whatever speaks for them.
    pub left_out: &'a [&'a str],
    /// The item that the list is about, where the caller names it.
    pub anchor: Option<&'a str>,
    /// Bit *i* is set when the visitor is in the catalog's segment *i*.
    pub segments: u32,
    /// Milliseconds since the epoch.
    pub now: f64,
    /// Tells the visitor from others, for exploration; without it nothing is explored.
    pub visitor: Option<&'a str>,
}

/// What a visitor did with one item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Past<'a> {
    /// The item's id.
    pub id: &'a str,
    /// How much it says of what the visitor likes; negative when they do not.
    pub worth: f64,
    /// When they last dealt with it, in milliseconds since the epoch.
    pub last: f64,
    /// Whether they bought it.
    pub is_bought: bool,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Its number in the catalog.
    pub item: u16,
    /// The blend's bias and all shares, added up in their order.
    pub score: f32,
    /// How likely it was that it got its place, given those before it.
    pub propensity: f64,
    /// What each signal adds to the score.
    pub shares: Signals,
    /// What items of the visitor's past gave to those shares; [`NO_ITEM`] stands for what is none of theirs.
    pub parts: Vec<Part>,
    /// The signal that speaks for it most, and the past item that does so most within it.
    pub because: Option<(Signal, u16)>,
}

/// A part of a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Whose share.
    pub signal: Signal,
    /// The past item.
    pub item: u16,
    /// How much of it.
    pub share: f64,
}

/// Makes lists; its memory is used again.
#[derive(Clone, Debug, Default)]
pub struct Lister {
    ranker: Ranker,
    history: Vec<Interaction>,
    confidences: Vec<Interaction>,
    interest: Vec<f32>,
    row: Vec<f32>,
    boosts: Vec<f32>,
    segments: Vec<u16>,
    placed: Vec<Placed>,
    parts: Vec<(u16, f64)>,
    about: Option<u16>,
}

/// The signals whose shares come from a visitor's past.
const PERSONAL: [Signal; 3] = [Signal::Content, Signal::Factors, Signal::Neighbours];

/// All signals, in the order of their numbers.
pub const ALL: [Signal; SIGNALS] =
    [Signal::Content, Signal::Factors, Signal::Neighbours, Signal::Popularity, Signal::Recency, Signal::Boost];

impl Lister {
    /// The list of one of the catalog's rankings. Empty when no item may be shown, or when it is to be about an item and there is none.
    pub fn list(&mut self, catalog: &Catalog, ranking: &Ranking, ask: &Ask<'_>) -> Vec<Listed> {
        let count = usize::from(catalog.model.items);
        let mut among = ranking.filter.items(&catalog.sets, ask.segments, count);
        ask.left_out.iter().filter_map(|id| catalog.ids.find(id)).for_each(|item| among.remove(item));
        if !self.remember(catalog, ranking, ask, &mut among) {
            return Vec::new();
        }
        self.add_boosts(catalog, ranking, ask.segments);
        self.narrow_to_segments(catalog, ask.segments);

        let Catalog { model, categories, .. } = catalog;
        let visitor = Visitor {
            interest: &self.interest,
            history: &self.history,
            confidences: &self.confidences,
            segments: &self.segments,
            boosts: &self.boosts,
            now: ask.now,
        };
        let most = usize::from(ranking.candidates.max(ranking.limit));
        let candidates = self.ranker.candidates(model, &ranking.blend, &visitor, Some(&among), most);
        // What is about an item holds nothing that has nothing to do with it.
        let is_about_one = ranking.anchor != Anchor::History;
        let fit =
            candidates.iter().take_while(|candidate| !is_about_one || candidate.score > ranking.blend.bias).count();
        let pins: Vec<(usize, u16)> = ranking.pins.iter().map(|(place, item)| ((*place).into(), *item)).collect();
        let likeness = match &model.content {
            Some(vectors) if !ranking.is_by_category => Likeness::Vectors(vectors),
            _ => Likeness::Category,
        };
        let arrangement = Arrangement {
            length: ranking.limit.into(),
            relevance: ranking.relevance,
            likeness,
            categories,
            category_cap: ranking.category_cap.into(),
            pins: &pins,
        };
        let seed = ask
            .visitor
            .map(|visitor| u64::from(Hash::default().feed(&units(visitor)).value()) << 32 | u64::from(ranking.seed));
        let mut explorer = Explorer::new(if seed.is_some() { ranking.explore } else { 0.0 }, seed.unwrap_or_default());
        arrangement.arrange(candidates.get(..fit).unwrap_or_default(), &mut explorer, &mut self.placed);

        let placed = std::mem::take(&mut self.placed);
        let list = placed.iter().map(|placed| self.listed(catalog, ranking, ask.now, placed)).collect();
        self.placed = placed;
        list
    }

    /// What speaks for some of a catalog's items, in their order, whether they would come into the list or not: what a blend is learned from.
    pub fn signals(&mut self, catalog: &Catalog, ranking: &Ranking, ask: &Ask<'_>, items: &[u16]) -> Vec<Signals> {
        let mut among = Items::default();
        self.remember(catalog, ranking, ask, &mut among);
        self.add_boosts(catalog, ranking, ask.segments);
        self.narrow_to_segments(catalog, ask.segments);
        let Self { ranker, interest, history, confidences, segments, boosts, .. } = self;
        let visitor = Visitor { interest, history, confidences, segments, boosts, now: ask.now };
        ranker.candidates(&catalog.model, &ranking.blend, &visitor, Some(&among), 0);
        items.iter().map(|item| ranker.signals(&catalog.model, &visitor, *item)).collect()
    }

    /// The item that the last list was about, if it was about one.
    #[must_use]
    pub fn about(&self) -> Option<u16> {
        self.about
    }

    fn narrow_to_segments(&mut self, catalog: &Catalog, segments: u32) {
        self.segments.clear();
        let counted = (0..).zip(&catalog.popular_in);
        let is_in = |bit: u8| segments.checked_shr(bit.into()).is_some_and(|bits| bits & 1 == 1);
        self.segments.extend(counted.filter(|(_, bit)| is_in(**bit)).map(|(segment, _)| segment));
    }

    /// Takes note of what the visitor did, and takes out what is not to be shown for it. Says whether there is what the list is about.
    fn remember(&mut self, catalog: &Catalog, ranking: &Ranking, ask: &Ask<'_>, among: &mut Items) -> bool {
        self.history.clear();
        self.confidences.clear();
        let known = ask.history.iter().filter_map(|past| Some((catalog.ids.find(past.id)?, *past)));
        let mut latest: Option<(u16, f64)> = None;
        for (item, Past { worth, last, is_bought, .. }) in known {
            if ranking.leaves_out_seen || ranking.leaves_out_bought && is_bought {
                among.remove(item);
            }
            // What faded until nothing is left in single precision says nothing; dividing by it would make NaN of all scores.
            let weight = narrow(worth);
            if ranking.anchor == Anchor::History && worth.is_finite() && weight.is_normal() {
                self.history.push(Interaction { item, weight });
            }
            if worth > 0.0 && latest.is_none_or(|(_, before)| last > before) {
                latest = Some((item, last));
            }
        }
        self.about = match ranking.anchor {
            Anchor::History => None,
            Anchor::Last => latest.map(|(item, _)| item),
            Anchor::Given => ask.anchor.and_then(|id| catalog.ids.find(id)),
        };
        if ranking.anchor != Anchor::History {
            let Some(item) = self.about else { return false };
            among.remove(item);
            self.history.push(Interaction { item, weight: 1.0 });
        }
        for Interaction { item, weight } in &self.history {
            let confidence = 1.0 + catalog.confidence * weight.abs();
            self.confidences.push(Interaction { item: *item, weight: confidence.copysign(*weight) });
        }
        // What a visitor did adds up to one, so that signals of a long history and of a short one weigh the same.
        let all: f32 = self.history.iter().map(|past| past.weight.abs()).sum();
        self.history.iter_mut().for_each(|past| past.weight /= all);
        self.interest.clear();
        if let Some(content) = catalog.model.content.as_ref().filter(|_| !self.history.is_empty()) {
            self.interest.resize(content.dimensions(), 0.0);
            self.row.resize(content.dimensions(), 0.0);
            for Interaction { item, weight } in &self.history {
                content.row(*item, &mut self.row);
                self.interest.iter_mut().zip(&self.row).for_each(|(sum, number)| *sum += weight * number);
            }
        }
        true
    }

    fn add_boosts(&mut self, catalog: &Catalog, ranking: &Ranking, segments: u32) {
        self.boosts.clear();
        let count = usize::from(catalog.model.items);
        for boost in &ranking.boosts {
            self.boosts.resize(count, 0.0);
            let boosted = boost.filter.items(&catalog.sets, segments, count);
            for (item, sum) in (0..=u16::MAX).zip(&mut self.boosts) {
                if boosted.contains(item) {
                    *sum += boost.add;
                }
            }
        }
    }

    /// What speaks for an item that was placed.
    fn listed(&mut self, catalog: &Catalog, ranking: &Ranking, now: f64, placed: &Placed) -> Listed {
        let Placed { item, propensity, .. } = *placed;
        let Self { ranker, interest, history, confidences, segments, boosts, parts, .. } = self;
        let visitor = Visitor { interest, history, confidences, segments, boosts, now };
        let (model, blend) = (&catalog.model, &ranking.blend);
        let shares = blend.shares(&ranker.signals(model, &visitor, item));
        let mut listed =
            Listed { item, propensity, score: blend.score(&shares), shares, parts: Vec::new(), because: None };
        for signal in PERSONAL {
            if shares.get(signal as usize).is_some_and(|share| *share != 0.0) {
                ranker.parts(model, blend, &visitor, item, signal, parts);
                let nonzero = parts.iter().filter(|(_, share)| *share != 0.0);
                listed.parts.extend(nonzero.map(|(item, share)| Part { signal, item: *item, share: *share }));
            }
        }
        listed.because = main_reason(&listed);
        listed
    }
}

/// The signal with the largest share, of equal ones the first, and what of the past has the largest part in it.
fn main_reason(listed: &Listed) -> Option<(Signal, u16)> {
    let mut largest = 0.0;
    let mut because = None;
    for (signal, share) in ALL.into_iter().zip(listed.shares) {
        if share > largest {
            (largest, because) = (share, Some(signal));
        }
    }
    let signal = because?;
    let mut most = (0.0, NO_ITEM);
    for part in listed.parts.iter().filter(|part| part.signal == signal) {
        if part.share > most.0 {
            most = (part.share, part.item);
        }
    }
    Some((signal, most.1))
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn narrow(number: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a weight, clamped")]
    let number = number.clamp(-1e6, 1e6) as f32;
    number
}
