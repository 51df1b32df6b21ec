//! Groups of visitors who are alike, and how the engine tells them: by the nearest centre.

mod card;
pub mod describe;
pub mod methods;
pub mod quality;
mod report;
pub mod scale;
pub mod visitors;

pub use card::{Card, Group};
pub use methods::Method;
pub use report::report;

use crate::failure::Failure;
use crate::folder;
use crate::watch::Watch;
use card::groups;
use describe::describe;
use indexmap::{IndexMap, IndexSet};
use methods::{Found, find};
use ndarray::{Array2, Axis};
use quality::{assigned, inertia, silhouette};
use scale::Scaled;
use slotwise::bundle::clusters::{Cluster, Clusters, MOST_CLUSTERS};
use visitors::Visitors;

/// How visitors are to be grouped.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// How clusters are found.
    pub method: Method,
    /// How many; the number with the best silhouette when nothing is said.
    pub count: Option<usize>,
    /// Draws what is drawn at random.
    pub seed: u64,
}

/// Clusters, their card, and where visitors are.
#[derive(Clone, Debug)]
pub struct Segmented {
    /// What the engine scores by.
    pub clusters: Clusters,
    /// What was found out of what.
    pub card: Card,
    /// The number of each visitor's cluster.
    pub assigned: Vec<usize>,
}

/// The file that a bundle names.
const CLUSTERS: &str = "clusters.json";

/// What the folder is told from others by.
pub const KIND: folder::Kind = folder::Kind { mark: CLUSTERS, what: "clusters" };

/// So many clusters are tried when nothing is said.
const TRIED: std::ops::RangeInclusive<usize> = 2..=10;

/// Groups visitors.
///
/// # Errors
/// Visitors who are all alike, or too few of them, and methods that find nothing.
pub fn segment(visitors: &Visitors, question: &Question, watch: &dyn Watch) -> Result<Segmented, Failure> {
    let Question { method, count, seed } = *question;
    let Scaled { features, rows } = Scaled::new(visitors)?;
    let distinct: IndexSet<Vec<u64>> =
        rows.rows().into_iter().map(|row| row.iter().map(|number| number.to_bits()).collect()).collect();
    let least = count.unwrap_or(*TRIED.start());
    if distinct.len() < least {
        let message = format!("{least} clusters need as many visitors who differ, and there are {}", distinct.len());
        return Err(Failure::new(message).help("take a longer log, other features or fewer clusters"));
    }
    let counts: Vec<usize> = match count {
        Some(count) => vec![count],
        None => TRIED.filter(|count| *count <= distinct.len()).collect(),
    };
    let found = find(method, &rows, &counts, seed, watch)?;
    watch.stage("silhouettes", found.len() as u64);
    let mut tried = Vec::new();
    for Found { centers, agreement, noise } in found {
        let centers = sorted_by_size(&rows, &centers);
        let of = assigned(&rows, &centers);
        tried.push((silhouette(&rows, &of, seed), Found { centers, agreement, noise }, of));
        watch.step();
    }
    let silhouettes = tried.iter().filter_map(|(silhouette, found, _)| Some((found.centers.nrows(), (*silhouette)?)));
    let silhouettes: IndexMap<usize, f64> = silhouettes.collect();
    // Of two that are as good, the one with fewer clusters, which comes first.
    let better = |one: &(Option<f64>, Found, Vec<usize>), other: &(Option<f64>, Found, Vec<usize>)| {
        other.0.unwrap_or(f64::NEG_INFINITY) > one.0.unwrap_or(f64::NEG_INFINITY)
    };
    let best = tried.into_iter().reduce(|one, other| if better(&one, &other) { other } else { one });
    let Some((_, Found { centers, agreement, noise }, of)) = best else {
        return Err(Failure::new("no clusters were found"));
    };
    if centers.nrows() > MOST_CLUSTERS {
        let message = format!("{} clusters were found, and a bundle may have {MOST_CLUSTERS}", centers.nrows());
        return Err(Failure::new(message).help("say a larger --tolerance, or take another method"));
    }
    let described = describe(visitors, &centers, &of);
    let card = Card {
        silhouettes,
        inertia: inertia(&rows, &centers),
        agreement,
        noise,
        clusters: groups(visitors, &described, &of),
        ..Card::of(visitors, method, seed)
    };
    let clusters = described.into_iter().zip(centers.rows()).map(|(described, center)| Cluster {
        name: described.name,
        description: Some(described.description),
        center: center.to_vec(),
    });
    Ok(Segmented { clusters: Clusters { features, clusters: clusters.collect() }, card, assigned: of })
}

/// Centres that somebody is near to, the one with the most visitors first.
fn sorted_by_size(rows: &Array2<f64>, centers: &Array2<f64>) -> Array2<f64> {
    let mut sizes = vec![0_usize; centers.nrows()];
    assigned(rows, centers).into_iter().for_each(|cluster| sizes[cluster] += 1);
    let mut order: Vec<usize> = (0..sizes.len()).filter(|cluster| sizes[*cluster] > 0).collect();
    order.sort_by_key(|cluster| std::cmp::Reverse(sizes[*cluster]));
    centers.select(Axis(0), &order)
}

impl Segmented {
    /// The files of the folder.
    ///
    /// # Errors
    /// None that is known of: all of it is text and finite numbers.
    pub fn files(&self) -> Result<IndexMap<&'static str, Vec<u8>>, Failure> {
        Ok(IndexMap::from([
            (CLUSTERS, folder::json(CLUSTERS, &self.clusters)?),
            (folder::CARD, folder::json(folder::CARD, &self.card)?),
        ]))
    }

    /// The name of each visitor's cluster.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.assigned.iter().map(|cluster| self.clusters.clusters[*cluster].name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Columns;
    use crate::watch::Unwatched;
    use serde_json::json;
    use slotwise::profile::{Event, Profile};
    use slotwise::{Context, Engine, compile};
    use std::fmt::Write as _;
    use std::fs;

    const DAY: f64 = 86_400_000.0;
    /// 2026-03-01, noon in UTC: the log's end.
    const NOON: f64 = 1_772_366_400_000.0;

    /// Thirty visitors, ten of each kind: how many purchases, how many days apart, how long ago the last, and for how much.
    fn purchases() -> Vec<(String, f64, f64)> {
        let kinds = [(1.0, 1.0, 200.0, 20.0), (4.0, 20.0, 60.0, 40.0), (12.0, 7.0, 0.0, 90.0)];
        let of_visitor = |number: usize| {
            let (times, apart, ago, value) = kinds[number % 3];
            let place = (number / 3) as f64;
            let mut time = NOON - (ago + place) * DAY;
            let mut all = Vec::new();
            for _ in 0..times as usize {
                all.push((format!("v{number}"), time, value + place));
                time -= apart * DAY;
            }
            all
        };
        (0..30).flat_map(of_visitor).collect()
    }

    fn visitors() -> Visitors {
        let mut log = "visitor,name,time,value\n".to_owned();
        for (visitor, time, value) in purchases() {
            let _ = writeln!(log, "{visitor},purchase,{time},{value}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.csv");
        fs::write(&path, log).unwrap();
        let features = visitors::features(&["rfm".to_owned()]).unwrap();
        Visitors::read(&[&path], &Columns::default(), &features, &Unwatched).unwrap()
    }

    fn question(method: Method, count: Option<usize>) -> Question {
        Question { method, count, seed: 7 }
    }

    #[test]
    fn three_kinds_are_three_clusters() {
        for method in [Method::KMeans, Method::Gaussian, Method::Hierarchical] {
            let found = segment(&visitors(), &question(method, None), &Unwatched).unwrap();
            let mut names: Vec<&str> = found.card.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
            names.sort_unstable();
            assert_eq!(names, ["average", "champions", "lapsed"], "{method:?}");
            assert!(found.card.clusters.iter().all(|cluster| cluster.size == 10), "{:?}", found.card);
            let best = found.card.silhouettes.iter().max_by(|one, other| one.1.total_cmp(other.1));
            assert_eq!(best.map(|(count, _)| *count), Some(3), "{method:?}");
        }
    }

    #[test]
    fn the_engine_puts_visitors_where_they_were_put() {
        let (visitors, question) = (visitors(), question(Method::KMeans, Some(7)));
        let found = segment(&visitors, &question, &Unwatched).unwrap();
        let greeting = json!({ "default": "hello", "variants": { "hello": { "html": "{{profile.cluster}}" } } });
        let bundle =
            json!({ "version": 1, "id": "shop", "clusters": found.clusters, "slots": { "greeting": greeting } });
        let engine = Engine::load(&compile(bundle).unwrap().bytes).unwrap();
        assert_eq!(found.clusters.clusters.len(), 7);
        for (id, name) in visitors.ids.iter().zip(found.names()) {
            let mut profile = Profile::new(1);
            for (_, time, value) in purchases().iter().rev().filter(|(visitor, ..)| visitor == id) {
                let event = Event { name: "purchase".to_owned(), value: Some(*value), time: *time, ..Event::default() };
                assert!(profile.apply(&event, *time));
            }
            let context =
                Context { profile: Some(profile.to_bytes()), ..Context::new(NOON).consent("personalization") };
            assert_eq!(engine.personalize(&context).slots["greeting"].content["html"], name, "{id}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let visitors = visitors();
        let made = || segment(&visitors, &question(Method::KMeans, Some(5)), &Unwatched).unwrap();
        let (one, same) = (made(), made());
        assert_eq!(one.files().unwrap(), same.files().unwrap());
        assert_eq!(report(&visitors, &one).unwrap(), report(&visitors, &same).unwrap());
    }

    #[test]
    fn visitors_who_do_not_differ_are_no_clusters() {
        let failure = segment(&visitors(), &question(Method::KMeans, Some(31)), &Unwatched).unwrap_err();
        assert_eq!(failure.message, "31 clusters need as many visitors who differ, and there are 30");
        let mut same = visitors();
        same.values.column_mut(1).fill(1.0);
        let failure = segment(&same, &question(Method::KMeans, None), &Unwatched).unwrap_err();
        assert_eq!(failure.message, "rfm.frequency is the same for all 30 visitors that can be compared");
    }
}
