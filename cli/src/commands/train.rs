//! `slotwise train`: from an event log to the model that a bundle ranks with.

use crate::args::TrainArgs;
use crate::failure::Failure;
use crate::log::{self, Loaded};
use crate::output::{BOLD, DIM, GOOD, grouped, print};
use crate::progress::Progress;
use slotwise_learn::folder;
use slotwise_learn::split::By;
use slotwise_learn::study::{Question, Study};
use slotwise_learn::train::{Card, KIND, train};
use std::fmt::Write;
use std::process::ExitCode;

pub(crate) fn run(args: &TrainArgs) -> Result<ExitCode, Failure> {
    folder::check(&args.output, KIND)?;
    let Loaded { events, items, material, parameters } = log::read(&args.log, None, &args.by)?;
    let question = Question {
        by: By::Time { validation: args.validation, test: 0.0 },
        length: 10,
        parameters,
        search: args.log.search,
        ratings: false,
        newcomers: false,
        seed: args.log.seed,
    };
    let trained = {
        let watch = Progress::new();
        train(&Study { events: &events, items: &items, material: &material, watch: &watch }, &question)?
    };
    let files = folder::write(&args.output, KIND, &trained.files(&items.ids)?)?;
    print(&described(args, &files, &trained.card))?;
    Ok(ExitCode::SUCCESS)
}

fn described(args: &TrainArgs, files: &[(String, usize)], card: &Card) -> String {
    let folder = args.output.display();
    let mut out = format!("{GOOD}✓{GOOD:#} {BOLD}{folder}{BOLD:#}\n");
    for (name, size) in files {
        let _ = writeln!(out, "  {name:16} {:>12} bytes", grouped(u64::try_from(*size).unwrap_or(u64::MAX)));
    }
    let _ = writeln!(out, "\nNDCG at 10 on the events that were held back:");
    for (name, ndcg) in &card.validated {
        let _ = writeln!(out, "  {name:8} {ndcg:.4}");
    }
    let _ = writeln!(
        out,
        "\n{DIM}Name it in the bundle, and build that: \"catalog\": {{ …, \"model\": \"{folder}/model.json\" }}{DIM:#}"
    );
    out
}
