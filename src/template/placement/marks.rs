//! Placeholders: what stands for variables and section tags while the markup is tokenised.

use crate::template::parse::{Part, Piece};

/// A template with placeholders: `word index k word e`, with a space in the middle and one after.
pub(super) struct Marks<'s> {
    pub(super) pieces: &'s [Piece<'s>],
    word: String,
    /// For each piece, whether it is a variable that only the author can have written.
    authors: Vec<bool>,
}

/// A placeholder found in a token.
pub(super) struct Mark {
    /// Index of the piece it stands for.
    pub(super) piece: usize,
    /// Byte range in the token.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether its space stayed inside the token.
    pub(super) is_whole: bool,
}

impl<'s> Marks<'s> {
    pub(super) fn new(source: &str, pieces: &'s [Piece<'s>], is_authors: &dyn Fn(&[&str], &str) -> bool) -> Self {
        Marks { pieces, word: unused_word(source), authors: authors(pieces, is_authors) }
    }

    /// The template with placeholders for its variables, and for its section tags if asked.
    pub(super) fn source(&self, with_sections: bool) -> String {
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

    /// The placeholders in a token.
    pub(super) fn find(&self, token: &str) -> Vec<Mark> {
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

    pub(super) fn is_authors(&self, mark: &Mark) -> bool {
        self.authors.get(mark.piece) == Some(&true)
    }

    pub(super) fn is_variable(&self, mark: &Mark) -> bool {
        matches!(self.pieces.get(mark.piece), Some(Piece { part: Part::Variable(_), .. }))
    }

    fn text(&self, index: Option<usize>) -> Option<&str> {
        match self.pieces.get(index?)?.part {
            Part::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a section between attributes keeps them apart, entered, left, skipped and repeated.
    pub(super) fn keeps_attributes_apart(&self, open: usize, close: usize) -> bool {
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

/// Letters that the source does not have.
fn unused_word(source: &str) -> String {
    let source = source.to_ascii_lowercase();
    let mut word = "zqv".to_owned();
    while source.contains(&word) {
        word.push('v');
    }
    word
}

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
            Part::Close { .. } if open.pop() == Some(false) => drop(sections.pop()),
            _ => {}
        }
        authors.push(matches!(piece.part, Part::Variable(name) if is_authors(&sections, name)));
    }
    authors
}
