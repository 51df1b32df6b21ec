//! What the runtime evaluates: a bundle with every name turned into an index.
//!
//! A program holds no names and no content but the constants of its conditions and templates. Names and
//! content travel beside it in the same file, where the side that shows them reads them (see
//! [`crate::bundle::codec`]).

use crate::binary::binary;
use crate::condition::{ConditionAt, Conditions, Op};
use crate::derive::Derived;
use crate::experiment::{Experiment, Holdout, Requirement};
use crate::template::{self, Escape, Template};
use crate::value::{Pool, Span};

/// A compiled bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// What the caller hands over, in this order, and nothing else.
    pub inputs: Vec<Input>,
    /// Texts and values that conditions and templates hold.
    pub constants: Pool,
    /// All conditions.
    pub conditions: Conditions,
    /// Where the condition of each segment starts. A segment asks only segments before it.
    pub segments: Vec<ConditionAt>,
    /// Holdouts.
    pub holdouts: Vec<Holdout>,
    /// Experiments. One requires only experiments before it.
    pub experiments: Vec<Experiment>,
    /// Prerequisites of experiments.
    pub requirements: Vec<Requirement>,
    /// Slots.
    pub slots: Vec<Slot>,
    /// Rules of all slots.
    pub rules: Vec<Rule>,
    /// For rules that run an experiment: the variant that each arm shows.
    pub arm_variants: Vec<u16>,
    /// Segments that rankings ask about, in the order of the catalog's bits.
    pub rank_segments: Vec<u16>,
    /// Variants of all slots.
    pub variants: Vec<Variant>,
    /// Templated texts of all variants.
    pub texts: Vec<TemplatedText>,
    /// The consent purpose without which identifying inputs read as missing.
    pub identity_consent: Option<u8>,
}

/// One value that the caller hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// An attribute of the context.
    Attribute {
        /// Whether it identifies the visitor.
        identity: bool,
        /// How to work it out when the caller did not give it.
        derived: Option<DerivedInput>,
    },
    /// A raw fact of the request that derived attributes are worked out from.
    Request,
    /// The arm that an earlier visit was given.
    Sticky,
    /// What the profile answers to a question about what the visitor did.
    Profile,
    /// The list that a ranking made: items, best first. `undefined` as long as it was not asked for.
    Ranked,
}

/// How an attribute is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedInput {
    /// Which one.
    pub attribute: Derived,
    /// The input that holds the raw fact; `None` when it follows from the time.
    pub source: Option<u16>,
    /// The code points of the query parameter's name, for those.
    pub query: Option<Vec<u32>>,
}

/// A place whose content adapts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The variant shown when no rule decides, counted within the slot.
    pub default: u16,
    /// Its rules, in order.
    pub rules: Span,
    /// Its variants.
    pub variants: Span,
}

/// One rule of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// When it applies; always when `None`.
    pub when: Option<ConditionAt>,
    /// What it does.
    pub action: Action,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows a variant.
    Show(u16),
    /// Shows what the visitor's arm of an experiment stands for; falls through when there is none.
    Experiment {
        /// The experiment.
        experiment: u16,
        /// A run of [`Program::arm_variants`], one an arm.
        arms: Span,
    },
    /// Shows the list of a ranking, which the catalog beside the program knows; falls through when it is empty.
    Rank {
        /// The variant that shows the list.
        variant: u16,
        /// The input that holds the list.
        list: u16,
        /// The consent purpose without which nothing but the context ranks.
        consent: Option<u8>,
    },
}

/// One content of a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// Its texts that are rendered for each visitor, a run of [`Program::texts`].
    pub texts: Span,
}

/// A text that is rendered for each visitor.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplatedText {
    /// The patch of the variant whose value it is.
    pub patch: u16,
    /// Whether its values are escaped for HTML, or by what shows them.
    pub escape: Escape,
    /// The template.
    pub template: Template,
}

binary!(struct Program {
    inputs, constants, conditions, segments, holdouts, experiments, requirements, slots, rules, arm_variants,
    rank_segments, variants, texts, identity_consent,
});
binary!(enum Input else Self::Request;
    0 = Attribute { identity, derived },
    1 = Request,
    2 = Sticky,
    3 = Profile,
    4 = Ranked,
);
binary!(struct DerivedInput { attribute, source, query });
binary!(struct Slot { default, rules, variants });
binary!(struct Rule { when, action });
binary!(enum Action else Self::Show(u16::MAX);
    0 = Show(variant),
    1 = Experiment { experiment, arms },
    2 = Rank { variant, list, consent },
);
binary!(struct Variant { texts });
binary!(struct TemplatedText { patch, escape, template });

impl Program {
    /// Whether everything that evaluation relies on to come to an end holds. A program that was compiled
    /// is sound; one that was read from a file is checked once.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let starts = self.segments.iter().copied();
        let experiments = self
            .experiments
            .iter()
            .filter_map(|experiment| experiment.options.as_deref().and_then(|options| options.when));
        let rules = self.rules.iter().filter_map(|rule| rule.when);
        let ops = self.conditions.ops.len();
        self.constants.is_finite()
            && self.conditions.is_well_nested()
            && starts.chain(experiments).chain(rules).all(|at| (at as usize) < ops)
            && self.inputs.len() <= usize::from(template::NOWHERE)
            && self.texts.iter().all(|text| text.template.is_valid(&self.constants, self.inputs.len()))
            && self.segments_point_back()
            && self.requirements_point_back()
    }

    /// Whether each segment lies behind the one before it, and asks only those before it.
    fn segments_point_back(&self) -> bool {
        let mut behind = 0;
        (0..=u16::MAX).zip(&self.segments).all(|(segment, start)| {
            let end = self.conditions.end_of(*start);
            let ops = self.conditions.ops.get(*start as usize..end as usize).unwrap_or_default();
            let in_order = *start >= behind;
            behind = end;
            in_order && ops.iter().all(|op| !matches!(op, Op::Segment(asked) if *asked >= segment))
        })
    }

    /// Whether each experiment requires only those before it.
    fn requirements_point_back(&self) -> bool {
        (0..=u16::MAX).zip(&self.experiments).all(|(number, experiment)| {
            let Some(options) = &experiment.options else { return true };
            let required = self.requirements.get(options.requires.range(1)).unwrap_or_default();
            required
                .iter()
                .all(|required| !matches!(required, Requirement::Arm { experiment, .. } if *experiment >= number))
        })
    }
}
