//! All that was learned of a catalog, and the files that a bundle reads it from.

use crate::failure::Failure;
use crate::models::content::Content;
use crate::models::factors::Factors;
use crate::models::neighbours::Neighbours;
use crate::models::popularity::Popularity;
use indexmap::IndexMap;
use npyz::WriterBuilder;
use slotwise::bundle::catalog::{self as wire, Counts};
use slotwise::bundle::given::Given;
use slotwise::bundle::model::Model;
use slotwise::bundle::ranking::Stack;
use slotwise::bundle::wire::Condition;
use slotwise::{Files, Matrix};

/// What was learned; what was not, is missing.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// How many visitors chose each item.
    pub popularity: Option<Popularity>,
    /// The same in segments of visitors, with their conditions, the wider ones first.
    pub segments: Vec<Segment>,
    /// Which items go together.
    pub neighbours: Option<Neighbours>,
    /// Vectors of items by visitors' choices.
    pub factors: Option<Factors>,
    /// Vectors of items by their words, or vectors that were given.
    pub content: Option<Content>,
    /// How signals are blended.
    pub stack: Option<Stack>,
}

/// Visitors that are alike, and what they chose.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name in the bundle.
    pub name: String,
    /// Who is in it.
    pub condition: Condition,
    /// What they chose.
    pub popularity: Popularity,
}

/// How many choices of everybody stand in for those that a segment lacks.
const PRIOR: f64 = 20.0;

/// Files of a model by their names, without the folder.
#[derive(Clone, Debug, Default)]
pub struct ModelFiles {
    /// JSON.
    pub texts: IndexMap<&'static str, Vec<u8>>,
    /// Rows of numbers.
    pub matrices: IndexMap<&'static str, Matrix>,
}

/// The file that a bundle names.
pub const MODEL: &str = "model.json";
const ROWS: &str = "rows.json";
const CONTENT: &str = "content.npy";
const FACTORS: &str = "factors.npy";
const NEIGHBOURS: &str = "neighbours.json";
const POPULARITY: &str = "popularity.json";

impl Learned {
    /// The files of the model; `items` are the ids that numbers stand for.
    #[must_use]
    pub fn files(&self, items: &[String]) -> ModelFiles {
        let rows = || Some(file(ROWS));
        let mut files = ModelFiles::default();
        let mut model = Model { stack: self.stack.clone(), ..Model::default() };
        if let Some(Content { items, dimensions }) = &self.content {
            model.content = Some(wire::Content { vectors: file(CONTENT), rows: rows() });
            files.matrices.insert(CONTENT, Matrix { columns: *dimensions, numbers: items.clone() });
        }
        if let Some(Factors { items, parameters, .. }) = &self.factors {
            model.factors = Some(wire::Factors {
                vectors: file(FACTORS),
                rows: rows(),
                regularization: parameters.regularization.into(),
                alpha: parameters.alpha.into(),
            });
            files.matrices.insert(FACTORS, Matrix { columns: parameters.factors, numbers: items.clone() });
        }
        if let Some(Neighbours { lists }) = &self.neighbours {
            model.neighbours = Some(file(NEIGHBOURS));
            let named = |list: &Vec<(u32, f32)>| -> Counts {
                list.iter().map(|(item, nearness)| (items[*item as usize].clone(), f64::from(*nearness))).collect()
            };
            let lists = items.iter().zip(lists).filter(|(_, list)| !list.is_empty());
            let lists: IndexMap<&String, Counts> = lists.map(|(item, list)| (item, named(list))).collect();
            files.json(NEIGHBOURS, &lists);
        }
        if let Some(popularity) = &self.popularity {
            let segments =
                self.segments.iter().map(|segment| (segment.name.clone(), counts(&segment.popularity, items)));
            model.popularity = Some(wire::Popularity {
                counts: Some(file(POPULARITY)),
                segments: segments.collect(),
                prior: PRIOR,
                ..wire::Popularity::default()
            });
            files.json(POPULARITY, &counts(popularity, items));
        }
        model.segments =
            self.segments.iter().map(|segment| (segment.name.clone(), segment.condition.clone())).collect();
        if !files.matrices.is_empty() {
            files.json(ROWS, &items);
        }
        files.json(MODEL, &model);
        files
    }
}

fn file<T>(name: &str) -> Given<T> {
    Given::File(name.to_owned())
}

fn counts(popularity: &Popularity, items: &[String]) -> Counts {
    let chosen = items.iter().zip(&popularity.counts).filter(|(_, count)| **count > 0);
    chosen.map(|(item, count)| (item.clone(), f64::from(*count))).collect()
}

impl ModelFiles {
    fn json(&mut self, name: &'static str, content: &impl serde::Serialize) {
        // All of it is texts and numbers, which JSON has.
        let mut text = serde_json::to_vec(content).unwrap_or_default();
        text.push(b'\n');
        self.texts.insert(name, text);
    }

    /// The files as a bundle sees them that names `folder/model.json`.
    #[must_use]
    pub fn beside_a_bundle(self, folder: &str) -> Files {
        let mut files = Files::default();
        self.texts.into_iter().for_each(|(name, text)| files.insert(format!("{folder}/{name}"), text));
        self.matrices.into_iter().for_each(|(name, rows)| files.insert_matrix(format!("{folder}/{name}"), rows));
        files
    }

    /// The files as bytes, those of vectors as NumPy files of single precision.
    ///
    /// # Errors
    /// None that is known of: vectors are written to memory.
    pub fn into_bytes(self) -> Result<IndexMap<&'static str, Vec<u8>>, Failure> {
        let mut bytes = self.texts;
        for (name, matrix) in self.matrices {
            let rows = matrix.numbers.len() / matrix.columns.max(1);
            let file = npy(&matrix, rows).map_err(|error| Failure::new(format!("cannot make {name}: {error}")))?;
            bytes.insert(name, file);
        }
        Ok(bytes)
    }
}

fn npy(matrix: &Matrix, rows: usize) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::new();
    let shape = [rows as u64, matrix.columns as u64];
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut file).begin_nd()?;
    writer.extend(matrix.numbers.iter().copied())?;
    writer.finish()?;
    Ok(file)
}
