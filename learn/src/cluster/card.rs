//! The card of clusters: what they were made of, and how good they are.

use super::describe::Described;
use super::methods::Method;
use super::visitors::Visitors;
use crate::events::written;
use indexmap::IndexMap;
use serde::Serialize;

/// What clusters were made of, and how good they are.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Events that were folded into profiles.
    pub events: usize,
    /// Visitors who are in clusters.
    pub visitors: usize,
    /// Visitors of whom a feature is missing, who are in none.
    pub without: usize,
    /// When the first event happened.
    pub from: String,
    /// And the last: what visitors were like then.
    pub until: String,
    /// Rows of the log that were not used, by reason.
    pub rejected: IndexMap<&'static str, u64>,
    /// Rows that told an event again.
    pub duplicates: u64,
    /// What was drawn at random was drawn with this.
    pub seed: u64,
    /// How clusters were found.
    pub method: &'static str,
    /// What visitors are compared by.
    pub features: Vec<String>,
    /// The mean silhouette for each number of clusters that was tried.
    pub silhouettes: IndexMap<usize, f64>,
    /// The sum of squared distances of visitors from their centres, in standard deviations.
    pub inertia: f64,
    /// The share of visitors whose nearest centre is that of the cluster which the method itself puts them in.
    pub agreement: f64,
    /// The share that the method puts in none.
    pub noise: f64,
    /// The clusters, the largest first.
    pub clusters: Vec<Group>,
    /// What clusters do not say.
    pub limits: [&'static str; 3],
}

/// A cluster on the card.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What is typical of it.
    pub description: String,
    /// How many visitors it has.
    pub size: usize,
    /// Which share of all that is.
    pub share: f64,
    /// The mean of each feature.
    pub means: IndexMap<String, f64>,
}

const LIMITS: [&str; 3] = [
    "Visitors are as they were at the log's end; who comes later is told by the same centres until they are made again.",
    "Names and descriptions compare clusters with the visitors of this log, and say nothing of why.",
    "Made again, clusters may have other names: conditions that ask for them have to be looked at.",
];

impl Card {
    /// What clusters are made of, before there are any.
    pub(super) fn of(visitors: &Visitors, method: Method, seed: u64) -> Self {
        Self {
            events: visitors.events,
            visitors: visitors.ids.len(),
            without: visitors.without,
            from: written(visitors.period.0),
            until: written(visitors.period.1),
            rejected: visitors.tally.rejected.reasons().collect(),
            duplicates: visitors.tally.duplicates,
            seed,
            method: method.name(),
            features: paths(visitors).collect(),
            silhouettes: IndexMap::new(),
            inertia: 0.0,
            agreement: 1.0,
            noise: 0.0,
            clusters: Vec::new(),
            limits: LIMITS,
        }
    }
}

fn paths(visitors: &Visitors) -> impl Iterator<Item = String> {
    visitors.features.iter().map(|feature| format!("profile.{}", feature.path()))
}

/// Clusters as the card has them; `of` says which visitors are in which.
pub(super) fn groups(visitors: &Visitors, described: &[Described], of: &[usize]) -> Vec<Group> {
    let group = |(number, described): (usize, &Described)| {
        let size = of.iter().filter(|cluster| **cluster == number).count();
        Group {
            name: described.name.clone(),
            description: described.description.clone(),
            size,
            share: size as f64 / of.len() as f64,
            means: paths(visitors).zip(described.means.iter().copied()).collect(),
        }
    };
    described.iter().enumerate().map(group).collect()
}
