//! The page reader, as the Worker calls it.

use crate::page::{Event, PageReader as Reader};
use wasm_bindgen::prelude::*;

/// Room for what is read of a page. JavaScript writes it there; all pages are read in the same room, one after the other.
#[wasm_bindgen]
#[derive(Default)]
pub struct Room {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// Copying is several times as fast to an address that is a multiple of this.
const ALIGNMENT: usize = 64;

#[wasm_bindgen]
impl Room {
    /// Makes an empty room.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many bytes, and gives its address.
    pub fn reserve(&mut self, length: usize) -> usize {
        let needed = length.saturating_add(ALIGNMENT);
        if self.bytes.len() < needed {
            self.bytes.resize(needed, 0);
        }
        let address = self.bytes.as_ptr().addr();
        self.start = address.wrapping_neg() % ALIGNMENT;
        self.end = self.start.saturating_add(length);
        address.saturating_add(self.start)
    }

    fn piece(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }
}

/// Reads one page while it streams, and stops at the tags that matter.
#[wasm_bindgen]
#[derive(Default)]
pub struct PageReader {
    reader: Reader,
    has_content: bool,
    left: usize,
    is_own: bool,
    up_to: usize,
    is_in_markup: bool,
}

#[wasm_bindgen]
impl PageReader {
    /// Makes a reader, which begins a page.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins another page.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Begins with what is in the room: what could not be read before, and what follows it.
    pub fn begin(&mut self, is_last: bool) {
        self.reader.begin(is_last);
    }

    /// Reads on: 0 when all there is of the page is read, 1 for a start tag, 2 where elements end, 3 when it is not certain how
    /// a browser reads on.
    pub fn next(&mut self, room: &Room) -> u32 {
        match self.reader.next(room.piece()) {
            Event::Read { up_to, is_in_markup } => {
                (self.up_to, self.is_in_markup) = (up_to, is_in_markup);
                0
            }
            Event::Opened { has_content } => {
                self.has_content = has_content;
                1
            }
            Event::Closed { left, is_own } => {
                (self.left, self.is_own) = (left, is_own);
                2
            }
            Event::Uncertain => 3,
        }
    }

    /// Whether every start tag matters from here on.
    #[wasm_bindgen(js_name = hearAll)]
    pub fn hear_all(&mut self, hears_all: bool) {
        self.reader.hear_all(hears_all);
    }

    /// Tells nothing of what is in the element that was opened last.
    #[wasm_bindgen(js_name = passOver)]
    pub fn pass_over(&mut self) {
        self.reader.pass_over();
    }

    /// Where the tag starts.
    #[wasm_bindgen(getter)]
    pub fn start(&self) -> usize {
        self.reader.tag().start
    }

    /// Where its name ends.
    #[wasm_bindgen(getter, js_name = nameEnd)]
    pub fn name_end(&self) -> usize {
        self.reader.tag().name_end
    }

    /// Where it ends.
    #[wasm_bindgen(getter)]
    pub fn end(&self) -> usize {
        self.reader.tag().end
    }

    /// Where its attributes are: for each, where it starts, where its name ends, where its value starts and ends, where it ends.
    pub fn attributes(&self, room: &Room) -> Vec<usize> {
        let places = |at: crate::page::Attribute| [at.start, at.name_end, at.value_start, at.value_end, at.end];
        self.reader.attributes(room.piece()).flat_map(places).collect()
    }

    /// Whether the element that was opened has content.
    #[wasm_bindgen(getter, js_name = hasContent)]
    pub fn has_content(&self) -> bool {
        self.has_content
    }

    /// How many of the elements that are followed stay open.
    #[wasm_bindgen(getter)]
    pub fn left(&self) -> usize {
        self.left
    }

    /// Whether the tag is the end tag of the outermost of those that end.
    #[wasm_bindgen(getter, js_name = isOwn)]
    pub fn is_own(&self) -> bool {
        self.is_own
    }

    /// Up to where the page is read. The rest has to come again.
    #[wasm_bindgen(getter, js_name = upTo)]
    pub fn up_to(&self) -> usize {
        self.up_to
    }

    /// Whether that is outside of every tag, comment, script and the like.
    #[wasm_bindgen(getter, js_name = isInMarkup)]
    pub fn is_in_markup(&self) -> bool {
        self.is_in_markup
    }
}
