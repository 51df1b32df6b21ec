//! One step of an explanation.

use serde::Serialize;
use serde_json::Value as Json;
use std::fmt;

/// One step of a decision. `depth` counts the segments and experiments that it lies inside of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "step", rename_all = "camelCase")]
pub enum Step {
    /// A rule is tried.
    Rule {
        /// Its place among the slot's rules.
        index: u16,
        /// Its name.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// The rule does not apply.
    RuleFailed,
    /// A value was tested.
    Test {
        /// Where the value came from.
        path: String,
        /// The operator; `equals` for a bare value.
        operator: &'static str,
        /// What it was tested against.
        operand: Json,
        /// The value.
        value: Json,
        /// The outcome.
        holds: bool,
        /// Segments and experiments around it.
        depth: u32,
    },
    /// A segment is asked.
    Segment {
        /// Its name.
        name: String,
        /// Segments and experiments around it.
        depth: u32,
    },
    /// A segment's answer.
    SegmentHeld {
        /// Its name.
        name: String,
        /// The answer.
        holds: bool,
        /// Segments and experiments around it.
        depth: u32,
    },
    /// An experiment is asked.
    Experiment {
        /// Its name.
        name: String,
        /// Segments and experiments around it.
        depth: u32,
    },
    /// An experiment's answer.
    Assigned {
        /// Its name.
        name: String,
        /// The visitor's arm, if any.
        #[serde(skip_serializing_if = "Option::is_none")]
        arm: Option<String>,
        /// Why: a code of [`crate::decide::Reason`].
        reason: &'static str,
        /// Where the visitor falls, from 0 up to 1, when that was asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        bucket: Option<f64>,
        /// Segments and experiments around it.
        depth: u32,
    },
    /// The slot is decided.
    Decided {
        /// The variant.
        variant: String,
        /// What decided: a code of [`crate::decide::Source`].
        source: &'static str,
        /// Why: a code of [`crate::decide::Reason`].
        reason: &'static str,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = |holds: bool| if holds { "yes" } else { "no" };
        match self {
            Self::Rule { index, id: Some(id) } => write!(out, "rule {index} \"{id}\""),
            Self::Rule { index, id: None } => write!(out, "rule {index}"),
            Self::RuleFailed => write!(out, "  does not apply"),
            Self::Test { path, operator, operand, value, holds, depth } => {
                indent(out, *depth)?;
                write!(out, "{path} is {value}: {operator} {operand}? {}", answer(*holds))
            }
            Self::Segment { name, depth } => {
                indent(out, *depth)?;
                write!(out, "segment \"{name}\"")
            }
            Self::SegmentHeld { name, holds, depth } => {
                indent(out, *depth)?;
                write!(out, "in segment \"{name}\"? {}", answer(*holds))
            }
            Self::Experiment { name, depth } => {
                indent(out, *depth)?;
                write!(out, "experiment \"{name}\"")
            }
            Self::Assigned { name, arm, reason, bucket, depth } => {
                indent(out, *depth)?;
                match arm {
                    Some(arm) => write!(out, "\"{name}\" gives \"{arm}\" ({reason}")?,
                    None => write!(out, "\"{name}\" passes ({reason}")?,
                }
                bucket.iter().try_for_each(|bucket| write!(out, ", bucket {bucket}"))?;
                write!(out, ")")
            }
            Self::Decided { variant, source, reason } => write!(out, "shows \"{variant}\" ({source}, {reason})"),
        }
    }
}

fn indent(out: &mut fmt::Formatter<'_>, depth: u32) -> fmt::Result {
    (0..=depth).try_for_each(|_| out.write_str("  "))
}
