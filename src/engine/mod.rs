//! The engine as native code uses it: names in, names and content out.
//!
//! JavaScript has its own counterpart of this module in the npm package, which does the same with the
//! same program and manifest; the vectors in `tests/spec` hold the two together.

mod cache;
mod context;
mod ranked;
mod result;

pub use cache::Cache;
pub use context::{Context, Request};
pub use ranked::{Because, BecausePart, ShownItem};
pub use result::{Exposure, Personalization, Shown};

use crate::bundle::codec::{self, Decoded};
use crate::bundle::manifest::Manifest;
use crate::decide::{Decisions, Frame};
use crate::error::{Error, ErrorKind};
use crate::explain::{Explanation, explain};
use crate::program::Program;
use crate::rank::Catalog;
use ranked::Lists;

/// A loaded bundle.
#[derive(Clone, Debug)]
pub struct Engine {
    program: Program,
    manifest: Manifest,
    catalog: Option<Catalog>,
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
        let catalog = codec::decode_catalog(file)?;
        Ok(Self { program, manifest, catalog, checksum })
    }

    /// Decides every slot for one visitor. Whatever the context holds, there is a decision.
    #[must_use]
    pub fn personalize(&self, context: &Context) -> Personalization {
        self.decide_as(context, context.frame(&self.program, &self.manifest))
    }

    /// Decides with the values of a frame, which may be such as no [`Context`] holds: `undefined`, NaN, half a surrogate pair. Rankings
    /// then know nothing of what the visitor did.
    #[must_use]
    pub fn decide(&self, frame: &Frame) -> Personalization {
        self.decide_as(&Context::new(frame.now), frame.clone())
    }

    /// As [`Engine::decide`], without names and content: `decisions` becomes what was decided, and the frame gets the lists that rankings
    /// made, as of the frame's moment.
    pub fn decide_into(&self, frame: &mut Frame, decisions: &mut Decisions) {
        self.lists(&Context::new(frame.now), frame, decisions);
    }

    fn decide_as(&self, context: &Context, mut frame: Frame) -> Personalization {
        let mut decisions = Decisions::default();
        let lists = self.lists(context, &mut frame, &mut decisions);
        Personalization::new(self, &frame, &decisions, &lists)
    }

    /// The same decision, with every step that led to it.
    #[must_use]
    pub fn explain(&self, context: &Context) -> Explanation {
        let mut frame = context.frame(&self.program, &self.manifest);
        self.lists(context, &mut frame, &mut Decisions::default());
        explain(&self.program, &self.manifest, &frame)
    }

    fn lists(&self, context: &Context, frame: &mut Frame, decisions: &mut Decisions) -> Lists {
        let Self { program, manifest, catalog, .. } = self;
        Lists::decide(program, manifest, catalog.as_ref(), (context, frame), decisions)
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
