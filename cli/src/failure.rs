//! Why a command could not do its work.

use crate::diagnostics::{Finding, render, render_plain};
use crate::source::Source;
use std::fmt;

/// A command's end before its time.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage, or a file that cannot be read or written.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// A context that does not fit: as wrong usage, with the places.
    Context(Box<Source>, Vec<Finding>),
    /// A compiled bundle that cannot be loaded.
    Unusable(String),
    /// A bundle with errors.
    Bundle(Box<Source>, Vec<Finding>),
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// Says what to do about it.
    pub(crate) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Self::Usage { message, .. } => Self::Usage { message, help: Some(text.into()) },
            other => other,
        }
    }

    /// The exit code that stands for it.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Bundle(..) | Self::Unusable(_) => 1,
            Self::Usage { .. } | Self::Context(..) => 2,
        }
    }
}

impl From<slotwise_learn::Failure> for Failure {
    fn from(failure: slotwise_learn::Failure) -> Self {
        Self::Usage { message: failure.message, help: failure.help }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, help } => out.write_str(&render_plain(message, help.as_deref())),
            Self::Unusable(message) => out.write_str(&render_plain(message, None)),
            Self::Context(source, findings) | Self::Bundle(source, findings) => {
                out.write_str(&render(source, findings))
            }
        }
    }
}
