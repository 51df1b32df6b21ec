//! Lists as they are served: by the engine, from a compiled bundle.
//!
//! Vectors are quantised, visitors folded in on the spot, neighbours cut to those that are kept; and with a sketch the past is what a profile of
//! 1,536 bytes has kept of it, faded as it fades.

use crate::evaluate::{Case, Ranks};
use crate::events::Events;
use crate::failure::Failure;
use crate::learned::{Learned, MODEL};
use serde_json::{Value as Json, json};
use slotwise::bundle::codec::decode_catalog;
use slotwise::bundle::ranking::Weights;
use slotwise::profile::fading::REFERENCE;
use slotwise::profile::{Event, Profile};
use slotwise::rank::blend::Signals;
use slotwise::rank::{Ask, Catalog, Lister, Past};
use slotwise::{Compiled, compile_with};

/// What the engine serves.
#[derive(Clone, Debug)]
pub struct Served {
    catalog: Catalog,
    ids: Vec<String>,
    /// Names of events, by their numbers.
    names: Vec<String>,
    past: PastOf,
    /// See [`Events::lag`].
    lag: f64,
    /// How large the compiled file is.
    pub bytes: usize,
}

/// Where the engine gets a visitor's past from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastOf {
    /// All that they did, each event with its weight.
    Events,
    /// The profile that travels with them.
    Profile,
}

/// What signals count.
#[derive(Clone, Debug)]
pub enum Blend {
    /// By weights.
    Weights(Weights),
    /// As the model says.
    Stack,
}

/// The most items that the engine lists.
pub const MOST_LISTED: usize = 100;

impl Served {
    /// Compiles a bundle with what was learned of events; `members` are those of the catalog's items, one object each.
    ///
    /// # Errors
    /// What does not fit into a bundle, such as more than 60,000 items.
    pub fn new(learned: &Learned, events: &Events, members: &[Json], blend: &Blend) -> Result<Self, Failure> {
        let mut rank = json!({ "show": "list", "limit": MOST_LISTED, "candidates": MOST_LISTED, "exclude": ["seen"] });
        if let Blend::Weights(weights) = blend {
            rank["weights"] = json!(weights);
        }
        let bundle = json!({
            "version": 1, "id": "evaluation",
            "catalog": { "items": members, "members": ["id"], "model": format!("model/{MODEL}") },
            "slots": { "list": { "default": "none", "variants": { "none": {}, "list": {} }, "rules": [{ "rank": rank }] } },
        });
        let files = learned.files(&events.items).beside_a_bundle("model");
        let Compiled { bytes, .. } = compile_with(bundle, &files).map_err(|problems| {
            let told = problems.first().map(ToString::to_string).unwrap_or_default();
            Failure::new(format!("what was learned does not fit into a bundle: {told}"))
        })?;
        let catalog = decode_catalog(&bytes).ok().flatten().unwrap_or_default();
        let names = events.names.iter().cloned().collect();
        let (ids, lag) = (events.items.clone(), events.lag());
        Ok(Self { catalog, ids, names, past: PastOf::Events, lag, bytes: bytes.len() })
    }

    /// The same with the past from elsewhere.
    #[must_use]
    pub fn with_past_of(self, past: PastOf) -> Self {
        Self { past, ..self }
    }

    /// What speaks for some items, signal by signal.
    #[must_use]
    pub fn signals(&self, case: &Case, items: &[u32]) -> Vec<Signals> {
        let items: Vec<u16> = items.iter().filter_map(|item| u16::try_from(*item).ok()).collect();
        let ask = |history: &[Past<'_>]| {
            let ask = Ask { history, now: self.moment(case.now), ..Ask::default() };
            self.catalog.rankings.first().map(|ranking| Lister::default().signals(&self.catalog, ranking, &ask, &items))
        };
        self.asked(case, ask).unwrap_or_default()
    }

    fn asked<T>(&self, case: &Case, ask: impl FnOnce(&[Past<'_>]) -> T) -> T {
        match self.past {
            PastOf::Events => {
                let past = |(item, weight): &(u32, f32)| Past {
                    id: &self.ids[*item as usize],
                    worth: (*weight).into(),
                    last: self.moment(case.now),
                    is_bought: false,
                };
                ask(&case.history.iter().map(past).collect::<Vec<_>>())
            }
            PastOf::Profile => {
                let profile = self.profile(case);
                let past = profile.past(self.moment(case.now));
                let past = past.iter().map(|(interest, worth)| Past {
                    id: interest.key,
                    worth: *worth,
                    #[expect(clippy::cast_precision_loss, reason = "milliseconds of the calendar are below 2⁵³")]
                    last: interest.last as f64,
                    is_bought: interest.is_bought,
                });
                ask(&past.collect::<Vec<_>>())
            }
        }
    }

    /// The moment at which the engine thinks that something is.
    fn moment(&self, time: f64) -> f64 {
        if time.is_nan() { REFERENCE } else { time + self.lag }
    }

    /// The profile that what the visitor did leaves, as it comes back from a cookie.
    fn profile(&self, case: &Case) -> Profile {
        let mut profile = Profile::new(case.visitor);
        for event in &case.events {
            let time = self.moment(event.time);
            let happened = Event {
                name: self.names[usize::from(event.name)].clone(),
                item: Some(self.ids[event.item as usize].clone()),
                value: Some(event.value).filter(|value| !value.is_nan()),
                time,
                ..Event::default()
            };
            profile.apply(&happened, time);
        }
        Profile::from_bytes(&profile.to_bytes()).unwrap_or(profile)
    }
}

impl Ranks for Served {
    fn rank(&self, case: &Case, length: usize) -> Vec<u32> {
        let Some(ranking) = self.catalog.rankings.first() else { return Vec::new() };
        // What a profile has forgotten was seen all the same, and is left out as the other ways leave it out.
        let seen: Vec<&str> = case.history.iter().map(|(item, _)| self.ids[*item as usize].as_str()).collect();
        let list = self.asked(case, |history| {
            let ask = Ask { history, left_out: &seen, now: self.moment(case.now), ..Ask::default() };
            Lister::default().list(&self.catalog, ranking, &ask)
        });
        list.iter().take(length).map(|listed| listed.item.into()).collect()
    }
}
