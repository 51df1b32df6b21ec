//! Clusters of visitors, and whether conditions ask for those that there are.

use super::tables::Tables;
use crate::bundle::clusters::{Cluster, ClusterFeature, Clusters, MOST_CLUSTERS, MOST_FEATURES};
use crate::bundle::files::Files;
use crate::bundle::given::Given;
use crate::bundle::manifest::ClusterNames;
use crate::problem::{Pointer, Problem, nearest};
use crate::profile::{CLUSTER, Feature};
use serde_json::Value as Json;

pub(super) fn compile_clusters(given: &Given<Clusters>, files: &Files, tables: &mut Tables) -> Option<ClusterNames> {
    let pointer = Pointer::default().child("clusters");
    let clusters = match files.json(given, &pointer) {
        Ok(clusters) => clusters,
        Err(problem) => {
            tables.problem(problem);
            return None;
        }
    };
    for (place, message) in mistakes(&clusters) {
        // Pointers lead into the document: where something is in a file, the message says.
        let problem = match given {
            Given::Here(_) => {
                let at = place.iter().fold(pointer.clone(), |pointer, step| pointer.child(step));
                Problem::error(&at, message)
            }
            Given::File(file) => Problem::error(&pointer, format!("{file}, at /{}: {message}", place.join("/"))),
        };
        tables.problem(problem);
    }
    Some(names(clusters))
}

fn names(Clusters { features, clusters }: Clusters) -> ClusterNames {
    let count = u32::try_from(features.len()).unwrap_or(u32::MAX).into();
    let scales = features.iter().flat_map(|ClusterFeature { of, log, mean, deviation }| {
        let code = Feature::of(of).map_or(-1.0, Feature::code);
        [code, u8::from(*log).into(), *mean, *deviation]
    });
    let centers = clusters.iter().flat_map(|cluster| cluster.center.iter().copied());
    ClusterNames {
        numbers: [count].into_iter().chain(scales).chain(centers).collect(),
        names: clusters.iter().map(|cluster| cluster.name.clone()).collect(),
    }
}

/// What is wrong, and where.
fn mistakes(Clusters { features, clusters }: &Clusters) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut note = |place: &[&str], message: String| {
        found.push((place.iter().map(|step| (*step).to_owned()).collect(), message));
    };
    for (name, most, count) in
        [("features", MOST_FEATURES, features.len()), ("clusters", MOST_CLUSTERS, clusters.len())]
    {
        if !(1..=most).contains(&count) {
            note(&[name], format!("there are 1 to {most} of them, and not {count}"));
        }
    }
    for (number, ClusterFeature { of, mean, deviation, .. }) in features.iter().enumerate() {
        let place = number.to_string();
        if Feature::of(of).is_none_or(|feature| !feature.is_number()) {
            let known: Vec<&str> = Feature::numbers().map(Feature::path).collect();
            note(&["features", &place, "of"], format!("\"{of}\" is no profile.{}", known.join(", profile.")));
        } else if features.iter().take(number).any(|before| before.of == *of) {
            note(&["features", &place, "of"], format!("\"{of}\" is there already"));
        }
        if !mean.is_finite() {
            note(&["features", &place, "mean"], "is a number".to_owned());
        }
        if !(*deviation > 0.0 && deviation.is_finite()) {
            note(&["features", &place, "deviation"], "is a number, more than 0".to_owned());
        }
    }
    for (number, Cluster { name, center, .. }) in clusters.iter().enumerate() {
        let place = number.to_string();
        if name.is_empty() {
            note(&["clusters", &place, "name"], "a cluster has a name".to_owned());
        } else if clusters.iter().take(number).any(|before| before.name == *name) {
            note(&["clusters", &place, "name"], format!("\"{name}\" is the name of another cluster"));
        }
        if center.len() != features.len() {
            let message = format!("has {} numbers, and there are {} features", center.len(), features.len());
            note(&["clusters", &place, "center"], message);
        }
        if !center.iter().all(|number| number.is_finite()) {
            note(&["clusters", &place, "center"], "holds what is no number".to_owned());
        }
    }
    found
}

/// Warns of clusters that nothing asks for, and of conditions that ask for clusters that there are not.
pub(super) fn check_use(document: &Json, clusters: Option<&ClusterNames>, tables: &mut Tables) {
    let root = Pointer::default();
    let is_read = tables.reads(CLUSTER);
    let Some(ClusterNames { names, .. }) = clusters else {
        if is_read && document.get("clusters").is_none() {
            let help = "make some with slotwise segment, and name the file: \"clusters\": \"clusters/clusters.json\"";
            let message = format!("{CLUSTER} is always missing: the bundle has no clusters");
            tables.problem(Problem::warning(&root, message).help(help));
        }
        return;
    };
    if !is_read {
        let help =
            format!("write a condition such as {{\"{CLUSTER}\": \"{}\"}}", names.first().map_or("", |name| name));
        tables.problem(Problem::warning(&root.child("clusters"), format!("nothing reads {CLUSTER}")).help(help));
    }
    let mut asked = Vec::new();
    names_asked_for(document, &root, &mut asked);
    for (pointer, name) in asked {
        if names.iter().all(|known| *known != name) {
            let help = match nearest(name, names.iter().map(String::as_str)) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None => format!("there are {}", names.join(", ")),
            };
            tables.problem(Problem::warning(&pointer, format!("there is no cluster \"{name}\"")).help(help));
        }
    }
}

/// The names that conditions compare [`CLUSTER`] with.
fn names_asked_for<'j>(json: &'j Json, pointer: &Pointer, found: &mut Vec<(Pointer, &'j str)>) {
    match json {
        Json::Object(members) => {
            for (name, member) in members {
                let at = pointer.child(name);
                if name == CLUSTER {
                    texts(member, &at, found);
                } else {
                    names_asked_for(member, &at, found);
                }
            }
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| names_asked_for(item, &pointer.child(place), found));
        }
        _ => {}
    }
}

fn texts<'j>(test: &'j Json, pointer: &Pointer, found: &mut Vec<(Pointer, &'j str)>) {
    match test {
        Json::String(name) => found.push((pointer.clone(), name)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| texts(item, &pointer.child(place), found));
        }
        Json::Object(operators) => {
            for (operator, value) in operators {
                if ["$eq", "$ne", "$in", "$nin", "$not"].contains(&operator.as_str()) {
                    texts(value, &pointer.child(operator), found);
                }
            }
        }
        _ => {}
    }
}
