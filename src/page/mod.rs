//! Reads a page while it streams, for who changes it on its way: says where the tags are that matter.
//!
//! A page has thousands of tags, and a few of them matter: those of slots, and what is inside them. `lol_html`, which is
//! HTMLRewriter in Workers, looks at the attributes of every tag once a selector asks for one, and calls out of its
//! parser for every element that is found; this reader does neither.
//!
//! Not here: what becomes of an element. The reader knows places in the page, not their content.

mod ambiguity;
mod attributes;
mod bytes;
mod elements;
mod name;
mod tokens;

#[cfg(test)]
mod tests;

use ambiguity::Ambiguity;
pub use attributes::Attribute;
use elements::{Elements, ends_foreign};
pub use name::{Content, Name};
pub use tokens::Tag;
use tokens::Tokenizer;

/// A tag that is longer than this is not waited for.
const LONGEST_TAG: usize = 1024 * 1024;

/// What a reader has come upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A start tag that matters. If its element has content, it is followed until it ends.
    Opened {
        /// Whether the element has content.
        has_content: bool,
    },
    /// A tag at which followed elements end.
    Closed {
        /// How many of them stay open.
        left: usize,
        /// Whether it is the end tag of the outermost of those that end.
        is_own: bool,
    },
    /// All there is of the page is read, up to a place from which it has to come again with what follows.
    Read {
        /// The place.
        up_to: usize,
        /// Whether it is outside of every tag, comment, script and the like.
        is_in_markup: bool,
    },
    /// It is not certain how a browser reads on.
    Uncertain,
}

/// Reads one page, of which it is given one piece after the other.
#[derive(Debug, Default)]
pub struct PageReader {
    tokenizer: Tokenizer,
    elements: Elements,
    ambiguity: Ambiguity,
    /// Whether the tag has only ended what it ends besides.
    is_tag_due: bool,
    /// How deep each element is that is followed, the outermost first.
    followed: Vec<usize>,
    /// How deep the element is of whose content nothing is told.
    passed_over: Option<usize>,
    hears_all: bool,
}

impl PageReader {
    /// Begins with the next piece: what could not be read before, and what follows it; `is_last` when nothing follows that.
    pub fn begin(&mut self, is_last: bool) {
        self.tokenizer.begin(is_last);
    }

    /// The tag that was come upon last.
    #[must_use]
    pub fn tag(&self) -> &Tag {
        self.tokenizer.tag()
    }

    /// Where its attributes are.
    pub fn attributes(&self, piece: &[u8]) -> impl Iterator<Item = Attribute> {
        attributes::attributes(piece, self.tag())
    }

    /// Whether every start tag matters from here on, and not only those of slots, custom elements for slots, scripts and the body.
    pub fn hear_all(&mut self, hears_all: bool) {
        self.hears_all = hears_all;
    }

    /// Tells nothing of what is in the element that was opened last.
    pub fn pass_over(&mut self) {
        self.passed_over = self.followed.last().copied();
    }

    /// Reads on in the piece that was begun.
    pub fn next(&mut self, piece: &[u8]) -> Event {
        loop {
            if !self.is_tag_due {
                if !self.tokenizer.next(piece) {
                    return self.pause(piece);
                }
                if let Some(event) = self.end_foreign(piece) {
                    self.is_tag_due = true;
                    return event;
                }
            }
            self.is_tag_due = false;
            let event = if self.tag().is_end { self.close() } else { self.open(piece) };
            if let Some(event) = event {
                return event;
            }
        }
    }

    fn pause(&self, piece: &[u8]) -> Event {
        let up_to = self.tokenizer.at();
        if self.tokenizer.is_uncertain() || piece.len().saturating_sub(up_to) > LONGEST_TAG {
            return Event::Uncertain;
        }
        Event::Read { up_to, is_in_markup: self.tokenizer.is_in_markup() }
    }

    /// Ends SVG and MathML in which the tag cannot be.
    fn end_foreign(&mut self, piece: &[u8]) -> Option<Event> {
        if !self.elements.is_foreign() {
            return None;
        }
        let tag = self.tag();
        let ends = if tag.is_end { matches!(tag.name, name::P | name::BR) } else { ends_foreign(piece, tag) };
        if ends { self.end_to(self.elements.html_depth(), false) } else { None }
    }

    fn open(&mut self, piece: &[u8]) -> Option<Event> {
        let was_html = !self.elements.is_foreign();
        let Tag { name, has_slot, .. } = *self.tag();
        let Some(content) = self.elements.open(piece, self.tokenizer.tag()) else {
            return Some(Event::Uncertain);
        };
        if self.elements.are_too_many() || was_html && !self.ambiguity.open(name, content) {
            return Some(Event::Uncertain);
        }
        self.tokenizer.enter(content, self.elements.cdata());
        let matters = has_slot || self.hears_all || matches!(name, name::ADAPTIVE_SLOT | name::BODY | name::SCRIPT);
        if !matters || self.passed_over.is_some() {
            return None;
        }
        let has_content = content != Content::Nothing;
        if has_content {
            self.followed.push(self.elements.depth());
        }
        Some(Event::Opened { has_content })
    }

    fn close(&mut self) -> Option<Event> {
        let name = self.tag().name;
        self.ambiguity.close(name);
        let Some(depth) = self.elements.depth_behind(name) else {
            return Some(Event::Uncertain);
        };
        let event = self.end_to(depth, true);
        self.tokenizer.leave(self.elements.cdata());
        event
    }

    /// Ends all but the outermost elements, the outermost of those with its own end tag or without.
    fn end_to(&mut self, depth: usize, has_end_tag: bool) -> Option<Event> {
        self.elements.end_to(depth);
        self.passed_over = self.passed_over.filter(|deep| *deep <= depth);
        let followed = self.followed.len();
        let left = self.followed.partition_point(|deep| *deep <= depth);
        let outermost = self.followed.get(left).copied();
        self.followed.truncate(left);
        let is_own = has_end_tag && outermost == Some(depth.saturating_add(1));
        (left < followed).then_some(Event::Closed { left, is_own })
    }
}
