//! The engine as native code uses it: names in, names and content out.
//!
//! JavaScript has its own counterpart of this module in the npm package, which does the same with the
//! same program and manifest; the vectors in `tests/spec` hold the two together.

mod cache;
mod context;
mod result;

pub use cache::Cache;
pub use context::{Context, Request};
pub use result::{Exposure, Personalization, Shown};

use crate::bundle::codec::{self, Decoded};
use crate::bundle::manifest::Manifest;
use crate::decide::{Decisions, Frame, decide};
use crate::error::{Error, ErrorKind};
use crate::explain::{Explanation, explain};
use crate::program::Program;
use crate::trace::NoTrace;

/// A loaded bundle.
#[derive(Clone, Debug)]
pub struct Engine {
    program: Program,
    manifest: Manifest,
    checksum: u32,
}

impl Engine {
    /// Reads a compiled bundle.
    ///
    /// # Errors
    /// [`ErrorKind`] says what is wrong with the bytes.
    pub fn load(file: &[u8]) -> Result<Self, Error> {
        let Decoded { program, manifest, checksum } = codec::decode(file)?;
        let names = file.get(manifest).unwrap_or_default();
        let manifest: Manifest = serde_json::from_slice(names).map_err(|_| ErrorKind::Malformed)?;
        Ok(Self { program, manifest, checksum })
    }

    /// Decides every slot for one visitor. Whatever the context holds, there is a decision.
    #[must_use]
    pub fn personalize(&self, context: &Context) -> Personalization {
        self.decide(&context.frame(&self.program, &self.manifest))
    }

    /// Decides with the values of a frame, which may be such as no [`Context`] holds: `undefined`, NaN, half a surrogate pair.
    #[must_use]
    pub fn decide(&self, frame: &Frame) -> Personalization {
        let mut decisions = Decisions::default();
        decide(&self.program, frame, &mut NoTrace, &mut decisions);
        Personalization::new(self, frame, &decisions)
    }

    /// The same decision, with every step that led to it.
    #[must_use]
    pub fn explain(&self, context: &Context) -> Explanation {
        explain(&self.program, &self.manifest, &context.frame(&self.program, &self.manifest))
    }

    /// The names and content of the bundle.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What is evaluated.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }
}
