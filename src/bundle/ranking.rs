//! The rules that rank the catalog, as authored. See [`super::wire`].

use super::wire::{Condition, written};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Items that the visitor has dealt with, as far as the profile knows: the 32 of which most was said.
    Seen,
    /// Items that the visitor has bought, of those 32.
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
    #[schemars(range(min = 1))]
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
