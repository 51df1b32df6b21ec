//! `slotwise check`: everything that is wrong with a bundle.

use crate::args::CheckArgs;
use crate::bundle::{Inspected, inspect};
use crate::diagnostics::{Finding, count, render};
use crate::failure::Failure;
use crate::output::{BOLD, GOOD, print, print_json, warn};
use crate::source::Source;
use serde::Serialize;
use slotwise::{Compiled, Severity};
use std::process::ExitCode;

/// One problem, as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    severity: Severity,
    pointer: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    help: Option<&'a str>,
}

pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let source = Source::read(&args.bundle)?;
    let Inspected { findings, compiled } = inspect(&source)?;
    if args.json {
        print_json(&findings.iter().map(|finding| line(&source, finding)).collect::<Vec<_>>())?;
    } else {
        report(&source, &findings, compiled.as_ref())?;
    }
    let passed = compiled.is_some() && (findings.is_empty() || !args.deny_warnings);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line<'a>(source: &Source, finding: &'a Finding) -> Line<'a> {
    let problem = &finding.problem;
    let (line, column) = source.line_and_column(finding.span.start);
    let (pointer, message, help) = (problem.pointer.as_str(), &problem.message, problem.help.as_deref());
    Line { severity: problem.severity, pointer, line, column, message, help }
}

fn report(source: &Source, findings: &[Finding], compiled: Option<&Compiled>) -> Result<(), Failure> {
    if let Some(counted) = count(findings) {
        warn(&format!("{}\n{}: {counted}\n", render(source, findings), source.name));
    }
    let Some(compiled) = compiled else { return Ok(()) };
    let manifest = &compiled.manifest;
    let (slots, experiments) = (manifest.slots.len(), manifest.experiments.len());
    print(&format!(
        "{GOOD}✓{GOOD:#} {BOLD}{}{BOLD:#} can be built: slots {slots}, experiments {experiments}\n",
        source.name
    ))
}
