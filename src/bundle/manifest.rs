//! Names and content, as the side that shows them reads them: the JSON section of the compiled file.
//!
//! Decisions are indices; this says what they mean. JavaScript parses it with `JSON.parse`, native code
//! with serde, and the runtime wasm never looks at it.

use super::content::Variant;
use crate::profile::Window;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The purpose that everything needs unless a bundle says otherwise.
pub const DEFAULT_PURPOSE: &str = "personalization";

/// Names and content of a program, in the order of its indices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The bundle's name.
    pub id: String,
    /// The bundle's revision.
    pub revision: u64,
    /// What to hand over, in this order.
    pub inputs: Vec<InputPath>,
    /// Whether the visitor's time zone matters.
    pub needs_zone: bool,
    /// Whether the moment matters. Files that do not say may need it.
    #[serde(default = "yes")]
    pub needs_time: bool,
    /// Consent purposes: the place is the bit.
    pub purposes: Vec<String>,
    /// The consent purpose without which identifying inputs read as missing in conditions and templates. `None` when
    /// none is needed or nothing identifying is read. Files that do not say need what bundles need by default.
    #[serde(default = "default_purpose")]
    pub identity_consent: Option<String>,
    /// What is asked of the profile; `None` when nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileQuestions>,
    /// Rankings, in the order of the catalog's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<RankNames>,
    /// The segments that they ask about, in the order of the catalog's bits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rank_segments: Vec<u16>,
    /// Segments.
    pub segments: Vec<String>,
    /// Holdouts.
    pub holdouts: Vec<String>,
    /// Experiments.
    pub experiments: Vec<ExperimentNames>,
    /// Slots.
    pub slots: Vec<SlotContent>,
}

#[expect(clippy::unnecessary_wraps, reason = "a default has the type of its member")]
fn default_purpose() -> Option<String> {
    Some(DEFAULT_PURPOSE.to_owned())
}

fn yes() -> bool {
    true
}

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputPath {
    /// A path into the context's attributes.
    Attribute(Vec<String>),
    /// A member of the context's request.
    Request(String),
    /// The answer of the profile to a question, which this names.
    Profile(String),
    /// The list of a ranking, which this names.
    Ranked(String),
    /// A member of the context's sticky assignments, and the experiment whose arm it names.
    Sticky(String, u16),
}

/// What is asked of the profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileQuestions {
    /// The consent purpose without which the profile is not looked at; `None` when none is needed.
    pub consent: Option<String>,
    /// The questions.
    pub asked: Vec<Asked>,
}

/// One question to the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The input that takes the answer.
    pub input: u16,
    /// What is asked.
    #[serde(flatten)]
    pub question: Question,
}

/// What can be asked of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// A feature, by its path below `profile`.
    Feature(String),
    /// How often an event happened in a window.
    Count(String, Within),
    /// Each time that it did, of those that are known one by one.
    Each(String, Within),
    /// The name of the cluster that the visitor belongs to.
    Cluster(ClusterNames),
}

/// The names of clusters and where their centres lie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterNames {
    /// Features, how they are scaled, and the centres: see [`crate::profile::Profile::nearest`].
    pub numbers: Vec<f64>,
    /// The names, in the order of the centres.
    pub names: Vec<String>,
}

/// Where a ranking stands, and what its list depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RankNames {
    /// The slot.
    pub slot: u16,
    /// Its rule.
    pub rule: u16,
    /// The input that takes the list.
    pub list: u16,
    /// The consent purpose without which nothing but the context ranks; `None` when none is needed.
    pub consent: Option<String>,
    /// Leaves out items of which an event happened so often in a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<(String, Within, u32)>,
}

/// A window as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Within {
    /// The last so many milliseconds.
    Last(u64),
    /// One of the others.
    Named(NamedWindow),
}

/// A window by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamedWindow {
    /// The session that goes on.
    Session,
    /// The one before it.
    LastSession,
    /// As far back as the profile reaches.
    Ever,
}

impl From<Window> for Within {
    fn from(window: Window) -> Self {
        match window {
            Window::Last(length) => Self::Last(length),
            Window::Session => Self::Named(NamedWindow::Session),
            Window::LastSession => Self::Named(NamedWindow::LastSession),
            Window::Ever => Self::Named(NamedWindow::Ever),
        }
    }
}

impl From<Within> for Window {
    fn from(within: Within) -> Self {
        match within {
            Within::Last(length) => Self::Last(length),
            Within::Named(NamedWindow::Session) => Self::Session,
            Within::Named(NamedWindow::LastSession) => Self::LastSession,
            Within::Named(NamedWindow::Ever) => Self::Ever,
        }
    }
}

/// The names of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExperimentNames {
    /// Its key.
    pub key: String,
    /// Its arms.
    pub arms: Vec<String>,
    /// For a factorial experiment: the level of each factor, for each arm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<IndexMap<String, String>>,
    /// The identifying attribute, and the fallback.
    pub hash_attributes: Vec<String>,
    /// The name under which a sticky assignment is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticky: Option<String>,
}

/// The names and content of a slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlotContent {
    /// Its name.
    pub name: String,
    /// The variant for everybody else. Empty in files from before it was written.
    #[serde(default)]
    pub default: String,
    /// The names of its rules; empty for those without.
    pub rules: Vec<String>,
    /// Its variants: name and content.
    pub variants: Vec<(String, Variant)>,
}
