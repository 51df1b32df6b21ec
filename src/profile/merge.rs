//! Two profiles of one person become one: what a visitor did before logging in, and what is known of the customer.

use super::event::PURCHASE;
use super::fading::Faded;
use super::fold::{Happened, category_interest, item_interest, units};
use super::interests::Said;
use super::{
    APPLIED, CATEGORIES, DAY, DAYS, ENGAGEMENT_HALF_LIFE, HOUR, HOURS, ITEMS, MERGED, Profile, Recent, STANDARD, Text,
};
use crate::profile::event::interest;

impl Profile {
    /// Takes in another profile of the same person. Nothing counts twice: neither events that both know of, as far as they are among
    /// the last 40 of each, nor what was taken in before, nor sessions: of those before the last twelve there may be too few, when both
    /// profiles were in use at the time.
    pub fn merge(&mut self, other: &Self) {
        if other.last_seen == 0 {
            return;
        }
        self.sweep();
        let before = self.merged.iter().find(|(origin, _)| *origin == other.origin).map(|(_, sequence)| *sequence);
        let has_same_origin = self.origin == other.origin && self.last_seen > 0;
        if before.is_some() || has_same_origin {
            // Of a copy of this profile nobody knows since when it went its own way.
            let since = before.map_or(0, |before| other.sequence.saturating_sub(before) as usize);
            self.take_news(other, since);
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

    /// Adds the events of another profile that are not known yet. Those of a time from which on all are known here are told by their
    /// identity. Of older ones, whose identities may be forgotten, it takes the last: as many as the other has had `since` it was taken in,
    /// less those that are settled.
    fn take_news(&mut self, other: &Self, since: usize) {
        let is_known = |identity: &u32| {
            self.applied.contains(identity) || self.recent.iter().any(|recent| recent.identity == *identity)
        };
        let last = other.applied.get(other.applied.len().saturating_sub(since)..).unwrap_or_default();
        let mut left = last.iter().filter(|identity| !is_known(identity)).count();
        let mut news = Vec::new();
        for recent in other.recent.iter().rev().filter(|recent| !is_known(&recent.identity)) {
            if recent.time >= self.complete_from || left > 0 && last.contains(&recent.identity) {
                news.push(recent);
                left = left.saturating_sub(1);
            }
        }
        // All of them are found before the first is added, which pushes out the identity of one that is known.
        for recent in news.into_iter().rev() {
            let happened = self.own_event(other, recent);
            self.add(happened);
        }
    }

    /// Adds up what both have, and takes back what both had.
    fn take_all(&mut self, other: &Self) {
        // Names are numbered in the order of the other's numbers, whatever happened first.
        for kind in (0..=u8::MAX).take(STANDARD.len().saturating_add(other.names.len())) {
            self.own_kind(other, kind);
        }
        let seen = (self.first_seen, other.first_seen);
        self.first_seen = if self.last_seen == 0 { other.first_seen } else { self.first_seen.min(other.first_seen) };
        self.last_seen = self.last_seen.max(other.last_seen);
        self.sequence = self.sequence.saturating_add(other.sequence);
        for count in other.hours.iter() {
            let kind = self.own_kind(other, count.kind);
            self.hours.add(count.at, kind, count.times);
        }
        for count in other.days.iter() {
            let kind = self.own_kind(other, count.kind);
            self.days.add(count.at, kind, count.times);
        }
        self.hours.begin_at(other.hours.complete_from());
        self.days.begin_at(other.days.complete_from());
        self.hours.forget_before(units(self.last_seen, HOUR).saturating_sub(HOURS));
        self.days.forget_before(units(self.last_seen, DAY).saturating_sub(DAYS));
        let sessions = other.sessions.with_kinds(|kind| self.own_kind(other, kind));
        self.sessions.merge(sessions, seen);
        self.purchases.count = self.purchases.count.saturating_add(other.purchases.count);
        // What somebody else has written may be as large as can be, and an infinite sum is not read again.
        self.purchases.total = (self.purchases.total + other.purchases.total).clamp(f64::MIN, f64::MAX);
        self.purchases.last = self.purchases.last.max(other.purchases.last);
        self.engagement = self.engagement.plus(other.engagement);
        for said in other.items.iter() {
            let key = self.own_text(other, said.key);
            self.items.add(&Said { key, ..*said }, usize::MAX, &self.texts);
        }
        for said in other.categories.iter() {
            let key = self.own_text(other, said.key);
            self.categories.add(&Said { key, ..*said }, usize::MAX, &self.texts);
        }
        for recent in &other.recent {
            let happened = self.own_event(other, recent);
            if self.applied.contains(&recent.identity) {
                self.take_back(&happened);
            } else {
                self.applied.push(recent.identity);
                self.remember(happened);
            }
        }
        for identity in &other.applied {
            if !self.applied.contains(identity) {
                self.applied.push(*identity);
            }
        }
        self.items.forget(ITEMS);
        self.categories.forget(CATEGORIES);
        self.complete_from = self.complete_from.max(other.complete_from);
        // The last events are known again, whichever of the two they came from: the other's identities alone would push out one's own.
        self.list_recent_last();
        self.forget_applied(APPLIED);
        self.merged.extend(&other.merged);
    }

    /// An event of another profile, as it is here.
    fn own_event(&mut self, other: &Self, recent: &Recent) -> Happened {
        let Recent { time, kind, identity, item, category, value } = *recent;
        let mut text = |text: Option<Text>| text.map(|text| self.own_text(other, text));
        let (item, category) = (text(item), text(category));
        let kind = self.own_kind(other, kind);
        Happened { time, kind, identity, item, category, value: value.map(f64::from) }
    }

    /// What stands here for a text of another profile.
    fn own_text(&mut self, other: &Self, text: Text) -> Text {
        self.texts.keep(other.texts.get(text))
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

    /// Makes undone that an event counts twice.
    fn take_back(&mut self, happened: &Happened) {
        let Happened { time, kind, value, .. } = *happened;
        self.sessions.take(time, kind);
        self.hours.take(units(time, HOUR), kind, 1);
        self.days.take(units(time, DAY), kind, 1);
        if kind == PURCHASE {
            self.purchases.count = self.purchases.count.saturating_sub(1);
            self.purchases.total -= value.unwrap_or(0.0);
        }
        let weight = interest(kind, value);
        self.engagement = self.engagement.minus(Faded::of(weight.abs(), time, ENGAGEMENT_HALF_LIFE));
        if let Some(said) = item_interest(happened) {
            self.items.take(&said, &self.texts);
        }
        if let Some(said) = category_interest(happened) {
            self.categories.take(&said, &self.texts);
        }
    }
}
