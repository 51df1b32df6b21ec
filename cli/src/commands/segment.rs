//! `slotwise segment`: groups of visitors who are alike, from an event log.

use crate::args::{MethodName, SegmentArgs};
use crate::failure::Failure;
use crate::log;
use crate::output::{BOLD, DIM, GOOD, grouped, print, print_json, warn};
use crate::progress::Progress;
use slotwise_learn::cluster::visitors::{Visitors, features};
use slotwise_learn::cluster::{Card, KIND, Method, Question, report, segment};
use slotwise_learn::folder;
use slotwise_learn::log::Columns;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &SegmentArgs) -> Result<ExitCode, Failure> {
    folder::check(&args.output, KIND)?;
    let method = method(args)?;
    let features = features(&args.features)?;
    let columns = Columns::new(&args.columns, &[])?;
    let paths: Vec<&Path> = args.events.iter().map(|path| path.as_path()).collect();
    let visitors = {
        let watch = Progress::new();
        Visitors::read(&paths, &columns, &features, &watch)?
    };
    warn(&told(&visitors));
    if let Some(path) = &args.rejected {
        visitors.tally.rejected.write(path)?;
    }
    let question = Question { method, count: args.clusters.map(usize::from), seed: args.seed };
    let segmented = {
        let watch = Progress::new();
        segment(&visitors, &question, &watch)?
    };
    if let Some(path) = &args.write_features {
        visitors.write(path, &segmented.names())?;
    }
    if let Some(path) = &args.report {
        let page = report(&visitors, &segmented)?;
        fs::write(path, page).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))?;
    }
    folder::write(&args.output, KIND, &segmented.files()?)?;
    if args.json {
        print_json(&segmented.card)?;
    } else {
        print(&described(args, &segmented.card))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The method, with options that mean something to it.
fn method(args: &SegmentArgs) -> Result<Method, Failure> {
    match (args.method, args.tolerance, args.clusters) {
        (MethodName::Dbscan, _, Some(_)) => {
            Err(Failure::new("DBSCAN counts its clusters itself")
                .help("leave --clusters out; --tolerance has a say in it"))
        }
        (MethodName::Dbscan, tolerance, None) => Ok(Method::Dbscan { tolerance }),
        (_, Some(_), _) => {
            Err(Failure::new("--tolerance is for DBSCAN alone").help("add --method dbscan, or leave it out"))
        }
        (MethodName::Kmeans, None, _) => Ok(Method::KMeans),
        (MethodName::Gaussian, None, _) => Ok(Method::Gaussian),
        (MethodName::Hierarchical, None, _) => Ok(Method::Hierarchical),
    }
}

fn count(number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX))
}

/// What became of the rows, and of visitors who cannot be compared.
fn told(visitors: &Visitors) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{GOOD}✓{GOOD:#} {} visitors from {} events, of {} rows",
        count(visitors.ids.len()),
        count(visitors.events),
        grouped(visitors.tally.rows)
    );
    out.push_str(&log::passed_over(
        &[
            (visitors.tally.duplicates, "told again"),
            (visitors.untimed, "without a time"),
            (
                u64::try_from(visitors.without).unwrap_or(u64::MAX),
                "visitors of whom a feature is missing, who are in no cluster",
            ),
        ],
        &visitors.tally.rejected,
    ));
    out
}

fn described(args: &SegmentArgs, card: &Card) -> String {
    let mut out = String::new();
    let width = card.clusters.iter().map(|cluster| cluster.name.chars().count()).max().unwrap_or(0).max(8);
    let _ = write!(out, "{BOLD}{:width$}{:>10}{:>8}", "cluster", "visitors", "share");
    for feature in &card.features {
        let _ = write!(out, "{:>13}", feature.rsplit('.').next().unwrap_or_default());
    }
    let _ = writeln!(out, "{BOLD:#}");
    for cluster in &card.clusters {
        let _ = write!(out, "{:width$}{:>10}{:>7.1}%", cluster.name, count(cluster.size), cluster.share * 100.0);
        for mean in cluster.means.values() {
            let _ = write!(out, "{mean:>13.2}");
        }
        let _ = writeln!(out, "\n  {DIM}{}{DIM:#}", cluster.description);
    }
    let _ = writeln!(out, "\nmean silhouette, by how many clusters there are:");
    for (number, silhouette) in &card.silhouettes {
        let mark = if *number == card.clusters.len() { "  <" } else { "" };
        let _ = writeln!(out, "  {number:>3}  {silhouette:.4}{mark}");
    }
    let _ = writeln!(out, "inertia {:.2}", card.inertia);
    if card.agreement < 1.0 {
        let agreement = card.agreement * 100.0;
        let _ = writeln!(out, "by the nearest centre, {agreement:.1}% are where {} itself puts them", card.method);
    }
    if card.noise > 0.0 {
        let _ = writeln!(out, "it puts {:.1}% nowhere", card.noise * 100.0);
    }
    let folder = args.output.display();
    let _ = writeln!(out, "\n{DIM}Name them in the bundle: \"clusters\": \"{folder}/clusters.json\"{DIM:#}");
    out
}
