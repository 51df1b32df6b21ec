//! What a decision says.

use crate::bucket::Bucket;
use crate::program::Program;
use crate::value::Span;

/// Gives an enum one lower-case code a case, in one list, which `pkg/src/engine/codes.ts` repeats.
macro_rules! codes {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $case:ident = $code:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $case,)* }

        impl $name {
            /// Every case, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$case,)*];

            /// The code that users see.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$case => $code,)* }
            }
        }
    };
}

codes! {
    /// What decided a slot.
    Source {
        /// The caller forced a variant.
        Forced = "forced",
        /// A rule's condition held.
        Rule = "rule",
        /// An experiment assigned an arm.
        Experiment = "experiment",
        /// A ranking chose items.
        Rank = "rank",
        /// A bandit chose a variant.
        Bandit = "bandit",
        /// The visitor is held out of experiments.
        Holdout = "holdout",
        /// No rule decided.
        Default = "default",
        /// The engine could not decide.
        Error = "error",
    }
}

codes! {
    /// Why a slot shows what it shows.
    Reason {
        /// The caller forced this variant.
        Forced = "forced",
        /// The rule's condition held, or it has none.
        Matched = "matched",
        /// Items were ranked for the visitor.
        Ranked = "ranked",
        /// The visitor's bucket lies in this arm.
        Assigned = "assigned",
        /// An earlier visit was given this arm.
        Sticky = "sticky",
        /// The experiment shows this arm to all who take part.
        ArmForced = "arm_forced",
        /// The visitor's bucket lies in the holdout.
        HeldOut = "held_out",
        /// No rule's condition held, or there is no rule.
        NoMatch = "no_match",
        /// An experiment was passed over, or a ranking looked at nothing but the context: the visitor has not consented to the purpose.
        ConsentRequired = "consent_required",
        /// An experiment was passed over: nothing identifies the visitor.
        NoHashValue = "no_hash_value",
        /// An experiment was passed over: its condition does not hold.
        NotTargeted = "not_targeted",
        /// An experiment was passed over: a prerequisite does not hold.
        RequirementUnmet = "requirement_unmet",
        /// An experiment was passed over: the visitor is outside its part of the namespace.
        NotInNamespace = "not_in_namespace",
        /// An experiment was passed over: the visitor is outside its coverage.
        NotCovered = "not_covered",
        /// An experiment was passed over: its schedule has not begun.
        NotStarted = "not_started",
        /// An experiment was passed over: an earlier visit was given an arm of a version that is blocked.
        StickyBlocked = "sticky_blocked",
        /// A ranking was passed over: there is nothing that it may show.
        NothingToRank = "nothing_to_rank",
        /// The variant's content grew beyond what a slot may hold.
        TooLarge = "too_large",
        /// So did the default's: the page stays as it is.
        DefaultTooLarge = "default_too_large",
        /// The program does not hold what it refers to.
        Damaged = "damaged",
    }
}

/// A number that may be missing, in two bytes where an `Option` takes four: counted from 1, and 0 when it is missing.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Maybe(u16);

impl Maybe {
    /// No number.
    pub const NONE: Self = Self(0);

    /// A number below 65,535, which itself counts as none: programs do not have so many of anything that stands here.
    #[must_use]
    pub fn some(number: u16) -> Self {
        Self(number.wrapping_add(1))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> Option<u16> {
        self.0.checked_sub(1)
    }

    /// The number counted from 1; 0 when it is missing.
    #[must_use]
    pub fn counted(self) -> u16 {
        self.0
    }
}

impl std::fmt::Debug for Maybe {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(out)
    }
}

/// What one slot shows. Lies in memory as JavaScript reads it, like [`Assignment`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct SlotDecision {
    /// The variant, counted within the slot.
    pub variant: u16,
    /// What decided.
    pub source: Source,
    /// Why.
    pub reason: Reason,
    /// The rule that decided, counted within the slot.
    pub rule: Maybe,
    /// The one that decided of [`Decisions::assignments`], or the holdout when the source is [`Source::Holdout`].
    pub decider: Maybe,
}

/// What an experiment made of the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Assignment {
    /// The experiment.
    pub experiment: u16,
    /// The arm, or none.
    pub arm: Maybe,
    /// Why.
    pub reason: Reason,
    /// Whether the fallback attribute identified the visitor.
    pub fallback: bool,
    /// Where the visitor falls; missing when that was never asked.
    pub bucket: Maybe,
}

impl Assignment {
    /// The share of the buckets before the visitor's; `None` when that was never asked.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.bucket.get().map(|number| Bucket::numbered(number).share())
    }
}

/// A rendered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The slot.
    pub slot: u16,
    /// The patch of the shown variant whose value it is.
    pub patch: u16,
    /// The text, in [`Decisions::text`].
    pub text: Span,
}

/// Everything that one decision says.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// One a slot of the program.
    pub slots: Vec<SlotDecision>,
    /// One an experiment that was asked, in the order of asking.
    pub assignments: Vec<Assignment>,
    /// Texts rendered for this visitor.
    pub rendered: Vec<Rendered>,
    /// The code units of [`Rendered`] texts.
    pub text: Vec<u16>,
    /// Bit *i* of word *i* / 32 is set when input *i* was read.
    pub reads: Vec<u32>,
    /// The instant (milliseconds since the epoch) before which time alone changes nothing.
    pub changes_at: f64,
    /// One a segment: what is known of it.
    pub(super) segments: Vec<Memo>,
    /// One an op: what is known of the condition that starts there, when rules or experiments ask it.
    pub(super) conditions: Vec<Memo>,
    /// One an experiment: where its assignment stands; nowhere when it was not asked.
    pub(super) asked: Vec<Maybe>,
}

/// What is known of a segment, or of a condition, during one decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memo {
    Unknown,
    Known(bool),
}

impl Decisions {
    pub(super) fn reset(&mut self, program: &Program) {
        self.slots.clear();
        self.assignments.clear();
        self.rendered.clear();
        self.text.clear();
        self.reads.clear();
        self.reads.resize(program.inputs.len().div_ceil(32), 0);
        self.changes_at = f64::INFINITY;
        self.segments.clear();
        self.segments.resize(program.segments.len(), Memo::Unknown);
        self.conditions.clear();
        self.conditions.resize(program.conditions.ops.len(), Memo::Unknown);
        self.asked.clear();
        self.asked.resize(program.experiments.len(), Maybe::NONE);
    }

    /// Whether an input was read.
    #[must_use]
    pub fn has_read(&self, input: u16) -> bool {
        self.reads.get(usize::from(input / 32)).is_some_and(|word| word & bit(input) != 0)
    }

    /// Whether the visitor is in a segment that was asked.
    #[must_use]
    pub fn is_in(&self, segment: u16) -> bool {
        self.segments.get(usize::from(segment)) == Some(&Memo::Known(true))
    }

    pub(super) fn note_read(&mut self, input: u16) {
        if let Some(word) = self.reads.get_mut(usize::from(input / 32)) {
            *word |= bit(input);
        }
    }

    pub(super) fn note_change(&mut self, at: f64) {
        if at < self.changes_at {
            self.changes_at = at;
        }
    }

    /// Notes what an experiment made of the visitor, and says where that stands.
    pub(super) fn note_assignment(&mut self, assignment: Assignment) -> Maybe {
        let place = u16::try_from(self.assignments.len()).map_or(Maybe::NONE, Maybe::some);
        self.assignments.push(assignment);
        if let Some(asked) = self.asked.get_mut(usize::from(assignment.experiment)) {
            *asked = place;
        }
        place
    }

    /// Where the assignment of an experiment stands; nowhere when it was not asked.
    pub(super) fn place_of(&self, experiment: u16) -> Maybe {
        self.asked.get(usize::from(experiment)).copied().unwrap_or_default()
    }

    /// The assignment at a place.
    pub(super) fn assignment_at(&self, place: Maybe) -> Option<&Assignment> {
        self.assignments.get(usize::from(place.get()?))
    }

    /// The assignment of an experiment, when it was asked.
    #[must_use]
    pub fn assignment(&self, experiment: u16) -> Option<&Assignment> {
        self.assignment_at(self.place_of(experiment))
    }

    /// The assignment that decided a slot.
    #[must_use]
    pub fn assignment_of(&self, decision: &SlotDecision) -> Option<&Assignment> {
        if decision.source == Source::Experiment { self.assignment_at(decision.decider) } else { None }
    }

    /// Whole seconds until time alone can change the answer; [`FOREVER`] when it cannot, or not sooner, and 0 when it can and `now` is no
    /// moment.
    #[must_use]
    pub fn max_age(&self, now: f64) -> u32 {
        let seconds = ((self.changes_at - now) / 1000.0).floor();
        if seconds >= f64::from(FOREVER) || self.changes_at == f64::INFINITY {
            return FOREVER;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range above and here"
        )]
        let seconds = seconds.max(0.0) as u32;
        seconds
    }
}

/// One year in seconds, which HTTP takes for "does not change".
pub const FOREVER: u32 = 31_536_000;

fn bit(input: u16) -> u32 {
    1u32.wrapping_shl(u32::from(input % 32))
}

#[cfg(test)]
mod tests {
    use super::{Reason, Source};

    #[test]
    fn javascript_has_the_same_codes() {
        let script = include_str!("../../pkg/src/engine/codes.ts");
        let sources: Vec<_> = Source::ALL.iter().map(|source| source.code()).collect();
        let reasons: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        for codes in [sources, reasons] {
            assert!(script.contains(&format!("\"{}\"", codes.join(" "))), "{codes:?}");
        }
    }
}
