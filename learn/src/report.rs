//! Findings as one page that needs nothing else: tables and plots, light or dark, on a phone as on a desk.

use crate::evaluate::Estimate;
use crate::failure::Failure;
use crate::page::{Cell, Page, undrawn};
use crate::study::{Findings, Row};
use plotters::prelude::*;

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

/// The page.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn report(findings: &Findings) -> Result<String, Failure> {
    let Findings { length, .. } = findings;
    let [train, validation, test] = findings.events.map(count);
    let [visitors, items] = [findings.visitors, findings.items].map(count);
    let mut page = Page::new(
        "How good the lists are",
        &format!(
            "For {visitors} visitors, the {length} best of {items} items were compared with what they chose afterwards. {train} events were \
             learned from, {validation} chose the parameters, {test} tested. Intervals of 95 %, bootstrapped over visitors, stand below the means."
        ),
    );
    let names = COLUMNS.map(|(_, name)| name);
    let columns = [["Ranked by"].as_slice(), &names, &["Coverage"]].concat();
    page.table(&format!("Metrics at {length}"), &columns, &findings.rows.iter().map(cells).collect::<Vec<_>>());
    page.paragraph(
        "Rows marked as served are lists of the engine from a compiled bundle: vectors in twelve bits, visitors folded in on the spot, the \
         strongest neighbours alone, and in the last row only what a profile keeps of the past.",
    );
    let description =
        "A bar for each way of ranking; the black line is its interval. What is served is blue, the rest is grey.";
    page.figure("NDCG, with intervals", description, &ndcg(findings)?);
    let description =
        "The further up, the more of what visitors chose is on top; the further right, the less known it is.";
    page.figure("Being right and being new: NDCG against novelty", description, &trade(findings)?);
    let kept: Vec<Vec<Cell>> =
        findings.kept.iter().map(|(name, kept)| row(name, format!("{:.2} %", kept * 100.0))).collect();
    page.table("What serving keeps", &["Model", "of the NDCG in single precision"], &kept);
    page.paragraph(&format!("The compiled catalog has {} bytes with all of it.", count(findings.bytes)));
    if let Some(rmse) = &findings.rmse {
        let rows: Vec<Vec<Cell>> = rmse.iter().map(|(name, error)| row(name, format!("{error:.4}"))).collect();
        page.table("Predicted ratings", &["By", "RMSE"], &rows);
    }
    page.listing("Parameters", &serde_json::to_string_pretty(&findings.parameters).unwrap_or_default());
    Ok(page.finish())
}

fn row(name: &str, number: String) -> Vec<Cell> {
    vec![Cell::Text(name.to_owned()), Cell::Number(number)]
}

fn cells(row: &Row) -> Vec<Cell> {
    let metric = |(metric, _): (&str, &str)| match row.metrics.get(metric) {
        Some(Estimate { mean, low, high }) => Cell::Between(format!("{mean:.4}"), format!("{low:.3}–{high:.3}")),
        None => Cell::Number("–".to_owned()),
    };
    let mut cells = vec![Cell::Text(label(row))];
    cells.extend(COLUMNS.map(metric));
    cells.push(Cell::Number(format!("{:.1} %", row.coverage * 100.0)));
    cells
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

/// Blue for what is served, grey for the rest: both are told apart on paper and by those who see no colours.
fn colour(row: &Row) -> RGBColor {
    if row.is_served { RGBColor(11, 107, 203) } else { RGBColor(130, 138, 152) }
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
