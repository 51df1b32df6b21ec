//! Lists that rankings make: asked for when a decision comes upon them, and handed over as inputs of the next.
//!
//! `pkg/src/rank` is the other side's; the vectors in `tests/spec` hold the two together.

use super::Context;
use crate::bundle::content::{ASKED, REASON_END};
use crate::bundle::manifest::{Manifest, RankNames, Within};
use crate::decide::{Decisions, Frame, decide};
use crate::profile::{Interest, Profile};
use crate::program::Program;
use crate::rank::list::ALL;
use crate::rank::{Ask, Catalog, Listed, Lister, NO_ITEM, Past};
use crate::trace::NoTrace;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::iter::{once, repeat};

/// Lists are made as of the hour, so that they change once an hour and not with every millisecond.
const HOUR: f64 = 3_600_000.0;

/// One item of a list that a slot shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownItem {
    /// Its id.
    pub id: String,
    /// How good it is: the bias and all shares, added up in single precision.
    pub score: f64,
    /// How likely it was that it got its place, given those before it; below 1 where places are explored.
    pub propensity: f64,
    /// Why it is shown.
    pub because: Because,
}

/// Why an item is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Because {
    /// The signal that speaks for it most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<&'static str>,
    /// The item of the visitor's past that does so most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// That in words, when the bundle has words for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What each signal adds to the score; those that add nothing are left out.
    pub shares: IndexMap<&'static str, f64>,
    /// What items of the past gave to those.
    pub parts: Vec<BecausePart>,
}

/// What an item of the past gave to a share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BecausePart {
    /// Whose share.
    pub signal: &'static str,
    /// The item; nothing for what is no single item's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// How much.
    pub share: f64,
}

/// The names of signals, in the order of [`ALL`].
const SIGNALS: [&str; 6] = ["content", "factors", "neighbours", "popularity", "recency", "boost"];

/// The lists of one decision, by ranking.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    made: Vec<Option<Vec<Listed>>>,
}

impl Lists {
    /// Decides, makes the lists that were asked for, and decides again until all are there.
    pub(super) fn decide(
        program: &Program,
        manifest: &Manifest,
        catalog: Option<&Catalog>,
        (context, frame): (&Context, &mut Frame),
        decisions: &mut Decisions,
    ) -> Self {
        let mut lists = Self { made: vec![None; manifest.ranks.len()] };
        let mut lister = Lister::default();
        loop {
            decide(program, frame, &mut NoTrace, decisions);
            let mut asked = manifest.ranks.iter().zip(&lists.made);
            let asked = asked.position(|(names, made)| made.is_none() && decisions.has_read(names.list));
            let Some((place, names)) = asked.and_then(|place| Some((place, manifest.ranks.get(place)?))) else {
                return lists;
            };
            let list = catalog.map(|catalog| {
                let asker = Asker { program, manifest, catalog, context, frame, decisions };
                asker.list(place, names, &mut lister)
            });
            let list = list.unwrap_or_default();
            let objects = catalog.map(|catalog| {
                let about = lister.about().map(|item| Json::Object(members(catalog, item)));
                list.iter()
                    .zip(once(about).chain(repeat(None)))
                    .map(|(listed, about)| object(catalog, listed, about))
                    .collect()
            });
            let node = frame.pool.push_json(&Json::Array(objects.unwrap_or_default()));
            if let Some(value) = frame.values.get_mut(usize::from(names.list)) {
                *value = node;
            }
            let hour_ends = (frame.now / HOUR).floor() * HOUR + HOUR;
            frame.profile_until = Some(frame.profile_until.map_or(hour_ends, |until| until.min(hour_ends)));
            if let Some(made) = lists.made.get_mut(place) {
                *made = Some(list);
            }
        }
    }

    /// The list of a slot that a rule decided, as it is shown. `reasons` says why each item is, in words.
    pub(super) fn shown(
        &self,
        manifest: &Manifest,
        catalog: &Catalog,
        (slot, rule): (u16, Option<u16>),
        reasons: &[&str],
    ) -> Option<Vec<ShownItem>> {
        let place = manifest.ranks.iter().position(|names| names.slot == slot && Some(names.rule) == rule)?;
        let list = self.made.get(place)?.as_ref()?;
        let items = list.iter().enumerate().map(|(number, listed)| {
            let text = reasons.get(number).filter(|text| !text.is_empty() && reasons.len() == list.len());
            shown(catalog, listed, text.map(|text| (*text).to_owned()))
        });
        Some(items.collect())
    }

    /// The ids of each list that was made, for the key of the answer.
    pub(super) fn ids<'l>(&'l self, catalog: &'l Catalog, place: usize) -> impl Iterator<Item = &'l str> {
        let list = self.made.get(place).and_then(Option::as_ref);
        list.into_iter().flatten().map(|listed| catalog.ids.get(listed.item))
    }
}

/// What a list is made from.
struct Asker<'a> {
    program: &'a Program,
    manifest: &'a Manifest,
    catalog: &'a Catalog,
    context: &'a Context,
    frame: &'a Frame,
    decisions: &'a Decisions,
}

impl Asker<'_> {
    fn list(&self, place: usize, names: &RankNames, lister: &mut Lister) -> Vec<Listed> {
        let Some(ranking) = self.catalog.rankings.get(place) else { return Vec::new() };
        let consents = |purpose: &Option<String>| {
            purpose.as_ref().is_none_or(|purpose| self.context.consent.get(purpose) == Some(&true))
        };
        let is_allowed = consents(&names.consent);
        let now = (self.frame.now / HOUR).floor() * HOUR;
        let knows_profile =
            is_allowed && self.manifest.profile.as_ref().is_some_and(|questions| consents(&questions.consent));
        let profile = self.context.profile.as_deref().filter(|_| knows_profile).and_then(Profile::from_bytes);
        let interests: Vec<(Interest<'_>, f64)> = profile.as_ref().map_or_else(Vec::new, |profile| profile.past(now));
        let left_out =
            profile.as_ref().zip(names.cap.as_ref()).map_or_else(Vec::new, |(profile, cap)| capped(profile, cap, now));
        let history: Vec<Past<'_>> = interests.iter().map(|(interest, worth)| past(interest, *worth)).collect();
        let asked = self
            .decisions
            .rendered
            .iter()
            .find(|rendered| rendered.slot == names.slot && rendered.patch == ASKED.saturating_add(names.rule));
        let asked = asked.and_then(|rendered| self.decisions.text.get(rendered.text.range(1)));
        let asked = String::from_utf16_lossy(asked.unwrap_or_default());
        let (about, visitor) = asked.split_once(REASON_END).unwrap_or_default();
        let given = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
        let (about, visitor) = (given(about), given(visitor).filter(|_| is_allowed));
        let segments = (0u32..).zip(&self.program.rank_segments);
        let segments = segments.filter(|(_, segment)| self.decisions.is_in(**segment));
        let segments = segments.fold(0, |bits, (bit, _)| bits | 1u32.checked_shl(bit).unwrap_or(0));
        let ask = Ask {
            left_out: &left_out,
            history: &history,
            anchor: about.as_deref(),
            segments,
            now,
            visitor: visitor.as_deref(),
        };
        lister.list(self.catalog, ranking, &ask)
    }
}

/// The items of which an event happened often enough.
fn capped<'p>(profile: &'p Profile, (event, within, times): &(String, Within, u32), now: f64) -> Vec<&'p str> {
    let (seen, _) = profile.each(event, (*within).into(), now);
    let mut counted: IndexMap<&str, u32> = IndexMap::new();
    for item in seen.into_iter().filter_map(|seen| seen.item) {
        let count = counted.entry(item).or_default();
        *count = count.saturating_add(1);
    }
    counted.into_iter().filter(|(_, count)| count >= times).map(|(item, _)| item).collect()
}

fn past<'a>(interest: &Interest<'a>, worth: f64) -> Past<'a> {
    let last = crate::profile::float(interest.last);
    Past { id: interest.key, worth, last, is_bought: interest.is_bought }
}

/// An item as templates see it: its members, and what speaks for it most. The first of a list has what the list is about as well, unless
/// items have a member of that name.
fn object(catalog: &Catalog, listed: &Listed, about: Option<Json>) -> Json {
    let mut members = members(catalog, listed.item);
    let mut because = Map::new();
    if let Some((signal, item)) = listed.because {
        let past = if item == NO_ITEM { Json::Bool(true) } else { Json::Object(self::members(catalog, item)) };
        because.insert(SIGNALS.get(signal as usize).copied().unwrap_or_default().to_owned(), past);
    }
    members.insert("because".to_owned(), Json::Object(because));
    if let Some(about) = about {
        members.entry("about").or_insert(about);
    }
    Json::Object(members)
}

fn members(catalog: &Catalog, item: u16) -> Map<String, Json> {
    serde_json::from_str(catalog.members.get(item)).unwrap_or_default()
}

fn shown(catalog: &Catalog, listed: &Listed, text: Option<String>) -> ShownItem {
    let name_of = |signal: crate::rank::blend::Signal| SIGNALS.get(signal as usize).copied().unwrap_or_default();
    let id_of = |item: u16| (item != NO_ITEM).then(|| catalog.ids.get(item).to_owned());
    let shares = ALL.into_iter().zip(listed.shares).filter(|(_, share)| *share != 0.0);
    ShownItem {
        id: catalog.ids.get(listed.item).to_owned(),
        score: listed.score.into(),
        propensity: listed.propensity,
        because: Because {
            signal: listed.because.map(|(signal, _)| name_of(signal)),
            item: listed.because.and_then(|(_, item)| id_of(item)),
            text,
            shares: shares.map(|(signal, share)| (name_of(signal), share.into())).collect(),
            parts: listed
                .parts
                .iter()
                .map(|part| BecausePart { signal: name_of(part.signal), item: id_of(part.item), share: part.share })
                .collect(),
        },
    }
}
