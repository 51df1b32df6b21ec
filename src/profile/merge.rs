//! Two profiles of one person become one: what a visitor did before logging in, and what is known of the customer.

use super::event::PURCHASE;
use super::fading::Faded;
use super::fold::{Happened, category_interest, item_interest, units};
use super::sessions::PAUSE;
use super::{
    CATEGORIES, DAY, DAYS, ENGAGEMENT_HALF_LIFE, HOUR, HOURS, ITEMS, MERGED, Profile, RECENT, Recent, STANDARD,
};
use crate::profile::event::interest;

impl Profile {
    /// Takes in another profile of the same person. Nothing counts twice: neither events that both know of, as far as they are among
    /// the last 40 of each, nor what was taken in before.
    pub fn merge(&mut self, other: &Self) {
        if other.last_seen == 0 {
            return;
        }
        let before = self.merged.iter().find(|(origin, _)| *origin == other.origin).map(|(_, sequence)| *sequence);
        let has_same_origin = self.origin == other.origin && self.last_seen > 0;
        if before.is_some() || has_same_origin {
            let unknown = before.map_or(usize::MAX, |before| other.sequence.saturating_sub(before) as usize);
            self.take_news(other, unknown);
        } else {
            self.take_all(other);
        }
        if !has_same_origin {
            self.merged.retain(|(origin, _)| *origin != other.origin);
            self.merged.push((other.origin, other.sequence));
            let gone = self.merged.len().saturating_sub(MERGED);
            self.merged.drain(..gone);
        }
    }

    /// Adds those of the last `most` events of another profile that are not known yet.
    fn take_news(&mut self, other: &Self, most: usize) {
        let first = other.applied.len().saturating_sub(most);
        let news = other.applied.get(first..).unwrap_or_default();
        for recent in &other.recent {
            if news.contains(&recent.identity) && !self.applied.contains(&recent.identity) {
                let kind = self.own_kind(other, recent.kind);
                self.add(Happened { kind, ..recent.happened() });
            }
        }
    }

    fn take_all(&mut self, other: &Self) {
        let mut rest = other.clone();
        for recent in &other.recent {
            if self.applied.contains(&recent.identity) {
                rest.take_back(recent);
            }
        }
        let kinds: Vec<u8> = (0..=u8::MAX).map(|kind| self.own_kind(other, kind)).collect();
        let own = |kind: u8| kinds.get(usize::from(kind)).copied().unwrap_or(u8::MAX);
        self.first_seen = if self.last_seen == 0 { rest.first_seen } else { self.first_seen.min(rest.first_seen) };
        self.last_seen = self.last_seen.max(rest.last_seen);
        self.sequence = self.sequence.saturating_add(rest.sequence);
        for count in rest.hours.iter() {
            self.hours.add(count.at, own(count.kind), count.times);
        }
        for count in rest.days.iter() {
            self.days.add(count.at, own(count.kind), count.times);
        }
        self.hours.forget_before(units(self.last_seen, HOUR).saturating_sub(HOURS));
        self.days.forget_before(units(self.last_seen, DAY).saturating_sub(DAYS));
        for mut session in rest.sessions.known {
            for (kind, _) in &mut session.counts {
                *kind = own(*kind);
            }
            session.counts.sort_unstable();
            let oldest = self.sessions.known.first().map_or(0, |oldest| oldest.start);
            if self.sessions.earlier > 0 && session.end.saturating_add(PAUSE) < oldest {
                self.sessions.earlier = self.sessions.earlier.saturating_add(1);
            } else {
                self.sessions.join(session);
            }
        }
        self.sessions.earlier = self.sessions.earlier.saturating_add(rest.sessions.earlier);
        self.purchases.count = self.purchases.count.saturating_add(rest.purchases.count);
        self.purchases.total += rest.purchases.total;
        self.purchases.last = self.purchases.last.max(rest.purchases.last);
        self.engagement = self.engagement.plus(rest.engagement);
        for said in rest.items.iter() {
            self.items.add(said, ITEMS);
        }
        for said in rest.categories.iter() {
            self.categories.add(said, CATEGORIES);
        }
        self.applied.extend(rest.applied);
        for recent in rest.recent {
            let place =
                self.recent.partition_point(|known| (known.time, known.identity) < (recent.time, recent.identity));
            self.recent.insert(place, Recent { kind: own(recent.kind), ..recent });
        }
        self.complete_from = self.complete_from.max(rest.complete_from);
        self.forget_recent(RECENT);
        self.forget_applied(super::APPLIED);
        self.merged.extend(rest.merged);
    }

    /// The number that an event has here, which has another in another profile.
    fn own_kind(&mut self, other: &Self, kind: u8) -> u8 {
        if usize::from(kind) < STANDARD.len() {
            return kind;
        }
        match other.name_of(kind) {
            "" => u8::MAX,
            name => self.number_of(name),
        }
    }

    /// Makes undone what an event has added.
    fn take_back(&mut self, recent: &Recent) {
        let happened = recent.happened();
        let Happened { time, kind, identity, value, .. } = happened;
        self.recent.retain(|known| known.identity != identity);
        self.applied.retain(|known| *known != identity);
        self.sessions.take(time, kind);
        self.hours.take(units(time, HOUR), kind, 1);
        self.days.take(units(time, DAY), kind, 1);
        if kind == PURCHASE {
            self.purchases.count = self.purchases.count.saturating_sub(1);
            self.purchases.total -= value.unwrap_or(0.0);
        }
        let weight = interest(kind, value);
        self.engagement = self.engagement.minus(Faded::of(weight.abs(), time, ENGAGEMENT_HALF_LIFE));
        if let Some(said) = item_interest(&happened) {
            self.items.take(&said);
        }
        if let Some(said) = category_interest(&happened) {
            self.categories.take(&said);
        }
    }
}

impl Recent {
    fn happened(&self) -> Happened {
        Happened {
            time: self.time,
            kind: self.kind,
            identity: self.identity,
            item: self.item.clone(),
            category: self.category.clone(),
            value: self.value.map(f64::from),
        }
    }
}
