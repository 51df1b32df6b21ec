//! Refuses variables where escaping does not protect.
//!
//! An escaped value is safe as text and in a quoted attribute that a browser takes as plain. It is not
//! where it could name a tag or an attribute, run as code, or decide where a link leads. Both functions
//! here look at the source of a template, when a bundle is checked.
//!
//! [`html`] tokenises the template with a placeholder for each variable that has a space in it, so that
//! whatever a space could break apart is seen to break. Sections are flattened: every section is there
//! once. That stands for every way of rendering because each section must be neutral, leaving the
//! markup where it entered it: in text, between the attributes of one tag, or inside one quoted value.
//! Markup is tokenised twice, with and without placeholders for the section tags themselves.
//!
//! Limits, which a check of one template cannot lift:
//! - A template is read as content of an ordinary HTML element. Patches of a `script`, `style` or `svg` element have to be
//!   refused by whoever knows the element; `<![CDATA[` is read as HTML reads it.
//! - Tokens, not trees: content of `svg` and `math` is judged by the stricter of both readings only for the
//!   elements that differ as raw text (`title`, `textarea`, `style`, `script` and the like).
//! - Attributes that a page's own scripts run or load (`data-src`, `x-on:click`, `@click`) count as plain.

use super::address::is_fixed;
use super::attribute::{Kind, kind};
use super::parse::{Part, Piece, parse};
use super::{Code, TemplateError};
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Elements whose content is no HTML, as browsers or the tokeniser have it (`noframe`: only the latter).
const RAW_TEXT: [&str; 11] = [
    "iframe",
    "noembed",
    "noframe",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
];

/// Those of them where character references count, so that escaping works.
const ESCAPABLE_RAW_TEXT: [&str; 2] = ["textarea", "title"];

/// Checks the variables of an HTML template.
///
/// `is_authors` tells whether a name, in the sections around it (outermost first), can only be a value
/// that the bundle's author wrote, such as a property that every item of a catalog has. Such a value may
/// start an address; elsewhere it is held to the same rules.
///
/// # Errors
///
/// One for each variable or section that stands where it must not, in order. None when the template does not
/// parse: [`compile`](super::compile) reports that.
pub fn html(source: &str, is_authors: &dyn Fn(&[&str], &str) -> bool) -> Result<(), Vec<TemplateError>> {
    let Ok(pieces) = parse(source) else { return Ok(()) };
    if !pieces.iter().any(|piece| matches!(piece.part, Part::Variable(_))) {
        return Ok(());
    }
    let marks = Marks { pieces: &pieces, word: unused_word(source), authors: authors(&pieces, is_authors) };
    let mut problems = BTreeMap::new();
    for with_sections in [false, true] {
        marks.walk(with_sections, &mut problems);
    }
    if problems.is_empty() {
        return Ok(());
    }
    let place = |index: usize| pieces.get(index).map_or(0, |piece| piece.at);
    Err(problems.into_iter().map(|(index, (code, message))| TemplateError::new(code, place(index), message)).collect())
}

/// Checks the variables of an attribute's new value, which is set as it is, without HTML escaping.
///
/// # Errors
///
/// The first variable that must not be there. None when the template does not parse.
pub fn attribute(name: &str, source: &str) -> Result<(), TemplateError> {
    let Ok(pieces) = parse(source) else { return Ok(()) };
    let Some(variable) = pieces.iter().find(|piece| matches!(piece.part, Part::Variable(_))) else { return Ok(()) };
    let name = name.to_ascii_lowercase();
    let prefix = match pieces.first() {
        Some(Piece { part: Part::Text(text), .. }) => text,
        _ => "",
    };
    let (code, message) = match kind(None, &name) {
        Kind::Plain => return Ok(()),
        Kind::Address if is_fixed(prefix) => return Ok(()),
        Kind::Address => (Code::VariableInAddress, address_message(&name)),
        Kind::Addresses => (Code::VariableInAddress, addresses_message(&name)),
        Kind::Code => (Code::VariableInCode, code_message(&name)),
    };
    Err(TemplateError::new(code, variable.at, message))
}

fn code_message(name: &str) -> String {
    format!(
        "A browser acts on `{name}`, so a value there could run code or change the page: write it out, and choose among variants instead."
    )
}

fn addresses_message(name: &str) -> String {
    format!("`{name}` holds several addresses, so a value could add one: write them out.")
}

fn address_message(name: &str) -> String {
    format!(
        "This value could lead `{name}` anywhere, or run as `javascript:`. Begin the address, outside of any section, with what fixes \
         where it leads: `/path/`, `?`, `#`, `https://host/` or `mailto:`."
    )
}

/// Letters that the source does not have.
fn unused_word(source: &str) -> String {
    let source = source.to_ascii_lowercase();
    let mut word = "zqv".to_owned();
    while source.contains(&word) {
        word.push('v');
    }
    word
}

/// For each piece, whether it is a variable that only the author can have written.
fn authors(pieces: &[Piece<'_>], is_authors: &dyn Fn(&[&str], &str) -> bool) -> Vec<bool> {
    let mut sections = Vec::new();
    let mut open = Vec::new();
    let mut authors = Vec::new();
    for piece in pieces {
        match piece.part {
            Part::Open { name, inverted, .. } => {
                open.push(inverted);
                if !inverted {
                    sections.push(name);
                }
            }
            Part::Close { .. } => {
                if open.pop() == Some(false) {
                    sections.pop();
                }
            }
            _ => {}
        }
        authors.push(matches!(piece.part, Part::Variable(name) if is_authors(&sections, name)));
    }
    authors
}

/// What is wrong, by the index of the piece.
type Problems = BTreeMap<usize, (Code, String)>;

/// A template with placeholders: `word index k word e`, with a space in the middle and one after.
struct Marks<'s> {
    pieces: &'s [Piece<'s>],
    word: String,
    authors: Vec<bool>,
}

/// A placeholder found in a token.
struct Mark {
    /// Index of the piece it stands for.
    piece: usize,
    /// Byte range in the token.
    start: usize,
    end: usize,
    /// Whether its space stayed inside the token.
    is_whole: bool,
}

impl Marks<'_> {
    fn source(&self, with_sections: bool) -> String {
        let mut source = String::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece.part {
                Part::Text(text) => source.push_str(text),
                Part::Open { .. } | Part::Close { .. } if !with_sections => {}
                _ => source.push_str(&format!("{word}{index}k {word}e ", word = self.word)),
            }
        }
        source
    }

    fn find(&self, token: &str) -> Vec<Mark> {
        let mut marks = Vec::new();
        let second = format!(" {}e", self.word);
        for (start, _) in token.match_indices(&self.word) {
            let after = token.get(start.saturating_add(self.word.len())..).unwrap_or_default();
            let Some((digits, rest)) = after.split_once('k') else { continue };
            let Ok(piece) = digits.parse() else { continue };
            let rest = rest.strip_prefix(&second).map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
            let end = rest.map_or(start, |rest| token.len().saturating_sub(rest.len()));
            marks.push(Mark { piece, start, end, is_whole: rest.is_some() });
        }
        marks
    }

    fn is_variable(&self, mark: &Mark) -> bool {
        matches!(self.pieces.get(mark.piece), Some(Piece { part: Part::Variable(_), .. }))
    }

    fn walk(&self, with_sections: bool, problems: &mut Problems) {
        let source = self.source(with_sections);
        let mut walk = Walk::new(self, problems);
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| {
            walk.event(event);
            None::<Infallible>
        });
        emitter.naively_switch_states(true);
        // Yields nothing: the events do the work.
        Tokenizer::new_with_emitter(&source, emitter).for_each(drop);
        walk.finish(with_sections);
    }

    fn text(&self, index: Option<usize>) -> Option<&str> {
        match self.pieces.get(index?)?.part {
            Part::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a section between attributes keeps them apart, entered, left, skipped and repeated.
    fn keeps_attributes_apart(&self, open: usize, close: usize) -> bool {
        let is_space = |char: char| char.is_ascii_whitespace();
        let ends_in_space = |text: Option<&str>| text.is_some_and(|text| text.ends_with(is_space));
        let starts_with_space = |text: Option<&str>| text.is_some_and(|text| text.starts_with(is_space));
        let starts_apart = |text: Option<&str>| {
            text.is_some_and(|text| text.starts_with(|char| is_space(char) || char == '/' || char == '>'))
        };
        let starts_value = |text: Option<&str>| text.is_some_and(|text| text.trim_start().starts_with('='));
        let before = self.text(open.checked_sub(1));
        let first = self.text(open.checked_add(1));
        let last = self.text(close.checked_sub(1));
        let after = self.text(close.checked_add(1));
        let has_values = (open..close).any(|index| self.text(Some(index)).is_some_and(|text| text.contains('=')));
        let entered = ends_in_space(before) || starts_with_space(first);
        let left = ends_in_space(last) || starts_apart(after);
        let skipped = ends_in_space(before) || starts_apart(after);
        let repeated = !has_values
            || ends_in_space(last)
            || starts_with_space(first)
            || last.is_some_and(|text| text.ends_with(['"', '\'']));
        entered && left && skipped && repeated && !starts_value(first) && !starts_value(after)
    }
}

/// Where a section tag stands; two that are equal stand in the same place of the markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In text, or in raw text: which one, counted.
    Text(usize),
    /// Between the attributes of a tag: which tag, counted.
    Tag(usize),
    /// In a quoted value: of which attribute, counted.
    Value(usize),
}

/// One reading of the marked source.
struct Walk<'w> {
    marks: &'w Marks<'w>,
    problems: &'w mut Problems,
    /// Where the section tags stand; variables stand here too, to tell that they were seen.
    places: BTreeMap<usize, Option<Place>>,
    element: String,
    attributes: Vec<(String, String)>,
    /// The element whose raw text this is.
    raw_text: Option<String>,
    raw_texts: usize,
    tags: usize,
    attribute_count: usize,
}

impl<'w> Walk<'w> {
    fn new(marks: &'w Marks<'w>, problems: &'w mut Problems) -> Self {
        Walk {
            marks,
            problems,
            places: BTreeMap::new(),
            element: String::new(),
            attributes: Vec::new(),
            raw_text: None,
            raw_texts: 0,
            tags: 0,
            attribute_count: 0,
        }
    }

    fn event(&mut self, event: CallbackEvent<'_>) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.element = text(name);
                self.attributes.clear();
                self.tag_name(&text(name));
            }
            CallbackEvent::AttributeName { name } => self.attributes.push((text(name), String::new())),
            CallbackEvent::AttributeValue { value } => {
                if let Some((_, last)) = self.attributes.last_mut() {
                    last.push_str(&text(value));
                }
            }
            CallbackEvent::CloseStartTag { .. } => {
                self.attributes();
                if self.raw_text.is_none() && RAW_TEXT.contains(&self.element.as_str()) {
                    self.raw_text = Some(self.element.clone());
                    self.raw_texts = self.raw_texts.saturating_add(1);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.element.clear();
                self.attributes();
                self.end_tag_name(&text(name));
            }
            CallbackEvent::String { value } => self.text(&text(value)),
            CallbackEvent::Comment { value } => self.comment(&text(value)),
            CallbackEvent::Doctype { name, public_identifier, system_identifier, .. } => {
                for part in [Some(name), public_identifier, system_identifier].into_iter().flatten() {
                    self.comment(&text(part));
                }
            }
            CallbackEvent::Error(_) => {}
        }
    }

    fn tag_name(&mut self, name: &str) {
        for mark in self.marks.find(name) {
            if self.marks.is_variable(&mark) {
                self.refuse(
                    &mark,
                    Code::VariableInTag,
                    "A value cannot be part of a tag: write the tag out, or put `&lt;` for a plain `<`.".to_owned(),
                );
            } else if mark.start == 0 {
                self.refuse_section(&mark);
            } else {
                self.places.insert(mark.piece, Some(Place::Tag(self.tags)));
            }
        }
    }

    fn end_tag_name(&mut self, name: &str) {
        for mark in self.marks.find(name) {
            if self.marks.is_variable(&mark) {
                self.refuse(
                    &mark,
                    Code::VariableInTag,
                    "A value cannot be part of a tag: write the tag out.".to_owned(),
                );
            } else {
                self.refuse_section(&mark);
            }
        }
        if self.raw_text.as_deref() == Some(name) {
            self.raw_text = None;
        }
    }

    fn text(&mut self, text: &str) {
        let raw_text = self.raw_text.clone();
        let place = Place::Text(if raw_text.is_some() { self.raw_texts } else { 0 });
        // With `<` in it, escapable raw text may be markup after all: in `svg`, or once a value is empty.
        let is_safe = raw_text.as_deref().is_none_or(|raw| ESCAPABLE_RAW_TEXT.contains(&raw) && !text.contains('<'));
        for mark in self.marks.find(text) {
            if is_safe || !self.marks.is_variable(&mark) {
                self.places.insert(mark.piece, Some(place));
            } else {
                let element = raw_text.as_deref().unwrap_or_default();
                let message = format!(
                    "Escaping does not protect inside `<{element}>`: put the value into a `data-` attribute instead."
                );
                self.refuse(&mark, Code::VariableInRawText, message);
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        for mark in self.marks.find(comment) {
            if self.marks.is_variable(&mark) {
                self.refuse(
                    &mark,
                    Code::VariableInComment,
                    "No values in HTML comments: remove it, or write a template comment `{{! … }}`.".to_owned(),
                );
            } else {
                self.refuse_section(&mark);
            }
        }
    }

    /// Judges the attributes of the tag that ends here.
    fn attributes(&mut self) {
        let attributes = std::mem::take(&mut self.attributes);
        let sets_header = self.element == "meta" && attributes.iter().any(|(name, _)| name == "http-equiv");
        for (name, value) in &attributes {
            self.attribute_count = self.attribute_count.saturating_add(1);
            for mark in self.marks.find(name) {
                if self.marks.is_variable(&mark) {
                    self.refuse(
                        &mark,
                        Code::VariableInTag,
                        "A value cannot be an attribute or its name: write `name=\"{{value}}\"`.".to_owned(),
                    );
                } else {
                    self.places.insert(mark.piece, Some(Place::Tag(self.tags)));
                }
            }
            let marks = self.marks.find(value);
            for mark in &marks {
                if self.marks.is_variable(mark) {
                    self.variable_in_value(mark, name, sets_header);
                } else if mark.is_whole {
                    self.places.insert(mark.piece, Some(Place::Value(self.attribute_count)));
                } else {
                    self.refuse_section(mark);
                }
            }
            if kind(Some(&self.element), name) == Kind::Address {
                self.address(&marks, name, value);
            }
        }
        self.tags = self.tags.saturating_add(1);
    }

    fn variable_in_value(&mut self, mark: &Mark, name: &str, sets_header: bool) {
        let (code, message) = match kind(Some(&self.element), name) {
            _ if !mark.is_whole => {
                (Code::VariableUnquoted, format!("A value needs quotes here: write `{name}=\"…\"`."))
            }
            _ if self.raw_text.is_some() => (
                Code::VariableInRawText,
                "Escaping does not protect here: move it out of the element around it.".to_owned(),
            ),
            Kind::Code => (Code::VariableInCode, code_message(name)),
            _ if sets_header => (Code::VariableInCode, code_message(name)),
            Kind::Addresses => (Code::VariableInAddress, addresses_message(name)),
            Kind::Plain | Kind::Address => {
                self.places.insert(mark.piece, None);
                return;
            }
        };
        self.refuse(mark, code, message);
    }

    /// Refuses the variables that decide where an address leads. Only what stands before every variable and
    /// every section is sure to be there; after a value of the author's, only `?` and `#` end what it decides.
    fn address(&mut self, marks: &[Mark], name: &str, value: &str) {
        let before = marks.first().and_then(|mark| value.get(..mark.start)).unwrap_or_default();
        let mut fixed = is_fixed(before);
        let mut author_decides = marks.first().is_some_and(|mark| self.marks.authors.get(mark.piece) == Some(&true));
        let ends = marks.iter().skip(1).map(|mark| mark.start).chain([value.len()]);
        for (mark, end) in marks.iter().zip(ends) {
            if !self.marks.is_variable(mark) {
                author_decides = false;
            } else if !fixed && self.marks.authors.get(mark.piece) != Some(&true) {
                self.refuse(mark, Code::VariableInAddress, address_message(name));
            }
            fixed |= author_decides && value.get(mark.end..end).is_some_and(|text| text.contains(['?', '#']));
        }
    }

    fn refuse(&mut self, mark: &Mark, code: Code, message: String) {
        self.places.insert(mark.piece, None);
        self.problems.entry(mark.piece).or_insert((code, message));
    }

    /// Reports a section at its opening tag, whichever of its tags is meant.
    fn refuse_section(&mut self, mark: &Mark) {
        let mut piece = mark.piece;
        if let Some(Piece { part: Part::Close { partner }, .. }) = self.marks.pieces.get(piece) {
            piece = *partner;
        }
        self.places.insert(mark.piece, None);
        let message = "A section must open and close in the same place of the markup: both in text, both between the attributes of one tag, or \
                       both inside one quoted value.";
        self.problems.entry(piece).or_insert((Code::SectionAcrossMarkup, message.to_owned()));
    }

    fn finish(mut self, with_sections: bool) {
        for (index, piece) in self.marks.pieces.iter().enumerate() {
            let mark = Mark { piece: index, start: 0, end: 0, is_whole: true };
            let is_expected = match piece.part {
                Part::Text(_) => false,
                Part::Variable(_) => true,
                Part::Open { .. } | Part::Close { .. } => with_sections,
            };
            if is_expected && !self.places.contains_key(&index) {
                let message = "The markup ends inside a tag or a comment: finish it.";
                self.refuse(&mark, Code::UnfinishedMarkup, message.to_owned());
            }
            let Part::Open { partner, .. } = piece.part else { continue };
            match (self.places.get(&index).copied().flatten(), self.places.get(&partner).copied().flatten()) {
                (Some(Place::Tag(open)), Some(Place::Tag(close))) if open == close => {
                    if !self.marks.keeps_attributes_apart(index, partner) {
                        let message = "Put a space before and after a section between attributes, and whole attributes inside it.";
                        self.refuse(&mark, Code::SectionAcrossMarkup, message.to_owned());
                    }
                }
                (open, close) if open == close => {}
                _ => self.refuse_section(&mark),
            }
        }
    }
}
