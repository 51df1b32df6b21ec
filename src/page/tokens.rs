//! The tags of a page that comes in pieces, found as by the tokenizer of HTML: <https://html.spec.whatwg.org/#tokenization>.
//! Comments, scripts and the like are passed over. Nothing is decoded: in every charset in which ASCII is ASCII, the signs of
//! HTML's syntax are what they seem.

use super::bytes::{
    BLANKS, BLANKS_AND_SLASH, ENDS_NAME, ENDS_VALUE, HIGHEST, ONES, equal, find, find_byte, find_either, is_in,
};
use super::name::{self, Content, Name};

/// Where a tag is in the page, and what matters of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// Its first byte.
    pub start: usize,
    /// Where its name ends, and attributes begin.
    pub name_end: usize,
    /// Behind its last byte.
    pub end: usize,
    /// Its name.
    pub name: Name,
    /// Whether it is an end tag.
    pub is_end: bool,
    /// Whether it ends with `/>`.
    pub is_self_closing: bool,
    /// Whether it has the attribute `data-slot`.
    pub has_slot: bool,
}

/// The attribute that is looked for in every tag.
const SLOT: &[u8] = b"data-slot";

/// Finds tags. It has to be given the page from where it has read to.
#[derive(Debug, Default)]
pub(super) struct Tokenizer {
    state: State,
    /// How much of the page is read.
    at: usize,
    /// Whether nothing follows what there is of the page.
    is_last: bool,
    cdata: Cdata,
    /// Whether it cannot read on, for it is not certain what `<![CDATA[` begins or where it ends.
    is_uncertain: bool,
    /// The tag that was found last.
    tag: Tag,
}

/// What `<![CDATA[` begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cdata {
    /// A comment up to the first `>`, as in HTML.
    #[default]
    Comment,
    /// A section of text, as in SVG and MathML.
    Section,
    Uncertain,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Markup,
    /// In the text of an element of this name, of so many bytes.
    Text(Name, usize),
    Script(ScriptPart),
    Plaintext,
    Comment,
    BogusComment,
    Cdata,
}

/// Where in a script one is: plain, behind `<!--`, or behind a `<script` after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScriptPart {
    Plain,
    Escaped,
    DoubleEscaped,
}

/// What was found in markup.
enum Found {
    Tag,
    /// Something else begins, which has to be read from here.
    Other(usize, State),
}

impl Tokenizer {
    /// Whether what comes next is outside of every comment, script and the like.
    pub(super) fn is_in_markup(&self) -> bool {
        matches!(self.state, State::Markup)
    }

    /// Whether it has come to a place where it is not certain how a browser reads on.
    pub(super) fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    /// Begins with what there is of the page now.
    pub(super) fn begin(&mut self, is_last: bool) {
        (self.at, self.is_last) = (0, is_last);
    }

    /// How much of the page is read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The tag that was found last.
    pub(super) fn tag(&self) -> &Tag {
        &self.tag
    }

    /// Goes on behind the start tag that was found.
    pub(super) fn enter(&mut self, content: Content, cdata: Cdata) {
        self.cdata = cdata;
        self.state = match content {
            Content::Nothing | Content::Markup => State::Markup,
            Content::Text => State::Text(self.tag.name, self.tag.name_end.wrapping_sub(self.tag.start).wrapping_sub(1)),
            Content::Script => State::Script(ScriptPart::Plain),
            Content::Plaintext => State::Plaintext,
        };
    }

    /// Goes on behind an end tag.
    pub(super) fn leave(&mut self, cdata: Cdata) {
        self.cdata = cdata;
    }

    /// Finds the next tag; false when there is none in what there is of the page.
    pub(super) fn next(&mut self, page: &[u8]) -> bool {
        loop {
            let going_on = match self.state {
                State::Markup => match self.read_markup(page) {
                    Some(Found::Tag) => return true,
                    Some(Found::Other(at, state)) => {
                        (self.at, self.state) = (at, state);
                        Some(())
                    }
                    None => None,
                },
                State::Text(name, length) => self.read_text(page, name, length),
                State::Script(part) => self.read_script(page, part),
                State::Comment => self.read_comment(page),
                State::BogusComment => self.read_bogus_comment(page),
                State::Cdata => self.read_cdata(page),
                State::Plaintext => self.wait_at(page.len()),
            };
            if going_on.is_none() {
                return false;
            }
        }
    }

    /// Goes on from here once there is more of the page.
    fn wait_at<T>(&mut self, at: usize) -> Option<T> {
        self.at = at;
        None
    }

    /// Whether so many bytes are there, or no more will come.
    fn has(&self, page: &[u8], at: usize, count: usize) -> bool {
        self.is_last || at.saturating_add(count) <= page.len()
    }

    fn read_markup(&mut self, page: &[u8]) -> Option<Found> {
        loop {
            self.at = find_byte(page, self.at, b'<').unwrap_or(page.len());
            let [_, first, second, ..] = *page.get(self.at..)? else { return None };
            let name_start = self.at.saturating_add(1);
            match (first, second) {
                (first, _) if first.is_ascii_alphabetic() => return self.read_tag(page, name_start, false),
                (b'/', second) if second.is_ascii_alphabetic() => {
                    return self.read_tag(page, name_start.saturating_add(1), true);
                }
                (b'!', _) => return self.read_declaration(page),
                (b'?', _) => return Some(Found::Other(name_start, State::BogusComment)),
                (b'/', second) if second != b'>' => return Some(Found::Other(name_start, State::BogusComment)),
                _ => self.at = name_start,
            }
        }
    }

    /// Reads a tag up to its end. Of attributes only the values matter here, as they may hold what looks like the end.
    fn read_tag(&mut self, page: &[u8], name_start: usize, is_end: bool) -> Option<Found> {
        let (name, name_end) = read_name(page, name_start)?;
        let mut has_slot = false;
        // Behind the name of the tag or a value: what stands from here on belongs to other attributes.
        let mut behind = name_end;
        let mut from = behind;
        let end = loop {
            if page.get(from) == Some(&b'>') {
                break from;
            }
            let at = find_either(page, from, b'=', b'>')?;
            if page.get(at) == Some(&b'>') {
                break at;
            }
            from = at.wrapping_add(1);
            let before = page.get(behind..at)?.trim_ascii_end();
            if before.is_empty() || before.ends_with(b"/") {
                // The sign begins a name.
                behind = at;
                continue;
            }
            has_slot |= before.len() >= SLOT.len() && ends_with_slot(before);
            let value = find(page, from, |byte| !is_in(byte, BLANKS))?;
            behind = match *page.get(value)? {
                quote @ (b'"' | b'\'') => find_byte(page, value.wrapping_add(1), quote)?.wrapping_add(1),
                _ => find(page, value, |byte| is_in(byte, ENDS_VALUE))?,
            };
            from = behind;
        };
        let is_self_closing = page.get(behind..end)?.ends_with(b"/");
        let end = end.wrapping_add(1);
        self.tag = Tag { start: self.at, name_end, end, name, is_end, is_self_closing, has_slot };
        self.at = end;
        Some(Found::Tag)
    }

    fn read_declaration(&mut self, page: &[u8]) -> Option<Found> {
        if !self.has(page, self.at, "<![CDATA[".len()) {
            return None;
        }
        let behind = |count| self.at.saturating_add(count);
        let rest = page.get(self.at..)?;
        Some(match rest {
            // These two end where they begin.
            [b'<', b'!', b'-', b'-', b'>', ..] => Found::Other(behind(5), State::Markup),
            [b'<', b'!', b'-', b'-', b'-', b'>', ..] => Found::Other(behind(6), State::Markup),
            [b'<', b'!', b'-', b'-', ..] => Found::Other(behind(4), State::Comment),
            rest if self.cdata != Cdata::Comment && rest.starts_with(b"<![CDATA[") => {
                self.is_uncertain = self.cdata == Cdata::Uncertain;
                (!self.is_uncertain).then(|| Found::Other(behind(2), State::Cdata))?
            }
            _ => Found::Other(behind(2), State::BogusComment),
        })
    }

    fn read_text(&mut self, page: &[u8], name: Name, length: usize) -> Option<()> {
        loop {
            self.at = find_byte(page, self.at, b'<').unwrap_or(page.len());
            if self.at == page.len() || !self.has(page, self.at, length.saturating_add(3)) {
                return None;
            }
            if is_tag(page, self.at, b"</", name, length) {
                self.state = State::Markup;
                return Some(());
            }
            self.at = self.at.saturating_add(1);
        }
    }

    fn read_script(&mut self, page: &[u8], mut part: ScriptPart) -> Option<()> {
        loop {
            self.state = State::Script(part);
            self.at = find(page, self.at, |byte| byte == b'<' || byte == b'-').unwrap_or(page.len());
            if self.at == page.len() || !self.has(page, self.at, "</script>".len()) {
                return None;
            }
            let rest = page.get(self.at..)?;
            let is_end = is_tag(page, self.at, b"</", name::SCRIPT, "script".len());
            if is_end && part != ScriptPart::DoubleEscaped {
                self.state = State::Markup;
                return Some(());
            }
            part = match part {
                _ if rest.starts_with(b"-->") => ScriptPart::Plain,
                ScriptPart::Plain if rest.starts_with(b"<!--") => ScriptPart::Escaped,
                ScriptPart::Escaped if is_tag(page, self.at, b"<", name::SCRIPT, "script".len()) => {
                    ScriptPart::DoubleEscaped
                }
                ScriptPart::DoubleEscaped if is_end => ScriptPart::Escaped,
                part => part,
            };
            self.at = self.at.saturating_add(1);
        }
    }

    /// Comments end with `-->` or `--!>`.
    fn read_comment(&mut self, page: &[u8]) -> Option<()> {
        let start = self.at;
        let mut from = start;
        while let Some(end) = find_byte(page, from, b'>') {
            let comment = page.get(start..end)?;
            from = end.saturating_add(1);
            if comment.ends_with(b"--") || comment.ends_with(b"--!") {
                (self.at, self.state) = (from, State::Markup);
                return Some(());
            }
        }
        self.wait_at(page.len().saturating_sub("--!".len()).max(start))
    }

    fn read_bogus_comment(&mut self, page: &[u8]) -> Option<()> {
        let Some(end) = find_byte(page, self.at, b'>') else { return self.wait_at(page.len()) };
        (self.at, self.state) = (end.saturating_add(1), State::Markup);
        Some(())
    }

    fn read_cdata(&mut self, page: &[u8]) -> Option<()> {
        const END: &[u8] = b"]]>";
        let start = self.at;
        let rest = page.get(start..)?;
        let Some(found) = rest.windows(END.len()).position(|bytes| bytes == END) else {
            return self.wait_at(page.len().saturating_sub(END.len()).max(start));
        };
        // In some charsets of Asia the first of these may be the second half of a letter.
        self.is_uncertain =
            found.checked_sub(1).and_then(|before| rest.get(before)).is_some_and(|byte| !byte.is_ascii());
        if self.is_uncertain {
            return None;
        }
        (self.at, self.state) = (start.saturating_add(found).saturating_add(END.len()), State::Markup);
        Some(())
    }
}

/// The name that starts here, and where it ends.
#[inline]
fn read_name(page: &[u8], start: usize) -> Option<(Name, usize)> {
    read_short_name(page, start).or_else(|| {
        let end = find(page, start, |byte| is_in(byte, ENDS_NAME))?;
        Some((Name::of(page.get(start..end)?), end))
    })
}

/// A name of up to seven bytes in lower case, as almost all are: they are looked at together.
#[inline]
fn read_short_name(page: &[u8], start: usize) -> Option<(Name, usize)> {
    const LOWER: u64 = ONES.wrapping_mul(0x20);
    let word = u64::from_le_bytes(*page.get(start..)?.first_chunk()?);
    let ends = equal(word, b'>') | equal(word, b'/') | word.wrapping_sub(ONES.wrapping_mul(0x21)) & !word & HIGHEST;
    let length = ends.trailing_zeros() >> 3;
    let letters = 1u64.checked_shl(length.wrapping_mul(8))?.wrapping_sub(1);
    let end = start.wrapping_add(length as usize);
    let is_plain = word & letters & LOWER == letters & LOWER && is_in(*page.get(end)?, ENDS_NAME);
    is_plain.then_some((Name::short(word & letters), end))
}

/// Whether the last attribute's name is that of slots.
#[inline]
fn ends_with_slot(before: &[u8]) -> bool {
    let (others, name) = before.split_at_checked(before.len().wrapping_sub(SLOT.len())).unwrap_or_default();
    name.eq_ignore_ascii_case(SLOT) && others.last().is_none_or(|byte| is_in(*byte, BLANKS_AND_SLASH))
}

/// Whether a tag of an element stands here, up to what ends its name.
fn is_tag(page: &[u8], at: usize, opening: &[u8], name: Name, length: usize) -> bool {
    let rest = page.get(at..).and_then(|rest| rest.strip_prefix(opening)).unwrap_or_default();
    let ends = rest.get(length).is_some_and(|byte| is_in(*byte, ENDS_NAME));
    ends && rest.get(..length).is_some_and(|spelling| Name::of(spelling) == name)
}
