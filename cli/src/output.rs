//! What is written to the terminal, or to whoever stands in its place.

pub(crate) use slotwise_learn::report::grouped;

use crate::failure::Failure;
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::io::{ErrorKind, Write};

/// For names and headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// For what is there to be looked up.
pub(crate) const DIM: Style = Style::new().dimmed();
/// For what is as it should be.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// For what is not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// Writes to stdout; colours only where they are shown. A reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes JSON to stdout, indented.
pub(crate) fn print_json(json: &impl Serialize) -> Result<(), Failure> {
    let text =
        serde_json::to_string_pretty(json).map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
    print(&(text + "\n"))
}

/// Writes to stderr. When even that fails, there is nowhere left to say so.
pub(crate) fn warn(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Text of a bundle or a visitor on one line, without anything that could steer a terminal.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = words.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char });
    let mut line: String = safe.take(most.saturating_add(1)).collect();
    if line.chars().count() > most {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_short_and_harmless() {
        assert_eq!(one_line("<p>\n  żółw </p>", 40), "<p> żółw </p>");
        assert_eq!(one_line("żółw żółw", 5), "żółw …");
        assert_eq!(one_line("a\u{1b}[2Jb\u{9b}", 40), "a\u{fffd}[2Jb\u{fffd}");
    }
}
