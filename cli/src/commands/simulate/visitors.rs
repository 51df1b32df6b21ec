//! Synthetic visitors: what they have in common, read once, and an id of each one's own.

use crate::diagnostics::syntax_error;
use crate::failure::Failure;
use crate::source::Source;
use serde_json::{Map, Value as Json};
use slotwise::bundle::manifest::{InputPath, Manifest};
use slotwise::decide::{Frame, Zone};
use slotwise::value::{Node, Pool};
use slotwise::{Context, Engine, Request};

/// The visitors of one simulation, by number.
pub(super) struct Visitors<'e> {
    engine: &'e Engine,
    seed: u64,
    /// Everything but the ids: one for all visitors, or one a line that was read.
    frames: Vec<Frame>,
    /// The inputs that visitors are split by.
    identities: Vec<u16>,
    /// Whether the lines hold ids.
    known: bool,
}

impl<'e> Visitors<'e> {
    /// Visitors who differ in nothing but their ids.
    pub(super) fn alike(engine: &'e Engine, context: &Context, seed: u64) -> Self {
        let frames = vec![frame(engine, context, &context.attributes)];
        Self { engine, seed, frames, identities: identities(engine), known: false }
    }

    /// Visitors with the attributes of one line each.
    pub(super) fn from_lines(engine: &'e Engine, context: &Context, seed: u64, lines: &Source) -> Result<Self, Failure> {
        let identities = identities(engine);
        let mut frames = Vec::new();
        let mut known = false;
        for (number, line) in (1u64..).zip(lines.text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let own = read_line(&lines.name, number, line)?;
            known |= own_ids(engine.manifest(), &identities, &own);
            frames.push(frame(engine, context, &overlaid(&context.attributes, own)));
        }
        if frames.is_empty() {
            return Err(Failure::new(format!("{} has no lines", lines.name)).help("write one JSON object a line"));
        }
        let mut visitors = Self { engine, seed, frames, identities, known };
        if !known {
            visitors.forget_ids();
        }
        Ok(visitors)
    }

    /// How many visitors there are, when they bring their ids.
    pub(super) fn known(&self) -> Option<u64> {
        self.known.then(|| u64::try_from(self.frames.len()).unwrap_or(u64::MAX))
    }

    /// A frame to begin a batch with.
    pub(super) fn frame(&self, visitor: u64) -> Frame {
        self.common(visitor).cloned().unwrap_or_default()
    }

    /// Makes a frame that of this visitor. With one frame for all, only the ids are exchanged.
    pub(super) fn enter(&self, visitor: u64, frame: &mut Frame) {
        if self.frames.len() > 1 {
            *frame = self.frame(visitor);
        }
        for (place, input) in (0u64..).zip(&self.identities) {
            let index = usize::from(*input);
            let Some(value) = frame.values.get_mut(index) else { continue };
            if self.known && !matches!(value, Node::Null | Node::Undefined) {
                continue;
            }
            *value = Node::Text(frame.pool.push_units(id(self.seed, place, visitor)));
            if let Some(derived) = frame.derived.get_mut(index) {
                *derived = None;
            }
        }
    }

    fn common(&self, visitor: u64) -> Option<&Frame> {
        let count = u64::try_from(self.frames.len()).unwrap_or(u64::MAX);
        let place = visitor.checked_rem(count)?;
        self.frames.get(usize::try_from(place).ok()?)
    }

    /// An id that all visitors would have in common is none.
    fn forget_ids(&mut self) {
        for frame in &mut self.frames {
            for input in &self.identities {
                if let Some(value) = frame.values.get_mut(usize::from(*input)) {
                    *value = Node::Null;
                }
            }
        }
        debug_assert!(self.engine.program().inputs.len() >= self.identities.len());
    }
}
