//! A profile as bytes: small enough for a cookie, and read as what anybody may have written.
//!
//! Times are written as how long before the last event they were, texts once each. What does not fit is left out in
//! steps, each of which keeps less of every part: see [`STEPS`].

use super::event::LONGEST;
use super::fading::Faded;
use super::fold::{Happened, units};
use super::interests::{Interests, Said};
use super::sessions::{COUNTED, KNOWN, Session};
use super::texts::{Mentions, Text, Texts};
use super::{
    APPLIED, CATEGORIES, Counts, DAY, DAYS, HOUR, HOURS, ITEMS, MERGED, NAMES, Profile, Purchases, RECENT, STANDARD,
};
use crate::binary::{Binary, Reader, write_low_bytes};

/// No written profile is longer, in bytes.
pub const MOST_BYTES: usize = 1536;
const VERSION: u8 = 1;
/// What is too long is noticed before it is longer than this.
const ROOM: usize = 2 * MOST_BYTES;

/// How much is kept of each part.
struct Limits {
    days: u32,
    hours: u32,
    recent: usize,
    applied: usize,
    items: usize,
    categories: usize,
    sessions: usize,
}

/// What is kept, the first that fits. First go the days before last month, then a little of everything. The last fits whatever there is:
/// eight names, two sessions and two hours and days of 24 kinds of events, four texts, each as long as can be, are 1,300 bytes.
const STEPS: [Limits; 7] = [
    Limits {
        days: DAYS,
        hours: HOURS,
        recent: RECENT,
        applied: APPLIED,
        items: ITEMS,
        categories: CATEGORIES,
        sessions: KNOWN,
    },
    Limits {
        days: 30,
        hours: HOURS,
        recent: RECENT,
        applied: APPLIED,
        items: ITEMS,
        categories: CATEGORIES,
        sessions: KNOWN,
    },
    Limits { days: 30, hours: 24, recent: 30, applied: 36, items: 24, categories: 16, sessions: 8 },
    Limits { days: 14, hours: 24, recent: 20, applied: 28, items: 16, categories: 12, sessions: 6 },
    Limits { days: 7, hours: 12, recent: 12, applied: 20, items: 12, categories: 8, sessions: 4 },
    Limits { days: 3, hours: 6, recent: 6, applied: 12, items: 6, categories: 4, sessions: 2 },
    Limits { days: 1, hours: 1, recent: 2, applied: 6, items: 1, categories: 1, sessions: 2 },
];

impl Profile {
    /// The profile as at most [`MOST_BYTES`] bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.clone().fit()
    }

    /// Writes the profile as at most [`MOST_BYTES`] bytes, and forgets what had no room, so that it is what the bytes read as.
    pub fn fit(&mut self) -> Vec<u8> {
        self.round();
        let mut bytes = Vec::new();
        for limits in &STEPS {
            // A step that leaves everything as it is would give the same again.
            if self.limit(limits) || bytes.is_empty() {
                bytes = self.write();
            }
            if bytes.len() <= MOST_BYTES {
                break;
            }
        }
        bytes
    }

    /// Reads what [`Profile::to_bytes`] wrote; nothing when the bytes are something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MOST_BYTES {
            return None;
        }
        let mut input = Reader::new(bytes);
        let mut profile = Self::default();
        profile.read(&mut input);
        input.is_complete().then_some(profile)
    }

    /// Gives up what is never written: digits of sums, what was done in sessions of long ago, the order of identities.
    fn round(&mut self) {
        self.list_recent_last();
        self.engagement = self.engagement.rounded();
        self.categories.round();
        self.items.round();
        self.sessions.forget_counts(COUNTED);
        self.merged.truncate(MERGED);
        if self.purchases.count == 0 {
            self.purchases = Purchases::default();
        }
    }

    /// Forgets what goes beyond the limits, and says whether there was anything.
    fn limit(&mut self, limits: &Limits) -> bool {
        let size = |profile: &Self| {
            let kept = [profile.recent.len(), profile.applied.len(), profile.sessions.known.len()];
            let counted = [profile.hours.iter().len(), profile.days.iter().len()];
            (kept, counted, profile.items.iter().len(), profile.categories.iter().len())
        };
        let before = size(self);
        self.forget_applied(limits.applied);
        self.forget_recent(limits.recent);
        self.hours.forget_before(units(self.last_seen, HOUR).saturating_sub(limits.hours));
        self.days.forget_before(units(self.last_seen, DAY).saturating_sub(limits.days));
        self.sessions.forget(limits.sessions);
        self.items.forget(limits.items);
        self.categories.forget(limits.categories);
        size(self) != before
    }

    /// Puts the identities of the last events behind the others, where they are found without being written again. As long as events come
    /// in the order of time, they are there.
    pub(super) fn list_recent_last(&mut self) {
        let Self { applied, recent, .. } = self;
        let identities = || recent.iter().map(|recent| recent.identity);
        let last = applied.iter().copied().skip(applied.len().saturating_sub(recent.len()));
        if !last.eq(identities()) {
            applied.retain(|identity| identities().all(|recent| recent != *identity));
            applied.extend(identities());
        }
    }

    /// The whole profile; not all of it when that is certain to be too long.
    fn write(&self) -> Vec<u8> {
        let mut mentions = Mentions::new(&self.texts);
        let of_recent = self.recent.iter().flat_map(|recent| [recent.item, recent.category]).flatten();
        let of_interests = self.categories.iter().chain(self.items.iter()).map(|said| said.key);
        self.names.iter().copied().chain(of_recent).chain(of_interests).for_each(|text| mentions.add(text));
        let age = |time: u64| self.last_seen.saturating_sub(time);

        let mut out = Vec::with_capacity(ROOM);
        out.push(VERSION);
        self.origin.write(&mut out);
        self.sequence.write(&mut out);
        self.last_seen.write(&mut out);
        age(self.first_seen).write(&mut out);
        age(self.complete_from).write(&mut out);
        length(mentions.order.len()).write(&mut out);
        for text in &mentions.order {
            let text = self.texts.get(*text);
            length(text.len()).write(&mut out);
            out.extend_from_slice(text.as_bytes());
        }
        length(self.names.len()).write(&mut out);

        length(self.recent.len()).write(&mut out);
        for recent in &self.recent {
            age(recent.time).write(&mut out);
            recent.kind.write(&mut out);
            write_identity(recent.identity, &mut out);
            for text in [recent.item, recent.category] {
                text.map(|text| mentions.place(text)).write(&mut out);
            }
            recent.value.write(&mut out);
        }
        // Those of the events above need not be written again.
        let others = self.applied.len().saturating_sub(self.recent.len());
        length(others).write(&mut out);
        for identity in self.applied.iter().take(others) {
            write_identity(*identity, &mut out);
        }
        write_counts(&self.hours, units(self.last_seen, HOUR), &mut out);
        write_counts(&self.days, units(self.last_seen, DAY), &mut out);
        if out.len() > MOST_BYTES {
            return out;
        }
        self.sessions.earlier.write(&mut out);
        length(self.sessions.known.len()).write(&mut out);
        for session in &self.sessions.known {
            age(session.end).write(&mut out);
            session.end.saturating_sub(session.start).write(&mut out);
            length(session.counts.len()).write(&mut out);
            for (kind, times) in &session.counts {
                kind.write(&mut out);
                times.write(&mut out);
            }
        }
        self.purchases.count.write(&mut out);
        if self.purchases.count > 0 {
            self.purchases.total.write(&mut out);
            age(self.purchases.last).write(&mut out);
        }
        self.engagement.write(&mut out);
        write_interests(&self.categories, &mentions, self.last_seen, &mut out);
        write_interests(&self.items, &mentions, self.last_seen, &mut out);
        self.merged.write(&mut out);
        out
    }

    /// Reads a profile into one that is empty.
    fn read(&mut self, input: &mut Reader<'_>) {
        let version = u8::read(input);
        input.require(version == VERSION);
        self.origin = u32::read(input);
        self.sequence = u32::read(input);
        let last_seen = u64::read(input);
        input.require(last_seen <= super::instant(f64::INFINITY));
        self.last_seen = last_seen;
        self.first_seen = instant_before(last_seen, input);
        self.complete_from = instant_before(last_seen, input);
        for _ in 0..count(MOST_BYTES, input) {
            let text = input.text();
            input.require(text.len() <= LONGEST);
            self.texts.push(text);
        }
        for place in 0..count(NAMES, input) {
            let name = text_at(place, &self.texts, input);
            input.require(self.texts.find(self.texts.get(name)) == Some(name));
            self.names.push(name);
        }
        let kinds = STANDARD.len().saturating_add(self.names.len());
        for _ in 0..count(RECENT, input) {
            let (time, kind) = (instant_before(last_seen, input), read_kind(kinds, input));
            let identity = read_identity(input);
            let (item, category) = (read_mention(&self.texts, input), read_mention(&self.texts, input));
            let value = Option::<f32>::read(input);
            input.require(value.is_none_or(f32::is_finite));
            self.remember(Happened { time, kind, identity, item, category, value: value.map(f64::from) });
        }
        for _ in 0..count(APPLIED, input) {
            self.applied.push(read_identity(input));
        }
        self.applied.extend(self.recent.iter().map(|recent| recent.identity));
        self.forget_applied(APPLIED);
        read_counts(&mut self.hours, units(last_seen, HOUR), kinds, input);
        read_counts(&mut self.days, units(last_seen, DAY), kinds, input);
        self.sessions.earlier = u32::read(input);
        for _ in 0..count(KNOWN, input) {
            let end = instant_before(last_seen, input);
            let mut session = Session { start: instant_before(end, input), end, counts: Vec::new() };
            for _ in 0..count(MOST_BYTES, input) {
                let kind = read_kind(kinds, input);
                input.require(session.counts.last().is_none_or(|(before, _)| *before < kind));
                session.counts.push((kind, u16::read(input)));
            }
            input.require(self.sessions.known.last().is_none_or(|before| before.end <= session.start));
            self.sessions.known.push(session);
        }
        self.purchases.count = u32::read(input);
        if self.purchases.count > 0 {
            self.purchases.total = f64::read(input);
            self.purchases.last = instant_before(last_seen, input);
        }
        input.require(self.purchases.total.is_finite());
        self.engagement = Faded::read(input);
        read_interests(&mut self.categories, CATEGORIES, &self.texts, last_seen, input);
        read_interests(&mut self.items, ITEMS, &self.texts, last_seen, input);
        self.merged = Vec::read(input);
        self.merged.truncate(MERGED);
    }
}

/// An instant that is written as how long it is before another.
#[inline(never)]
fn instant_before(instant: u64, input: &mut Reader<'_>) -> u64 {
    instant.saturating_sub(u64::read(input))
}

/// How many elements follow: `most` at most.
#[inline(never)]
fn count(most: usize, input: &mut Reader<'_>) -> u32 {
    let count = u32::read(input);
    input.require(count <= length(most));
    count.min(length(most))
}

#[inline(never)]
fn read_mention(texts: &Texts, input: &mut Reader<'_>) -> Option<Text> {
    Option::<u32>::read(input).map(|place| text_at(place, texts, input))
}

fn text_at(place: u32, texts: &Texts, input: &mut Reader<'_>) -> Text {
    let place = place as usize;
    input.require(place < texts.len());
    Texts::at(place).unwrap_or_default()
}

fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Identities have 24 bits.
fn write_identity(identity: u32, out: &mut Vec<u8>) {
    write_low_bytes(identity, 3, out);
}

#[inline(never)]
fn read_identity(input: &mut Reader<'_>) -> u32 {
    let [a, b, c] = [(); 3].map(|()| u8::read(input));
    u32::from_le_bytes([a, b, c, 0])
}

fn write_counts(counts: &Counts, last: u32, out: &mut Vec<u8>) {
    last.saturating_sub(counts.complete_from()).write(out);
    length(counts.iter().len()).write(out);
    for count in counts.iter() {
        last.saturating_sub(count.at).write(out);
        count.kind.write(out);
        count.times.write(out);
    }
}

fn read_counts(counts: &mut Counts, last: u32, kinds: usize, input: &mut Reader<'_>) {
    counts.begin_at(last.saturating_sub(u32::read(input)));
    // Each takes three bytes, of which there are not that many.
    for _ in 0..count(MOST_BYTES, input) {
        let at = last.saturating_sub(u32::read(input));
        counts.add(at, read_kind(kinds, input), u16::read(input));
    }
}

/// The number of an event, of which so many have names.
#[inline(never)]
fn read_kind(kinds: usize, input: &mut Reader<'_>) -> u8 {
    let kind = u8::read(input);
    input.require(usize::from(kind) < kinds || kind == u8::MAX);
    kind
}

fn write_interests(interests: &Interests, mentions: &Mentions, last_seen: u64, out: &mut Vec<u8>) {
    length(interests.iter().len()).write(out);
    for said in interests.iter() {
        mentions.place(said.key).write(out);
        let is_disliked = said.disliked != Faded::NOTHING;
        (u8::from(is_disliked) | u8::from(said.is_bought) << 1).write(out);
        said.liked.write(out);
        if is_disliked {
            said.disliked.write(out);
        }
        last_seen.saturating_sub(said.last).write(out);
        said.times.write(out);
    }
}

fn read_interests(interests: &mut Interests, most: usize, texts: &Texts, last_seen: u64, input: &mut Reader<'_>) {
    for _ in 0..count(most, input) {
        let key = u32::read(input);
        let key = text_at(key, texts, input);
        let flags = u8::read(input);
        let liked = Faded::read(input);
        let disliked = if flags & 1 == 0 { Faded::NOTHING } else { Faded::read(input) };
        let last = instant_before(last_seen, input);
        let said = Said { key, liked, disliked, last, times: u16::read(input), is_bought: flags & 2 != 0 };
        interests.add(&said, most, texts);
    }
}
