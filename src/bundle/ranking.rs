//! The catalog and the rules that rank it, as authored. See [`super::wire`].

use super::wire::{Condition, written};
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

/// Something written in the bundle, or in a file beside it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Given<T> {
    /// The name of the file.
    File(String),
    /// Written here.
    Here(T),
}

impl<T: Default> Default for Given<T> {
    fn default() -> Self {
        Self::Here(T::default())
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

/// How a rule ranks the catalog.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Rank {
    /// The variant that shows the items.
    pub show: String,
    /// How many items are shown at most.
    #[schemars(range(min = 1, max = 100))]
    pub limit: u16,
    /// Which items may be shown: a condition on their members. `$segment` asks about the visitor.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    pub filter: Option<Condition>,
    /// What the list is about.
    pub about: About,
    /// How much each signal counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
    /// Instead of weights: a logistic regression over the signals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack: Option<Stack>,
    /// What the site adds to some items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boosts: Vec<Boost>,
    /// What is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Excluded>,
    /// Leaves out what the visitor has been shown often enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// How different from each other the items are to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diversity: Option<Diversity>,
    /// Items whose place is fixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// The share of places that are given to other candidates than the best, to learn from it. `propensity` says how likely each was.
    #[schemars(range(min = 0, max = 1))]
    pub explore: f64,
    /// How many of the best are candidates for the list.
    #[schemars(range(min = 1, max = 500))]
    pub candidates: u16,
}

impl Default for Rank {
    fn default() -> Self {
        Self {
            show: String::new(),
            limit: 6,
            filter: None,
            about: About::default(),
            weights: None,
            stack: None,
            boosts: Vec::new(),
            exclude: Vec::new(),
            cap: None,
            diversity: None,
            pins: Vec::new(),
            explore: 0.0,
            candidates: 50,
        }
    }
}

/// What a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// All that the visitor did.
    #[default]
    History,
    /// The item that the visitor dealt with last.
    Last,
    /// The item whose id an attribute of the context holds, such as that of the page.
    Attribute(String),
}

/// How much each signal counts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// The item is like what the visitor likes.
    pub content: f64,
    /// Visitors who did alike like it.
    pub factors: f64,
    /// It goes with items of the visitor's past.
    pub neighbours: f64,
    /// It is popular where the visitor is.
    pub popularity: f64,
    /// It is new.
    pub recency: f64,
    /// The site wants it shown.
    pub boost: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { content: 1.0, factors: 1.0, neighbours: 1.0, popularity: 0.25, recency: 0.25, boost: 1.0 }
    }
}

/// A logistic regression over standardised signals, in the order content, factors, neighbours, popularity, recency, boost.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stack {
    /// What each signal counts.
    pub weights: [f64; 6],
    /// What every score has.
    pub bias: f64,
    /// The mean of each signal in the training data.
    pub means: [f64; 6],
    /// Its standard deviation there; a signal with none counts nothing.
    pub deviations: [f64; 6],
}

/// What the site adds to some items.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Boost {
    /// Which: a condition on their members. `$segment` asks about the visitor.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    pub filter: Option<Condition>,
    /// How much is added.
    pub add: f64,
}

/// What is left out of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Excluded {
    /// Items that the visitor has dealt with.
    Seen,
    /// Items that the visitor has bought.
    Bought,
}

/// How often an item may be shown.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cap {
    /// The event that says that an item was shown.
    pub event: String,
    /// After how many of them an item is left out.
    #[schemars(range(min = 1, max = 40))]
    pub times: u32,
    /// How far back they count: `10m`, `3h`, `30d`, `session` or `last-session`.
    pub within: String,
}

impl Default for Cap {
    fn default() -> Self {
        Self { event: "view_item_list".to_owned(), times: 3, within: "1d".to_owned() }
    }
}

/// How different from each other the items of a list are.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Diversity {
    /// How much being different counts against being relevant, from 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub amount: f64,
    /// What items are alike in.
    pub by: DiversityBy,
    /// How many items of one category are shown at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_of_category: Option<u16>,
}

impl Default for Diversity {
    fn default() -> Self {
        Self { amount: 0.3, by: DiversityBy::default(), most_of_category: None }
    }
}

/// What items are alike in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DiversityBy {
    /// Their content vectors, or their category where there are none.
    #[default]
    Content,
    /// Their category.
    Category,
}

/// An item whose place is fixed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pin {
    /// The item's id.
    pub item: String,
    /// The place, counted from 1.
    #[schemars(range(min = 1, max = 100))]
    pub place: u16,
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
