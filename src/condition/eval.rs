//! Runs the ops of a condition.

use super::{ConditionAt, Conditions, Kind, Op, Set, Subject, Test, version};
use crate::value::{Node, Pool, Value};

/// What a condition can ask of the decision it is part of.
pub trait Host<'a> {
    /// The value of a program input; `null` when the visitor gave none.
    fn input(&mut self, index: u16) -> Value<'a>;
    /// Whether a segment holds.
    fn segment(&mut self, index: u16) -> bool;
    /// Told of every test that was made: the op's index, the value it saw and the outcome.
    fn tested(&mut self, op: ConditionAt, value: Value<'a>, holds: bool);
}

impl Conditions {
    /// Whether the condition that starts at `at` holds.
    pub fn holds<'a>(&'a self, at: ConditionAt, constants: &'a Pool, host: &mut impl Host<'a>) -> bool {
        Evaluation { conditions: self, constants, host }.holds(at, None)
    }

    /// Whether a condition about an element holds for it.
    #[cfg(feature = "compiler")]
    pub fn holds_for<'a>(
        &'a self,
        at: ConditionAt,
        element: Value<'a>,
        constants: &'a Pool,
        host: &mut impl Host<'a>,
    ) -> bool {
        Evaluation { conditions: self, constants, host }.holds(at, Some(element))
    }

    /// The index after the last op of what starts at `at`.
    pub(crate) fn end_of(&self, at: ConditionAt) -> ConditionAt {
        match self.ops.get(at as usize) {
            Some(
                Op::All { end }
                | Op::Any { end }
                | Op::Not { end }
                | Op::Some { end, .. }
                | Op::Size { end, .. }
                | Op::Count { end, .. },
            ) => *end,
            _ => at.saturating_add(1),
        }
    }

    /// Whether groups nest properly: every group ends after it starts, inside its parent, and not too
    /// deep; and what walks elements asks only of those, so that each walk is inside of the value around it.
    /// Evaluation relies on it to come to an end, so a program is refused without it.
    #[must_use]
    pub fn is_well_nested(&self) -> bool {
        let mut open: Vec<ConditionAt> = Vec::new();
        // Where the outermost of the groups that walk elements ends.
        let mut walk_ends = 0;
        for (at, op) in self.ops.iter().enumerate() {
            let Ok(at) = ConditionAt::try_from(at) else { return false };
            while open.last().is_some_and(|end| *end <= at) {
                open.pop();
            }
            let end = self.end_of(at);
            let limit = open.last().copied().map_or(self.ops.len(), |end| end as usize);
            if end <= at || end as usize > limit || open.len() > super::MAX_NESTING.saturating_mul(4) {
                return false;
            }
            if at < walk_ends && op.reads_input() {
                return false;
            }
            // Where an op of the group starts, or the group ends.
            if let Op::Count { counted, .. } = op
                && !self.starts_at(at.saturating_add(1), end, *counted)
            {
                return false;
            }
            if matches!(op, Op::Some { .. } | Op::Size { .. } | Op::Count { .. }) {
                walk_ends = walk_ends.max(end);
            }
            if end > at.saturating_add(1) {
                open.push(end);
            }
        }
        self.automata.iter().all(super::automaton::Automaton::is_valid)
    }

    /// Whether one of the ops that follow each other in a group starts at a place, or they end there.
    fn starts_at(&self, first: ConditionAt, end: ConditionAt, place: ConditionAt) -> bool {
        let mut at = first;
        while at < place.min(end) {
            at = self.end_of(at).max(at.saturating_add(1));
        }
        at == place && place <= end
    }
}

impl Op {
    /// Whether it looks at an input of the program, and not at an element.
    fn reads_input(&self) -> bool {
        let (one, other) = match self {
            Self::Some { subject, .. }
            | Self::Size { subject, .. }
            | Self::Count { subject, .. }
            | Self::Test { subject, .. } => (subject, subject),
            Self::Near { latitude, longitude, .. } => (latitude, longitude),
            _ => return false,
        };
        [one, other].iter().any(|subject| matches!(subject, Subject::Input(_)))
    }
}

/// As few texts are compared one after the other.
const FEW: usize = 8;

/// Whether two texts are the same. Comparing slices would call a function, which for short texts takes longer than the comparison.
#[inline]
fn are_same(one: &[u16], other: &[u16]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one == other)
}

struct Evaluation<'a, 'h, H> {
    conditions: &'a Conditions,
    constants: &'a Pool,
    host: &'h mut H,
}

impl<'a, H: Host<'a>> Evaluation<'a, '_, H> {
    fn holds(&mut self, at: ConditionAt, element: Option<Value<'a>>) -> bool {
        match self.conditions.ops.get(at as usize) {
            None => false,
            Some(Op::All { end }) => self.all(at, *end, element),
            Some(Op::Not { end }) => !self.all(at, *end, element),
            Some(Op::Any { end }) => {
                let mut child = at.saturating_add(1);
                while child < *end {
                    if self.holds(child, element) {
                        return true;
                    }
                    child = self.conditions.end_of(child);
                }
                false
            }
            Some(Op::Some { subject, skip_nullish, end }) => {
                let value = self.read(*subject, element);
                let Some(elements) = value.elements() else { return self.note(at, value, false) };
                for element in elements {
                    if !(*skip_nullish && element.is_nullish()) && self.all(at, *end, Some(element)) {
                        return true;
                    }
                }
                self.note(at, value, false)
            }
            Some(Op::Size { subject, end }) => {
                let value = self.read(*subject, element);
                let Some(elements) = value.elements() else { return self.note(at, value, false) };
                let length = Node::Number(f64::from(u32::try_from(elements.len()).unwrap_or(u32::MAX)));
                self.all(at, *end, Some(self.constants.value(length)))
            }
            Some(Op::Count { subject, counted, end }) => {
                let value = self.read(*subject, element);
                let Some(elements) = value.elements() else { return self.note(at, value, false) };
                let mut times = 0.0;
                for element in elements {
                    if self.all(at, *counted, Some(element)) {
                        times += 1.0;
                    }
                }
                self.run_of(*counted, *end, Some(self.constants.value(Node::Number(times))))
            }
            Some(Op::Segment(segment)) => self.host.segment(*segment),
            Some(Op::Always(holds)) => *holds,
            Some(Op::Test { subject, test }) => {
                let value = self.read(*subject, element);
                let holds = self.test(test, value);
                self.note(at, value, holds)
            }
            Some(Op::Near { latitude, longitude, area }) => {
                let latitude = self.read(*latitude, element);
                let longitude = self.read(*longitude, element);
                // A missing coordinate is no place; JavaScript's Number(null) would put it on the equator.
                let known = !latitude.is_nullish() && !longitude.is_nullish();
                let holds = known && area.contains(latitude.to_number(), longitude.to_number());
                self.note(at, latitude, holds)
            }
        }
    }

    fn all(&mut self, group: ConditionAt, end: ConditionAt, element: Option<Value<'a>>) -> bool {
        self.run_of(group.saturating_add(1), end, element)
    }

    /// Whether all of the ops that follow each other hold.
    fn run_of(&mut self, first: ConditionAt, end: ConditionAt, element: Option<Value<'a>>) -> bool {
        let mut child = first;
        while child < end {
            if !self.holds(child, element) {
                return false;
            }
            child = self.conditions.end_of(child);
        }
        true
    }

    fn note(&mut self, at: ConditionAt, value: Value<'a>, holds: bool) -> bool {
        self.host.tested(at, value, holds);
        holds
    }

    fn read(&mut self, subject: Subject, element: Option<Value<'a>>) -> Value<'a> {
        let null = self.constants.value(Node::Null);
        match subject {
            Subject::Input(input) => self.host.input(input),
            Subject::Element(path) => {
                let names = self.conditions.names.get(path.range(1)).unwrap_or_default();
                let start = element.unwrap_or(null);
                names.iter().try_fold(start, |value, name| value.property(self.constants.text(*name))).unwrap_or(null)
            }
        }
    }

    fn test(&self, test: &Test, value: Value<'a>) -> bool {
        match *test {
            Test::Text { text, number } => match value.node() {
                Node::Text(own) => own.len == text.len && are_same(value.pool().text(own), self.constants.text(text)),
                Node::Number(own) => number.is_some_and(|number| own == number || (own.is_nan() && number.is_nan())),
                _ => value.with_text(|own| own == self.constants.text(text)),
            },
            Test::Number(number) => value.to_number() == number,
            Test::Bool(bool) => value.node() != Node::Null && value.is_truthy() == bool,
            Test::Null => value.node() == Node::Null,
            Test::Json(node) => value.stringifies_as(self.constants.value(node)),
            Test::Is(node) => value.strictly_equals(self.constants.value(node)),
            Test::Compare(accept, node) => accept.accepts(value.compare(self.constants.value(node))),
            Test::Exists => !value.is_nullish(),
            Test::In(set) => self.conditions.sets.get(usize::from(set)).is_some_and(|set| match value.elements() {
                Some(mut elements) => elements.any(|element| self.is_member(set, element)),
                None => self.is_member(set, value),
            }),
            Test::Pattern(automaton) => value.with_text(|text| self.matches(automaton, text)),
            Test::Glob(automaton) => value.as_text().is_some_and(|text| self.matches(automaton, text)),
            Test::Type(kind) => Kind::of(value.node()) == kind,
            Test::Version(accept, padded) => accept.accepts(Some(version::compare(value, self.constants.text(padded)))),
        }
    }

    fn matches(&self, automaton: u16, text: &[u16]) -> bool {
        self.conditions.automata.get(usize::from(automaton)).is_some_and(|automaton| automaton.matches(text))
    }

    fn is_member(&self, set: &Set, value: Value<'a>) -> bool {
        match value.node() {
            Node::Text(own) => {
                let own = value.pool().text(own);
                match set.folded {
                    Some(automaton) => self.matches(automaton, own),
                    None if set.texts.len() <= FEW => {
                        set.texts.iter().any(|text| are_same(self.constants.text(*text), own))
                    }
                    None => set.texts.binary_search_by(|text| self.constants.text(*text).cmp(own)).is_ok(),
                }
            }
            Node::Number(own) => set
                .numbers
                .binary_search_by(|number| number.partial_cmp(&own).unwrap_or(std::cmp::Ordering::Less))
                .is_ok(),
            Node::Bool(own) => {
                if own {
                    set.has_true
                } else {
                    set.has_false
                }
            }
            Node::Null => set.has_null,
            Node::Undefined | Node::Array(_) | Node::Object(_) => false,
        }
    }
}
