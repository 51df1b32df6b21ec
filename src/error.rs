//! What can go wrong when an engine is made. Deciding has no errors.

use std::fmt;

/// Why compiled bytes were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes are no compiled bundle at all.
    NotABundle,
    /// The file was written by a newer Slotwise.
    TooNew,
    /// The file ends too early.
    Truncated,
    /// The checksum does not fit the content.
    Damaged,
    /// The content does not hold together, though its checksum fits.
    Malformed,
}

impl ErrorKind {
    /// The code that users see.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotABundle => "not_a_bundle",
            Self::TooNew => "too_new",
            Self::Truncated => "truncated",
            Self::Damaged => "damaged",
            Self::Malformed => "malformed",
        }
    }

    /// What happened and what to do about it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotABundle => "this is not a compiled Slotwise bundle; make one with `slotwise build bundle.json`",
            Self::TooNew => "this bundle was compiled by a newer Slotwise; update the package, or compile it again",
            Self::Truncated => "the bundle ends too early; it was cut off on its way, fetch or build it again",
            Self::Damaged => "the bundle's checksum does not match; it was changed on its way, fetch or build it again",
            Self::Malformed => "the bundle's content does not hold together; build it again",
        }
    }
}

/// An error of this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind.message())
    }
}

impl std::error::Error for Error {}
