//! The hot path: a loaded program that decides.

use super::packed::{Packed, pack, unpack};
use crate::bundle::codec::{self, Decoded};
use crate::decide::{Decisions, Frame, Zone, decide};
use crate::program::Program;
use crate::trace::NoTrace;
use std::ops::Range;
use wasm_bindgen::prelude::*;

/// A loaded bundle, with the memory that decisions are made in.
#[wasm_bindgen]
pub struct Runtime {
    pub(super) program: Program,
    manifest: Range<usize>,
    checksum: u32,
    #[cfg(feature = "compiler")]
    pub(super) names: crate::bundle::manifest::Manifest,
    packed: Packed,
    pub(super) frame: Frame,
    decisions: Decisions,
    out: Vec<u32>,
}

#[wasm_bindgen]
impl Runtime {
    /// Reads a compiled bundle.
    ///
    /// # Errors
    /// The code and the message of what is wrong with the bytes, with a line break between them.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Runtime, JsValue> {
        let Decoded { program, manifest, checksum } = codec::decode(file).map_err(super::refusal)?;
        Ok(Self {
            program,
            checksum,
            #[cfg(feature = "compiler")]
            names: serde_json::from_slice(file.get(manifest.clone()).unwrap_or_default())
                .map_err(|_| super::refusal(crate::ErrorKind::Malformed.into()))?,
            manifest,
            packed: Packed::default(),
            frame: Frame::default(),
            decisions: Decisions::default(),
            out: Vec::new(),
        })
    }

    /// Makes room for what JavaScript writes; what is there already stays.
    pub fn reserve(&mut self, head: usize, numbers: usize, text: usize) {
        self.packed.head.resize(head.max(self.packed.head.len()), 0);
        self.packed.numbers.resize(numbers.max(self.packed.numbers.len()), 0.0);
        self.packed.text.resize(text.max(self.packed.text.len()), 0);
    }

    /// Where things are, one number each because every method is 200 bytes of JavaScript. In memory: the room for nodes (0),
    /// numbers (1) and text (2), the texts of the last decision (3). In the file: where the manifest starts (4) and ends (5).
    #[wasm_bindgen(js_name = placeOf)]
    pub fn place_of(&self, what: u32) -> usize {
        match what {
            0 => self.packed.head.as_ptr().addr(),
            1 => self.packed.numbers.as_ptr().addr(),
            2 => self.packed.text.as_ptr().addr(),
            3 => self.decisions.text.as_ptr().addr(),
            4 => self.manifest.start,
            _ => self.manifest.end,
        }
    }

    /// The checksum of the bundle's content.
    #[wasm_bindgen(getter)]
    pub fn checksum(&self) -> u32 {
        self.checksum
    }

    /// Whether the visitor is in a segment that the last decision asked.
    #[wasm_bindgen(js_name = isIn)]
    pub fn is_in(&self, segment: u16) -> bool {
        self.decisions.is_in(segment)
    }

    /// Decides with what was written, and says at which address the decision lies.
    pub fn decide(
        &mut self,
        now: f64,
        offset_minutes: i32,
        until: f64,
        consent: u32,
        forced: usize,
        profile_until: f64,
    ) -> usize {
        self.fill(now, offset_minutes, until, consent, forced, profile_until);
        decide(&self.program, &self.frame, &mut NoTrace, &mut self.decisions);
        pack(&self.decisions, now, &mut self.out);
        self.out.as_ptr().addr()
    }
}

impl Runtime {
    pub(super) fn fill(
        &mut self,
        now: f64,
        offset_minutes: i32,
        until: f64,
        consent: u32,
        forced: usize,
        profile_until: f64,
    ) {
        self.frame.clear();
        self.frame.now = now;
        self.frame.zone = Zone { offset_minutes, until };
        self.frame.consent = consent;
        self.frame.profile_until = Some(profile_until);
        unpack(&self.packed, self.program.inputs.len(), forced, &mut self.frame);
        self.frame.derive(&self.program);
    }
}
