//! `slotwise evaluate`: how good lists are, by each model and as they are served.

use crate::args::{EvaluateArgs, SplitBy};
use crate::failure::Failure;
use crate::log::{self, Loaded};
use crate::output::{BOLD, DIM, grouped, print, print_json, warn};
use crate::progress::Progress;
use slotwise_learn::evaluate::Estimate;
use slotwise_learn::report::report;
use slotwise_learn::split::By;
use slotwise_learn::study::{Findings, Question, Row, Study};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

pub(crate) fn run(args: &EvaluateArgs) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let Loaded { events, items, material, parameters } = log::read(&args.log, args.test.as_deref(), &[])?;
    let by = match (&args.test, args.split) {
        (Some(_), _) => By::Given { test: u16::try_from(args.log.events.len()).ok(), validation: args.validation },
        (None, SplitBy::Time) => By::Time { validation: args.validation, test: args.test_share },
        (None, SplitBy::Last) => By::LastOut,
    };
    let question = Question {
        by,
        length: args.length.into(),
        parameters,
        search: args.log.search,
        ratings: args.ratings,
        newcomers: args.newcomers,
        seed: args.log.seed,
    };
    let findings = {
        let watch = Progress::new();
        Study { events: &events, items: &items, material: &material, watch: &watch }.answer(&question)?
    };
    if let Some(path) = &args.write_parameters {
        write(path, &(serde_json::to_string_pretty(&findings.parameters).unwrap_or_default() + "\n"))?;
    }
    if let Some(path) = &args.report {
        write(path, &report(&findings)?)?;
    }
    if args.json {
        print_json(&findings)?;
    } else {
        print(&describe(&findings))?;
    }
    warn(&format!("{:.1} s\n", started.elapsed().as_secs_f64()));
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let help = "check that the folder is there and can be written to";
    fs::write(path, text).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())).help(help))
}

fn describe(findings: &Findings) -> String {
    let mut out = String::new();
    let count = |number: usize| grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let [train, validation, test] = findings.events.map(count);
    let Findings { length, .. } = findings;
    let _ = writeln!(
        out,
        "{DIM}{train} events to learn from, {validation} to choose by, {test} to test with · {} visitors · {} items, all ranked{DIM:#}\n",
        count(findings.visitors),
        count(findings.items)
    );
    let _ = writeln!(
        out,
        "{BOLD}{:24}{:>22}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{BOLD:#}",
        format!("at {length}"),
        "NDCG",
        "untrunc.",
        "recall",
        "precis.",
        "hits",
        "MAP",
        "MRR",
        "cover.",
        "novelty",
        "divers."
    );
    for row in &findings.rows {
        describe_row(&mut out, row);
    }
    let _ = writeln!(out, "\nserved keeps of the NDCG in single precision:");
    for (name, kept) in &findings.kept {
        let _ = writeln!(out, "  {name:8} {:.2}%", kept * 100.0);
    }
    for (name, error) in findings.rmse.iter().flatten() {
        let _ = writeln!(out, "  RMSE of ratings by {name:8} {error:.4}");
    }
    let _ = writeln!(out, "  the compiled catalog has {} bytes", count(findings.bytes));
    out
}

fn describe_row(out: &mut String, row: &Row) {
    let mean = |name: &str| row.metrics.get(name).map_or_else(|| "–".to_owned(), |found| format!("{:.4}", found.mean));
    let interval = |Estimate { mean, low, high }: &Estimate| format!("{mean:.4} ({low:.3}–{high:.3})");
    let name = format!("{}{}", row.name, if row.is_served { ", served" } else { "" });
    let _ = write!(out, "{name:24}{:>22}", row.metrics.get("ndcg").map(interval).unwrap_or_default());
    for metric in ["ndcgUntruncated", "recall", "precision", "hitRate", "map", "mrr"] {
        let _ = write!(out, "{:>9}", mean(metric));
    }
    let _ = writeln!(out, "{:>8.1}%{:>9}{:>9}", row.coverage * 100.0, mean("novelty"), mean("diversity"));
}
