//! The tags of a page that comes in pieces, found as by the tokenizer of HTML: <https://html.spec.whatwg.org/#tokenization>.
//! Comments, scripts and the like are passed over. Nothing is decoded: in every charset in which ASCII is ASCII, the signs of
//! HTML's syntax are what they seem.

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
    /// Whether `<![CDATA[` begins a section, as it does in SVG and MathML.
    allows_cdata: bool,
    /// The tag that was found last.
    tag: Tag,
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

    /// Goes on behind the start tag that was found, in HTML or in something else.
    pub(super) fn enter(&mut self, content: Content, is_foreign: bool) {
        self.allows_cdata = is_foreign;
        self.state = match content {
            Content::Nothing | Content::Markup => State::Markup,
            Content::Text => State::Text(self.tag.name, self.tag.name_end.wrapping_sub(self.tag.start).wrapping_sub(1)),
            Content::Script => State::Script(ScriptPart::Plain),
            Content::Plaintext => State::Plaintext,
        };
    }

    /// Goes on behind an end tag, in HTML or in something else.
    pub(super) fn leave(&mut self, is_foreign: bool) {
        self.allows_cdata = is_foreign;
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
                State::BogusComment => self.read_up_to(page, b">"),
                State::Cdata => self.read_up_to(page, b"]]>"),
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
            rest if self.allows_cdata && rest.starts_with(b"<![CDATA[") => Found::Other(behind(2), State::Cdata),
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

    fn read_up_to(&mut self, page: &[u8], end: &[u8]) -> Option<()> {
        let start = self.at;
        let found = page.get(start..)?.windows(end.len()).position(|bytes| bytes == end);
        let Some(found) = found else {
            return self.wait_at(page.len().saturating_sub(end.len()).saturating_add(1).max(start));
        };
        (self.at, self.state) = (start.saturating_add(found).saturating_add(end.len()), State::Markup);
        Some(())
    }
}

/// Where an attribute is in a start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Where its name starts.
    pub start: usize,
    /// Where its name ends.
    pub name_end: usize,
    /// Where its value starts, without quotes; where there is none, at the end.
    pub value_start: usize,
    /// Where its value ends.
    pub value_end: usize,
    /// Behind its last byte, be it a quote, or an equals sign without a value.
    pub end: usize,
}

/// The attributes of a tag that is there whole.
pub(super) fn attributes(page: &[u8], tag: &Tag) -> impl Iterator<Item = Attribute> {
    let mut at = tag.name_end;
    std::iter::from_fn(move || {
        let attribute = read_attribute(page, at)?;
        at = attribute.end;
        Some(attribute)
    })
}

/// The next attribute of a tag that is there whole; nothing when there is none.
fn read_attribute(page: &[u8], from: usize) -> Option<Attribute> {
    let start = find(page, from, |byte| !is_in(byte, BLANKS_AND_SLASH))?;
    if page.get(start) == Some(&b'>') {
        return None;
    }
    // Whatever comes first belongs to the name, be it an equals sign.
    let name_end = find(page, start.saturating_add(1), |byte| is_in(byte, ENDS_ATTRIBUTE))?;
    let behind = find(page, name_end, |byte| !is_in(byte, BLANKS))?;
    let (value_start, value_end, end) = if page.get(behind) == Some(&b'=') {
        let value = find(page, behind.saturating_add(1), |byte| !is_in(byte, BLANKS))?;
        match *page.get(value)? {
            quote @ (b'"' | b'\'') => {
                let value = value.saturating_add(1);
                let end = find_byte(page, value, quote)?;
                (value, end, end.saturating_add(1))
            }
            b'>' => (behind.saturating_add(1), behind.saturating_add(1), behind.saturating_add(1)),
            _ => {
                let end = find(page, value, |byte| is_in(byte, ENDS_VALUE))?;
                (value, end, end)
            }
        }
    } else {
        (name_end, name_end, name_end)
    };
    Some(Attribute { start, name_end, value_start, value_end, end })
}

/// Bytes below 64, each a bit: a look at memory takes longer in WebAssembly.
const fn set(bytes: &[u8]) -> u64 {
    let mut set = 0u64;
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        set |= 1u64.wrapping_shl(*first as u32);
        rest = others;
    }
    set
}

const BLANKS: u64 = set(b"\t\n\x0C\r ");
const BLANKS_AND_SLASH: u64 = BLANKS | set(b"/");
const ENDS_NAME: u64 = BLANKS | set(b"/>");
const ENDS_ATTRIBUTE: u64 = BLANKS | set(b"/>=");
const ENDS_VALUE: u64 = BLANKS | set(b">");

#[inline(always)]
fn is_in(byte: u8, set: u64) -> bool {
    byte < 64 && set.wrapping_shr(u32::from(byte)) & 1 != 0
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

/// The place of the first byte of some kind, from a place on.
#[inline(always)]
fn find(page: &[u8], from: usize, is_it: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = from;
    while !is_it(*page.get(at)?) {
        at = at.wrapping_add(1);
    }
    Some(at)
}

/// The place of the first byte of a value, from a place on.
fn find_byte(page: &[u8], from: usize, byte: u8) -> Option<usize> {
    find_either(page, from, byte, byte)
}

/// The place of the first byte of one of two values, from a place on. Eight bytes are looked at together.
#[inline]
fn find_either(page: &[u8], from: usize, first: u8, second: u8) -> Option<usize> {
    let mut at = from;
    while let Some(bytes) = page.get(at..)?.first_chunk() {
        let word = u64::from_le_bytes(*bytes);
        let found = equal(word, first) | equal(word, second);
        if found != 0 {
            return Some(at.wrapping_add((found.trailing_zeros() >> 3) as usize));
        }
        at = at.wrapping_add(8);
    }
    find(page, at, |byte| byte == first || byte == second)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// The bytes of a word that have a value: the lowest of them has its highest bit set, and those below it have not.
#[inline]
fn equal(word: u64, value: u8) -> u64 {
    let different = word ^ ONES.wrapping_mul(u64::from(value));
    different.wrapping_sub(ONES) & !different & HIGHEST
}

/// Whether a tag of an element stands here, up to what ends its name.
fn is_tag(page: &[u8], at: usize, opening: &[u8], name: Name, length: usize) -> bool {
    let rest = page.get(at..).and_then(|rest| rest.strip_prefix(opening)).unwrap_or_default();
    let ends = rest.get(length).is_some_and(|byte| is_in(*byte, ENDS_NAME));
    ends && rest.get(..length).is_some_and(|spelling| Name::of(spelling) == name)
}
