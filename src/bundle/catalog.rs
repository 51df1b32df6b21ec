//! The catalog, as authored. See [`super::wire`].

use super::given::Given;
use super::ranking::Stack;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Items that slots can rank, and what is known of them. What stands in a file is named instead: see the guide to ranking.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Catalog {
    /// A note for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The items: objects with an `id`, or the name of a file of JSON or JSON Lines.
    pub items: Given<Vec<Json>>,
    /// The members of items that are handed out to be shown. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// The member that holds an item's category.
    pub category: String,
    /// The file `model.json` that `slotwise train` wrote: what the catalog does not say itself comes from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What items are like: a vector each, from any embedding model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// What many visitors made of items: their factors, from implicit matrix factorisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<Factors>,
    /// Which items go together, and how well: by item, other items with a number each; or the name of a file of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<Given<IndexMap<String, Counts>>>,
    /// How popular items are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub popularity: Option<Popularity>,
    /// How new items are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recency: Option<Recency>,
    /// How signals are blended where a rule has neither weights nor a stack of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Stack>,
    /// Why an item is shown, in words for visitors: a template for each signal that can speak for it most. Names in it are members of the
    /// item of the visitor's past that does so, and of the item itself where the past has nothing to do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            description: None,
            items: Given::default(),
            members: None,
            category: "category".to_owned(),
            model: None,
            content: None,
            factors: None,
            neighbours: None,
            popularity: None,
            recency: None,
            stack: None,
            because: None,
        }
    }
}

/// A vector for each item, in the order of items: rows of numbers, or the name of a NumPy file (`.npy`).
pub type Vectors = Given<Vec<Vec<f64>>>;

/// What items are like.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Content {
    /// One row an item, of 1 to 512 numbers.
    pub vectors: Vectors,
    /// The ids of the items that the rows are of; without them rows are in the order of items. Items that have no row have nothing in common
    /// with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Given<Vec<String>>>,
}

/// Item factors of implicit matrix factorisation.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Factors {
    /// One row an item, of 1 to 512 numbers.
    pub vectors: Vectors,
    /// The ids of the items that the rows are of; without them rows are in the order of items. Items that have no row have nothing in common
    /// with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Given<Vec<String>>>,
    /// The regularisation that they were trained with.
    #[schemars(range(min = 0))]
    pub regularization: f64,
    /// How much more confidence one view's worth of interest gives.
    #[schemars(range(min = 0))]
    pub alpha: f64,
}

impl Default for Factors {
    fn default() -> Self {
        Self { vectors: Vectors::default(), rows: None, regularization: 0.01, alpha: 1.0 }
    }
}

/// A number for each item, by its id.
pub type Counts = IndexMap<String, f64>;

/// How popular items are.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Popularity {
    /// The member of items that holds how often all visitors chose them.
    pub member: String,
    /// How often all visitors chose each item, instead of the member; or the name of a file of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Given<Counts>>,
    /// How often visitors of some segments did, by item. A segment narrows those before it that hold.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub segments: IndexMap<String, Counts>,
    /// How many choices popularity outside of a segment is worth inside.
    #[schemars(range(min = 0))]
    pub prior: f64,
}

impl Default for Popularity {
    fn default() -> Self {
        Self { member: "popularity".to_owned(), counts: None, segments: IndexMap::new(), prior: 20.0 }
    }
}

/// How new items are.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Recency {
    /// The member of items that holds when they came: an RFC 3339 time, a date or milliseconds since 1970.
    pub member: String,
    /// The days in which half of being new is gone.
    #[schemars(range(min = 0))]
    pub half_life: f64,
}

impl Default for Recency {
    fn default() -> Self {
        Self { member: "added".to_owned(), half_life: 30.0 }
    }
}

/// Why an item is shown, by the signal that speaks for it most.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Because {
    /// It is like an item of the visitor's past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Visitors who did alike like it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<String>,
    /// It goes with an item of the visitor's past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<String>,
    /// It is popular.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub popularity: Option<String>,
    /// It is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recency: Option<String>,
    /// The site wants it shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boost: Option<String>,
}

impl Because {
    /// Signals and their sentences.
    pub fn sentences(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Self { content, factors, neighbours, popularity, recency, boost } = self;
        [
            ("content", content),
            ("factors", factors),
            ("neighbours", neighbours),
            ("popularity", popularity),
            ("recency", recency),
            ("boost", boost),
        ]
        .into_iter()
        .filter_map(|(signal, sentence)| Some((signal, sentence.as_deref()?)))
    }
}
