//! A profile as bytes: small enough for a cookie, and read as what anybody may have written.
//!
//! Times are written as how long before the last event they were, texts once each. What does not fit is left out in
//! steps, each of which keeps less of every part: see [`STEPS`].

use super::fading::Faded;
use super::fold::units;
use super::interests::{Interest, Interests};
use super::sessions::{COUNTED, KNOWN, Session, Sessions};
use super::{
    APPLIED, CATEGORIES, Counts, DAY, DAYS, HOUR, HOURS, ITEMS, MERGED, NAMES, Profile, Purchases, RECENT, Recent,
    STANDARD, kept_text,
};
use crate::binary::{Binary, Reader};

/// No written profile is longer, in bytes.
pub const MOST_BYTES: usize = 1536;
const VERSION: u8 = 1;

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
        let mut bytes = Vec::new();
        for limits in &STEPS {
            bytes = self.write(limits);
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
        let profile = Self::read(&mut input)?;
        input.is_complete().then_some(profile)
    }

    fn write(&self, limits: &Limits) -> Vec<u8> {
        let (gone, recent) = last(&self.recent, limits.recent);
        let complete_from = gone.last().map_or(0, |gone| gone.time.saturating_add(1)).max(self.complete_from);
        let (categories, items) = (self.categories.most(limits.categories), self.items.most(limits.items));
        let texts = self.texts(recent, categories.iter().chain(&items));
        let place = |text: &str| length(texts.iter().position(|known| *known == text).unwrap_or(0));
        let age = |time: u64| self.last_seen.saturating_sub(time);

        let mut out = vec![VERSION];
        self.origin.write(&mut out);
        self.sequence.write(&mut out);
        self.last_seen.write(&mut out);
        age(self.first_seen).write(&mut out);
        age(complete_from).write(&mut out);
        length(texts.len()).write(&mut out);
        for text in &texts {
            length(text.len()).write(&mut out);
            out.extend_from_slice(text.as_bytes());
        }
        length(self.names.len()).write(&mut out);

        length(recent.len()).write(&mut out);
        for recent in recent {
            age(recent.time).write(&mut out);
            recent.kind.write(&mut out);
            write_identity(recent.identity, &mut out);
            recent.item.as_deref().map(place).write(&mut out);
            recent.category.as_deref().map(place).write(&mut out);
            recent.value.is_some().write(&mut out);
            out.extend(recent.value.into_iter().flat_map(f32::to_le_bytes));
        }
        // Those of the events above need not be written again.
        let is_other = |identity: &u32| recent.iter().all(|recent| recent.identity != *identity);
        let (_, applied) = last(&self.applied, limits.applied);
        let others = || applied.iter().filter(|identity| is_other(identity));
        length(others().count()).write(&mut out);
        for identity in others() {
            write_identity(*identity, &mut out);
        }
        write_counts(&self.hours, units(self.last_seen, HOUR), limits.hours, &mut out);
        write_counts(&self.days, units(self.last_seen, DAY), limits.days, &mut out);
        let (gone, sessions) = last(&self.sessions.known, limits.sessions);
        self.sessions.earlier.saturating_add(length(gone.len())).write(&mut out);
        length(sessions.len()).write(&mut out);
        for (left, session) in (1..=sessions.len()).rev().zip(sessions) {
            age(session.end).write(&mut out);
            session.end.saturating_sub(session.start).write(&mut out);
            let counts = if left <= COUNTED { session.counts.as_slice() } else { &[] };
            length(counts.len()).write(&mut out);
            for (kind, times) in counts {
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
        for interests in [&categories, &items] {
            length(interests.len()).write(&mut out);
            for interest in interests {
                place(&interest.key).write(&mut out);
                let is_disliked = interest.disliked != Faded::NOTHING;
                (u8::from(is_disliked) | u8::from(interest.is_bought) << 1).write(&mut out);
                interest.liked.write(&mut out);
                if is_disliked {
                    interest.disliked.write(&mut out);
                }
                age(interest.last).write(&mut out);
                interest.times.write(&mut out);
            }
        }
        self.merged.write(&mut out);
        out
    }

    /// Every text once, the names of own events first.
    fn texts<'a>(&'a self, recent: &'a [Recent], interests: impl Iterator<Item = &'a &'a Interest>) -> Vec<&'a str> {
        let mut texts: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let recent = recent.iter().flat_map(|recent| [recent.item.as_deref(), recent.category.as_deref()]).flatten();
        for text in recent.chain(interests.map(|interest| interest.key.as_str())) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        if u8::read(input) != VERSION {
            return None;
        }
        let (origin, sequence, last_seen) = (u32::read(input), u32::read(input), u64::read(input));
        if last_seen > super::instant(f64::INFINITY) {
            return None;
        }
        let before = |input: &mut Reader<'_>| last_seen.saturating_sub(u64::read(input));
        let (first_seen, complete_from) = (before(input), before(input));
        let texts: Vec<String> = Vec::read(input);
        if texts.iter().any(|text| *kept_text(text) != **text) {
            return None;
        }
        let names = texts.get(..u32::read(input) as usize)?.to_vec();
        let kinds = STANDARD.len().saturating_add(names.len());
        let is_kind = |kind: u8| usize::from(kind) < kinds || kind == u8::MAX;
        if names.len() > NAMES {
            return None;
        }

        let mut recent = Vec::new();
        for _ in 0..u32::read(input).min(u32::try_from(RECENT).unwrap_or(0)) {
            let (time, kind, identity) = (before(input), u8::read(input), read_identity(input));
            let mut text = || Option::<u32>::read(input).map(|place| texts.get(place as usize).cloned());
            let (item, category) = (text(), text());
            let value = bool::read(input).then(|| f32::from_le_bytes([(); 4].map(|()| u8::read(input))));
            let is_sound =
                is_kind(kind) && item != Some(None) && category != Some(None) && value.is_none_or(f32::is_finite);
            if !is_sound {
                return None;
            }
            let place = recent.partition_point(|before: &Recent| (before.time, before.identity) <= (time, identity));
            let (item, category) = (item.flatten(), category.flatten());
            recent.insert(place, Recent { time, kind, identity, item, category, value });
        }
        let mut applied = Vec::new();
        for _ in 0..u32::read(input).min(u32::try_from(APPLIED).unwrap_or(0)) {
            applied.push(read_identity(input));
        }
        applied.extend(recent.iter().map(|recent| recent.identity));
        let hours = read_counts(units(last_seen, HOUR), is_kind, input)?;
        let days = read_counts(units(last_seen, DAY), is_kind, input)?;
        let sessions = read_sessions(last_seen, is_kind, input)?;
        let count = u32::read(input);
        let purchases = if count == 0 {
            Purchases::default()
        } else {
            Purchases { count, total: f64::read(input), last: before(input) }
        };
        if !purchases.total.is_finite() {
            return None;
        }
        let engagement = Faded::read(input);
        let categories = read_interests(last_seen, &texts, CATEGORIES, input)?;
        let items = read_interests(last_seen, &texts, ITEMS, input)?;
        let mut merged: Vec<(u32, u32)> = Vec::read(input);
        merged.truncate(MERGED);
        let mut profile = Self {
            first_seen,
            last_seen,
            names,
            recent,
            complete_from,
            applied,
            hours,
            days,
            sessions,
            purchases,
            engagement,
            categories,
            items,
            origin,
            sequence,
            merged,
        };
        profile.forget_applied(APPLIED);
        Some(profile)
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Identities have 24 bits.
fn write_identity(identity: u32, out: &mut Vec<u8>) {
    let [a, b, c, _] = identity.to_le_bytes();
    out.extend([a, b, c]);
}

fn read_identity(input: &mut Reader<'_>) -> u32 {
    let [a, b, c] = [(); 3].map(|()| u8::read(input));
    u32::from_le_bytes([a, b, c, 0])
}

/// What is before the last few, and those.
fn last<T>(all: &[T], most: usize) -> (&[T], &[T]) {
    all.split_at_checked(all.len().saturating_sub(most)).unwrap_or_default()
}

fn write_counts(counts: &Counts, last: u32, most: u32, out: &mut Vec<u8>) {
    let first = last.saturating_sub(most);
    let kept = || counts.iter().filter(|count| count.at >= first);
    let is_whole = counts.iter().all(|count| count.at >= first);
    let complete_from = if is_whole { counts.complete_from() } else { first.max(counts.complete_from()) };
    last.saturating_sub(complete_from).write(out);
    length(kept().count()).write(out);
    for count in kept() {
        last.saturating_sub(count.at).write(out);
        count.kind.write(out);
        count.times.write(out);
    }
}

fn read_counts(last: u32, is_kind: impl Fn(u8) -> bool, input: &mut Reader<'_>) -> Option<Counts> {
    let mut counts = Counts::default();
    counts.begin_at(last.saturating_sub(u32::read(input)));
    // Each takes three bytes, of which there are not that many.
    for _ in 0..u32::read(input).min(u32::try_from(MOST_BYTES).unwrap_or(0)) {
        let (at, kind, times) = (last.saturating_sub(u32::read(input)), u8::read(input), u16::read(input));
        if !is_kind(kind) {
            return None;
        }
        counts.add(at, kind, times);
    }
    Some(counts)
}

fn read_sessions(last_seen: u64, is_kind: impl Fn(u8) -> bool, input: &mut Reader<'_>) -> Option<Sessions> {
    let earlier = u32::read(input);
    let mut known: Vec<Session> = Vec::new();
    for _ in 0..u32::read(input).min(u32::try_from(KNOWN).unwrap_or(0)) {
        let end = last_seen.saturating_sub(u64::read(input));
        let start = end.saturating_sub(u64::read(input));
        let counts: Vec<(u8, u16)> = Vec::read(input);
        let is_sound =
            counts.is_sorted_by(|(one, _), (other, _)| one < other) && counts.iter().all(|(kind, _)| is_kind(*kind));
        if !is_sound || known.last().is_some_and(|before| before.end > start) {
            return None;
        }
        known.push(Session { start, end, counts });
    }
    Some(Sessions { earlier, known })
}

fn read_interests(last_seen: u64, texts: &[String], most: usize, input: &mut Reader<'_>) -> Option<Interests> {
    let mut interests = Interests::default();
    for _ in 0..u32::read(input).min(u32::try_from(most).unwrap_or(0)) {
        let key = texts.get(u32::read(input) as usize)?.clone();
        let flags = u8::read(input);
        let liked = Faded::read(input);
        let disliked = if flags & 1 == 0 { Faded::NOTHING } else { Faded::read(input) };
        let last = last_seen.saturating_sub(u64::read(input));
        let interest = Interest { key, liked, disliked, last, times: u16::read(input), is_bought: flags & 2 != 0 };
        interests.add(&interest, most);
    }
    Some(interests)
}
