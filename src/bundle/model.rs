//! What `slotwise train` learned: the file that a catalog names, put into the bundle.

use super::catalog::{Content, Counts, Factors, Popularity, Vectors};
use super::files::Files;
use super::given::Given;
use super::ranking::Stack;
use super::wire::{Bundle, Condition};
use crate::problem::{Pointer, Problem};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What was learned of a catalog's items. Files that it names lie beside it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Model {
    /// See [`super::catalog::Catalog::content`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// See [`super::catalog::Catalog::factors`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<Factors>,
    /// See [`super::catalog::Catalog::neighbours`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<Given<IndexMap<String, Counts>>>,
    /// See [`super::catalog::Catalog::popularity`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub popularity: Option<Popularity>,
    /// See [`super::catalog::Catalog::stack`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Stack>,
    /// Segments that popularity was counted in. One that the bundle has itself stays as the bundle has it.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub segments: IndexMap<String, Condition>,
}

/// The places where a model names files, and whether those hold rows of numbers.
const PLACES: [(&str, bool); 6] = [
    ("/neighbours", false),
    ("/popularity/counts", false),
    ("/content/rows", false),
    ("/factors/rows", false),
    ("/content/vectors", true),
    ("/factors/vectors", true),
];

/// The names of files that a model mentions, as seen from the bundle, and whether they hold rows of numbers. `file` is the name of the model.
#[must_use]
pub fn mentioned(file: &str, model: &Json) -> Vec<(String, bool)> {
    let name = |place: &str| Some(beside(file, model.pointer(place)?.as_str()?));
    PLACES.into_iter().filter_map(|(place, holds_rows)| Some((name(place)?, holds_rows))).collect()
}

/// Fills in what the bundle's catalog does not say, from the model that it names.
pub(super) fn fill_in(bundle: &mut Bundle, files: &Files) -> Result<(), Problem> {
    let Some(catalog) = &mut bundle.catalog else { return Ok(()) };
    let Some(file) = catalog.model.clone() else { return Ok(()) };
    let pointer = Pointer::default().child("catalog").child("model");
    let model: Model = files.json(&Given::File(file.clone()), &pointer)?;
    let Model { content, factors, neighbours, popularity, stack, segments } = model.seen_from_the_bundle(&file);
    catalog.content = catalog.content.take().or(content);
    catalog.factors = catalog.factors.take().or(factors);
    catalog.neighbours = catalog.neighbours.take().or(neighbours);
    catalog.popularity = catalog.popularity.take().or(popularity);
    catalog.stack = catalog.stack.take().or(stack);
    for (name, condition) in segments {
        bundle.segments.entry(name).or_insert(condition);
    }
    Ok(())
}

impl Model {
    fn seen_from_the_bundle(mut self, file: &str) -> Self {
        let vectors: [Option<&mut Vectors>; 2] = [
            self.content.as_mut().map(|content| &mut content.vectors),
            self.factors.as_mut().map(|factors| &mut factors.vectors),
        ];
        vectors.into_iter().flatten().for_each(|given| given.lies_beside(file));
        let rows = [
            self.content.as_mut().and_then(|content| content.rows.as_mut()),
            self.factors.as_mut().and_then(|factors| factors.rows.as_mut()),
        ];
        rows.into_iter().flatten().for_each(|given| given.lies_beside(file));
        if let Some(lists) = &mut self.neighbours {
            lists.lies_beside(file);
        }
        if let Some(counts) = self.popularity.as_mut().and_then(|popularity| popularity.counts.as_mut()) {
            counts.lies_beside(file);
        }
        self
    }
}

impl<T> Given<T> {
    fn lies_beside(&mut self, file: &str) {
        if let Self::File(name) = self {
            *name = beside(file, name);
        }
    }
}

/// The name of a file that lies in the folder of another.
fn beside(file: &str, name: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}
