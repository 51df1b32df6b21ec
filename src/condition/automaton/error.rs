//! Why a pattern was refused.

use std::fmt;

/// A pattern that cannot be compiled: what is wrong and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// One sentence or two, without the pattern and without a full stop at the end.
    pub message: String,
    /// Byte offset in the pattern, on a character boundary, where one place is to blame.
    pub at: Option<usize>,
}

impl PatternError {
    /// An error of the pattern as a whole.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }

    /// An error at a byte offset of the pattern.
    pub(super) fn at(message: impl Into<String>, at: usize) -> Self {
        Self { message: message.into(), at: Some(at) }
    }

    /// The refusal for patterns whose automaton would not fit the limits.
    pub(super) fn too_large() -> Self {
        Self::new(
            "the pattern is too large: its table would exceed the limits, use smaller counts, fewer alternatives or several conditions",
        )
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{} (at byte {at})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for PatternError {}
