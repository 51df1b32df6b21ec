//! What can be typed to learn from an event log.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The log and the catalog.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// The event log, as .jsonl, .csv, .tsv or .parquet; can be given again
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) events: Vec<PathBuf>,
    /// The items, as JSON or JSON Lines; without them those of the log
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) items: Option<PathBuf>,
    /// What columns are called, such as visitor=customer,time=at
    #[arg(long, value_name = "ROLE=NAME", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// The members of items whose words say what they are like [default: title, description and such]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) text: Vec<String>,
    /// Vectors of items in place of their words: a NumPy file, one row an item in the order of --items
    #[arg(long, value_name = "FILE.npy", requires = "items", conflicts_with = "text")]
    pub(crate) vectors: Option<PathBuf>,
    /// What models are learned with: a file of JSON, as `slotwise evaluate --search` writes it
    #[arg(long, value_name = "FILE.json")]
    pub(crate) parameters: Option<PathBuf>,
    /// Tries so many parameters of each model, drawn at random, and takes the best
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) search: usize,
    /// Draws what is drawn at random
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where rows that cannot be used are written to, the first twenty for each reason
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) rejected: Option<PathBuf>,
}

pub(super) const TRAIN_EXAMPLES: &str = "\
Examples:
  slotwise train --events events.jsonl --items items.jsonl -o model/
  slotwise train --events may.parquet --events june.parquet --items items.jsonl -o model/ --by geo.country,device.type
  slotwise train --events log.csv --columns visitor=customer,item=sku,time=at --items items.jsonl -o model/

Name the model in the bundle, and build it:
  { \"catalog\": { \"items\": \"items.jsonl\", \"model\": \"model/model.json\" }, … }

A log has a visitor and an item for each event, and best a name (such as view_item or purchase), a time, a value, an id. The last tenth of it is \
held back first, to choose how items go together and how signals are blended; then everything is learned from. With the same seed, on the same \
kind of machine, the same bytes come out. The folder is put in its place whole: until then, and after Ctrl-C, the old one stays.

Memory: some 75 bytes an event; for EASE (up to 12,000 items) 22 bytes times the square of the items.

Exit codes: 0 written, 2 wrong usage, a file that cannot be read or written, or a log that nothing can be learned from.";

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    pub(crate) log: LogArgs,
    /// The folder to write
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Attributes to count popularity by, the wider ones first
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// The share of events that is held back to choose by
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    pub(crate) validation: f64,
}

pub(super) const EVALUATE_EXAMPLES: &str = "\
Examples:
  slotwise evaluate --events events.jsonl --items items.jsonl
  slotwise evaluate --events events.jsonl --items items.jsonl --search 30 --write-parameters best.json --report report.html
  slotwise evaluate --events train.csv --test test.csv --items items.jsonl --length 20 --json

The log is divided by time, and what came first is learned from. For each visitor of the last part all items are ranked but those that they had \
dealt with, and what they chose is looked for. Rows marked as served are lists of the engine, from a compiled bundle: with quantised vectors, \
visitors folded in on the spot, and at last with what a profile keeps of the past. Intervals of 95 % are bootstrapped over visitors.

Exit codes: 0 evaluated, 2 wrong usage, a file that cannot be read or written, or a log that nothing can be learned from.";

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    pub(crate) log: LogArgs,
    /// How events are divided
    #[arg(long, value_enum, default_value_t = SplitBy::Time)]
    pub(crate) split: SplitBy,
    /// Events to test with, in a file of their own
    #[arg(long, value_name = "FILE", conflicts_with = "split")]
    pub(crate) test: Option<PathBuf>,
    /// The share of events that tests, when time divides them
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    pub(crate) test_share: f64,
    /// The share of events that parameters are chosen by
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    pub(crate) validation: f64,
    /// How many places a list has
    #[arg(short = 'k', long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) length: u16,
    /// Values are ratings: tell how far predicted ones are off, too
    #[arg(long)]
    pub(crate) ratings: bool,
    /// Test with visitors of whom nothing was known, too
    #[arg(long)]
    pub(crate) newcomers: bool,
    /// Write the parameters that were used
    #[arg(long, value_name = "FILE.json")]
    pub(crate) write_parameters: Option<PathBuf>,
    /// Write a page with tables and plots, in one file
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How events are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitBy {
    /// What came first is learned from, what came last tests
    Time,
    /// Of each visitor the last item tests
    Last,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "is no number".to_owned())?;
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err("is a share between 0 and 1".to_owned()) }
}
