//! What stands beside a bundle's document: items, vectors, neighbours and models are too large to be written in it.

use super::given::Given;
use crate::problem::{Pointer, Problem};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// Files by the names that the document gives them.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: IndexMap<String, Vec<u8>>,
    matrices: IndexMap<String, Matrix>,
}

/// Rows of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// How many numbers a row has.
    pub columns: usize,
    /// The rows, one after the other.
    pub numbers: Vec<f32>,
}

impl Files {
    /// Adds a file of JSON or JSON Lines.
    pub fn insert(&mut self, name: impl Into<String>, content: Vec<u8>) {
        self.texts.insert(name.into(), content);
    }

    /// Adds the rows of numbers that a file holds.
    pub fn insert_matrix(&mut self, name: impl Into<String>, matrix: Matrix) {
        self.matrices.insert(name.into(), matrix);
    }

    /// The names of all files that a document mentions, and whether they hold rows of numbers. What the model at `/catalog/model` mentions
    /// in its turn, [`super::model::mentioned`] says.
    #[must_use]
    pub fn mentioned(document: &Json) -> Vec<(String, bool)> {
        let places = [
            ("/clusters", false),
            ("/catalog/model", false),
            ("/catalog/items", false),
            ("/catalog/neighbours", false),
            ("/catalog/popularity/counts", false),
            ("/catalog/content/rows", false),
            ("/catalog/factors/rows", false),
            ("/catalog/content/vectors", true),
            ("/catalog/factors/vectors", true),
        ];
        let name = |place: &str| document.pointer(place)?.as_str().map(str::to_owned);
        places.into_iter().filter_map(|(place, holds_rows)| Some((name(place)?, holds_rows))).collect()
    }

    /// The items of a catalog: what is written, or what stands in a file of JSON or JSON Lines.
    pub(super) fn items(&self, given: &Given<Vec<Json>>, pointer: &Pointer) -> Result<Vec<Json>, Problem> {
        let name = match given {
            Given::Here(items) => return Ok(items.clone()),
            Given::File(name) => name,
        };
        let text = self.text(name, pointer)?;
        if text.trim_start().starts_with('[') {
            return parse(text).map_err(|error| broken(name, pointer, &error));
        }
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(number, line)| {
                // The line that the error names is the first: each is read by itself.
                serde_json::from_str(line).map_err(|error| {
                    let error = error.to_string().replace(" at line 1 column ", ", column ");
                    broken(name, pointer, &format!("line {}: {error}", number.saturating_add(1)))
                })
            })
            .collect()
    }

    /// What is written, or what stands in a file of JSON.
    pub(super) fn json<T: DeserializeOwned + Clone>(&self, given: &Given<T>, pointer: &Pointer) -> Result<T, Problem> {
        match given {
            Given::Here(value) => Ok(value.clone()),
            Given::File(name) => parse(self.text(name, pointer)?).map_err(|error| broken(name, pointer, &error)),
        }
    }

    /// Rows of numbers: what is written, or what a file holds.
    pub(super) fn matrix(&self, given: &Given<Vec<Vec<f64>>>, pointer: &Pointer) -> Result<Matrix, Problem> {
        match given {
            Given::Here(rows) => {
                let columns = rows.first().map_or(0, Vec::len);
                if let Some(row) = rows.iter().position(|row| row.len() != columns) {
                    let message = format!("this row is not of {columns} numbers, as the first one is");
                    return Err(Problem::error(&pointer.child(row), message));
                }
                #[expect(clippy::cast_possible_truncation, reason = "vectors are floats")]
                let numbers = rows.iter().flatten().map(|number| *number as f32).collect();
                Ok(Matrix { columns, numbers })
            }
            Given::File(name) => self.matrices.get(name).cloned().ok_or_else(|| missing(name, pointer)),
        }
    }

    fn text(&self, name: &str, pointer: &Pointer) -> Result<&str, Problem> {
        let bytes = self.texts.get(name).ok_or_else(|| missing(name, pointer))?;
        std::str::from_utf8(without_mark(bytes))
            .map_err(|error| broken(name, pointer, &format!("is no UTF-8: {error}")))
    }
}

/// A text without the byte order mark that some editors write before it.
#[must_use]
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

fn missing(name: &str, pointer: &Pointer) -> Problem {
    let help = "files are looked for beside the bundle; from JavaScript, hand them over: compile(bundle, { files })";
    Problem::error(pointer, format!("there is no file \"{name}\"")).help(help)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn broken(name: &str, pointer: &Pointer, error: &str) -> Problem {
    Problem::error(pointer, format!("the file \"{name}\" cannot be read: {error}"))
}
