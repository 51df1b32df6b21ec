//! What can be typed to group visitors.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  slotwise segment --events events.jsonl -o clusters/
  slotwise segment --events orders.csv --columns visitor=customer,time=at,value=total -o clusters/ --clusters 5
  slotwise segment --events events.jsonl -o clusters/ --features sessions,engagement,leftCart --report clusters.html

Name the clusters in the bundle, and ask for them:
  { \"clusters\": \"clusters/clusters.json\", … \"when\": { \"profile.cluster\": \"champions\" } }

Each visitor's events are folded into the profile that the engine reads, as of the log's last event. Of sessions, recency, frequency and monetary \
the logarithm of one more counts; all features are standardised. Visitors of whom one is missing are in no cluster: without a purchase there is no \
recency. Whatever finds the clusters, the engine puts a visitor in the one whose centre is nearest. DBSCAN looks at 10,000 visitors and Ward's \
method at 5,000 at most, drawn at random; silhouettes are of 5,000. With the same seed, on the same kind of machine, the same bytes come out.

Memory: some 60 bytes an event, and 8 for each feature of each visitor, a few times.

Exit codes: 0 written, 2 wrong usage, a file that cannot be read or written, or visitors who cannot be grouped.";

#[derive(Debug, Args)]
pub(crate) struct SegmentArgs {
    /// The event log, as .jsonl, .csv, .tsv or .parquet; can be given again
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) events: Vec<PathBuf>,
    /// The folder to write
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// What columns are called, such as visitor=customer,time=at
    #[arg(long, value_name = "ROLE=NAME", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// What visitors are compared by: rfm, or features of the profile such as sessions,engagement
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "rfm")]
    pub(crate) features: Vec<String>,
    /// How clusters are found
    #[arg(long, value_enum, default_value_t = MethodName::Kmeans)]
    pub(crate) method: MethodName,
    /// How many there are [default: the number from 2 to 10 with the best silhouette]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(2..=100))]
    pub(crate) clusters: Option<u8>,
    /// For DBSCAN: how near is near, in standard deviations [default: what is usual between visitors]
    #[arg(long, value_name = "NUMBER", value_parser = tolerance)]
    pub(crate) tolerance: Option<f64>,
    /// Draws what is drawn at random
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where rows that cannot be used are written to, the first twenty for each reason
    #[arg(long, value_name = "FILE.tsv")]
    pub(crate) rejected: Option<PathBuf>,
    /// Write what visitors are compared by, and the cluster of each
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) write_features: Option<PathBuf>,
    /// Write a page with tables and plots, in one file
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Print the card as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How clusters are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodName {
    /// k-means, the best of ten starts
    Kmeans,
    /// A mixture of normal distributions
    Gaussian,
    /// Where visitors lie close together; finds their number by itself
    Dbscan,
    /// Ward's method, from single visitors upwards
    Hierarchical,
}

fn tolerance(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "is no number".to_owned())?;
    if number > 0.0 && number.is_finite() { Ok(number) } else { Err("is a number, more than 0".to_owned()) }
}
