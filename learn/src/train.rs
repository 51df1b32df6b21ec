//! From a log to a model: parameters and blend chosen by what was held back, then everything learned from.

use crate::events::{Event, Events, Groups, written};
use crate::failure::Failure;
use crate::fit::Fitted;
use crate::folder;
use crate::learned::{Learned, MODEL, Segment};
use crate::models::popularity::Popularity;
use crate::parameters::Parameters;
use crate::split::{By, Split};
use crate::study::{Question, Study};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::json;
use slotwise::bundle::ranking::Stack;
use slotwise::bundle::wire::Condition;

/// A model and its card.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The model.
    pub learned: Learned,
    /// What it was made of.
    pub card: Card,
}

/// What a model was made of, and what it is worth.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Events that were learned from.
    pub events: usize,
    /// Their visitors.
    pub visitors: usize,
    /// The items of the catalog.
    pub items: usize,
    /// When the first event happened, where the log has times.
    pub from: Option<String>,
    /// And the last.
    pub until: Option<String>,
    /// Rows of the log that were not used, by reason.
    pub rejected: IndexMap<&'static str, u64>,
    /// Rows that told an event again.
    pub duplicates: u64,
    /// What was drawn at random was drawn with this.
    pub seed: u64,
    /// What models were learned with.
    pub parameters: Parameters,
    /// Which events were held back to choose by.
    pub held_back: &'static str,
    /// Which items go together was learned by this: `ease` or `knn`.
    pub neighbours: &'static str,
    /// How signals are blended.
    pub stack: Stack,
    /// NDCG at 10 on events that were held back, by model.
    pub validated: IndexMap<&'static str, f64>,
    /// Segments that popularity was counted in.
    pub segments: Vec<String>,
    /// What the model does not know.
    pub limits: Vec<&'static str>,
}

/// What the folder is told from others by.
pub const KIND: folder::Kind = folder::Kind { mark: MODEL, what: "a model" };

impl Trained {
    /// The files of the folder; `items` are the ids that numbers stand for.
    ///
    /// # Errors
    /// None that is known of.
    pub fn files(&self, items: &[String]) -> Result<IndexMap<&'static str, Vec<u8>>, Failure> {
        let mut files = self.learned.files(items).into_bytes()?;
        files.insert(folder::CARD, folder::json(folder::CARD, &self.card)?);
        Ok(files)
    }
}

const LIMITS: [&str; 4] = [
    "It knows what visitors did on this site in this time, and nothing of why.",
    "What was shown more was chosen more: popularity and factors repeat that.",
    "Items without events are ranked by content, recency and boosts alone.",
    "The validation holds back the last events of the log; another season may be another matter.",
];

/// Popularity is counted in segments with so many events or more.
const LEAST_IN_SEGMENT: usize = 100;

/// And in so many of them at most: a bundle may ask 32, and rules need some.
const MOST_SEGMENTS: usize = 24;

/// Learns a model.
///
/// # Errors
/// A log that is too small to hold anything back, and parameters by which nothing can be learned.
pub fn train(study: &Study<'_>, question: &Question) -> Result<Trained, Failure> {
    let events = study.events;
    let (held_back, train, validation) = hold_back(study, question)?;
    let choice = study.choose(&train, &validation, question)?;
    let fitted = Fitted::new(&events.all, study.material, &choice.parameters, question.seed, study.watch)?;
    let learned = Learned { segments: segments(events, study.material.items), ..study.learned(&fitted, &choice) };
    let (from, until) = events.period().map(|(from, until)| (written(from), written(until))).unzip();
    let card = Card {
        events: events.all.len(),
        visitors: events.visitors.len(),
        items: study.material.items,
        from,
        until,
        rejected: events.tally.rejected.reasons().collect(),
        duplicates: events.tally.duplicates,
        seed: question.seed,
        parameters: choice.parameters,
        held_back,
        neighbours: if choice.by_ease { "ease" } else { "knn" },
        stack: choice.stack,
        validated: choice.validated,
        segments: learned.segments.iter().map(|segment| segment.name.clone()).collect(),
        limits: LIMITS.to_vec(),
    };
    Ok(Trained { learned, card })
}

/// Which events are held back, and what is learned from and chosen by then: the last ones, where enough visitors came back among them.
fn hold_back(study: &Study<'_>, question: &Question) -> Result<(&'static str, Vec<Event>, Vec<Event>), Failure> {
    let events = study.events;
    if let (By::Time { validation, .. }, None) = (question.by, events.period()) {
        let split = Split::new(events, By::Given { test: None, validation }, question.seed)?;
        return Ok(("a share drawn at random", split.train, split.validation));
    }
    if let Ok(Split { train, validation, .. }) = Split::new(events, question.by, question.seed)
        && study.cases(&train, &validation, false).is_ok()
    {
        return Ok(("the last events", train, validation));
    }
    let split = Split::new(events, By::LastOut, question.seed)?;
    Ok(("each visitor's last item", split.before_test(), split.test))
}

/// Popularity by the values of attributes, the wider attributes first, the frequent values first.
fn segments(events: &Events, items: usize) -> Vec<Segment> {
    let of = |groups: &'_ Groups| -> Vec<Segment> {
        let counted = Popularity::by_group(&events.all, groups, items, LEAST_IN_SEGMENT);
        let segment = |(value, popularity): (&str, Popularity)| Segment {
            name: format!("{}={value}", groups.path),
            condition: Condition(json!({ groups.path.clone(): value })),
            popularity,
        };
        counted.into_iter().map(segment).collect()
    };
    let share = MOST_SEGMENTS.checked_div(events.groups.len()).unwrap_or(0);
    events.groups.iter().flat_map(|groups| of(groups).into_iter().take(share)).collect()
}
