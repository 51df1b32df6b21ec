//! Ids of items in what is known of them: those that the catalog has not, and those that are there twice.

use super::draft::Draft;
use super::tables::Tables;
use crate::problem::{Pointer, Problem};
use indexmap::IndexSet;
use std::collections::HashSet;

/// Looks items up, and says once which there are none of: models and catalogs are not always of the same day.
#[derive(Default)]
pub(super) struct KnownItems<'w> {
    unknown: IndexSet<&'w str>,
}

impl<'w> KnownItems<'w> {
    pub(super) fn number(&mut self, id: &'w str, draft: &Draft) -> Option<u16> {
        let number = draft.number(id);
        if number.is_none() {
            self.unknown.insert(id);
        }
        number
    }

    pub(super) fn report(&self, pointer: &Pointer, tables: &mut Tables) {
        let Some(first) = self.unknown.first() else { return };
        let message = match self.unknown.len() {
            1 => format!("the catalog has no item \"{first}\", which is passed over"),
            count => format!(
                "the catalog has no item \"{first}\", nor {} others that are named here",
                count.saturating_sub(1)
            ),
        };
        tables.problem(
            Problem::warning(pointer, message).help("they are passed over; was the model made of another catalog?"),
        );
    }
}

/// Warns of ids that the catalog has not.
pub(super) fn warn_of_unknown<'w>(
    ids: impl IntoIterator<Item = &'w String>,
    draft: &Draft,
    pointer: &Pointer,
    tables: &mut Tables,
) {
    let mut known = KnownItems::default();
    for id in ids {
        known.number(id, draft);
    }
    known.report(pointer, tables);
}

/// Warns of ids that have several rows, of which the last one counts.
pub(super) fn warn_of_repeated(ids: &[String], pointer: &Pointer, tables: &mut Tables) {
    let mut seen = HashSet::new();
    let repeated: IndexSet<&String> = ids.iter().filter(|id| !seen.insert(*id)).collect();
    let Some(first) = repeated.first() else { return };
    let message = match repeated.len() {
        1 => format!("item \"{first}\" has several rows, of which the last one counts"),
        count => format!(
            "item \"{first}\" and {} others have several rows, of which the last ones count",
            count.saturating_sub(1)
        ),
    };
    tables.problem(Problem::warning(pointer, message).help("leave one row for each item"));
}
