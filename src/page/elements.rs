//! Which elements are open, as far as tags alone tell: an element ends with its own end tag, or with that of one around it.
//!
//! A browser ends more elements than that, by rules that ask what is open in between. For HTML alone it does not matter here: what is
//! text to a browser follows from names. But what is in SVG and MathML is read by other rules, so it has to be certain whether one is
//! in them. Where it is not, that is said.

use super::attributes::{Attribute, attributes};
use super::name::{self, Content, Name};
use super::tokens::{Cdata, Tag};

/// The language of an element and of its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Language {
    #[default]
    Html,
    /// An element of SVG or MathML with HTML in it.
    Island,
    Svg,
    MathMl,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    name: Name,
    language: Language,
}

impl Open {
    fn is_html(self) -> bool {
        self.language == Language::Html
    }
}

/// No page means to have more elements open.
const DEEPEST: usize = 10_000;
/// So many open elements are looked at in vain, for end tags that end nothing. It bounds the time that a hostile page takes.
const MOST_IN_VAIN: usize = 50_000_000;

/// The open elements.
#[derive(Debug, Default)]
pub(super) struct Elements {
    /// The outermost first.
    open: Vec<Open>,
    /// That of the innermost.
    language: Language,
    /// How many are elements of SVG and MathML.
    foreign: usize,
    /// Whether there was one of HTML with the name of a shape.
    has_shape_in_html: bool,
    /// How many templates of HTML were opened, less those that had an end tag.
    templates: usize,
    looked_at_in_vain: usize,
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
        !matches!(self.language, Language::Html | Language::Island)
    }

    /// What `<![CDATA[` begins: a section right in an element of SVG or MathML, whatever its content.
    pub(super) fn cdata(&self) -> Cdata {
        match self.language {
            _ if self.foreign == 0 => Cdata::Comment,
            // A browser may have ended the elements of HTML that are in between.
            Language::Html => Cdata::Uncertain,
            _ => Cdata::Section,
        }
    }

    /// How many are open where SVG and MathML have been left.
    pub(super) fn html_depth(&self) -> usize {
        let innermost = self.open.iter().rposition(|open| matches!(open.language, Language::Html | Language::Island));
        innermost.map_or(0, |index| index.wrapping_add(1))
    }

    /// How many stay open behind an end tag, all of them when it ends nothing; `None` when that is not certain.
    pub(super) fn depth_behind(&mut self, name: Name) -> Option<usize> {
        if name == name::TEMPLATE {
            self.templates = self.templates.saturating_sub(1);
        }
        let within = if self.foreign == 0 { 0 } else { self.ends_within() };
        let found = self.open.get(within..)?.iter().rposition(|open| open.name == name);
        match found {
            Some(index) => Some(within.wrapping_add(index)),
            None => self.depth_behind_stray(name),
        }
    }

    /// From where on elements end as tags alone tell: those of SVG and MathML, and the innermost one of HTML in them.
    #[cold]
    fn ends_within(&self) -> usize {
        match self.language {
            Language::Html => self.depth().wrapping_sub(1),
            _ => self.open.iter().rposition(|open| open.is_html()).map_or(0, |index| index.wrapping_add(1)),
        }
    }

    /// The same behind an end tag for which there is no element.
    #[cold]
    fn depth_behind_stray(&mut self, name: Name) -> Option<usize> {
        self.looked_at_in_vain = self.looked_at_in_vain.saturating_add(self.depth());
        let is_certain = self.foreign == 0 || self.ends_nothing(name);
        (is_certain && self.looked_at_in_vain < MOST_IN_VAIN).then_some(self.depth())
    }

    /// Whether an end tag in SVG or MathML is certain to end nothing in them or around them.
    fn ends_nothing(&self, name: Name) -> bool {
        if self.is_foreign() {
            // Often a shape has ended already, and has an end tag besides.
            return name.is_shape() && !self.has_shape_in_html;
        }
        // HTML in them is not left by end tags, but for these.
        !self.open.iter().any(|open| open.name == name)
            && !name.is_of_table()
            && !matches!(name, name::TABLE | name::TEMPLATE | name::SELECT | name::BODY | name::HTML)
    }

    /// Opens an element, if it has content, and says what is in it; `None` when that is not certain.
    pub(super) fn open(&mut self, page: &[u8], tag: &Tag) -> Option<Content> {
        let language = self.language_of(page, tag);
        let content = match language {
            Language::Html if self.foreign > 0 && !self.is_certain_in_island(tag.name) => return None,
            Language::Html => tag.name.content(),
            _ if tag.is_self_closing => Content::Nothing,
            _ => Content::Markup,
        };
        if content == Content::Nothing {
            // In a template that begins like the columns of a table, a browser passes over everything else.
            let is_certain = tag.name != name::COL || self.parent() != Some(name::TEMPLATE) && self.has_all_templates();
            return is_certain.then_some(content);
        }
        if language == Language::Html {
            self.has_shape_in_html |= tag.name.is_shape();
        } else {
            self.foreign = self.foreign.saturating_add(1);
        }
        if tag.name == name::TEMPLATE {
            self.templates = self.templates.saturating_add(1);
        }
        self.open.push(Open { name: tag.name, language });
        self.language = language;
        Some(content)
    }

    /// Whether a start tag in HTML that is in SVG or MathML is certain to open what it names.
    #[cold]
    fn is_certain_in_island(&self, name: Name) -> bool {
        // Right in an element of MathML, these two are MathML.
        if matches!(name, name::MGLYPH | name::MALIGNMARK) {
            return false;
        }
        // A browser may end this one before its end tag, which is then that of the other one.
        let has_namesake = || self.open.iter().any(|open| !open.is_html() && open.name == name);
        if has_namesake() {
            return false;
        }
        // What belongs to a table around the SVG or MathML ends both.
        let mut around = self.open.iter().rev().take_while(|open| open.is_html());
        !name.is_of_table() || around.any(|open| matches!(open.name, name::TABLE | name::TEMPLATE))
    }

    /// Ends all but the outermost of them.
    pub(super) fn end_to(&mut self, depth: usize) {
        if self.foreign > 0 {
            let ended = self.open.get(depth..).unwrap_or_default();
            self.foreign = self.foreign.saturating_sub(ended.iter().filter(|open| !open.is_html()).count());
        }
        self.open.truncate(depth);
        self.language = self.open.last().map_or(Language::Html, |open| open.language);
    }

    /// Whether no template was taken for ended by an end tag of something else, which ends none in a browser.
    fn has_all_templates(&self) -> bool {
        self.templates == self.open.iter().filter(|open| open.name == name::TEMPLATE).count()
    }

    fn parent(&self) -> Option<Name> {
        self.open.last().map(|open| open.name)
    }

    fn language_of(&self, page: &[u8], tag: &Tag) -> Language {
        match (self.language, tag.name) {
            (Language::Html | Language::Island, name::SVG) => Language::Svg,
            (Language::Html | Language::Island, name::MATH) => Language::MathMl,
            (Language::Html | Language::Island, _) => Language::Html,
            (Language::Svg, name::DESC | name::FOREIGN_OBJECT | name::TITLE) => Language::Island,
            (Language::MathMl, name::SVG) if self.parent() == Some(name::ANNOTATION_XML) => Language::Svg,
            (Language::MathMl, name::MI | name::MN | name::MO | name::MS | name::MTEXT) => Language::Island,
            (Language::MathMl, name::ANNOTATION_XML) if is_html_annotation(page, tag) => Language::Island,
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
