//! What is known for one decision, by name.

use crate::bundle::manifest::{Asked, ClusterNames, InputPath, Manifest, ProfileQuestions, Question};
use crate::decide::{Frame, Zone};
use crate::profile::{Answer, Feature, Profile, Seen};
use crate::program::Program;
use crate::value::{Node, Pool};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// What is known for one decision. Only `now` must be given.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    /// What is known of the visitor: any JSON object.
    pub attributes: Json,
    /// Raw facts of the request, from which attributes are derived.
    pub request: Request,
    /// Which purposes the visitor has consented to. A purpose that is missing is refused.
    pub consent: IndexMap<String, bool>,
    /// Milliseconds since the epoch.
    pub now: f64,
    /// Minutes that the visitor's local time is ahead of UTC.
    pub utc_offset: i32,
    /// Until when (milliseconds since the epoch) that offset holds; always when missing.
    pub utc_offset_until: Option<f64>,
    /// What the visitor did: a profile as [`Profile::to_bytes`] writes it. Without one, or with what is none, they have done nothing yet.
    #[serde(skip)]
    pub profile: Option<Vec<u8>>,
    /// Arms given in earlier visits, by `<experiment>__<bucket version>`.
    pub sticky: IndexMap<String, String>,
    /// Slots that are made to show a variant.
    pub force: IndexMap<String, String>,
}

/// Raw facts of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// The page's URL.
    pub url: Option<String>,
    /// The referring page's URL.
    pub referrer: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The `Accept-Language` header.
    pub language: Option<String>,
}

impl Context {
    /// A context of which only the moment is known, in milliseconds since the epoch.
    #[must_use]
    pub fn new(now: f64) -> Self {
        Self { now, ..Self::default() }
    }

    /// Sets what is known of the visitor.
    #[must_use]
    pub fn attributes(self, attributes: Json) -> Self {
        Self { attributes, ..self }
    }

    /// Grants a consent purpose.
    #[must_use]
    pub fn consent(mut self, purpose: &str) -> Self {
        self.consent.insert(purpose.to_owned(), true);
        self
    }

    /// Makes a slot show a variant.
    #[must_use]
    pub fn force(mut self, slot: &str, variant: &str) -> Self {
        self.force.insert(slot.to_owned(), variant.to_owned());
        self
    }

    /// Hands over what a program reads, and nothing else.
    #[must_use]
    pub fn frame(&self, program: &Program, manifest: &Manifest) -> Frame {
        let mut frame = Frame { now: self.now, ..Frame::default() };
        frame.zone = Zone { offset_minutes: self.utc_offset, until: self.utc_offset_until.unwrap_or(f64::INFINITY) };
        frame.values = manifest.inputs.iter().map(|path| self.value(path, manifest, &mut frame.pool)).collect();
        for (bit, purpose) in (0u32..).zip(&manifest.purposes) {
            if self.consent.get(purpose) == Some(&true) {
                frame.consent |= 1u32.checked_shl(bit).unwrap_or(0);
            }
        }
        for (number, slot) in (0..=u16::MAX).zip(&manifest.slots) {
            let forced =
                self.force.get(&slot.name).and_then(|name| slot.variants.iter().position(|(known, _)| known == name));
            frame.force.extend(forced.and_then(|variant| u16::try_from(variant).ok()).map(|variant| (number, variant)));
        }
        if let Some(questions) = &manifest.profile {
            self.ask_profile(questions, &mut frame);
        }
        frame.derive(program);
        frame
    }

    /// Puts the profile's answers where the caller gave nothing. Without consent nothing is known.
    fn ask_profile(&self, questions: &ProfileQuestions, frame: &mut Frame) {
        let consents = questions.consent.as_ref().is_none_or(|purpose| self.consent.get(purpose) == Some(&true));
        let profile = self.profile.as_deref().and_then(Profile::from_bytes).unwrap_or_default();
        let mut until = f64::INFINITY;
        for Asked { input, question } in &questions.asked {
            let place = usize::from(*input);
            let is_given = !matches!(frame.values.get(place), None | Some(Node::Null | Node::Undefined));
            if is_given {
                continue;
            }
            let (answer, holds_until) =
                if consents { ask(&profile, question, self.now) } else { (Answer::Missing, f64::INFINITY) };
            until = until.min(holds_until);
            let node = node_of(answer, &mut frame.pool);
            if let Some(value) = frame.values.get_mut(place) {
                *value = node;
            }
        }
        frame.profile_until = Some(until);
    }

    fn value(&self, path: &InputPath, manifest: &Manifest, pool: &mut Pool) -> Node {
        match path {
            InputPath::Attribute(path) => at_path(&self.attributes, path, pool),
            InputPath::Request(member) => {
                let Request { url, referrer, user_agent, language } = &self.request;
                let fact = match member.as_str() {
                    "url" => url,
                    "referrer" => referrer,
                    "userAgent" => user_agent,
                    _ => language,
                };
                fact.as_ref().map_or(Node::Null, |fact| Node::Text(pool.push_str(fact)))
            }
            InputPath::Profile(_) | InputPath::Ranked(_) => Node::Undefined,
            InputPath::Sticky(key, experiment) => {
                let Some(arm) = self.sticky.get(key) else { return Node::Null };
                let arms =
                    manifest.experiments.get(usize::from(*experiment)).map(|experiment| experiment.arms.as_slice());
                let place = arms.unwrap_or_default().iter().position(|known| known == arm);
                // What names no arm is handed over as something that is there and is no number.
                place
                    .and_then(|place| u16::try_from(place).ok())
                    .map_or(Node::Bool(false), |place| Node::Number(place.into()))
            }
        }
    }
}

fn ask<'a>(profile: &'a Profile, question: &'a Question, now: f64) -> (Answer<'a>, f64) {
    match question {
        Question::Feature(path) => match Feature::named(path) {
            Some(feature) => profile.feature(feature, now),
            None => (Answer::Missing, f64::INFINITY),
        },
        Question::Count(event, within) => {
            let counted = profile.count(event, (*within).into(), now);
            (Answer::Number(counted.times.into()), counted.until)
        }
        Question::Each(event, within) => {
            let (events, until) = profile.each(event, (*within).into(), now);
            (Answer::Events(events), until)
        }
        Question::Cluster(ClusterNames { numbers, names }) => {
            let (number, until) = profile.nearest(numbers, now);
            let name = number.and_then(|number| names.get(number as usize));
            (name.map_or(Answer::Missing, |name| Answer::Word(name)), until)
        }
    }
}

fn node_of(answer: Answer<'_>, pool: &mut Pool) -> Node {
    let text = |text: &str| Json::from(text);
    match answer {
        Answer::Missing => Node::Undefined,
        Answer::Bool(bool) => Node::Bool(bool),
        Answer::Number(number) => Node::Number(number),
        Answer::Word(word) => pool.push_json(&text(word)),
        Answer::Texts(texts) => pool.push_json(&texts.into_iter().map(text).collect()),
        Answer::Events(events) => {
            let object = |seen: Seen<'_>| json!({ "item": seen.item, "category": seen.category, "value": seen.value });
            pool.push_json(&events.into_iter().map(object).collect())
        }
    }
}

/// The value at a path of own properties; `null` when it leads nowhere.
fn at_path(json: &Json, path: &[String], pool: &mut Pool) -> Node {
    let found = path.iter().try_fold(Found::Json(json), |found, name| match found {
        Found::Json(Json::Object(members)) => members.get(name).map(Found::Json),
        Found::Json(Json::Array(items)) if name == "length" => Some(Found::Length(items.len())),
        Found::Json(Json::Array(items)) => {
            let units: Vec<u16> = name.encode_utf16().collect();
            crate::value::number::array_index(&units).and_then(|index| items.get(index as usize)).map(Found::Json)
        }
        _ => None,
    });
    match found {
        Some(Found::Json(json)) => pool.push_json(json),
        Some(Found::Length(length)) => Node::Number(f64::from(u32::try_from(length).unwrap_or(u32::MAX))),
        None => Node::Null,
    }
}

enum Found<'a> {
    Json(&'a Json),
    Length(usize),
}
