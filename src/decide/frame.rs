//! What is known for one decision.

use crate::derive::{Derived, Moment, Output, derive};
use crate::profile::Profile;
use crate::program::{Input, Program};
use crate::value::{Node, Pool};

/// The visitor's time zone at the moment of the decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zone {
    /// Minutes that local time is ahead of UTC.
    pub offset_minutes: i32,
    /// The instant (milliseconds since the epoch) up to which the offset is sure to hold; infinite when
    /// it never changes.
    pub until: f64,
}

impl Default for Zone {
    fn default() -> Self {
        Self { offset_minutes: 0, until: f64::INFINITY }
    }
}

/// The values of a program's inputs, and the moment. Made once and filled anew for every visitor.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Holds the values.
    pub pool: Pool,
    /// One an input of the program, in its order; a missing value is `Null`.
    pub values: Vec<Node>,
    /// One an input: whether its value was worked out because the caller did not give it.
    pub derived: Vec<bool>,
    /// Inputs that the profile answers, and until when (milliseconds since the epoch) time alone does not change the answer.
    pub profile_until: Vec<(u16, f64)>,
    /// Bit *i* is set when the visitor has consented to the program's purpose *i*.
    pub consent: u32,
    /// Slots and the variants (counted within the slot) that they are made to show.
    pub force: Vec<(u16, u16)>,
    /// Milliseconds since the epoch.
    pub now: f64,
    /// The visitor's time zone.
    pub zone: Zone,
}

impl Frame {
    /// Forgets the visitor and keeps the memory.
    pub fn clear(&mut self) {
        self.pool.clear();
        self.values.clear();
        self.derived.clear();
        self.profile_until.clear();
        self.force.clear();
        self.consent = 0;
        self.now = 0.0;
        self.zone = Zone::default();
    }

    /// Works out the derived attributes that the program reads and the caller did not give, and what it asks of the profile. To
    /// be called once, after all values are in place. Without a profile the visitor has done nothing yet; without consent it is not known what
    /// they did.
    pub fn derive(&mut self, program: &Program, profile: Option<&Profile>) {
        let nothing_done = Profile::default();
        let profile = self.consents(program.profile_consent).then_some(profile.unwrap_or(&nothing_done));
        let moment = Moment { now_ms: self.now, offset_minutes: self.zone.offset_minutes };
        self.values.resize(program.inputs.len(), Node::Null);
        self.derived.clear();
        for (index, input) in program.inputs.iter().enumerate() {
            let derived = match input {
                Input::Attribute { derived: Some(derived), .. } if !self.is_given(index) => derived,
                Input::Did(did) => {
                    let event = String::from_utf16_lossy(program.constants.text(did.event));
                    let asked = profile.map(|profile| profile.did(&event, *did, self.now, &mut self.pool));
                    self.answer(index, asked);
                    continue;
                }
                _ => {
                    self.derived.push(false);
                    continue;
                }
            };
            if let Derived::Profile(feature) = derived.attribute {
                let asked = profile.map(|profile| profile.feature(feature, self.now, &mut self.pool));
                self.answer(index, asked);
                continue;
            }
            let fact = derived.source.and_then(|source| self.values.get(usize::from(source)).copied());
            let fact = self.pool.value(fact.unwrap_or_default()).as_text().unwrap_or_default();
            let node = match derive(derived.attribute, derived.query.as_deref(), fact, moment) {
                Output::Missing => Node::Null,
                Output::Number(number) => Node::Number(number),
                text => {
                    let mut units = Vec::new();
                    text.append_to(&mut units);
                    Node::Text(self.pool.push_units(units))
                }
            };
            if let Some(value) = self.values.get_mut(index) {
                *value = node;
            }
            self.derived.push(true);
        }
    }

    /// Puts what a profile answers in its place.
    fn answer(&mut self, index: usize, answer: Option<(Node, f64)>) {
        let (node, until) = answer.unwrap_or((Node::Undefined, f64::INFINITY));
        if let Some(value) = self.values.get_mut(index) {
            *value = node;
        }
        self.derived.push(true);
        self.profile_until.push((u16::try_from(index).unwrap_or(u16::MAX), until));
    }

    fn is_given(&self, input: usize) -> bool {
        !matches!(self.values.get(input), None | Some(Node::Null | Node::Undefined))
    }

    /// Whether a consent purpose is granted; none needed is always granted.
    #[must_use]
    pub fn consents(&self, purpose: Option<u8>) -> bool {
        purpose.is_none_or(|purpose| self.consent.checked_shr(u32::from(purpose)).is_some_and(|bits| bits & 1 == 1))
    }
}
