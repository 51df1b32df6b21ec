//! Which elements are open, as far as tags alone tell: an element ends with its own end tag, or with that of one around it.

use super::name::{self, Content, Name};
use super::tokens::{Attribute, Tag, attributes};

/// The language that the content of an element is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Language {
    #[default]
    Html,
    Svg,
    MathMl,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    name: Name,
    language: Language,
}

/// No page means to have more elements open.
const DEEPEST: usize = 10_000;

/// The open elements.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// The outermost first.
    open: Vec<Open>,
    /// Of what is in the innermost.
    language: Language,
}

impl Elements {
    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether more are open than a page means to have.
    pub(super) fn are_too_many(&self) -> bool {
        self.depth() > DEEPEST
    }

    /// Whether a tag would stand in SVG or MathML.
    pub(super) fn is_foreign(&self) -> bool {
        self.language != Language::Html
    }

    /// How many are open where SVG and MathML have been left.
    pub(super) fn html_depth(&self) -> usize {
        let innermost = self.open.iter().rposition(|open| open.language == Language::Html);
        innermost.map_or(0, |index| index.wrapping_add(1))
    }

    /// How many stay open behind an end tag; all of them when it ends nothing.
    pub(super) fn depth_behind(&self, name: Name) -> usize {
        self.open.iter().rposition(|open| open.name == name).unwrap_or(self.depth())
    }

    /// Opens an element, if it has content, and says what is in it.
    pub(super) fn open(&mut self, page: &[u8], tag: &Tag) -> Content {
        let language = self.language_in(page, tag);
        let content = match (self.language, language) {
            (Language::Html, Language::Html) => tag.name.content(),
            _ if tag.is_self_closing => Content::Nothing,
            _ => Content::Markup,
        };
        if content != Content::Nothing {
            self.open.push(Open { name: tag.name, language });
            self.language = language;
        }
        content
    }

    /// Ends all but the outermost of them.
    pub(super) fn end_to(&mut self, depth: usize) {
        self.open.truncate(depth);
        self.language = self.open.last().map_or(Language::Html, |open| open.language);
    }

    fn language_in(&self, page: &[u8], tag: &Tag) -> Language {
        let parent = self.open.last().map(|open| open.name);
        match (self.language, tag.name) {
            (Language::Html, name::SVG) => Language::Svg,
            (Language::Html, name::MATH) => Language::MathMl,
            (Language::MathMl, name::SVG) if parent == Some(name::ANNOTATION_XML) => Language::Svg,
            (Language::Svg, name::DESC | name::FOREIGN_OBJECT | name::TITLE) => Language::Html,
            (Language::MathMl, name::MI | name::MN | name::MO | name::MS | name::MTEXT) => Language::Html,
            (Language::MathMl, name::ANNOTATION_XML) if is_html_annotation(page, tag) => Language::Html,
            (language, _) => language,
        }
    }
}

/// Whether a start tag ends the SVG and MathML around it.
pub(super) fn ends_foreign(page: &[u8], tag: &Tag) -> bool {
    let is_style = |attribute: Attribute| {
        let name = page.get(attribute.start..attribute.name_end).unwrap_or_default();
        [&b"color"[..], b"face", b"size"].iter().any(|style| name.eq_ignore_ascii_case(style))
    };
    tag.name.ends_foreign() || tag.name == name::FONT && attributes(page, tag).any(is_style)
}

fn is_html_annotation(page: &[u8], tag: &Tag) -> bool {
    let is = |start, end, text: &[u8]| page.get(start..end).unwrap_or_default().eq_ignore_ascii_case(text);
    let encoding = attributes(page, tag).find(|attribute| is(attribute.start, attribute.name_end, b"encoding"));
    encoding.is_some_and(|Attribute { value_start, value_end, .. }| {
        [&b"text/html"[..], b"application/xhtml+xml"].iter().any(|text| is(value_start, value_end, text))
    })
}
