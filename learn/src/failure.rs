//! Why something could not be learned.

use std::fmt;
use std::path::Path;

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong, and where.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// What is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: impl fmt::Display) -> Self {
        Self::new(format!("cannot read {}: {error}", path.display())).help("check the path")
    }

    /// A file that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: impl fmt::Display) -> Self {
        let help = "check that the folder is there and can be written to";
        Self::new(format!("cannot write {}: {error}", path.display())).help(help)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(out, "\n  {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
