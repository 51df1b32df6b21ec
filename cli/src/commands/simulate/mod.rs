//! `slotwise simulate`: synthetic visitors, and how experiments and slots divide them.
//!
//! [`visitors`] makes them, [`tally`] counts what they get, [`statistics`] judges the counts, and
//! [`report`] tells. Counts are whole numbers added up, so the order in which cores finish changes nothing.

mod report;
mod statistics;
mod tally;
mod text;
mod visitors;

use crate::args::SimulateArgs;
use crate::bundle::load;
use crate::context;
use crate::failure::Failure;
use crate::output::{grouped, print, print_json, warn};
use crate::source::{Source, check_stdin};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use report::Report;
use slotwise::Engine;
use slotwise::decide::Decisions;
use std::process::ExitCode;
use std::time::Instant;
use tally::Tally;
use visitors::Visitors;

const USUAL_VISITORS: u64 = 1_000_000;

/// How many visitors one core takes on at a time.
const BATCH: u64 = 4096;

pub(crate) fn run(args: &SimulateArgs) -> Result<ExitCode, Failure> {
    check_stdin(&[Some(&args.bundle), args.context.as_deref(), args.attributes_from.as_deref()])?;
    let engine = load(&args.bundle)?;
    let context = context::read(args.context.as_deref(), engine.manifest())?;
    let visitors = match &args.attributes_from {
        Some(path) => Visitors::from_lines(&engine, &context, args.seed, &Source::read(path)?)?,
        None => Visitors::alike(&engine, &context, args.seed),
    };
    let count = count(args.visitors, &visitors)?;
    let started = Instant::now();
    let tally = send(&engine, &visitors, count);
    let seconds = started.elapsed().as_secs_f64();
    let report = Report::new(engine.program(), engine.manifest(), &tally, args.seed, &context);
    if args.json {
        print_json(&report)?;
    } else {
        print(&text::describe(&report))?;
    }
    warn(&format!("{} visitors in {seconds:.2} s, {} a second\n", grouped(count), grouped(a_second(count, seconds))));
    Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// How many visitors to send. Those who bring their ids are sent once each.
fn count(asked: Option<u64>, visitors: &Visitors) -> Result<u64, Failure> {
    match (asked, visitors.known()) {
        (None, known) => Ok(known.unwrap_or(USUAL_VISITORS)),
        (Some(asked), Some(known)) if asked > known => {
            let message =
                format!("{} visitors are asked for, and the lines hold the ids of {}", grouped(asked), grouped(known));
            Err(Failure::new(message).help("leave --visitors out, or the ids: then lines are used over again"))
        }
        (Some(asked), _) => Ok(asked),
    }
}

fn send(engine: &Engine, visitors: &Visitors, count: u64) -> Tally {
    let progress = progress_bar(count);
    let ranks = !engine.manifest().ranks.is_empty();
    let batches = (0..count.div_ceil(BATCH)).into_par_iter();
    let tallies = batches.fold(
        || Tally::new(engine.program()),
        |mut tally, batch| {
            let first = batch.saturating_mul(BATCH);
            let last = first.saturating_add(BATCH).min(count);
            let mut decisions = Decisions::default();
            let mut frame = visitors.frame(first);
            for visitor in first..last {
                if ranks {
                    // Without the lists that were made for the visitor before.
                    frame = visitors.frame(visitor);
                }
                visitors.enter(visitor, &mut frame);
                engine.decide_into(&mut frame, &mut decisions);
                tally.add(&decisions);
            }
            progress.inc(last.saturating_sub(first));
            tally
        },
    );
    let tally = tallies.reduce(|| Tally::new(engine.program()), Tally::merge);
    progress.finish_and_clear();
    tally
}

/// Is shown on terminals alone.
fn progress_bar(count: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} visitors, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "for people to read"
)]
fn a_second(count: u64, seconds: f64) -> u64 {
    (count as f64 / seconds.max(1e-9)) as u64
}
