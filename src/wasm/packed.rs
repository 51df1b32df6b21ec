//! The layout of what JavaScript writes and reads in the module's memory. `pkg/src/engine/pack.ts` is the
//! other side of [`unpack`], `pkg/src/engine/words.ts` the other side of [`pack`].

use crate::decide::{Decisions, Frame};
use crate::value::{MAX_DEPTH, Node, Span};

/// What JavaScript writes before each decision.
///
/// `head` holds one word a node, in pre-order: the tag in the low four bits, a count above. A number takes
/// the next entry of `numbers`, a text the next `count` units of `text`; an array is followed by `count`
/// nodes, an object by `count` pairs of a text and a node. Behind the values of all inputs come the forced
/// slots, one word each: slot in the low half, variant in the high half.
#[derive(Default)]
pub(super) struct Packed {
    pub(super) head: Vec<u32>,
    pub(super) numbers: Vec<f64>,
    pub(super) text: Vec<u16>,
}

/// Words of the header of a decision.
const HEADER: usize = 5;

const UNDEFINED: u32 = 0;
const FALSE: u32 = 2;
const TRUE: u32 = 3;
const NUMBER: u32 = 4;
const TEXT: u32 = 5;
const ARRAY: u32 = 6;
const OBJECT: u32 = 7;

/// Reads the values of all inputs into a frame that was cleared, and the forced slots.
pub(super) fn unpack(packed: &Packed, inputs: usize, forced: usize, frame: &mut Frame) {
    let mut cursor = Cursor { packed, head: 0, number: 0, text: 0 };
    for _ in 0..inputs {
        let node = cursor.node(frame, 0);
        frame.values.push(node);
    }
    for _ in 0..forced {
        let word = cursor.word();
        let [slot_low, slot_high, variant_low, variant_high] = word.to_le_bytes();
        frame.force.push((u16::from_le_bytes([slot_low, slot_high]), u16::from_le_bytes([variant_low, variant_high])));
    }
}

struct Cursor<'a> {
    packed: &'a Packed,
    head: usize,
    number: usize,
    text: usize,
}

impl Cursor<'_> {
    fn word(&mut self) -> u32 {
        let word = self.packed.head.get(self.head).copied();
        self.head = self.head.saturating_add(1);
        word.unwrap_or(1)
    }

    fn node(&mut self, frame: &mut Frame, depth: u32) -> Node {
        let word = self.word();
        let count = word >> 4;
        match word & 15 {
            UNDEFINED => Node::Undefined,
            FALSE => Node::Bool(false),
            TRUE => Node::Bool(true),
            NUMBER => {
                let number = self.packed.numbers.get(self.number).copied();
                self.number = self.number.saturating_add(1);
                Node::Number(number.unwrap_or(f64::NAN))
            }
            TEXT => {
                let end = self.text.saturating_add(count as usize);
                let units = self.packed.text.get(self.text..end).unwrap_or_default();
                self.text = end;
                Node::Text(frame.pool.push_slice(units))
            }
            tag @ (ARRAY | OBJECT) if depth < MAX_DEPTH => {
                let len = if tag == ARRAY { count } else { count.saturating_mul(2) };
                // The head has a word for every node, so no count can ask for more than is there.
                let left = self.packed.head.len().saturating_sub(self.head);
                let span = frame.pool.reserve((len as usize).min(left));
                for index in span.start..span.start.saturating_add(span.len) {
                    let node = self.node(frame, depth.saturating_add(1));
                    frame.pool.set(index, node);
                }
                if tag == ARRAY {
                    Node::Array(span)
                } else {
                    Node::Object(Span { start: span.start, len: span.len / 2 })
                }
            }
            _ => Node::Null,
        }
    }
}

/// Writes a decision for JavaScript: five words of counts, then rows.
///
/// | rows | words |
/// | --- | --- |
/// | header | words in all, max age in seconds, assignments, rendered texts, slots |
/// | slot | variant, source << 16, reason << 24 · rule + 1, (assignment or holdout + 1) << 16 |
/// | assignment | experiment, (arm + 1) << 16 · reason, fallback << 8, (bucket in ten-thousandths + 1) << 16 |
/// | rendered | slot, patch << 16 · start · length, in code units of the text buffer |
/// | reads | one bit an input |
pub(super) fn pack(decisions: &Decisions, now: f64, out: &mut Vec<u32>) {
    let Decisions { slots, assignments, rendered, reads, .. } = decisions;
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    let pairs = slots.len().saturating_add(assignments.len());
    let words = HEADER.saturating_add(pairs.saturating_mul(2)).saturating_add(rendered.len().saturating_mul(3));
    let words = words.saturating_add(reads.len());
    // As long as it mostly was: then nothing is cleared before it is written.
    out.resize(words, 0);
    let Some((header, out)) = out.split_first_chunk_mut::<HEADER>() else { return };
    *header =
        [count(words), decisions.max_age(now), count(assignments.len()), count(rendered.len()), count(slots.len())];
    let (pairs, out) = out.split_at_mut_checked(pairs.saturating_mul(2)).unwrap_or_default();
    let (triples, bits) = out.split_at_mut_checked(rendered.len().saturating_mul(3)).unwrap_or_default();
    let (pairs, triples) = (pairs.as_chunks_mut().0, triples.as_chunks_mut().0);
    let (slot_rows, assignment_rows) = pairs.split_at_mut_checked(slots.len()).unwrap_or_default();
    for (row, slot) in slot_rows.iter_mut().zip(slots) {
        *row = [
            u32::from(slot.variant) | u32::from(slot.source as u8) << 16 | u32::from(slot.reason as u8) << 24,
            u32::from(slot.rule.counted()) | u32::from(slot.decider.counted()) << 16,
        ];
    }
    for (row, made) in assignment_rows.iter_mut().zip(assignments) {
        *row = [
            u32::from(made.experiment) | u32::from(made.arm.counted()) << 16,
            u32::from(made.reason as u8) | u32::from(made.fallback) << 8 | u32::from(made.bucket.counted()) << 16,
        ];
    }
    for (row, text) in triples.iter_mut().zip(rendered) {
        *row = [u32::from(text.slot) | u32::from(text.patch) << 16, text.text.start, text.text.len];
    }
    for (word, read) in bits.iter_mut().zip(reads) {
        *word = *read;
    }
}
