//! Rules that rank the catalog.

use super::draft::{Draft, narrow};
use super::filter::compile_filter;
use super::no_effect;
use super::tables::Tables;
use crate::bucket::Hash;
use crate::bundle::content::REASON_END;
use crate::bundle::manifest::{RankNames, Within};
use crate::bundle::ranking as wire;
use crate::condition::compile::did::window_of;
use crate::problem::{Pointer, Problem};
use crate::profile::kept_text;
use crate::program::Action;
use crate::rank::blend::Blend;
use crate::rank::catalog::{Anchor, Boost, MOST_CANDIDATES, MOST_SHOWN, Ranking};

/// The slot and the rule that rank, by number and by name.
pub(super) struct Place<'a> {
    pub(super) slot: u16,
    pub(super) rule: u16,
    pub(super) name: &'a str,
    /// The variant that shows the list.
    pub(super) variant: u16,
}

/// As many events a profile knows one by one.
const MOST_TIMES: u32 = 40;

/// The most rules that rank.
const MOST_RANKINGS: usize = 10_000;

/// Compiles what a rule ranks by; both halves have the same number.
pub(super) fn compile_rank(
    wire: &wire::Rank,
    place: &Place<'_>,
    pointer: &Pointer,
    draft: &mut Draft,
    tables: &mut Tables,
) -> Action {
    if draft.catalog.rankings.len() >= MOST_RANKINGS {
        tables.error(pointer, format!("a bundle may rank in {MOST_RANKINGS} rules"));
    }
    let ranking = compile_ranking(wire, place.name, pointer, draft, tables);
    draft.catalog.rankings.push(ranking);
    if let wire::About::Attribute(path) = &wire.about
        && !is_path(path)
    {
        let message = format!("\"{path}\" is no path of an attribute, such as page.item");
        tables.error(&pointer.child("about").child("attribute"), message);
    }
    if wire.explore > 0.0 {
        tables.identity_input("id");
    }
    let consent = tables.rank_consent;
    let list = tables.ranked_input(place.name);
    let names = RankNames {
        slot: place.slot,
        rule: place.rule,
        list,
        consent: consent.and_then(|purpose| tables.manifest.purposes.get(usize::from(purpose)).cloned()),
        cap: wire.cap.as_ref().and_then(|cap| compile_cap(cap, &pointer.child("cap"), tables)),
    };
    tables.manifest.ranks.push(names);
    if !matches!(wire.about, wire::About::Attribute(_)) || wire.cap.is_some() || !wire.exclude.is_empty() {
        // The profile is looked at.
        tables.manifest.profile.get_or_insert_default();
    }
    Action::Rank { variant: place.variant, list, consent }
}

/// What the list of a ranking depends on, as a template: see [`crate::bundle::content::ASKED`].
pub(super) fn asked(wire: &wire::Rank) -> Option<String> {
    let about = match &wire.about {
        wire::About::Attribute(path) if is_path(path) => Some(format!("{{{{{path}}}}}")),
        _ => None,
    };
    let visitor = (wire.explore > 0.0).then(|| "{{id}}".to_owned());
    if about.is_none() && visitor.is_none() {
        return None;
    }
    Some(format!("{}{REASON_END}{}", about.unwrap_or_default(), visitor.unwrap_or_default()))
}

/// Whether names joined by dots can stand in a template.
fn is_path(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && !name.contains(|unit: char| unit.is_whitespace() || "{}#^/!&>=".contains(unit))
    };
    path.split('.').all(is_name)
}

fn compile_cap(cap: &wire::Cap, pointer: &Pointer, tables: &mut Tables) -> Option<(String, Within, u32)> {
    if !(1..=MOST_TIMES).contains(&cap.times) {
        tables.error(
            &pointer.child("times"),
            format!("is a number from 1 to {MOST_TIMES}: so many events are known one by one"),
        );
    }
    let window = window_of(&cap.within);
    if window.is_none() {
        let message = "is a time such as \"10m\", \"3h\" or \"30d\" (90 days at most), \"session\" or \"last-session\"";
        tables.error(&pointer.child("within"), message);
    }
    Some((kept_text(&cap.event).into_owned(), window?.into(), cap.times))
}

fn compile_ranking(
    wire: &wire::Rank,
    name: &str,
    pointer: &Pointer,
    draft: &mut Draft,
    tables: &mut Tables,
) -> Ranking {
    in_range(wire.limit, MOST_SHOWN, &pointer.child("limit"), tables);
    in_range(wire.candidates, MOST_CANDIDATES, &pointer.child("candidates"), tables);
    let diversity = wire.diversity.clone().unwrap_or(wire::Diversity { amount: 0.0, ..wire::Diversity::default() });
    for (member, share) in [("explore", wire.explore), ("diversity", diversity.amount)] {
        if !(0.0..=1.0).contains(&share) {
            tables.error(&pointer.child(member), "is a share from 0 to 1");
        }
    }
    if diversity.most_of_category == Some(0) {
        tables.error(&pointer.child("diversity").child("mostOfCategory"), "is a number from 1 up");
    }
    let blend = blend(wire, draft.stack.as_ref(), pointer, tables);
    no_effect::warn_of_rank(wire, &blend, pointer, tables);
    let boosts_pointer = pointer.child("boosts");
    let boosts = wire.boosts.iter().enumerate().map(|(number, boost)| {
        let at = boosts_pointer.child(number);
        if !boost.add.is_finite() || boost.add.abs() > 1e6 {
            tables.error(&at.child("add"), "is a number that is added to the score");
        }
        let outcome = Some("nothing is added to any");
        let filter = compile_filter(boost.filter.as_ref(), outcome, &at.child("where"), draft, tables);
        Boost { filter, add: narrow(boost.add) }
    });
    let boosts = boosts.collect();
    // Pinned items are shown in any case.
    let outcome = wire.pins.is_empty().then_some("the rule is always passed over");
    Ranking {
        limit: wire.limit,
        candidates: wire.candidates.max(wire.limit),
        blend,
        anchor: match wire.about {
            wire::About::History => Anchor::History,
            wire::About::Last => Anchor::Last,
            wire::About::Attribute(_) => Anchor::Given,
        },
        filter: compile_filter(wire.filter.as_ref(), outcome, &pointer.child("where"), draft, tables),
        boosts,
        leaves_out_seen: wire.exclude.contains(&wire::Excluded::Seen),
        leaves_out_bought: wire.exclude.contains(&wire::Excluded::Bought),
        relevance: narrow(1.0 - diversity.amount),
        is_by_category: diversity.by == wire::DiversityBy::Category,
        category_cap: diversity.most_of_category.unwrap_or(u16::MAX),
        pins: pins(wire, pointer, draft, tables),
        explore: wire.explore,
        seed: Hash::default().feed(&name.encode_utf16().collect::<Vec<_>>()).value(),
    }
}

fn in_range(number: u16, most: u16, pointer: &Pointer, tables: &mut Tables) {
    if !(1..=most).contains(&number) {
        tables.error(pointer, format!("is a number from 1 to {most}"));
    }
}

fn blend(wire: &wire::Rank, learned: Option<&wire::Stack>, pointer: &Pointer, tables: &mut Tables) -> Blend {
    let stack = wire.stack.as_ref().or(learned.filter(|_| wire.weights.is_none()));
    let blend = match (&wire.weights, stack) {
        (Some(_), Some(_)) => {
            tables.error(pointer, "has weights or a stack, not both");
            Blend::default()
        }
        (None, Some(stack)) => Blend::standardised(stack.weights, stack.bias, stack.means, stack.deviations),
        (weights, None) => {
            let wire::Weights { content, factors, neighbours, popularity, recency, boost } =
                weights.clone().unwrap_or_default();
            let weights = [content, factors, neighbours, popularity, recency, boost].map(narrow);
            Blend { weights, bias: 0.0 }
        }
    };
    if !blend.is_sound() {
        let member = if stack.is_some() { "stack" } else { "weights" };
        tables.error(&pointer.child(member), "holds a number that is too large");
    }
    blend
}

fn pins(wire: &wire::Rank, pointer: &Pointer, draft: &Draft, tables: &mut Tables) -> Vec<(u16, u16)> {
    let pointer = pointer.child("pins");
    let mut pins = Vec::new();
    for (number, pin) in wire.pins.iter().enumerate() {
        let at = pointer.child(number);
        let before = wire.pins.get(..number).unwrap_or_default();
        if before.iter().any(|other| other.item == pin.item) {
            tables.error(&at.child("item"), format!("\"{}\" is pinned already", pin.item));
        }
        if before.iter().any(|other| other.place == pin.place) {
            tables.error(&at.child("place"), format!("place {} has an item already", pin.place));
        }
        let item = tables.resolve("item", &pin.item, draft.ids(), &at.child("item"));
        if !(1..=wire.limit).contains(&pin.place) {
            let message = format!("there are the places 1 to {}", wire.limit);
            tables.problem(Problem::error(&at.child("place"), message).help("places follow \"limit\""));
        }
        pins.extend(item.map(|item| (pin.place.saturating_sub(1), item)));
    }
    pins
}
