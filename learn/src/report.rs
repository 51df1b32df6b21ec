//! Findings as one page that needs nothing else: tables and plots, light or dark, on a phone as on a desk.

use crate::evaluate::Estimate;
use crate::failure::Failure;
use crate::study::{Findings, Row};
use plotters::prelude::*;
use std::fmt::Write;

/// How wide and high a plot is, in its own units; the page scales it.
const SIZE: (u32, u32) = (720, 420);

/// Columns of the table: a metric, its name, and how many digits it has.
const COLUMNS: [(&str, &str); 9] = [
    ("ndcg", "NDCG"),
    ("ndcgUntruncated", "NDCG, untruncated"),
    ("recall", "Recall"),
    ("precision", "Precision"),
    ("hitRate", "Hit rate"),
    ("map", "MAP"),
    ("mrr", "MRR"),
    ("novelty", "Novelty, bits"),
    ("diversity", "Diversity"),
];

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2330;--dim:#5b6475;--paper:#fff;--line:#d9dee8;--served:#0b6bcb}\
@media (prefers-color-scheme:dark){:root{--ink:#e6e9f0;--dim:#9aa4b5;--paper:#14171d;--line:#2c3340;--served:#6db3ff}}\
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}p,dd{color:var(--dim);max-width:45rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}\
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th:first-child{text-align:left}td{white-space:nowrap}\
tr.served th{color:var(--served)}small{color:var(--dim);display:block}figure{margin:0;background:#fff;border:1px solid var(--line);border-radius:8px;overflow-x:auto}\
figure svg{display:block;width:100%;min-width:34rem;height:auto}";

/// The page.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn report(findings: &Findings) -> Result<String, Failure> {
    let Findings { length, .. } = findings;
    let [train, validation, test] = findings.events.map(count);
    let [visitors, items] = [findings.visitors, findings.items].map(count);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>How good the lists are</title>\n<style>{STYLE}</style>\n<h1>How good the lists are</h1>\n\
         <p>Of {visitors} visitors, the {length} best of {items} items were compared with what they chose afterwards. {train} events were learned \
         from, {validation} chose the parameters, {test} tested. Intervals of 95 %, bootstrapped over visitors, stand below the means.</p>\n"
    );
    let _ = write!(
        page,
        "<h2>Metrics at {length}</h2>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Metrics\"><table>\n<tr><th scope=\"col\">Ranked by</th>"
    );
    for (_, name) in COLUMNS {
        let _ = write!(page, "<th scope=\"col\">{name}</th>");
    }
    page.push_str("<th scope=\"col\">Coverage</th></tr>\n");
    findings.rows.iter().for_each(|row| write_row(&mut page, row));
    page.push_str("</table></div>\n<p>Rows marked as served are lists of the engine from a compiled bundle: vectors in twelve bits, visitors folded in on the spot, the \
                   strongest neighbours alone, and in the last row only what a profile keeps of the past.</p>\n");
    figure(&mut page, "NDCG, with intervals", &ndcg(findings)?);
    figure(&mut page, "Being right and being new: NDCG against novelty", &trade(findings)?);
    page.push_str("<h2>What serving keeps</h2>\n<div class=\"wide\"><table>\n<tr><th scope=\"col\">Model</th><th scope=\"col\">of the NDCG in single precision</th></tr>\n");
    for (name, kept) in &findings.kept {
        let _ = writeln!(page, "<tr><th scope=\"row\">{name}</th><td>{:.2} %</td></tr>", kept * 100.0);
    }
    let _ = writeln!(
        page,
        "</table></div>\n<p>The compiled catalog has {} bytes with all of it.</p>",
        count(findings.bytes)
    );
    if let Some(rmse) = &findings.rmse {
        page.push_str("<h2>Predicted ratings</h2>\n<div class=\"wide\"><table>\n<tr><th scope=\"col\">By</th><th scope=\"col\">RMSE</th></tr>\n");
        for (name, error) in rmse {
            let _ = writeln!(page, "<tr><th scope=\"row\">{name}</th><td>{error:.4}</td></tr>");
        }
        page.push_str("</table></div>\n");
    }
    let parameters = serde_json::to_string_pretty(&findings.parameters).unwrap_or_default();
    let _ = writeln!(page, "<h2>Parameters</h2>\n<pre>{parameters}</pre>\n</html>");
    Ok(page)
}

fn write_row(page: &mut String, row: &Row) {
    let class = if row.is_served { " class=\"served\"" } else { "" };
    let _ = write!(page, "<tr{class}><th scope=\"row\">{}</th>", label(row));
    for (metric, _) in COLUMNS {
        let _ = match row.metrics.get(metric) {
            Some(Estimate { mean, low, high }) => write!(page, "<td>{mean:.4}<small>{low:.3}–{high:.3}</small></td>"),
            None => write!(page, "<td>–</td>"),
        };
    }
    let _ = writeln!(page, "<td>{:.1} %</td></tr>", row.coverage * 100.0);
}

/// A number with its thousands apart: `1,000,000`.
///
/// ```
/// assert_eq!(slotwise_learn::report::grouped(1_234_567), "1,234,567");
/// assert_eq!(slotwise_learn::report::grouped(999), "999");
/// ```
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in (0..digits.len()).rev().zip(digits.chars()) {
        out.push(digit);
        if place > 0 && place.is_multiple_of(3) {
            out.push(',');
        }
    }
    out
}

fn count(number: usize) -> String {
    grouped(number as u64)
}

fn label(row: &Row) -> String {
    format!("{}{}", row.name, if row.is_served { ", served" } else { "" })
}

fn figure(page: &mut String, title: &str, svg: &str) {
    let named = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{title}\" "), 1);
    let _ = writeln!(page, "<h2>{title}</h2>\n<figure tabindex=\"0\">{named}</figure>");
}

/// Blue for what is served, grey for the rest: both are told apart on paper and by those who see no colours.
fn colour(row: &Row) -> RGBColor {
    if row.is_served { RGBColor(11, 107, 203) } else { RGBColor(130, 138, 152) }
}

fn undrawn(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("a plot cannot be drawn: {error}"))
}

/// A bar for each way of ranking, with its interval.
#[expect(clippy::cast_precision_loss, reason = "places of rows")]
fn ndcg(findings: &Findings) -> Result<String, Failure> {
    let rows: Vec<(&Row, Estimate)> =
        findings.rows.iter().filter_map(|row| Some((row, *row.metrics.get("ndcg")?))).collect();
    let highest = rows.iter().fold(1e-6, |highest: f64, (_, found)| highest.max(found.high)) * 1.05;
    let count = rows.len();
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(16)
            .x_label_area_size(32)
            .y_label_area_size(190)
            .build_cartesian_2d(0.0..highest, -0.5..count as f64 - 0.5)
            .map_err(undrawn)?;
        let name = |place: &f64| {
            let is_whole = (place - place.round()).abs() < 1e-9;
            let row =
                rows.iter().rev().enumerate().find(|(number, _)| is_whole && (*number as f64 - place).abs() < 1e-9);
            row.map(|(_, (row, _))| label(row)).unwrap_or_default()
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(TRANSPARENT)
            .y_labels(count * 2 + 1)
            .y_label_formatter(&name)
            .x_label_formatter(&|value| format!("{value:.2}"))
            .label_style(("sans-serif", 14))
            .draw()
            .map_err(undrawn)?;
        let bars = rows.iter().rev().enumerate().map(|(place, (row, found))| {
            let place = place as f64;
            Rectangle::new([(0.0, place - 0.3), (found.mean, place + 0.3)], colour(row).filled())
        });
        chart.draw_series(bars).map_err(undrawn)?;
        let intervals = rows.iter().rev().enumerate().map(|(place, (_, found))| {
            PathElement::new(vec![(found.low, place as f64), (found.high, place as f64)], BLACK.stroke_width(2))
        });
        chart.draw_series(intervals).map_err(undrawn)?;
        area.present().map_err(undrawn)?;
    }
    Ok(svg)
}

/// NDCG against novelty.
fn trade(findings: &Findings) -> Result<String, Failure> {
    let point = |row: &Row| Some((row.metrics.get("novelty")?.mean, row.metrics.get("ndcg")?.mean));
    let points: Vec<(&Row, (f64, f64))> = findings.rows.iter().filter_map(|row| Some((row, point(row)?))).collect();
    let most = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().fold(1e-6, |most: f64, (_, at)| most.max(of(at)));
    let (widest, highest) = (most(&|at| at.0) * 1.25, most(&|at| at.1) * 1.15);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..widest, 0.0..highest)
            .map_err(undrawn)?;
        chart
            .configure_mesh()
            .x_desc("Novelty, bits")
            .y_desc("NDCG")
            .label_style(("sans-serif", 14))
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(undrawn)?;
        let dots = points.iter().map(|(row, at)| Circle::new(*at, 5, colour(row).filled()));
        chart.draw_series(dots).map_err(undrawn)?;
        // Served lists lie on those of their models, and only one of the two is named.
        let named = points.iter().filter(|(row, _)| {
            !row.is_served || !points.iter().any(|(other, _)| !other.is_served && other.name == row.name)
        });
        // Their own names stand lower, so that those of a blend and of its best model do not cover each other.
        let below = |row: &Row| if row.is_served { 6 } else { -10 };
        let names =
            named.map(|(row, at)| EmptyElement::at(*at) + Text::new(label(row), (9, below(row)), ("sans-serif", 14)));
        chart.draw_series(names).map_err(undrawn)?;
        area.present().map_err(undrawn)?;
    }
    Ok(svg)
}
