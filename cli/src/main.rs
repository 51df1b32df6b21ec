//! The `slotwise` command line.
//!
//! Each command is a module of [`commands`]; [`args`] is what can be typed, [`bundle`] and [`context`] read
//! what the commands work on, [`log`] what is learned from, [`diagnostics`] points into it. Everything that decides is in the engine.

mod args;
mod bundle;
mod commands;
mod context;
mod diagnostics;
mod failure;
mod files;
mod log;
mod output;
mod profile;
mod progress;
mod signing;
mod source;
mod spans;
mod zone;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Init(args) => commands::init::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Build(args) => commands::build::run(&args),
        Command::Keygen(args) => commands::keygen::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Simulate(args) => commands::simulate::run(&args),
        Command::Train(args) => commands::train::run(&args),
        Command::Evaluate(args) => commands::evaluate::run(&args),
        Command::Segment(args) => commands::segment::run(&args),
        Command::Schema => output::print_json(&slotwise::schema()).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|failure| {
        output::warn(&failure.to_string());
        ExitCode::from(failure.code())
    })
}
