//! Reads bytes, and remembers when there were too few.

/// Reads what was written.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    failed: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, failed: false }
    }

    /// Whether everything could be read and nothing is left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.failed && self.bytes.is_empty()
    }

    /// Takes note that what was read makes no sense.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// Takes note when what was read makes no sense.
    pub fn require(&mut self, makes_sense: bool) {
        self.failed |= !makes_sense;
    }

    /// A text as [`String`] writes it, where it lies.
    pub fn text(&mut self) -> &'a str {
        let count = self.count();
        // The code of `from_utf8` is larger: it is made for long texts.
        let mut chunks = self.elements::<1>(count).as_flattened().utf8_chunks();
        let Some(chunk) = chunks.next() else { return "" };
        self.require(chunk.invalid().is_empty());
        chunk.valid()
    }

    #[inline(never)]
    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            self.failed = true;
            return 0;
        };
        self.bytes = rest;
        *first
    }

    #[inline(never)]
    pub(super) fn varint(&mut self) -> u32 {
        let mut number = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte();
            number |= u32::from(byte & 0x7F).wrapping_shl(shift);
            if byte < 0x80 {
                return number;
            }
        }
        self.failed = true;
        0
    }

    /// How many elements follow; never more than there are bytes, so that no count asks for memory in vain.
    #[inline(never)]
    pub(super) fn count(&mut self) -> usize {
        let count = self.varint() as usize;
        if count > self.bytes.len() {
            self.failed = true;
            return 0;
        }
        count
    }

    /// The next `count` elements of `N` bytes each; none when there are fewer.
    pub(super) fn elements<const N: usize>(&mut self, count: usize) -> &'a [[u8; N]] {
        let (elements, rest) = match self.bytes.split_at_checked(count.saturating_mul(N)) {
            Some((elements, rest)) => (elements, rest),
            None => {
                self.failed = true;
                (Default::default(), self.bytes)
            }
        };
        self.bytes = rest;
        elements.as_chunks().0
    }

    #[inline(never)]
    pub(super) fn double(&mut self) -> f64 {
        let Some((first, rest)) = self.bytes.split_first_chunk() else {
            self.failed = true;
            return 0.0;
        };
        self.bytes = rest;
        f64::from_le_bytes(*first)
    }
}
