//! Who takes part in an experiment, and in which arm.

mod split;

pub use split::{Arm, Split, Step};

use crate::binary::{Binary, Reader, binary};
use crate::bucket::{Namespace, Seed};
use crate::condition::ConditionAt;
use crate::value::Span;

/// A randomised split of visitors.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The input that identifies the visitor.
    pub hash_input: u16,
    /// The consent purpose, an index into the program's; `None` when none is needed.
    pub consent: Option<u8>,
    /// The seed of the split.
    pub seed: Seed,
    /// Which buckets each arm has.
    pub split: Split,
    /// What few experiments have. Apart, so that all others are asked nothing of it.
    pub options: Option<Box<Options>>,
}

/// What an experiment may have besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Who can take part.
    pub when: Option<ConditionAt>,
    /// What else must hold before someone takes part, as a run of `Program::requirements`.
    pub requires: Span,
    /// The input that identifies the visitor when the first is empty.
    pub fallback_input: Option<u16>,
    /// The share of a namespace that the experiment may use.
    pub namespace: Option<Namespace>,
    /// The holdout whose visitors are kept out.
    pub holdout: Option<u16>,
    /// Earlier assignments that are kept.
    pub sticky: Option<Sticky>,
    /// The arm that all participants see, without being counted.
    pub force: Option<u16>,
}

impl Options {
    /// As experiments have them.
    #[must_use]
    pub fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// Where the assignments of earlier visits are read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sticky {
    /// The input that holds the arm of the current bucket version.
    pub current: u16,
    /// The first of the inputs that hold arms of versions too old to keep their visitors.
    pub blocked: u16,
    /// How many such versions there are.
    pub blocked_count: u16,
}

/// What else must hold before someone takes part in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// The visitor is in one of the arms of another experiment: bit *i* stands for arm *i*.
    Arm {
        /// The other experiment; always one that comes before.
        experiment: u16,
        /// The accepted arms.
        arms: u64,
    },
    /// The visitor is in a segment.
    Segment(u16),
}

/// A share of visitors kept out of experiments, to measure what all of them do together.
#[derive(Clone, Debug, PartialEq)]
pub struct Holdout {
    /// The seed of the split.
    pub seed: Seed,
    /// The share that is held out.
    pub coverage: f64,
    /// The input that identifies the visitor.
    pub hash_input: u16,
    /// The consent purpose.
    pub consent: Option<u8>,
}

impl Binary for Experiment {
    fn write(&self, out: &mut Vec<u8>) {
        let options = self.options.as_deref().cloned().unwrap_or_default();
        options.when.write(out);
        options.requires.write(out);
        self.hash_input.write(out);
        options.fallback_input.write(out);
        self.seed.write(out);
        self.split.write(out);
        options.namespace.write(out);
        options.holdout.write(out);
        options.sticky.write(out);
        options.force.write(out);
        self.consent.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        let (when, requires) = (Binary::read(input), Binary::read(input));
        let (hash_input, fallback_input) = (Binary::read(input), Binary::read(input));
        let (seed, split) = (Binary::read(input), Binary::read(input));
        let (namespace, holdout) = (Binary::read(input), Binary::read(input));
        let (sticky, force) = (Binary::read(input), Binary::read(input));
        let options = Options { when, requires, fallback_input, namespace, holdout, sticky, force };
        Self { hash_input, consent: Binary::read(input), seed, split, options: options.boxed() }
    }
}

binary!(struct Sticky { current, blocked, blocked_count });
binary!(struct Holdout { seed, coverage, hash_input, consent });
binary!(enum Requirement else Self::Segment(u16::MAX);
    0 = Arm { experiment, arms },
    1 = Segment(segment),
);
