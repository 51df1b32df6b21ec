//! Problems as people read them: the message, and the place in the JSON text that it is about.

use crate::source::Source;
use crate::spans::Spans;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use slotwise::{Pointer, Problem, Severity};
use std::fmt;
use std::ops::Range;

/// A problem, and the bytes of the text that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) problem: Problem,
    pub(crate) span: Range<usize>,
}

/// Puts problems where they are in the text: errors first, then from top to bottom.
pub(crate) fn locate(source: &Source, problems: Vec<Problem>) -> Vec<Finding> {
    let spans = Spans::new(&source.text);
    let finding = |problem: Problem| Finding { span: spans.of(problem.pointer.as_str()), problem };
    let mut findings: Vec<Finding> = problems.into_iter().map(finding).collect();
    findings.extend(spans.repeated().into_iter().map(|(pointer, span)| {
        let problem = Problem::warning(&pointer, "this member is written twice")
            .help("only the last one counts: remove the others");
        Finding { problem, span }
    }));
    findings.sort_by_key(|finding| (finding.problem.severity == Severity::Warning, finding.span.start));
    findings
}

/// Where a text stops being JSON.
pub(crate) fn syntax_error(source: &Source, error: &serde_json::Error) -> Finding {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let lines = error.line().saturating_sub(1);
    let line_start: usize = source.text.split_inclusive('\n').take(lines).map(str::len).sum();
    // The column is that of the last byte that was read; 0 when that was the end of the line before.
    let start = match line_start.saturating_add(error.column()) {
        _ if error.is_eof() => source.text.trim_end().len(),
        read => source.floor(read.saturating_sub(1)),
    };
    let found = source.text.get(start..).and_then(|rest| rest.chars().next()).filter(|char| *char != '\n');
    let help = match found {
        Some('/' | '#') => Some("JSON has no comments; put notes into \"description\""),
        Some('\'') => Some("JSON texts stand in double quotes"),
        _ if message.starts_with("trailing comma") => Some("remove the comma before it"),
        _ => None,
    };
    let problem = Problem::error(&Pointer::default(), format!("this is not JSON: {message}"));
    let problem = Problem { help: help.map(str::to_owned), ..problem };
    Finding { problem, span: start..start.saturating_add(found.map_or(0, char::len_utf8)) }
}

/// All findings, one below the other.
pub(crate) fn render(source: &Source, findings: &[Finding]) -> String {
    let reports = findings
        .iter()
        .map(|finding| Report { problem: &finding.problem, place: Some((source, finding.span.clone())) });
    reports.map(|report| draw(&report)).collect::<Vec<_>>().join("\n")
}

/// A message that is about no text.
pub(crate) fn render_plain(message: &str, help: Option<&str>) -> String {
    let problem = Problem { help: help.map(str::to_owned), ..Problem::error(&Pointer::default(), message) };
    draw(&Report { problem: &problem, place: None })
}

/// `2 errors, 1 warning`; nothing when there is neither.
pub(crate) fn count(findings: &[Finding]) -> Option<String> {
    let errors = findings.iter().filter(|finding| finding.problem.severity == Severity::Error).count();
    let warnings = findings.len().saturating_sub(errors);
    let part =
        |count: usize, word: &str| (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
    let parts: Vec<String> = part(errors, "error").into_iter().chain(part(warnings, "warning")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn draw(report: &Report<'_>) -> String {
    // Colours are taken out again where the text is written, if they are not wanted there.
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode()).with_links(false).with_context_lines(1);
    let mut text = String::new();
    match handler.with_width(100).render_report(&mut text, report) {
        Ok(()) => text,
        Err(fmt::Error) => format!("{report}\n"),
    }
}

#[derive(Debug)]
struct Report<'a> {
    problem: &'a Problem,
    place: Option<(&'a Source, Range<usize>)>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.problem.message)
    }
}

impl std::error::Error for Report<'_> {}

impl Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let pointer = self.problem.pointer.as_str();
        (!pointer.is_empty()).then(|| Box::new(pointer) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|(source, _)| *source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.place.as_ref()?;
        let label = LabeledSpan::new_primary_with_span(None, span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// A line longer than this is shown in part.
const LONG_LINE: usize = 160;

/// How many bytes of a long line are shown on either side of the place.
const AROUND: usize = 48;

impl SourceCode for Source {
    /// As for any text; but of minified JSON only a part of the line is shown.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset().saturating_add(span.len());
        let mut shown = self.line_around(span.offset()).start..self.line_around(end).end;
        if shown.len() > LONG_LINE {
            let start = self.floor(span.offset().saturating_sub(AROUND)).max(shown.start);
            shown = start..self.floor(end.saturating_add(AROUND)).min(shown.end);
        } else {
            for _ in 0..before {
                let line = self.line_around(shown.start.saturating_sub(1));
                shown.start = if line.len() > LONG_LINE { shown.start } else { line.start };
            }
            for _ in 0..after {
                let next = shown.end.saturating_add(1);
                let line = if next < self.text.len() { self.line_around(next) } else { shown.clone() };
                shown.end = if line.len() > LONG_LINE { shown.end } else { line.end };
            }
        }
        if before == 0 && after == 0 {
            shown.start = self.floor(span.offset());
        }
        let (line, column) = self.line_and_column(shown.start);
        let data = self.text.get(shown.clone()).unwrap_or_default().trim_end_matches('\r');
        let place = SourceSpan::from(shown);
        let (line, column) = (line.saturating_sub(1), column.saturating_sub(1));
        let lines = data.lines().count();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data.as_bytes(), place, line, column, lines)))
    }
}
