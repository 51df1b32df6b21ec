//! Texts that are read: from files, from stdin, from the command line.

use crate::failure::Failure;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Stands for stdin where a file is asked for.
pub(crate) const STDIN: &str = "-";

/// A text, and the name under which its reader knows it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where what it mentions lies.
    pub(crate) folder: PathBuf,
}

/// Reads a file, or stdin.
pub(crate) fn read_bytes(path: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == STDIN {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| Failure::new(format!("cannot read {}: {error}", name_of(path))).help("check the path"))
}

/// Refuses to read stdin for more than one of these.
pub(crate) fn check_stdin(paths: &[Option<&str>]) -> Result<(), Failure> {
    if paths.iter().filter(|path| **path == Some(STDIN)).count() > 1 {
        return Err(Failure::new("stdin can be read only once").help("put all but one of them into files"));
    }
    Ok(())
}

/// What a path is called in messages.
pub(crate) fn name_of(path: &str) -> &str {
    if path == STDIN { "stdin" } else { path }
}

impl Source {
    /// Reads a text file, or stdin.
    pub(crate) fn read(path: &str) -> Result<Self, Failure> {
        Self::from_bytes(path, read_bytes(path)?)
    }

    /// Takes bytes for UTF-8 text; a byte order mark is passed over.
    pub(crate) fn from_bytes(path: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        let name = name_of(path);
        let text = String::from_utf8(bytes).map_err(|error| {
            let place = error.utf8_error().valid_up_to();
            Failure::new(format!("{name} is no UTF-8 text: byte {place} does not fit")).help("save it as UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let folder = if path == STDIN { None } else { Path::new(path).parent() };
        Ok(Self { name: name.to_owned(), text, folder: folder.map(Path::to_path_buf).unwrap_or_default() })
    }

    /// The line that a byte lies in, and the character of that line; both count from 1.
    pub(crate) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..self.floor(offset)).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        (line.saturating_add(1), column.saturating_add(1))
    }

    /// The line that a byte lies in, without the line feed.
    pub(crate) fn line_around(&self, offset: usize) -> Range<usize> {
        let offset = self.floor(offset);
        let (before, after) = self.text.split_at_checked(offset).unwrap_or((&self.text, ""));
        let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let rest = after.split('\n').next().unwrap_or_default();
        start..offset.saturating_add(rest.len())
    }

    /// The last place at or before `offset` that is between two characters.
    pub(crate) fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::from_bytes("test", text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = source("{\n  \"ż😀\": 1\r\n}");
        assert_eq!(source.line_and_column(0), (1, 1));
        // Two spaces, a quote, ż (2 bytes), 😀 (4 bytes), a quote: the colon is the seventh character.
        assert_eq!(source.text.get(12..13), Some(":"));
        assert_eq!(source.line_and_column(12), (2, 7));
        assert_eq!(source.line_and_column(usize::MAX), (3, 2));
        assert_eq!(source.text.get(source.line_around(12)), Some("  \"ż😀\": 1\r"));
        assert_eq!(source.text.get(source.line_around(0)), Some("{"));
    }

    #[test]
    fn a_byte_order_mark_is_no_text_and_other_bytes_are_refused() {
        assert_eq!(source("\u{feff}{}").text, "{}");
        assert!(Source::from_bytes("test", vec![b'{', 0xff]).unwrap_err().to_string().contains("byte 1"));
    }
}
