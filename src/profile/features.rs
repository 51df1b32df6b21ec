//! What a profile says of the visitor in a word or a number.

use super::event::PURCHASE;
use super::fold::start_of;
use super::interests::Interest;
use super::{CATEGORY_HALF_LIFE, DAY, ENGAGEMENT_HALF_LIFE, ITEM_HALF_LIFE, Profile, float};

/// How recently, how often and for how much the visitor bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rfm {
    /// Whole days since the last purchase.
    pub recency: u64,
    /// How many purchases there were.
    pub frequency: u32,
    /// What they came to, in the site's currency.
    pub monetary: f64,
}

/// How much the visitor does, lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engagement {
    /// Less than two and a half views' worth of events.
    Low,
    /// Up to nine.
    Medium,
    /// More.
    High,
}

impl Engagement {
    /// The word for it in conditions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Where engagement becomes medium, and high. Each event counts as much as it says of interest, for or against; see the table in the guide.
const MEDIUM: f64 = 2.5;
const HIGH: f64 = 9.0;

/// A feature, and until when time alone does not change it, in milliseconds since 1970.
type Until<T> = (T, f64);

impl Profile {
    /// Whether this is the visitor's first session.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.sessions.total() <= 1
    }

    /// How many sessions there were.
    #[must_use]
    pub fn sessions(&self) -> u32 {
        self.sessions.total()
    }

    /// How recently, how often and for how much the visitor bought; nothing when they never did.
    #[must_use]
    pub fn rfm(&self, now: f64) -> Option<Until<Rfm>> {
        let purchases = self.purchases;
        if purchases.count == 0 {
            return None;
        }
        let days = self.moment(now).saturating_sub(purchases.last).checked_div(DAY)?;
        let until = purchases.last.saturating_add(start_of(days.saturating_add(1), DAY));
        Some((Rfm { recency: days, frequency: purchases.count, monetary: purchases.total }, float(until)))
    }

    /// How much the visitor does.
    #[must_use]
    pub fn engagement(&self, now: f64) -> Until<Engagement> {
        let moment = self.moment(now);
        let worth = self.engagement.at(moment, ENGAGEMENT_HALF_LIFE);
        let (level, threshold) = match worth {
            HIGH.. => (Engagement::High, HIGH),
            MEDIUM.. => (Engagement::Medium, MEDIUM),
            _ => return (Engagement::Low, f64::INFINITY),
        };
        (level, float(moment) + ENGAGEMENT_HALF_LIFE.fading_time(worth / threshold))
    }

    /// The categories that the visitor likes, the most liked first.
    #[must_use]
    pub fn categories(&self, now: f64) -> Vec<(Interest<'_>, f64)> {
        self.categories.liked(self.moment(now), CATEGORY_HALF_LIFE, &self.texts)
    }

    /// The items that the visitor likes, the most liked first.
    #[must_use]
    pub fn items(&self, now: f64) -> Vec<(Interest<'_>, f64)> {
        self.items.liked(self.moment(now), ITEM_HALF_LIFE, &self.texts)
    }

    /// All items that the visitor dealt with and that are still known, the most liked first and the most disliked last.
    #[must_use]
    pub fn past(&self, now: f64) -> Vec<(Interest<'_>, f64)> {
        self.items.all(self.moment(now), ITEM_HALF_LIFE, &self.texts)
    }

    /// Whether the last session ended with something in the cart that was not bought.
    #[must_use]
    pub fn has_left_a_cart(&self, now: f64) -> bool {
        const ADD_TO_CART: u8 = 5;
        let (_, last) = self.sessions.current_and_last(self.moment(now));
        last.is_some_and(|session| session.count(ADD_TO_CART) > 0 && session.count(PURCHASE) == 0)
    }
}
