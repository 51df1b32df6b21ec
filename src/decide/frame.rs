//! What is known for one decision.

use crate::derive::{Moment, Output, derive};
use crate::program::{DerivedInput, Input, Program};
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
    /// Until when (milliseconds since the epoch) time alone changes nothing of what the profile has answered, and of lists that were
    /// ranked; always when missing.
    pub profile_until: Option<f64>,
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
        self.force.clear();
        self.consent = 0;
        self.now = 0.0;
        self.profile_until = None;
        self.zone = Zone::default();
    }

    /// Works out the derived attributes that the program reads and the caller did not give. To be called
    /// once, after all values are in place.
    pub fn derive(&mut self, program: &Program) {
        let moment = Moment { now_ms: self.now, offset_minutes: self.zone.offset_minutes };
        self.values.resize(program.inputs.len(), Node::Null);
        self.derived.clear();
        for (index, input) in program.inputs.iter().enumerate() {
            let derived = match input {
                Input::Attribute { derived: Some(derived), .. } if !self.is_given(index) => derived,
                _ => {
                    self.derived.push(false);
                    continue;
                }
            };
            self.derive_input(index, derived, moment);
            self.derived.push(true);
        }
    }

    #[inline(never)] // most programs derive little, and what all decisions run is to be small
    fn derive_input(&mut self, index: usize, derived: &DerivedInput, moment: Moment) {
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
