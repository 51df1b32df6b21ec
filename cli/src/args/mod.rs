//! What can be typed.

mod learn;
mod segment;

pub(crate) use learn::{EvaluateArgs, LogArgs, SplitBy, TrainArgs};
pub(crate) use segment::{MethodName, SegmentArgs};

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Decides what each slot of a page shows: checks, builds, explains and simulates bundles, and learns what they rank with.
#[derive(Debug, Parser)]
#[command(name = "slotwise", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  the bundle has errors, or a check failed
  2  wrong usage, or a file that cannot be read or written

Colours are used on terminals only; NO_COLOR=1 turns them off there too.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a small working bundle, a page with its slots, and next steps
    #[command(after_help = INIT_EXAMPLES)]
    Init(InitArgs),
    /// Report everything that is wrong with a bundle, at its place in the JSON
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Compile a bundle to the file that the runtime loads
    #[command(after_help = BUILD_EXAMPLES)]
    Build(BuildArgs),
    /// Make a key to sign compiled bundles with
    #[command(after_help = KEYGEN_EXAMPLES)]
    Keygen(KeygenArgs),
    /// Tell whether a compiled bundle is signed by a key
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// Tell what one visitor's slots show, with every step that led there
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Send synthetic visitors through a bundle and test how they are split
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArgs),
    /// Learn what bundles rank with, from an event log
    #[command(after_help = learn::TRAIN_EXAMPLES)]
    Train(TrainArgs),
    /// Tell how good lists are, on events that they were not learned from
    #[command(after_help = learn::EVALUATE_EXAMPLES)]
    Evaluate(EvaluateArgs),
    /// Group visitors who are alike, from an event log, for conditions to ask about
    #[command(after_help = segment::EXAMPLES)]
    Segment(SegmentArgs),
    /// Print the JSON Schema of bundles
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema,
}

const INIT_EXAMPLES: &str = "\
Examples:
  slotwise init              write bundle.json, index.html and README.md here
  slotwise init my-site      write them to my-site/";

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to write; made when it is not there
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Overwrite files that are already there
    #[arg(long)]
    pub(crate) force: bool,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  slotwise check bundle.json
  slotwise check bundle.json --deny-warnings         for continuous integration
  slotwise check bundle.json --json | jq '.[].message'
  make-bundle | slotwise check -                     read the bundle from stdin

With --json, stdout is an array of { severity, pointer, line, column, message, help }. The pointer is a JSON \
pointer (RFC 6901). Line and column count from 1, the column in characters. help may be null.

Exit codes: 0 no errors, 1 errors (or warnings with --deny-warnings), 2 the file cannot be read.";

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The bundle; - for stdin
    #[arg(value_name = "BUNDLE.json")]
    pub(crate) bundle: String,
    /// Print the problems as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Let warnings fail the check
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

const BUILD_EXAMPLES: &str = "\
Examples:
  slotwise build bundle.json -o bundle.slotwise
  slotwise build bundle.json -o bundle.slotwise --sign key.pem

The key is an Ed25519 private key as PKCS#8 PEM, as `slotwise keygen` and `openssl genpkey -algorithm ed25519` write it. \
Signing prints the public key, which those who load the bundle verify it with.

The file is written whole or not at all: whoever reads it meanwhile sees the old one or the new one.

Exit codes: 0 built, 1 the bundle has errors and nothing was written, 2 a file cannot be read or written.";

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The bundle; - for stdin
    #[arg(value_name = "BUNDLE.json")]
    pub(crate) bundle: String,
    /// The file to write
    #[arg(short, long, value_name = "OUT.slotwise")]
    pub(crate) output: PathBuf,
    /// Sign the file with the private key in this file
    #[arg(long, value_name = "KEY.pem")]
    pub(crate) sign: Option<PathBuf>,
}

const KEYGEN_EXAMPLES: &str = "\
Examples:
  slotwise keygen key.pem                           write a private key, print the public one
  slotwise build bundle.json -o bundle.slotwise --sign key.pem

The private key is for whoever publishes bundles: keep it secret and out of the repository. The public key is no secret. \
It is what load(bytes, { publicKey }) and the Worker are given.

Exit codes: 0 written, 2 the file is there already or cannot be written.";

#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    /// The file to write; never one that is there already
    #[arg(value_name = "KEY.pem")]
    pub(crate) output: PathBuf,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  slotwise verify bundle.slotwise --key PlMTfVv2CN0mGMxnXVBRZHzRyZeYXTBwBOGwyDaMRsI=
  slotwise verify bundle.slotwise --key public.pem

A public key is the base64 of its 32 bytes, as `slotwise keygen` and `slotwise build --sign` print it, or a file that \
`openssl pkey -in key.pem -pubout` writes.

Exit codes: 0 signed by this key, 1 not signed, signed by another key, changed since or no bundle, 2 the key or a file \
cannot be read.";

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The compiled bundle; - for stdin
    #[arg(value_name = "BUNDLE.slotwise")]
    pub(crate) bundle: String,
    /// The public key: base64, or a PEM file
    #[arg(short, long, value_name = "KEY")]
    pub(crate) key: String,
}

const EXPLAIN_EXAMPLES: &str = r#"Examples:
  slotwise explain bundle.json
  slotwise explain bundle.slotwise --context visitor.json --slot hero
  slotwise explain bundle.json --context visitor.json --profile events.jsonl
  slotwise explain bundle.json --context '{
    "attributes": { "id": "user-1", "geo": { "city": "Kraków" } },
    "consent": { "personalization": true },
    "now": "2026-11-02T08:30:00+01:00", "timeZone": "Europe/Warsaw"
  }'

The context is an object; every member may be left out:
  attributes  what is known of the visitor: any object
  request     { url, referrer, userAgent, language }
  consent     { "<purpose>": true or false }
  now         milliseconds since 1970, or RFC 3339 text; else the present
  timeZone    an IANA name such as "Europe/Warsaw", or minutes ahead of UTC; else UTC
  sticky      { "<experiment>__<bucket version>": "<arm>" } from earlier visits
  force       { "<slot>": "<variant>" }

The profile is what the visitor did. Its file holds an event a line, as profile.track() takes them,
or one visitor's lines of an event log; an event without a time happens now:
  {"name": "view_item", "item": "boots", "category": "shoes", "time": "2026-11-02T08:20:00Z"}
Or it holds the profile itself, as the cookie slotwise_profile and the storage of pages do. What
happened after the context's "now" is left out. Profiles count with the consent that the bundle asks for.

Exit codes: 0 decided, 1 the bundle has errors, 2 the context or the profile is wrong, or a file cannot be read."#;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The bundle, as JSON or compiled; - for stdin
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: String,
    /// The visitor: a file, JSON text that begins with {, or - for stdin
    #[arg(short, long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
    /// What the visitor did: a file of events or of the profile that pages keep, or - for stdin
    #[arg(short, long, value_name = "FILE")]
    pub(crate) profile: Option<String>,
    /// Show only this slot; can be given again
    #[arg(short, long, value_name = "NAME")]
    pub(crate) slot: Vec<String>,
    /// Print the decision and its steps as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const SIMULATE_EXAMPLES: &str = "\
Examples:
  slotwise simulate bundle.json
  slotwise simulate bundle.json --visitors 200000 --seed 7 --json
  slotwise simulate bundle.json --context '{ \"now\": \"2026-12-01T12:00:00Z\" }'
  slotwise simulate bundle.json --attributes-from visitors.jsonl

Visitors get an id of their own in each attribute that an experiment or a holdout splits by, and have consented to \
every purpose that the context does not refuse. The rest comes from the context (see `slotwise explain --help`) \
and from the lines of --attributes-from, one a visitor and over again. None has done anything yet, so rankings go by the \
context alone. Lines that hold ids are visitors \
themselves: each is sent once. With the same seed and the same `now` in the context the result is the same, on \
any number of cores.

A visitor takes part in an experiment when the experiment is asked and gives an arm that counts. The interval is \
Wilson's at 95 %. The sample-ratio test is a chi-square test of the arms against their weights: p says how often \
chance alone makes a split at least this uneven. p < 0.001, less than once in a thousand runs, is taken for a \
fault of the ids, the targeting or the split.

Exit codes: 0 simulated, 1 the bundle has errors or a sample-ratio test failed, 2 wrong usage, or a file cannot be read.";

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// The bundle, as JSON or compiled; - for stdin
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: String,
    /// How many visitors [default: 1000000, or one a line when the lines hold ids]
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    pub(crate) visitors: Option<u64>,
    /// Which ids they get
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// What all visitors have in common: a file, JSON text that begins with {, or - for stdin
    #[arg(short, long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
    /// A file of visitors' attributes, one JSON object a line, laid over those of the context
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) attributes_from: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const SCHEMA_EXAMPLES: &str = "\
Examples:
  slotwise schema > bundle.schema.json

Put \"$schema\": \"./bundle.schema.json\" at the top of a bundle, and editors complete and check it.";
