//! One reading of the marked markup: where each variable and each section tag stands.

use super::marks::{Mark, Marks};
use super::{Problems, address_message, addresses_message, code_message};
use crate::template::Code;
use crate::template::address::is_fixed;
use crate::template::attribute::{Kind, kind};
use crate::template::parse::{Part, Piece};
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

/// Adds what is wrong with the places of the variables, and of the sections if they are marked.
pub(super) fn walk(marks: &Marks<'_>, with_sections: bool, problems: &mut Problems) {
    let source = marks.source(with_sections);
    let mut walk = Walk::new(marks, problems);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| {
        walk.event(event);
        None::<Infallible>
    });
    emitter.naively_switch_states(true);
    // Yields nothing: the events do the work.
    Tokenizer::new_with_emitter(&source, emitter).for_each(drop);
    walk.finish(with_sections);
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
        let mut author_decides = marks.first().is_some_and(|mark| self.marks.is_authors(mark));
        let ends = marks.iter().skip(1).map(|mark| mark.start).chain([value.len()]);
        for (mark, end) in marks.iter().zip(ends) {
            if !self.marks.is_variable(mark) {
                author_decides = false;
            } else if !fixed && !self.marks.is_authors(mark) {
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
