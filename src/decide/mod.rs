//! The decision: one function, generic over a [`Trace`].
//!
//! [`decide`] takes a program and a [`Frame`] (what is known of the visitor and the moment) and fills a
//! [`Decisions`]: what each slot shows and why, which experiments the visitor takes part in, which inputs
//! were read and until when the answer can be kept. It reads no clock and draws no random number, and no
//! frame, however odd, makes it fail.

mod assign;
mod frame;
mod outcome;
mod run;

pub use frame::{Frame, Zone};
pub use outcome::{Assignment, Decisions, FOREVER, Maybe, Reason, Rendered, SlotDecision, Source};

use crate::program::Program;
use crate::template::NOWHERE;
use crate::trace::Trace;

/// How deep segments may build on segments, and experiments require experiments; check refuses more.
pub const MAX_CHAIN: u32 = 32;

/// How deep both may build on each other: neither comes back to itself, so a chain holds each once.
const MAX_DEPTH: u32 = 2 * MAX_CHAIN;

/// Decides every slot of `program`. `decisions` is emptied first; its memory is used again.
pub fn decide<T: Trace>(program: &Program, frame: &Frame, trace: &mut T, decisions: &mut Decisions) {
    decisions.reset(program);
    let hides_identity = !frame.consents(program.identity_consent);
    run::Run {
        program,
        frame,
        trace,
        out: decisions,
        depth: 0,
        hides_identity,
        visitor: None,
        holdout: None,
        ahead: None,
        list: NOWHERE,
    }
    .decide();
}
