//! Decisions that agree: with themselves when made again, and with the explanation of how they were made.

use slotwise::bundle::manifest::Manifest;
use slotwise::decide::{Decisions, Frame, SlotDecision, decide};
use slotwise::explain::{Step, explain};
use slotwise::program::Program;
use slotwise::trace::{NoTrace, Trace};

/// Takes down what is decided.
#[derive(Default)]
struct Watch {
    decided: Vec<SlotDecision>,
}

impl Trace for Watch {
    fn decided(&mut self, decision: &SlotDecision) {
        self.decided.push(*decision);
    }
}

/// The decision of a visitor, after asserting that it is the same every time, watched or not.
pub(crate) fn decided(program: &Program, frame: &Frame) -> Decisions {
    let mut first = Decisions::default();
    decide(program, frame, &mut NoTrace, &mut first);
    let mut again = first.clone();
    let mut watch = Watch::default();
    decide(program, frame, &mut watch, &mut again);
    // As text, since NaN is not equal to itself.
    assert_eq!(format!("{first:?}"), format!("{again:?}"), "two decisions of one visitor differ");
    assert_eq!(first.slots, watch.decided, "what was told is not what was decided");
    assert_eq!(first.slots.len(), program.slots.len(), "a slot is not decided");
    for rendered in &first.rendered {
        let end = rendered.text.start as usize + rendered.text.len as usize;
        assert!(end <= first.text.len(), "a rendered text is not there");
    }
    first
}

/// The steps of every slot, after asserting that they end in what was decided.
pub(crate) fn explained(
    program: &Program,
    manifest: &Manifest,
    frame: &Frame,
    decisions: &Decisions,
) -> Vec<Vec<Step>> {
    let explanation = explain(program, manifest, frame);
    assert_eq!(explanation.slots.len(), manifest.slots.len(), "a slot is not explained");
    for ((slot, steps), decision) in manifest.slots.iter().zip(explanation.slots.values()).zip(&decisions.slots) {
        let Some(Step::Decided { variant, source, reason }) = steps.last() else {
            panic!("the explanation of {} does not end in a decision: {steps:?}", slot.name);
        };
        let shown = slot.variants.get(usize::from(decision.variant)).map_or("", |(name, _)| name);
        assert_eq!((variant.as_str(), *source, *reason), (shown, decision.source.code(), decision.reason.code()));
        for step in steps {
            // What a person reads is written without failing, too.
            assert!(!step.to_string().is_empty());
        }
    }
    explanation.slots.into_values().collect()
}
