//! Pages that need nothing else: light or dark, on a phone as on a desk.

use crate::failure::Failure;
use std::fmt::{Display, Write};

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2330;--dim:#5b6475;--paper:#fff;--line:#d9dee8}\
@media (prefers-color-scheme:dark){:root{--ink:#e6e9f0;--dim:#9aa4b5;--paper:#14171d;--line:#2c3340}}\
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}p{color:var(--dim);max-width:45rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}\
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;white-space:nowrap}\
small{color:var(--dim);display:block}pre{overflow-x:auto}th{white-space:normal}th:first-child,td.text{text-align:left}td.text{white-space:normal;min-width:14rem}\
figure{margin:0;background:#fff;border:1px solid var(--line);border-radius:8px;overflow-x:auto}\
figure svg{display:block;width:100%;min-width:34rem;height:auto}";

/// A page that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Page(String);

impl Page {
    /// A page with a title and what it is about.
    pub(crate) fn new(title: &str, about: &str) -> Self {
        let [title, about] = [title, about].map(escaped);
        Self(format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, \
             initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n<p>{about}</p>\n"
        ))
    }

    /// A table. The first of each row is its name, and a cell that is said to be text is not aligned as a number.
    pub(crate) fn table(&mut self, title: &str, columns: &[&str], rows: &[Vec<Cell>]) {
        let title = escaped(title);
        let _ = write!(
            self.0,
            "<h2>{title}</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><table>\n<tr>"
        );
        for column in columns {
            let _ = write!(self.0, "<th scope=\"col\">{}</th>", escaped(column));
        }
        self.0.push_str("</tr>\n");
        for row in rows {
            self.0.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                let _ = match cell {
                    Cell::Text(text) if place == 0 => write!(self.0, "<th scope=\"row\">{}</th>", escaped(text)),
                    Cell::Text(text) => write!(self.0, "<td class=\"text\">{}</td>", escaped(text)),
                    Cell::Number(number) => write!(self.0, "<td>{}</td>", escaped(number)),
                    Cell::Between(number, interval) => {
                        write!(self.0, "<td>{}<small>{}</small></td>", escaped(number), escaped(interval))
                    }
                };
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</table></div>\n");
    }

    /// A plot, with what it shows in words for those who do not see it.
    pub(crate) fn figure(&mut self, title: &str, description: &str, svg: &str) {
        let [title, description] = [title, description].map(escaped);
        let opened = svg.replacen("<svg ", "<svg role=\"img\" ", 1);
        let told = opened.replacen(">", &format!("><title>{title}</title><desc>{description}</desc>"), 1);
        let _ = writeln!(self.0, "<h2>{title}</h2>\n<figure tabindex=\"0\">{told}</figure>\n<p>{description}</p>");
    }

    /// A paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.0, "<p>{}</p>", escaped(text));
    }

    /// Text as it is, under a heading.
    pub(crate) fn listing(&mut self, title: &str, text: &str) {
        let _ = writeln!(self.0, "<h2>{}</h2>\n<pre>{}</pre>", escaped(title), escaped(text));
    }

    /// The whole page.
    pub(crate) fn finish(self) -> String {
        self.0 + "</html>\n"
    }
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// A number, and the interval that it lies in.
    Between(String, String),
}

/// Why a plot is missing.
pub(crate) fn undrawn(error: impl Display) -> Failure {
    Failure::new(format!("a plot cannot be drawn: {error}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_text() {
        let mut page = Page::new("A & B", "<b>");
        page.table("\"T\"", &["x<y"], &[vec![Cell::Text("<i>".to_owned()), Cell::Number("1".to_owned())]]);
        page.figure("F", "a<b", "<svg width=\"1\"><g/></svg>");
        let page = page.finish();
        for part in [
            "<title>A &amp; B</title>",
            "<p>&lt;b></p>",
            "aria-label=\"&quot;T&quot;\"",
            "<th scope=\"row\">&lt;i></th><td>1</td>",
            "<svg role=\"img\" width=\"1\"><title>F</title><desc>a&lt;b</desc><g/></svg>",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
    }
}
