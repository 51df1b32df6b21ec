//! Events in, one after the other.

use super::event::{PURCHASE, interest};
use super::fading::{Faded, HalfLife};
use super::interests::Said;
use super::{
    APPLIED, CATEGORIES, CATEGORY_HALF_LIFE, DAY, DAYS, ENGAGEMENT_HALF_LIFE, Event, HOUR, HOURS, ITEM_HALF_LIFE,
    ITEMS, NAMES, Profile, RECENT, Recent, STANDARD, Text, instant, kept_text,
};

/// A clock that goes back by more than this had been ahead, in milliseconds.
const AHEAD: u64 = DAY;
/// Stands for the site's own events that there was no number left for.
const UNNAMED: u8 = u8::MAX;
/// As many texts are swept; 136 can be mentioned.
const MANY_TEXTS: usize = 250;

/// An event as the parts of a profile take it.
#[derive(Clone, Copy)]
pub(super) struct Happened {
    pub(super) time: u64,
    pub(super) kind: u8,
    pub(super) identity: u32,
    pub(super) item: Option<Text>,
    pub(super) category: Option<Text>,
    pub(super) value: Option<f64>,
}

impl Profile {
    /// Adds an event, at the moment `now` in milliseconds since 1970. Says whether it was added: what is older than 90 days,
    /// or was added before, is not.
    ///
    /// Events that come late or out of order give what the right order would have given, within these limits: an event is known again as
    /// long as it is among the last 48 that were added; a late one joins the last twelve sessions and none before them; of more
    /// things than there is room for (16 categories, 32 items, 8 names of own events) those are forgotten that
    /// mattered least at the time.
    pub fn apply(&mut self, event: &Event, now: f64) -> bool {
        if !now.is_finite() {
            return false;
        }
        let now = self.move_to(instant(now));
        let time = if event.time.is_finite() { instant(event.time).min(now) } else { now };
        let identity = event.identity();
        if time == 0
            || now.saturating_sub(time) > u64::from(DAYS).saturating_mul(DAY)
            || self.applied.contains(&identity)
        {
            return false;
        }
        self.sweep();
        let mut kept = |text: &Option<String>| text.as_deref().map(|text| self.texts.keep(&kept_text(text)));
        let (item, category) = (kept(&event.item), kept(&event.category));
        let happened = Happened {
            time,
            kind: self.number_of(&event.name),
            identity,
            item,
            category,
            // What no single-precision number holds would be written as infinite, and nothing of the profile could be read again.
            value: event.value.filter(|value| value.abs() <= f64::from(f32::MAX)),
        };
        self.add(happened);
        true
    }

    pub(super) fn add(&mut self, happened: Happened) {
        let Happened { time, kind, identity, value, .. } = happened;
        self.sequence = self.sequence.saturating_add(1);
        self.applied.push(identity);
        self.forget_applied(APPLIED);
        self.first_seen = if self.last_seen == 0 { time } else { self.first_seen.min(time) };
        self.last_seen = self.last_seen.max(time);

        self.sessions.add(time, kind);
        let (hour, day) = (units(time, HOUR), units(time, DAY));
        self.hours.add(hour, kind, 1);
        self.days.add(day, kind, 1);
        self.hours.forget_before(units(self.last_seen, HOUR).saturating_sub(HOURS));
        self.days.forget_before(units(self.last_seen, DAY).saturating_sub(DAYS));
        if kind == PURCHASE {
            self.purchases.count = self.purchases.count.saturating_add(1);
            self.purchases.total += value.unwrap_or(0.0);
            self.purchases.last = self.purchases.last.max(time);
        }
        let weight = interest(kind, value);
        self.engagement = self.engagement.plus(Faded::of(weight.abs(), time, ENGAGEMENT_HALF_LIFE));
        if let Some(said) = item_interest(&happened) {
            self.items.add(&said, ITEMS, &self.texts);
        }
        if let Some(said) = category_interest(&happened) {
            self.categories.add(&said, CATEGORIES, &self.texts);
        }
        self.remember(happened);
    }

    pub(super) fn remember(&mut self, happened: Happened) {
        let Happened { time, kind, identity, item, category, value } = happened;
        #[expect(clippy::cast_possible_truncation, reason = "kept with seven digits")]
        let value = value.map(|value| value as f32);
        let place = self.recent.partition_point(|recent| (recent.time, recent.identity) <= (time, identity));
        self.recent.insert(place, Recent { time, kind, identity, item, category, value });
        self.forget_recent(RECENT);
    }

    /// Forgets texts that nothing mentions any more, once there are many.
    pub(super) fn sweep(&mut self) {
        if self.texts.len() < MANY_TEXTS {
            return;
        }
        let all = std::mem::take(&mut self.texts);
        let mut keep = |text: &mut Text| *text = self.texts.keep(all.get(*text));
        self.names.iter_mut().for_each(&mut keep);
        self.recent
            .iter_mut()
            .flat_map(|recent| [&mut recent.item, &mut recent.category])
            .flatten()
            .for_each(&mut keep);
        self.categories.keys().chain(self.items.keys()).for_each(keep);
    }

    /// Forgets all but the last few events, and from when on all are known.
    pub(super) fn forget_recent(&mut self, but: usize) {
        let gone = self.recent.len().saturating_sub(but);
        for forgotten in self.recent.drain(..gone) {
            self.complete_from = self.complete_from.max(forgotten.time.saturating_add(1));
        }
    }

    /// Forgets the identities of all but the last few events.
    pub(super) fn forget_applied(&mut self, but: usize) {
        let gone = self.applied.len().saturating_sub(but);
        self.applied.drain(..gone);
    }

    /// Takes the clock for what it is worth, and gives the moment that counts.
    pub(super) fn move_to(&mut self, now: u64) -> u64 {
        if now.saturating_add(AHEAD) < self.last_seen {
            self.move_back(self.last_seen.saturating_sub(now));
        }
        now.max(self.last_seen)
    }

    fn move_back(&mut self, by: u64) {
        let earlier = |time: &mut u64| *time = time.saturating_sub(by);
        for time in [&mut self.first_seen, &mut self.last_seen, &mut self.complete_from, &mut self.purchases.last] {
            earlier(time);
        }
        for recent in &mut self.recent {
            earlier(&mut recent.time);
        }
        self.hours.earlier(units(by, HOUR));
        self.days.earlier(units(by, DAY));
        self.sessions.earlier_by(by);
        self.engagement = self.engagement.earlier(by, ENGAGEMENT_HALF_LIFE);
        self.items.earlier(by, ITEM_HALF_LIFE);
        self.categories.earlier(by, CATEGORY_HALF_LIFE);
    }

    /// The number that stands for an event's name, given to it when it is seen for the first time.
    pub(super) fn number_of(&mut self, name: &str) -> u8 {
        self.kind_of(name).unwrap_or_else(|| {
            if self.names.len() >= NAMES {
                return UNNAMED;
            }
            let number = self.names.len().saturating_add(STANDARD.len());
            self.names.push(self.texts.keep(&kept_text(name)));
            u8::try_from(number).unwrap_or(UNNAMED)
        })
    }
}

/// When an hour or a day starts, by its number. Those of the calendar are far below 2⁶⁴, and a product that is checked takes 128 bits.
pub(super) fn start_of(number: u64, unit: u64) -> u64 {
    number.wrapping_mul(unit)
}

/// Whole hours or days since 1970.
pub(super) fn units(time: u64, unit: u64) -> u32 {
    u32::try_from(time.checked_div(unit).unwrap_or(0)).unwrap_or(u32::MAX)
}

/// What an event says of its item.
pub(super) fn item_interest(happened: &Happened) -> Option<Said> {
    said(happened.item, happened, ITEM_HALF_LIFE)
}

/// What an event says of its category.
pub(super) fn category_interest(happened: &Happened) -> Option<Said> {
    said(happened.category, happened, CATEGORY_HALF_LIFE)
}

fn said(key: Option<Text>, happened: &Happened, half_life: HalfLife) -> Option<Said> {
    let Happened { time, kind, value, .. } = *happened;
    let weight = interest(kind, value);
    Some(Said {
        key: key?,
        liked: Faded::of(weight, time, half_life),
        disliked: Faded::of(-weight, time, half_life),
        last: time,
        times: 1,
        is_bought: kind == PURCHASE,
    })
}
