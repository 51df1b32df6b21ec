//! What a visitor did, as a small sketch that stays with the visitor.
//!
//! [`Profile::apply`] folds events in, one after the other, in whatever order they come; [`Profile::to_bytes`] makes
//! 1,536 bytes of it at most, for a cookie, however many there were. What a profile is asked for is in `windows` (how often something
//! was done lately) and `features` (recency, frequency and money, engagement, interests).
//!
//! # Time
//!
//! Clocks are wrong, and events come late. So
//!
//! - every sum that fades knows its own time ([`fading`]); nothing that happens to one touches another;
//! - what is counted does not depend on the order in which events come: see [`Profile::apply`] for how far that goes;
//! - no event is later than the moment it is applied at, and a moment before the last event is taken for that of the last event. When a
//!   clock is set back by more than a day, it had been ahead: then the whole profile moves back with it.
//!
//! Not here: storing, sending and consent, which are the callers' business.

mod ask;
mod clusters;
mod codec;
mod counts;
mod event;
pub mod fading;
mod features;
mod fold;
mod interests;
mod merge;
mod sessions;
mod texts;
mod windows;

pub use ask::{Answer, CLUSTER, Feature};
pub use clusters::logarithm;
pub use codec::MOST_BYTES;
pub use event::{Event, STANDARD, interest_of, kept_text};
pub use features::{Engagement, Rfm};
pub use interests::Interest;
pub use windows::{Counted, Seen, Window};

use counts::Counts;
use fading::{Faded, HalfLife};
use interests::Interests;
use sessions::Sessions;
use texts::{Text, Texts};

/// What is known of what one visitor did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// When the first and the last event happened, in milliseconds since 1970; 0 when nothing has.
    first_seen: u64,
    last_seen: u64,
    /// What names, items and categories stand for.
    texts: Texts,
    /// The names of the site's own events, in the order in which they were first seen.
    names: Vec<Text>,
    /// The last events, in the order of time.
    recent: Vec<Recent>,
    /// From here on all events are among those.
    complete_from: u64,
    /// Identities of the events that were applied last, in the order of applying.
    applied: Vec<u32>,
    hours: Counts,
    days: Counts,
    sessions: Sessions,
    purchases: Purchases,
    engagement: Faded,
    categories: Interests,
    items: Interests,
    /// Who it is, among the profiles that it may be merged with, and how many events were applied to it.
    origin: u32,
    sequence: u32,
    /// Other profiles that have become a part of this one, with how many of their events.
    merged: Vec<(u32, u32)>,
}

/// One of the last events.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Recent {
    time: u64,
    kind: u8,
    identity: u32,
    item: Option<Text>,
    category: Option<Text>,
    value: Option<f32>,
}

/// All that was bought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Purchases {
    count: u32,
    total: f64,
    last: u64,
}

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// How long what an item or a category was worth to the visitor takes to halve, and how long engagement does.
pub const ITEM_HALF_LIFE: HalfLife = HalfLife::days(7.0);
/// See [`ITEM_HALF_LIFE`].
pub const CATEGORY_HALF_LIFE: HalfLife = HalfLife::days(30.0);
/// See [`ITEM_HALF_LIFE`].
pub const ENGAGEMENT_HALF_LIFE: HalfLife = HalfLife::days(7.0);

/// As much is kept of each part while events are applied; [`Profile::to_bytes`] keeps less when it does not fit.
const RECENT: usize = 40;
const APPLIED: usize = 48;
const NAMES: usize = 8;
const CATEGORIES: usize = 16;
const ITEMS: usize = 32;
const MERGED: usize = 4;
const HOURS: u32 = 48;
const DAYS: u32 = 90;

impl Profile {
    /// An empty profile. `origin` is a random number that tells it from others when profiles are merged.
    #[must_use]
    pub fn new(origin: u32) -> Self {
        Self { origin, ..Self::default() }
    }

    /// When the first event happened, in milliseconds since 1970; nothing when none has.
    #[must_use]
    pub fn first_seen(&self) -> Option<u64> {
        (self.last_seen > 0).then_some(self.first_seen)
    }

    /// When the last event happened.
    #[must_use]
    pub fn last_seen(&self) -> Option<u64> {
        (self.last_seen > 0).then_some(self.last_seen)
    }

    /// The moment to look at the profile from: never before its last event.
    fn moment(&self, now: f64) -> u64 {
        instant(now).max(self.last_seen)
    }

    /// The number that stands for an event's name, if it has been seen.
    fn kind_of(&self, name: &str) -> Option<u8> {
        let own = || {
            let name = self.texts.find(&kept_text(name))?;
            let place = self.names.iter().position(|known| *known == name)?;
            u8::try_from(place.saturating_add(STANDARD.len())).ok()
        };
        STANDARD.iter().position(|known| *known == name).and_then(|place| u8::try_from(place).ok()).or_else(own)
    }

    /// The name that a number stands for.
    fn name_of(&self, kind: u8) -> &str {
        let kind = usize::from(kind);
        let own = || self.names.get(kind.saturating_sub(STANDARD.len())).map_or("", |name| self.texts.get(*name));
        STANDARD.get(kind).copied().unwrap_or_else(own)
    }
}

/// Milliseconds as a number of JavaScript's: those of the calendar are below 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(milliseconds: u64) -> f64 {
    milliseconds as f64
}

/// An instant of the calendar.
fn instant(time: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let time = time.clamp(0.0, crate::derive::time::MAX_INSTANT) as u64;
    time
}
