//! Clusters as a page: what is typical of each, how far apart they are, and where visitors lie.

use super::Segmented;
use super::quality::sample;
use super::visitors::Visitors;
use crate::failure::Failure;
use crate::page::{Cell, Page, undrawn};
use plotters::prelude::*;
use slotwise::bundle::clusters::ClusterFeature;
use slotwise::profile::logarithm;

/// How wide and high a plot is, in its own units; the page scales it.
const SIZE: (u32, u32) = (720, 460);

/// So many visitors are drawn: more of them cover each other.
const MOST_DRAWN: usize = 2000;

/// Colours that keep three to one against white; where they run out, and for those who see none, shapes and numbers tell clusters apart.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 104, 176),
    RGBColor(200, 70, 0),
    RGBColor(0, 128, 96),
    RGBColor(160, 60, 140),
    RGBColor(120, 100, 0),
    RGBColor(70, 80, 96),
];

/// The page.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn report(visitors: &Visitors, segmented: &Segmented) -> Result<String, Failure> {
    let Segmented { clusters, card, .. } = segmented;
    let about = format!(
        "{} visitors from {} to {}, by {}, in {} clusters found by {}. {} of whom a feature is missing are in none.",
        card.visitors,
        card.from,
        card.until,
        card.features.join(", "),
        card.clusters.len(),
        card.method,
        card.without
    );
    let mut page = Page::new("Clusters of visitors", &about);
    let features = card.features.iter().map(|feature| feature.rsplit('.').next().unwrap_or_default());
    let columns = ["Cluster", "Number", "Visitors", "Share"].into_iter().chain(features);
    let columns: Vec<&str> = columns.chain(["What is typical"]).collect();
    let rows = card.clusters.iter().enumerate().map(|(number, cluster)| {
        let share = format!("{:.1} %", cluster.share * 100.0);
        let numbers = [(number + 1).to_string(), cluster.size.to_string(), share].into_iter();
        let means = cluster.means.values().map(|mean| format!("{mean:.2}"));
        let cells = numbers.chain(means).map(Cell::Number);
        let texts = [Cell::Text(cluster.name.clone())].into_iter().chain(cells);
        texts.chain([Cell::Text(cluster.description.clone())]).collect()
    });
    page.table("What is typical of each", &columns, &rows.collect::<Vec<_>>());
    if card.silhouettes.len() > 1 {
        let told: Vec<String> =
            card.silhouettes.iter().map(|(number, silhouette)| format!("{silhouette:.3} for {number}")).collect();
        let description = format!("The higher, the further apart clusters are: {}.", told.join(", "));
        page.figure("Mean silhouette by how many clusters there are", &description, &silhouettes(segmented)?);
    }
    if let [across, up, ..] = clusters.features.as_slice() {
        let description = format!(
            "Each mark is a visitor, each number the centre of a cluster, by {} across and {} up{}. At most {MOST_DRAWN} visitors are drawn.",
            across.of,
            up.of,
            if across.log || up.log { ", on scales of logarithms where these count" } else { "" }
        );
        page.figure("Where visitors lie", &description, &scatter(visitors, segmented, [across, up])?);
    }
    Ok(page.finish())
}

fn silhouettes(segmented: &Segmented) -> Result<String, Failure> {
    let points: Vec<(f64, f64)> =
        segmented.card.silhouettes.iter().map(|(number, silhouette)| (*number as f64, *silhouette)).collect();
    let fold = |of: &dyn Fn(f64, f64) -> f64, first| points.iter().fold(first, |best, (_, height)| of(best, *height));
    let (lowest, highest) = (fold(&f64::min, 0.0), fold(&f64::max, 0.1) * 1.1);
    let last = points.last().map_or(2.0, |(number, _)| *number);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(16)
            .x_label_area_size(48)
            .y_label_area_size(64)
            .build_cartesian_2d(1.5..last + 0.5, lowest..highest)
            .map_err(undrawn)?;
        let is_whole = |number: &f64| (number - number.round()).abs() < 1e-9;
        chart
            .configure_mesh()
            .x_desc("clusters")
            .y_desc("mean silhouette")
            .x_labels(2 * points.len())
            .x_label_formatter(&|number| if is_whole(number) { format!("{number:.0}") } else { String::new() })
            .y_label_formatter(&|number| format!("{number:.2}"))
            .label_style(("sans-serif", 15))
            .light_line_style(TRANSPARENT)
            .disable_x_mesh()
            .draw()
            .map_err(undrawn)?;
        chart.draw_series(LineSeries::new(points.iter().copied(), COLOURS[0].stroke_width(2))).map_err(undrawn)?;
        let chosen = segmented.clusters.clusters.len() as f64;
        let dots = points.iter().map(|(number, height)| {
            let size = if (number - chosen).abs() < 0.5 { 8 } else { 4 };
            Circle::new((*number, *height), size, COLOURS[0].filled())
        });
        chart.draw_series(dots).map_err(undrawn)?;
        area.present().map_err(undrawn)?;
    }
    Ok(svg)
}

fn scatter(visitors: &Visitors, segmented: &Segmented, axes: [&ClusterFeature; 2]) -> Result<String, Failure> {
    let at = |feature: &ClusterFeature, value: f64| if feature.log { logarithm(value) } else { value };
    let mut points: Vec<(f64, f64, usize)> = sample(visitors.ids.len(), MOST_DRAWN, segmented.card.seed)
        .into_iter()
        .map(|row| {
            let values = visitors.values.row(row);
            (at(axes[0], values[0]), at(axes[1], values[1]), segmented.assigned[row])
        })
        .collect();
    points.sort_by(|one, other| one.2.cmp(&other.2).then(one.0.total_cmp(&other.0)).then(one.1.total_cmp(&other.1)));
    points.dedup();
    let centers: Vec<(f64, f64)> =
        segmented.clusters.clusters.iter().map(|cluster| center(&cluster.center, axes)).collect();
    let range = |of: &dyn Fn(f64, f64) -> f64| {
        let all = points.iter().map(|(x, y, _)| of(*x, *y)).chain(centers.iter().map(|(x, y)| of(*x, *y)));
        let (least, most) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| (least.min(at), most.max(at)));
        let room = (most - least).max(1e-9) * 0.06;
        least - room..most + room
    };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        let mut chart = ChartBuilder::on(&area)
            .margin(16)
            .x_label_area_size(48)
            .y_label_area_size(72)
            .build_cartesian_2d(range(&|x, _| x), range(&|_, y| y))
            .map_err(undrawn)?;
        let label = |feature: &ClusterFeature, at: f64| {
            let value = if feature.log { at.exp() - 1.0 } else { at };
            if value < -1e-9 {
                String::new()
            } else if value < 10.0 {
                format!("{:.1}", value.abs())
            } else {
                format!("{value:.0}")
            }
        };
        chart
            .configure_mesh()
            .x_desc(axes[0].of.as_str())
            .y_desc(axes[1].of.as_str())
            .x_label_formatter(&|number| label(axes[0], *number))
            .y_label_formatter(&|number| label(axes[1], *number))
            .label_style(("sans-serif", 15))
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(undrawn)?;
        for (x, y, cluster) in &points {
            let (at, style) = ((*x, *y), COLOURS[cluster % COLOURS.len()].mix(0.55));
            let drawn = match cluster % 3 {
                0 => chart.draw_series([Circle::new(at, 3, style.filled())]).map(|_| ()),
                1 => chart.draw_series([TriangleMarker::new(at, 4, style.filled())]).map(|_| ()),
                _ => chart.draw_series([Cross::new(at, 3, style.stroke_width(2))]).map(|_| ()),
            };
            drawn.map_err(undrawn)?;
        }
        for (number, at) in centers.iter().enumerate() {
            let style = TextStyle::from(("sans-serif", 17).into_font()).color(&WHITE).pos(
                plotters::style::text_anchor::Pos::new(
                    plotters::style::text_anchor::HPos::Center,
                    plotters::style::text_anchor::VPos::Center,
                ),
            );
            let mark = EmptyElement::at(*at)
                + Circle::new((0, 0), 13, COLOURS[number % COLOURS.len()].filled())
                + Text::new((number + 1).to_string(), (0, 0), style);
            chart.draw_series([mark]).map_err(undrawn)?;
        }
        area.present().map_err(undrawn)?;
    }
    Ok(svg)
}

/// Where a centre lies on the axes.
fn center(center: &[f64], axes: [&ClusterFeature; 2]) -> (f64, f64) {
    let [x, y] = [0, 1].map(|axis| center[axis] * axes[axis].deviation + axes[axis].mean);
    (x, y)
}
