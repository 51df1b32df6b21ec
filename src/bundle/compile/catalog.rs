//! The catalog: items in the order of their ids, and what is shown of them.

use super::draft::{Draft, Item};
use super::item_sets::ItemSets;
use super::model::compile_model;
use super::no_effect;
use super::tables::Tables;
use crate::bundle::catalog as wire;
use crate::bundle::files::Files;
use crate::problem::{Pointer, Problem};
use crate::profile::kept_text;
use crate::rank::catalog::Catalog;
use crate::rank::diversify::NO_CATEGORY;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value as Json};
use std::collections::HashSet;

/// The most items of a catalog.
const MOST_ITEMS: usize = 60_000;

pub(super) fn compile_catalog(wire: &wire::Catalog, files: &Files, tables: &mut Tables) -> Draft {
    let pointer = Pointer::default().child("catalog");
    let items = read_items(wire, files, &pointer.child("items"), tables);
    let mut catalog = Catalog { categories: categories(wire, &items, &pointer, tables), ..Catalog::default() };
    catalog.model.items = u16::try_from(items.len()).unwrap_or_default();
    let mut members = HashSet::new();
    for item in &items {
        let shown = shown_members(wire, item);
        members.extend(shown.keys().cloned());
        catalog.ids.push(&item.id);
        catalog.members.push(&Json::Object(shown).to_string());
    }
    for (place, name) in wire.members.iter().flatten().enumerate() {
        if !items.is_empty() && !members.contains(name) {
            let problem =
                Problem::warning(&pointer.child("members").child(place), format!("no item has a member \"{name}\""));
            tables.problem(problem);
        }
    }
    let objects = items.iter().map(|item| Json::Object(item.members.clone())).collect();
    let because = wire.because.iter().flat_map(wire::Because::sentences);
    let sentences = because.map(|(signal, text)| format!("{{{{#because.{signal}}}}}{text}{{{{/because.{signal}}}}}"));
    let mut draft = Draft {
        catalog,
        quantised: Vec::new(),
        segments: IndexSet::new(),
        sets: ItemSets::new(objects),
        numbers: (0..).zip(&items).map(|(number, item)| (item.id.clone(), number)).collect(),
        members,
        asked_members: items.iter().flat_map(|item| item.members.keys().cloned()).collect(),
        stack: wire.stack.clone(),
        because: sentences.collect(),
    };
    if let Some(stack) = &wire.stack {
        no_effect::warn_of_learned(stack, &pointer.child("stack"), tables);
    }
    compile_model(wire, &items, files, &pointer, &mut draft, tables);
    draft
}

fn read_items(wire: &wire::Catalog, files: &Files, pointer: &Pointer, tables: &mut Tables) -> Vec<Item> {
    let given = match files.items(&wire.items, pointer) {
        Ok(items) => items,
        Err(problem) => {
            tables.problem(problem);
            return Vec::new();
        }
    };
    if given.is_empty() {
        tables.problem(Problem::warning(pointer, "the catalog has no items"));
    }
    if given.len() > MOST_ITEMS {
        tables.error(pointer, format!("a catalog may have {MOST_ITEMS} items"));
        return Vec::new();
    }
    let mut known = IndexMap::new();
    let mut items = Vec::new();
    for (place, json) in given.into_iter().enumerate() {
        let at = pointer.child(place);
        let Json::Object(members) = json else {
            tables.problem(Problem::error(&at, "an item is an object").help("write {\"id\": \"a1\", \"title\": …}"));
            continue;
        };
        let Some(id) = members.get("id").and_then(Json::as_str).filter(|id| !id.is_empty()).map(str::to_owned) else {
            tables.problem(
                Problem::error(&at, "the item has no \"id\", which is a text").help("events name items by it"),
            );
            continue;
        };
        if let Some(before) = known.insert(id.clone(), place) {
            tables.error(&at.child("id"), format!("item {before} has the id \"{id}\" as well"));
        }
        if kept_text(&id) != id {
            let message = "events are told by the first 40 bytes of an id, so this item is found in nobody's past";
            tables.problem(Problem::warning(&at.child("id"), message).help("give it a shorter id"));
        }
        items.push(Item { id, members, place });
    }
    items.sort_by(|one, other| one.id.cmp(&other.id));
    items
}

fn shown_members(wire: &wire::Catalog, item: &Item) -> Map<String, Json> {
    let is_shown =
        |name: &str| name == "id" || wire.members.as_ref().is_none_or(|names| names.iter().any(|known| known == name));
    item.members
        .iter()
        .filter(|(name, _)| is_shown(name) && *name != "because")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn categories(wire: &wire::Catalog, items: &[Item], pointer: &Pointer, tables: &mut Tables) -> Vec<u16> {
    let mut names = IndexSet::new();
    let mut number = |item: &Item| match item.members.get(&wire.category) {
        None | Some(Json::Null) => NO_CATEGORY,
        Some(category) => u16::try_from(names.insert_full(category.to_string()).0).unwrap_or(NO_CATEGORY),
    };
    let categories: Vec<u16> = items.iter().map(&mut number).collect();
    if wire.category != "category" && !items.is_empty() && categories.iter().all(|category| *category == NO_CATEGORY) {
        let message = format!("no item has a member \"{}\"", wire.category);
        tables.problem(Problem::warning(&pointer.child("category"), message));
    }
    categories
}
