//! What is known of a catalog's items, in the order of their ids.

use super::draft::{Draft, Item, Quantisation, narrow};
use super::known_items::{KnownItems, warn_of_repeated, warn_of_unknown};
use super::members::{NUMBER, TIME, read_member};
use super::tables::Tables;
use crate::bundle::catalog as wire;
use crate::bundle::files::{Files, Matrix};
use crate::bundle::given::Given;
use crate::problem::{Pointer, Problem};
use crate::rank::factors::Factors;
use crate::rank::neighbours::Neighbours;
use crate::rank::popularity::Popularity;
use crate::rank::quantise::Unfit;
use crate::rank::recency::Recency;
use crate::rank::vectors::Quantised;
use indexmap::IndexMap;
use std::collections::HashMap;

const DAY: f64 = 86_400_000.0;

pub(super) fn compile_model(
    wire: &wire::Catalog,
    items: &[Item],
    files: &Files,
    pointer: &Pointer,
    draft: &mut Draft,
    tables: &mut Tables,
) {
    if let Some(content) = &wire.content {
        let at = pointer.child("content");
        let given = Rows { vectors: &content.vectors, ids: content.rows.as_ref(), is_told: false };
        let quantised = vectors("content", given, items, files, &at, draft, tables);
        draft.catalog.model.content = quantised.map(|(_, vectors, quantisation)| {
            draft.quantised.push(quantisation);
            vectors
        });
    }
    if let Some(factors) = &wire.factors {
        let at = pointer.child("factors");
        for (name, number) in [("regularization", factors.regularization), ("alpha", factors.alpha)] {
            if !(0.0..=1e6).contains(&number) {
                tables.error(&at.child(name), "is a number from 0 up");
            }
        }
        draft.catalog.confidence = narrow(factors.alpha);
        let rows_of_content = wire.content.as_ref().and_then(|content| content.rows.as_ref());
        let is_told = is_same_file(factors.rows.as_ref(), rows_of_content);
        let given = Rows { vectors: &factors.vectors, ids: factors.rows.as_ref(), is_told };
        let quantised = vectors("factors", given, items, files, &at, draft, tables);
        draft.catalog.model.factors = quantised.map(|(matrix, vectors, quantisation)| {
            draft.quantised.push(quantisation);
            let factors = Factors { gram: gram(&matrix, factors.regularization), vectors };
            if !factors.is_sound(items.len()) {
                let message = "the products of these vectors are too large to be reckoned with";
                let help = "factors are mostly below 10: was another file meant?";
                tables.problem(Problem::error(&at.child("vectors"), message).help(help));
            }
            factors
        });
    }
    if let Some(neighbours) = &wire.neighbours {
        let at = pointer.child("neighbours");
        match files.json(neighbours, &at) {
            Ok(lists) => draft.catalog.model.neighbours = Some(compile_neighbours(&lists, &at, draft, tables)),
            Err(problem) => tables.problem(problem),
        }
    }
    if let Some(popularity) = &wire.popularity {
        compile_popularity(popularity, items, files, &pointer.child("popularity"), draft, tables);
    }
    if let Some(recency) = &wire.recency {
        let at = pointer.child("recency");
        if !(recency.half_life > 0.0 && recency.half_life <= 36_500.0) {
            tables.error(&at.child("halfLife"), "is a number of days, more than 0");
            return;
        }
        let came = read_member(items, &recency.member, &TIME, &at.child("member"), tables);
        let came: Vec<f64> = came.into_iter().map(|moment| moment.unwrap_or(f64::NAN)).collect();
        draft.catalog.model.recency = Some(Recency::new(&came, recency.half_life * DAY));
    }
}

/// Vectors, and the items that they are of.
#[derive(Clone, Copy)]
struct Rows<'w> {
    vectors: &'w wire::Vectors,
    /// Without them, rows are in the order of items.
    ids: Option<&'w Given<Vec<String>>>,
    /// What is wrong with the ids is told already: they stand in the file that content names as well.
    is_told: bool,
}

fn is_same_file<T>(one: Option<&Given<T>>, other: Option<&Given<T>>) -> bool {
    matches!((one, other), (Some(Given::File(one)), Some(Given::File(other))) if one == other)
}

/// Rows in the order of ids, quantised.
fn vectors(
    part: &'static str,
    given: Rows<'_>,
    items: &[Item],
    files: &Files,
    part_pointer: &Pointer,
    draft: &Draft,
    tables: &mut Tables,
) -> Option<(Matrix, Quantised, Quantisation)> {
    let pointer = &part_pointer.child("vectors");
    let matrix = files.matrix(given.vectors, pointer).map_err(|problem| tables.problem(problem)).ok()?;
    let columns = matrix.columns;
    let rows = matrix.numbers.len().checked_div(columns).unwrap_or(0);
    let ids = given.ids.map(|ids| files.json(ids, pointer)).transpose();
    let ids = ids.map_err(|problem| tables.problem(problem)).ok()?;
    let expected = ids.as_ref().map_or(items.len(), Vec::len);
    if rows != expected && columns > 0 {
        let what = if ids.is_some() { "ids" } else { "items" };
        tables.error(pointer, format!("rows: {rows}, {what}: {expected}; row by row they belong together"));
        return None;
    }
    let places: Option<HashMap<&str, usize>> =
        ids.as_ref().map(|ids| ids.iter().map(String::as_str).zip(0..).collect());
    let place = |item: &Item| match &places {
        Some(places) => places.get(item.id.as_str()).copied(),
        None => Some(item.place),
    };
    let without = items.iter().filter(|item| place(item).is_none()).count();
    if let Some(ids) = ids.as_ref().filter(|_| !given.is_told) {
        let at = part_pointer.child("rows");
        warn_of_unknown(ids, draft, &at, tables);
        warn_of_repeated(ids, &at, tables);
    }
    if without > 0 && !given.is_told {
        let message = format!("{without} of {} items have no vector", items.len());
        tables.problem(Problem::warning(pointer, message).help("they came after the model was made? Train it again"));
    }
    let nothing = vec![0.0; columns];
    let row = |item: &Item| {
        let start = place(item).map(|place| place.saturating_mul(columns));
        let row = start.and_then(|start| matrix.numbers.get(start..start.saturating_add(columns)));
        row.unwrap_or(&nothing).iter().copied()
    };
    let sorted = Matrix { columns, numbers: items.iter().flat_map(row).collect() };
    match Quantised::new(&sorted.numbers, columns) {
        Ok((vectors, loss)) => {
            Some((sorted, vectors, Quantisation { part, rows, dimensions: columns, loss, is_kept: true }))
        }
        Err(unfit) => {
            let message = match unfit {
                Unfit::Dimensions => format!("vectors have 1 to 512 numbers, and not {columns}"),
                Unfit::Rows => "there are too many rows".to_owned(),
                Unfit::NotFinite { row } => {
                    let item = items.get(row as usize).map_or("", |item| item.id.as_str());
                    format!("the vector of item \"{item}\" holds what is no number below a billion")
                }
            };
            tables.error(pointer, message);
            None
        }
    }
}

/// YᵀY + λI, in doubles.
fn gram(matrix: &Matrix, regularization: f64) -> Vec<f32> {
    let columns = matrix.columns;
    let mut sums = vec![0.0; columns.saturating_mul(columns)];
    for row in matrix.numbers.chunks_exact(columns.max(1)) {
        for (left, sums) in row.iter().zip(sums.chunks_exact_mut(columns.max(1))) {
            for (right, sum) in row.iter().zip(sums) {
                *sum += f64::from(*left) * f64::from(*right);
            }
        }
    }
    for place in 0..columns {
        if let Some(diagonal) = sums.get_mut(place.saturating_mul(columns.saturating_add(1))) {
            *diagonal += regularization;
        }
    }
    sums.into_iter().map(narrow).collect()
}

fn compile_neighbours(
    lists: &IndexMap<String, IndexMap<String, f64>>,
    pointer: &Pointer,
    draft: &Draft,
    tables: &mut Tables,
) -> Neighbours {
    let mut numbered = vec![Vec::new(); draft.catalog.model.items.into()];
    let mut known = KnownItems::default();
    for (id, neighbours) in lists {
        let Some(item) = known.number(id, draft) else { continue };
        for (other, nearness) in neighbours {
            let Some(other) = known.number(other, draft) else { continue };
            if let Some(list) = numbered.get_mut(usize::from(item)) {
                list.push((other, narrow(*nearness)));
            }
        }
    }
    known.report(pointer, tables);
    Neighbours::new(&numbered)
}

fn compile_popularity(
    wire: &wire::Popularity,
    items: &[Item],
    files: &Files,
    pointer: &Pointer,
    draft: &mut Draft,
    tables: &mut Tables,
) {
    let counts = wire.counts.as_ref().map(|counts| files.json(counts, &pointer.child("counts"))).transpose();
    let counts = counts.unwrap_or_else(|problem| {
        tables.problem(problem);
        None
    });
    let problems = tables.count_problems();
    let (at, everywhere) = match &counts {
        Some(counts) => {
            let at = pointer.child("counts");
            warn_of_unknown(counts.keys(), draft, &at, tables);
            (at, items.iter().map(|item| counts.get(&item.id).copied()).collect())
        }
        None => {
            let at = pointer.child("member");
            let numbers = read_member(items, &wire.member, &NUMBER, &at, tables);
            (at, numbers)
        }
    };
    let everywhere: Vec<f64> = everywhere.into_iter().map(|count| count.unwrap_or(0.0).max(0.0)).collect();
    // Where what stands there cannot be read, that is told already.
    let is_told = tables.count_problems() > problems;
    if !is_told && !items.is_empty() && everywhere.iter().all(|count| *count == 0.0) {
        let message = "no item of the catalog was chosen";
        tables.problem(Problem::warning(&at, message).help("say how often each was chosen"));
    }
    if !(wire.prior > 0.0 && wire.prior <= 1e9) {
        tables.error(&pointer.child("prior"), "is a number of choices, more than 0");
        return;
    }
    let at = pointer.child("segments");
    let mut segments = Vec::new();
    for (name, counts) in &wire.segments {
        let at = at.child(name);
        let bit = draft.segment(name, &at, tables);
        draft.catalog.popular_in.push(bit);
        let mut numbered = IndexMap::new();
        let mut known = KnownItems::default();
        for (id, count) in counts {
            if let Some(item) = known.number(id, draft) {
                numbered.insert(item, count.max(0.0));
            }
        }
        known.report(&at, tables);
        segments.push(numbered.into_iter().collect());
    }
    draft.catalog.model.popularity = Some(Popularity::new(&everywhere, &segments, wire.prior));
}
