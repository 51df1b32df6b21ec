//! Reads the tags of a template, removes the lines that tags stand on alone, and pairs sections.

use super::{Code, TemplateError};
use crate::value::MAX_DEPTH;

/// A stretch of a template. Comments leave none; a line that held only tags leaves no text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'s> {
    /// Byte offset in the source.
    pub(super) at: usize,
    pub(super) part: Part<'s>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'s> {
    Text(&'s str),
    Variable(&'s str),
    /// `partner` is the index of the closing piece.
    Open {
        name: &'s str,
        inverted: bool,
        partner: usize,
    },
    /// `partner` is the index of the opening piece.
    Close {
        partner: usize,
    },
}

/// The pieces of `source`, or everything that is wrong with it, in order.
pub(super) fn parse(source: &str) -> Result<Vec<Piece<'_>>, Vec<TemplateError>> {
    let mut parser = Parser::default();
    parser.read(source);
    for section in std::mem::take(&mut parser.open) {
        let name = section.name.unwrap_or_default();
        let message = format!("The section `{name}` is never closed: add `{{{{/{name}}}}}` where it ends.");
        parser.errors.push(TemplateError::new(Code::UnclosedSection, section.at, message));
    }
    if parser.errors.is_empty() {
        parser.pieces.retain(|piece| !matches!(piece.part, Part::Text("")));
        pair(&mut parser.pieces);
        return Ok(parser.pieces);
    }
    parser.errors.sort_by_key(|error| error.at);
    Err(parser.errors)
}

#[derive(Default)]
struct Parser<'s> {
    pieces: Vec<Piece<'s>>,
    errors: Vec<TemplateError>,
    open: Vec<OpenSection<'s>>,
    line: Line,
}

/// What the current line holds so far.
#[derive(Default)]
struct Line {
    /// Indices of the pieces that are white space.
    spaces: Vec<usize>,
    has_tag: bool,
    /// Whether it holds something that prints.
    has_content: bool,
}

struct OpenSection<'s> {
    /// `None` where the name was refused: any closing tag will do.
    name: Option<&'s str>,
    at: usize,
    /// Whether its value becomes the innermost one: inverted sections have none.
    is_level: bool,
}

impl<'s> Parser<'s> {
    fn read(&mut self, source: &'s str) {
        let mut at = 0;
        while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
            let text = rest.find("{{").map_or(rest, |end| rest.get(..end).unwrap_or_default());
            self.text(text, at);
            at = at.saturating_add(text.len());
            let Some(tag) = source.get(at..).and_then(|rest| rest.strip_prefix("{{")) else { break };
            let Some(length) = self.tag(tag, at) else { break };
            at = at.saturating_add(2).saturating_add(length);
        }
        self.end_line();
    }

    fn text(&mut self, text: &'s str, mut at: usize) {
        for run in text.split_inclusive('\n') {
            if run.chars().all(is_white_space) {
                self.line.spaces.push(self.pieces.len());
            } else {
                self.line.has_content = true;
            }
            self.pieces.push(Piece { at, part: Part::Text(run) });
            at = at.saturating_add(run.len());
            if run.ends_with('\n') {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.has_tag && !line.has_content {
            for index in line.spaces {
                if let Some(piece) = self.pieces.get_mut(index) {
                    piece.part = Part::Text("");
                }
            }
        }
    }

    /// Reads one tag, `inside` being what follows its `{{`, and gives its length without those.
    /// `None` when nothing can be read after it.
    fn tag(&mut self, inside: &'s str, at: usize) -> Option<usize> {
        self.line.has_tag = true;
        let content = inside.trim_start_matches(is_white_space);
        let closing = if content.starts_with('{') && inside.contains("}}}") { "}}}" } else { "}}" };
        let Some(end) = inside.find(closing) else {
            self.unclosed(inside, at);
            // What would close the open sections may be in the rest.
            self.open.clear();
            return None;
        };
        let content = inside.get(..end).unwrap_or_default().trim_matches(is_white_space);
        let sigil = content.chars().next().filter(|char| "!#^/&{><$=".contains(*char));
        let name =
            content.get(sigil.map_or(0, char::len_utf8)..).unwrap_or_default().trim_start_matches(is_white_space);
        if sigil != Some('!') && sigil != Some('{') && content.contains("{{") {
            // Read on behind this `{{`: the next tag is a tag of its own.
            self.unclosed(inside, at);
            return Some(0);
        }
        match sigil {
            Some('!') => {}
            Some('#') => self.open(name, false, at),
            Some('^') => self.open(name, true, at),
            Some('/') => self.close(name, at),
            Some(sigil) => self.refuse(sigil, name, at),
            None => {
                self.line.has_content = true;
                if self.check_name(name, at) {
                    self.pieces.push(Piece { at, part: Part::Variable(name) });
                }
            }
        }
        Some(end.saturating_add(closing.len()))
    }

    fn unclosed(&mut self, inside: &str, at: usize) {
        let start: String = inside.chars().take_while(|char| *char != '\n').take(20).collect();
        self.error(Code::UnclosedTag, at, format!("The tag `{{{{{start}` is never closed: end it with `}}}}`."));
    }

    fn open(&mut self, name: &'s str, inverted: bool, at: usize) {
        let is_good = self.check_name(name, at);
        self.open.push(OpenSection { name: is_good.then_some(name), at, is_level: !inverted });
        if self.open.len() > MAX_DEPTH as usize {
            let message =
                format!("Sections are nested more than {MAX_DEPTH} deep: prepare the data so that fewer are needed.");
            self.error(Code::TooDeep, at, message);
        }
        self.pieces.push(Piece { at, part: Part::Open { name, inverted, partner: 0 } });
    }

    fn close(&mut self, name: &'s str, at: usize) {
        let closes = |section: &OpenSection<'_>| section.name.is_none_or(|open| open == name);
        let Some(innermost) = self.open.pop() else {
            let message = format!(
                "`{{{{/{name}}}}}` closes a section that was never opened: add `{{{{#{name}}}}}` before it or remove it."
            );
            return self.error(Code::UnopenedSection, at, message);
        };
        if !closes(&innermost) {
            let open = innermost.name.unwrap_or_default();
            let message = format!(
                "`{{{{/{name}}}}}` stands where the section `{open}` is open: close that with `{{{{/{open}}}}}` first."
            );
            self.error(Code::MismatchedSection, at, message);
            // Where a section further out has the name, the ones inside it were forgotten.
            if let Some(position) = self.open.iter().rposition(closes) {
                self.open.truncate(position);
            }
        }
        self.pieces.push(Piece { at, part: Part::Close { partner: 0 } });
    }

    fn refuse(&mut self, sigil: char, name: &'s str, at: usize) {
        let (code, message) = match sigil {
            '{' | '&' => (
                Code::Unescaped,
                format!(
                    "Unescaped variables are not supported, since a value could then run as HTML: write `{{{{{name}}}}}`."
                ),
            ),
            '>' => (Code::Partial, format!("Partials are not supported: put the content of `{name}` here.")),
            '=' => (Code::Delimiters, "Other delimiters are not supported: write `{{` and `}}`.".to_owned()),
            _ => {
                self.open.push(OpenSection { name: None, at, is_level: true });
                (Code::Inheritance, format!("Parents and blocks are not supported: put the content of `{name}` here."))
            }
        };
        self.error(code, at, message);
    }

    /// Reports what is wrong with a name.
    fn check_name(&mut self, name: &str, at: usize) -> bool {
        let (code, message) = if name == "." {
            if self.open.iter().any(|section| section.is_level) {
                return true;
            }
            let message = "`.` is the value of the section around it, and there is none here: name what you mean.";
            (Code::CurrentAtRoot, message.to_owned())
        } else if name.is_empty() {
            (Code::EmptyName, "This tag has no name: write one, such as `{{geo.city}}`.".to_owned())
        } else if name.contains(|char| is_white_space(char) || char == '{' || char == '}') {
            let hint = match name.split(is_white_space).next().unwrap_or_default() {
                "if" | "each" | "with" => {
                    "there are no helpers, `{{#name}}` … `{{/name}}` tests a value and repeats a list"
                }
                "unless" => "there are no helpers, `{{^name}}` … `{{/name}}` is for a value that is missing",
                _ => "write a name without spaces and braces",
            };
            (Code::BadName, format!("`{name}` is no name: {hint}."))
        } else if name.split('.').any(str::is_empty) {
            (
                Code::EmptyName,
                format!("`{name}` has an empty part: write names with single dots between them, such as `geo.city`."),
            )
        } else {
            return true;
        };
        self.error(code, at, message);
        false
    }

    fn error(&mut self, code: Code, at: usize, message: String) {
        self.errors.push(TemplateError::new(code, at, message));
    }
}

/// Tells opening and closing tags of each other; they are known to match.
fn pair(pieces: &mut [Piece<'_>]) {
    let mut open = Vec::new();
    for index in 0..pieces.len() {
        match pieces.get_mut(index).map(|piece| &mut piece.part) {
            Some(Part::Open { .. }) => open.push(index),
            Some(Part::Close { partner }) => {
                let opened = open.pop().unwrap_or(index);
                *partner = opened;
                if let Some(Piece { part: Part::Open { partner, .. }, .. }) = pieces.get_mut(opened) {
                    *partner = index;
                }
            }
            _ => {}
        }
    }
}

/// What `\s` matches in JavaScript.
pub(super) fn is_white_space(char: char) -> bool {
    (char.is_whitespace() && char != '\u{85}') || char == '\u{feff}'
}
