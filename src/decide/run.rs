//! One decision in progress.

use super::outcome::Memo;
use super::{Decisions, Frame, MAX_DEPTH, Maybe, Reason, Rendered, SlotDecision, Source};
use crate::bucket::{self, Bucket};
use crate::condition::{ConditionAt, Host};
use crate::derive::{self, Derived};
use crate::program::{Action, Input, Program, Slot};
use crate::template::ITEMS;
use crate::trace::Trace;
use crate::value::{Node, Span, Value};

pub(super) struct Run<'a, 'r, T> {
    pub(super) program: &'a Program,
    pub(super) frame: &'a Frame,
    pub(super) trace: &'r mut T,
    pub(super) out: &'r mut Decisions,
    /// How many segments and experiments are being asked inside one another.
    pub(super) depth: u32,
    /// Whether inputs that identify the visitor read as missing.
    pub(super) hides_identity: bool,
    /// The input that identified the visitor last, and its value: mostly it is the same for all experiments.
    pub(super) visitor: Option<(u16, Value<'a>)>,
    /// The holdout that was asked last, and whether the visitor is held out.
    pub(super) holdout: Option<(u16, bool)>,
    /// The buckets of some experiments that follow each other.
    pub(super) ahead: Option<Ahead>,
    /// The input that holds the list that a ranking made last.
    pub(super) list: u16,
}

/// Buckets that were worked out together, see [`bucket::abreast`].
pub(super) struct Ahead {
    /// The input that identifies the visitor.
    pub(super) input: u16,
    /// The number of the first of these experiments.
    pub(super) first: u16,
    pub(super) buckets: [Bucket; bucket::ABREAST],
}

impl<T: Trace> Run<'_, '_, T> {
    pub(super) fn decide(&mut self) {
        let program = self.program;
        let mut slots = std::mem::take(&mut self.out.slots);
        slots.extend(numbered(&program.slots).map(|(index, slot)| self.decide_and_render(index, slot)));
        self.out.slots = slots;
        self.note_time();
    }

    fn decide_and_render(&mut self, index: u16, slot: &Slot) -> SlotDecision {
        self.trace.slot(index);
        let mut decision = self.decide_slot(index, slot);
        if !self.program.texts.is_empty() && !self.render(index, slot, decision.variant) {
            let default_fits = self.render(index, slot, slot.default);
            decision = SlotDecision {
                source: Source::Error,
                reason: if default_fits { Reason::TooLarge } else { Reason::DefaultTooLarge },
                ..by_default(slot)
            };
        }
        self.trace.decided(&decision);
        decision
    }

    fn decide_slot(&mut self, index: u16, slot: &Slot) -> SlotDecision {
        if !self.frame.force.is_empty()
            && let Some(decision) = self.forced(index, slot)
        {
            return decision;
        }
        let program = self.program;
        let mut default = by_default(slot);
        for (number, rule) in numbered(program.rules.get(slot.rules.range(1)).unwrap_or_default()) {
            self.trace.rule(number);
            if !rule.when.is_none_or(|when| self.applies(when)) {
                self.trace.rule_failed();
                continue;
            }
            let decided = |variant, source, reason, decider| {
                let rule = Maybe::some(number);
                SlotDecision { variant, source, reason, rule, decider }
            };
            let reason = match rule.action {
                Action::Show(variant) => return decided(variant, Source::Rule, Reason::Matched, Maybe::NONE),
                Action::Experiment { experiment, arms } => {
                    let made = self.assign(experiment);
                    let variants = program.arm_variants.get(arms.range(1)).unwrap_or_default();
                    if let Some(arm) = made.arm.get()
                        && let Some(variant) = variants.get(usize::from(arm))
                    {
                        return decided(*variant, Source::Experiment, made.reason, made.place);
                    }
                    if made.reason == Reason::HeldOut {
                        let holdout = self.holdout_of(experiment);
                        return decided(slot.default, Source::Holdout, Reason::HeldOut, holdout);
                    }
                    made.reason
                }
                Action::Rank { variant, list, consent } => {
                    if self.has_items(list) {
                        let is_allowed = self.frame.consents(consent);
                        let reason = if is_allowed { Reason::Ranked } else { Reason::ConsentRequired };
                        return decided(variant, Source::Rank, reason, Maybe::NONE);
                    }
                    Reason::NothingToRank
                }
            };
            if default.reason == Reason::NoMatch {
                default.reason = reason;
            }
        }
        default
    }

    #[inline(never)]
    fn holdout_of(&self, experiment: u16) -> Maybe {
        let options = self.program.experiments.get(usize::from(experiment)).and_then(|found| found.options.as_deref());
        options.and_then(|options| options.holdout).map_or(Maybe::NONE, Maybe::some)
    }

    #[inline(never)] // as whatever few decisions need: what all of them run is to be small
    fn forced(&mut self, index: u16, slot: &Slot) -> Option<SlotDecision> {
        let mut forced = self.frame.force.iter();
        let (_, variant) =
            *forced.find(|(forced, variant)| *forced == index && u32::from(*variant) < slot.variants.len)?;
        // The list of the first rule that would show it.
        let mut lists = self.program.rules.get(slot.rules.range(1)).unwrap_or_default().iter().filter_map(|rule| {
            if let Action::Rank { list, variant: shows, .. } = rule.action { Some((list, shows)) } else { None }
        });
        if let Some((list, _)) = lists.find(|(_, shows)| *shows == variant) {
            self.has_items(list);
        }
        let (source, reason) = (Source::Forced, Reason::Forced);
        Some(SlotDecision { variant, source, reason, rule: Maybe::NONE, decider: Maybe::NONE })
    }

    /// Whether a list has something to show, or may have: one that was not asked for yet counts, so that it will be.
    #[inline(never)]
    fn has_items(&mut self, list: u16) -> bool {
        for segment in &self.program.rank_segments {
            self.segment(*segment);
        }
        self.list = list;
        !matches!(self.read(list), Node::Array(Span { len: 0, .. }))
    }

    /// Whether the condition of a rule or an experiment holds, which many of them may share. Who watches sees it being tested each time.
    pub(super) fn applies(&mut self, at: ConditionAt) -> bool {
        if let Some(Memo::Known(holds)) = self.out.conditions.get(at as usize).copied().filter(|_| !T::WATCHES) {
            return holds;
        }
        let holds = self.holds(at);
        if let Some(memo) = self.out.conditions.get_mut(at as usize) {
            *memo = Memo::Known(holds);
        }
        holds
    }

    fn holds(&mut self, at: ConditionAt) -> bool {
        let program = self.program;
        program.conditions.holds(at, &program.constants, self)
    }

    /// Renders the texts of a variant. All or nothing: when one grows too large, none is kept.
    fn render(&mut self, index: u16, slot: &Slot, variant: u16) -> bool {
        let program = self.program;
        let variants = program.variants.get(slot.variants.range(1)).unwrap_or_default();
        let Some(variant) = variants.get(usize::from(variant)) else { return true };
        if variant.texts.len == 0 {
            return true;
        }
        let mut out = std::mem::take(&mut self.out.text);
        let (first_unit, first_text) = (out.len(), self.out.rendered.len());
        let mut complete = true;
        for text in program.texts.get(variant.texts.range(1)).unwrap_or_default() {
            let start = out.len();
            let root = &mut |input| self.input(if input == ITEMS { self.list } else { input });
            complete &= text.template.render(&program.constants, root, text.escape, &mut out);
            let len = out.len().saturating_sub(start);
            let span = Span { start: u32::try_from(start).unwrap_or(u32::MAX), len: u32::try_from(len).unwrap_or(0) };
            self.out.rendered.push(Rendered { slot: index, patch: text.patch, text: span });
        }
        if !complete {
            out.truncate(first_unit);
            self.out.rendered.truncate(first_text);
        }
        self.out.text = out;
        complete
    }

    /// Works out until when the attributes that follow from the time, and were read, keep their value.
    fn note_time(&mut self) {
        let (now, zone) = (self.frame.now, self.frame.zone);
        for (index, input) in numbered(&self.program.inputs) {
            let until = match input {
                Input::Profile | Input::Ranked => self.frame.profile_until,
                Input::Attribute { derived: Some(derived), .. } if derived.attribute == Derived::Profile => {
                    self.frame.profile_until
                }
                Input::Attribute { derived: Some(derived), .. }
                    if derived.source.is_none() && self.frame.derived.get(usize::from(index)) == Some(&true) =>
                {
                    Some(derive::next_change(derived.attribute, now, zone.offset_minutes).min(zone.until))
                }
                _ => None,
            };
            if let Some(until) = until.filter(|_| self.out.has_read(index)) {
                self.out.note_change(until);
            }
        }
    }

    /// The value of an input, whoever asks; [`Host::input`] hides what identifies the visitor.
    pub(super) fn read(&mut self, input: u16) -> Node {
        self.out.note_read(input);
        self.frame.values.get(usize::from(input)).copied().unwrap_or_default()
    }
}

/// What a slot shows when no rule decides.
fn by_default(slot: &Slot) -> SlotDecision {
    SlotDecision {
        variant: slot.default,
        source: Source::Default,
        reason: Reason::NoMatch,
        rule: Maybe::NONE,
        decider: Maybe::NONE,
    }
}

/// Elements with their numbers, of which a `u16` counts all that a program may have. A range would ask at each whether it is its last.
fn numbered<T>(elements: &[T]) -> impl Iterator<Item = (u16, &T)> {
    elements.iter().enumerate().map(|(number, element)| (u16::try_from(number).unwrap_or(u16::MAX), element))
}

impl<'a, T: Trace> Host<'a> for Run<'a, '_, T> {
    fn input(&mut self, index: u16) -> Value<'a> {
        let hidden = self.hides_identity
            && matches!(self.program.inputs.get(usize::from(index)), Some(Input::Attribute { identity: true, .. }));
        let node = if hidden { Node::Null } else { self.read(index) };
        self.frame.pool.value(node)
    }

    fn segment(&mut self, index: u16) -> bool {
        let place = usize::from(index);
        if let Some(Memo::Known(holds)) = self.out.segments.get(place).copied() {
            self.trace.segment_remembered(index, holds);
            return holds;
        }
        let Some(at) = self.program.segments.get(place).copied() else { return false };
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.trace.segment(index);
        self.depth = self.depth.saturating_add(1);
        let holds = self.holds(at);
        self.depth = self.depth.saturating_sub(1);
        self.trace.segment_held(index, holds);
        if let Some(memo) = self.out.segments.get_mut(place) {
            *memo = Memo::Known(holds);
        }
        holds
    }

    fn tested(&mut self, op: ConditionAt, value: Value<'a>, holds: bool) {
        self.trace.tested(op, value, holds);
    }
}
