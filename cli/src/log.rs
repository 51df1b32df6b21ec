//! The log and the catalog that are learned from, read and told about.

use crate::args::LogArgs;
use crate::failure::Failure;
use crate::files;
use crate::output::{BAD, DIM, GOOD, grouped, warn};
use crate::progress::Progress;
use slotwise::Matrix;
use slotwise_learn::events::Events;
use slotwise_learn::fit::Material;
use slotwise_learn::items::{Items, USUAL_TEXT};
use slotwise_learn::log::{Columns, Rejected};
use slotwise_learn::models::content::Content;
use slotwise_learn::parameters::Parameters;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What is learned from.
pub(crate) struct Loaded {
    pub(crate) events: Events,
    pub(crate) items: Items,
    pub(crate) material: Material,
    pub(crate) parameters: Parameters,
}

/// Reads the log, and the file of tests behind it; popularity is counted by the attributes `by`.
pub(crate) fn read(args: &LogArgs, test: Option<&Path>, by: &[String]) -> Result<Loaded, Failure> {
    let parameters = args.parameters.as_deref().map(read_parameters).transpose()?.unwrap_or_default();
    let catalog = args.items.as_deref().map(Items::read).transpose()?;
    let columns = Columns::new(&args.columns, by)?;
    let paths: Vec<&Path> = args.events.iter().map(|path| path.as_path()).chain(test).collect();
    let events = {
        let watch = Progress::new();
        Events::read(&paths, &columns, catalog.as_ref().map(|items| items.ids.as_slice()), &watch)?
    };
    warn(&told(&events));
    if let Some(path) = &args.rejected {
        events.tally.rejected.write(path)?;
    }
    let items = catalog.unwrap_or_else(|| Items::of(events.items.clone()));
    let content = content(args, &items, &parameters)?;
    let material = Material { visitors: events.visitors.len(), items: items.ids.len(), content };
    Ok(Loaded { events, items, material, parameters })
}

/// What became of the rows, and what was left of them.
fn told(events: &Events) -> String {
    let tally = &events.tally;
    let mut out = String::new();
    let count = |count: usize| grouped(u64::try_from(count).unwrap_or(u64::MAX));
    let _ = writeln!(
        out,
        "{GOOD}✓{GOOD:#} {} events of {} visitors with {} items, of {} rows",
        count(events.all.len()),
        count(events.visitors.len()),
        count(events.items.len()),
        grouped(tally.rows)
    );
    out.push_str(&passed_over(
        &[
            (tally.duplicates, "told again"),
            (events.passed_over, "about no item, or too little of an interest"),
            (events.of_unknown_items, "about items that the catalog does not have"),
        ],
        &tally.rejected,
    ));
    out
}

/// What was left out and what could not be used, a line each.
pub(crate) fn passed_over(left_out: &[(u64, &str)], rejected: &Rejected) -> String {
    let mut out = String::new();
    for (number, what) in left_out.iter().filter(|(number, _)| *number > 0) {
        let _ = writeln!(out, "  {DIM}{} {what}{DIM:#}", grouped(*number));
    }
    for (why, number) in rejected.reasons() {
        let _ = writeln!(out, "  {BAD}!{BAD:#} {} not used: {why}", grouped(number));
    }
    out
}

fn read_parameters(path: &Path) -> Result<Parameters, Failure> {
    let text = fs::read(path).map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_slice(&text).map_err(|error| {
        let help = "slotwise evaluate --write-parameters writes such a file";
        Failure::new(format!("{}: {error}", path.display())).help(help)
    })
}

/// Vectors that were given, or those of the items' words, when they have any.
fn content(args: &LogArgs, items: &Items, parameters: &Parameters) -> Result<Option<Content>, Failure> {
    if let Some(path) = &args.vectors {
        return Ok(Some(given(path, items)?));
    }
    let is_asked = !args.text.is_empty();
    let usual = USUAL_TEXT.map(str::to_owned);
    let texts = items.texts(if is_asked { &args.text } else { &usual });
    match Content::learn(&texts, &parameters.content, args.seed) {
        Ok(content) => Ok(Some(content)),
        Err(failure) if is_asked => Err(failure.into()),
        Err(_) => Ok(None),
    }
}

fn given(path: &Path, items: &Items) -> Result<Content, Failure> {
    let Matrix { columns, numbers } = files::read_rows(path)?;
    let rows = numbers.len().checked_div(columns).unwrap_or(0);
    if rows != items.ids.len() {
        let message = format!("{} has {rows} rows, and there are {} items", path.display(), items.ids.len());
        return Err(Failure::new(message).help("write one row an item, in the order of the items' file"));
    }
    let mut sorted = Vec::with_capacity(numbers.len());
    for place in &items.places {
        let start = place.saturating_mul(columns);
        let row = numbers.get(start..start.saturating_add(columns)).unwrap_or_default();
        let length = row.iter().map(|number| number * number).sum::<f32>().sqrt();
        sorted.extend(row.iter().map(|number| if length > 0.0 { number / length } else { 0.0 }));
    }
    Ok(Content { items: sorted, dimensions: columns })
}
