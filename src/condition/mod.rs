//! The targeting language.
//!
//! A condition is authored as MongoDB-style JSON and means what GrowthBook's SDKs mean by it, operator
//! by operator and coercion by coercion. [`compile`] turns it into [`Op`]s once, `eval` runs those for
//! every visitor. The ops of one condition lie in pre-order, each group knowing where it ends, so a
//! damaged file cannot make a cycle and evaluation needs no allocation.
//!
//! Source of the semantics: GrowthBook's "Build your own SDK" specification and the reference
//! JavaScript SDK; the differences that safety asks for are listed in `docs/conditions.md`.

pub mod automaton;
#[cfg(feature = "compiler")]
pub mod compile;
mod eval;
mod near;
mod version;

pub use eval::Host;

use crate::binary::binary;
use crate::value::{Node, Span};
use automaton::Automaton;

/// How deep groups of one condition may be nested; check refuses more.
pub const MAX_NESTING: usize = 64;

/// Every condition of a program, and the tables that their tests share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// The ops of all conditions, one after the other, each condition in pre-order.
    pub ops: Vec<Op>,
    /// Operands of `$in` and its kin.
    pub sets: Vec<Set>,
    /// Regular expressions, globs and case-insensitive texts.
    pub automata: Vec<Automaton>,
    /// What each automaton was written as, for explanations.
    pub patterns: Vec<Span>,
    /// Property names of paths that start at an element (see [`Subject::Element`]).
    pub names: Vec<Span>,
}

/// Where a condition starts in [`Conditions::ops`].
pub type ConditionAt = u32;

/// One step of a condition. A group holds what lies between it and `end`.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Holds when everything inside holds.
    All {
        /// Index after the last op of the group.
        end: u32,
    },
    /// Holds when something inside holds.
    Any {
        /// Index after the last op of the group.
        end: u32,
    },
    /// Holds when not everything inside holds.
    Not {
        /// Index after the last op of the group.
        end: u32,
    },
    /// `$elemMatch` and `$all`: the subject is an array and for one element everything inside holds.
    Some {
        /// The array.
        subject: Subject,
        /// `$elemMatch` passes over `null` and `undefined`, `$all` does not.
        skip_nullish: bool,
        /// Index after the last op of the group.
        end: u32,
    },
    /// `$size`: the subject is an array and everything inside holds for its length.
    Size {
        /// The array.
        subject: Subject,
        /// Index after the last op of the group.
        end: u32,
    },
    /// `$did` with `where`: the subject is an array; of its elements those are counted of which everything up to `counted` holds, and
    /// everything behind that holds for their number.
    Count {
        /// The array.
        subject: Subject,
        /// Index after the last op that is asked of elements.
        counted: u32,
        /// Index after the last op of the group.
        end: u32,
    },
    /// `$segment`: the segment of this index holds.
    Segment(u16),
    /// A condition that needs no visitor.
    Always(bool),
    /// One test of one value.
    Test {
        /// What is tested.
        subject: Subject,
        /// The test.
        test: Test,
    },
    /// `$near`: a great-circle distance.
    Near {
        /// Degrees north.
        latitude: Subject,
        /// Degrees east.
        longitude: Subject,
        /// Where and how far. Apart, so that the other ops, which are many, take less than a cache line.
        area: Box<near::Area>,
    },
}

/// The value that an op looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An input of the program: a path from the root of the context.
    Input(u16),
    /// Inside a group that walks elements: names to follow from the current one, itself when empty.
    Element(Span),
}

/// One test of one value. Names follow the operators; `c` stands for the operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// A bare text: `value + "" === c`.
    Text {
        /// The operand.
        text: Span,
        /// The number that JavaScript writes as this text, if there is one: spares writing it.
        number: Option<f64>,
    },
    /// A bare number: `value * 1 === c`.
    Number(f64),
    /// A bare boolean: `value !== null && !!value === c`.
    Bool(bool),
    /// A bare `null`: `value === null`.
    Null,
    /// A bare array, or an object without operators: equal as JSON text.
    Json(Node),
    /// `$eq`: `value === c`.
    Is(Node),
    /// `$lt $lte $gt $gte`.
    Compare(Accept, Node),
    /// `$exists: true`.
    Exists,
    /// `$in`, `$ini`, `$inGroup`: an index into [`Conditions::sets`].
    In(u16),
    /// `$regex`, `$regexi`, and the texts of `$alli`, on `String(value)`: an index into [`Conditions::automata`].
    Pattern(u16),
    /// `$glob`, on texts only.
    Glob(u16),
    /// `$type`.
    Type(Kind),
    /// `$veq $vne $vlt $vlte $vgt $vgte`, against a padded version.
    Version(Accept, Span),
}

/// Which outcomes of a comparison hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Holds when the value is less than the operand.
    pub less: bool,
    /// Holds when both are equal.
    pub equal: bool,
    /// Holds when the value is greater than the operand.
    pub greater: bool,
}

impl Accept {
    /// Whether `ordering` is accepted; no ordering (NaN) never is.
    #[must_use]
    pub fn accepts(self, ordering: Option<std::cmp::Ordering>) -> bool {
        match ordering {
            Some(std::cmp::Ordering::Less) => self.less,
            Some(std::cmp::Ordering::Equal) => self.equal,
            Some(std::cmp::Ordering::Greater) => self.greater,
            None => false,
        }
    }
}

/// The names that `$type` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`, and a path that leads nowhere.
    Null,
    /// A property that holds `undefined`.
    Undefined,
    /// `true` or `false`.
    Boolean,
    /// A number, NaN included.
    Number,
    /// Text.
    String,
    /// An array.
    Array,
    /// An object that is no array.
    Object,
}

impl Kind {
    /// The kind of a value.
    #[must_use]
    pub fn of(node: Node) -> Self {
        match node {
            Node::Undefined => Self::Undefined,
            Node::Null => Self::Null,
            Node::Bool(_) => Self::Boolean,
            Node::Number(_) => Self::Number,
            Node::Text(_) => Self::String,
            Node::Array(_) => Self::Array,
            Node::Object(_) => Self::Object,
        }
    }
}

/// The operand of `$in`, sorted for binary search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// Texts in the order of their code units.
    pub texts: Vec<Span>,
    /// The same texts without regard to case: an index into [`Conditions::automata`].
    pub folded: Option<u16>,
    /// Numbers in ascending order.
    pub numbers: Vec<f64>,
    /// Whether `true` is a member.
    pub has_true: bool,
    /// Whether `false` is a member.
    pub has_false: bool,
    /// Whether `null` is a member.
    pub has_null: bool,
}

binary!(struct Conditions { ops, sets, automata, patterns, names });
binary!(struct Accept { less, equal, greater });
binary!(struct Set { texts, folded, numbers, has_true, has_false, has_null });
binary!(enum Op else Self::Always(false);
    0 = All { end },
    1 = Any { end },
    2 = Not { end },
    3 = Some { subject, skip_nullish, end },
    4 = Size { subject, end },
    5 = Segment(segment),
    6 = Always(holds),
    7 = Test { subject, test },
    8 = Near { latitude, longitude, area },
    9 = Count { subject, counted, end },
);
binary!(enum Subject else Self::Input(u16::MAX);
    0 = Input(input),
    1 = Element(names),
);
binary!(enum Test else Self::Null;
    0 = Text { text, number },
    1 = Number(number),
    2 = Bool(bool),
    3 = Null,
    4 = Json(node),
    5 = Is(node),
    6 = Compare(accept, node),
    7 = Exists,
    8 = In(set),
    9 = Pattern(automaton),
    10 = Glob(automaton),
    11 = Type(kind),
    12 = Version(accept, version),
);
binary!(enum Kind else Self::Null;
    0 = Null,
    1 = Undefined,
    2 = Boolean,
    3 = Number,
    4 = String,
    5 = Array,
    6 = Object,
);
