//! The items of a catalog, as `items.jsonl` has them, and the words that describe them.

use crate::failure::Failure;
use serde_json::{Map, Value as Json};
use std::fs;
use std::path::Path;

/// Items in ascending order of their ids, the place being the number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    /// Their ids.
    pub ids: Vec<String>,
    /// All that is known of each.
    pub members: Vec<Map<String, Json>>,
    /// The place of each in the file, which rows of given vectors follow.
    pub places: Vec<usize>,
}

/// Members that describe an item where nothing else is asked for.
pub const USUAL_TEXT: [&str; 8] = ["title", "name", "brand", "description", "category", "categories", "genres", "tags"];

impl Items {
    /// Reads JSON, an array of objects, or JSON Lines, an object a line.
    ///
    /// # Errors
    /// What cannot be read, an item without an id, and two with the same.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::unreadable(path, error))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let broken = |place: String, error: &dyn std::fmt::Display| {
            Failure::new(format!("{}{place}: {error}", path.display()))
                .help("write an object a line: {\"id\": \"a1\", …}")
        };
        let given: Vec<Json> = if text.trim_start().starts_with('[') {
            serde_json::from_str(text).map_err(|error| broken(String::new(), &error))?
        } else {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let parse = |(number, line): (usize, &str)| {
                serde_json::from_str(line).map_err(|error| broken(format!(":{}", number + 1), &error))
            };
            lines.map(parse).collect::<Result<_, _>>()?
        };
        let mut items = Vec::new();
        for (place, json) in given.into_iter().enumerate() {
            let Json::Object(members) = json else {
                return Err(broken(format!(": item {}", place + 1), &"an item is an object"));
            };
            let id = match members.get("id") {
                Some(Json::String(id)) if !id.is_empty() => id.clone(),
                _ => return Err(broken(format!(": item {}", place + 1), &"it has no \"id\", which is a text")),
            };
            items.push((id, members, place));
        }
        items.sort_by(|one, other| one.0.cmp(&other.0));
        if let Some(twice) = items.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Failure::new(format!("{}: \"{}\" is the id of two items", path.display(), twice[0].0))
                .help("give each its own"));
        }
        let mut all = Self::default();
        for (id, members, place) in items {
            all.ids.push(id);
            all.members.push(members);
            all.places.push(place);
        }
        Ok(all)
    }

    /// Items of which nothing but ids is known, in ascending order.
    #[must_use]
    pub fn of(ids: Vec<String>) -> Self {
        let members = ids.iter().map(|id| Map::from_iter([("id".to_owned(), Json::from(id.as_str()))])).collect();
        Self { places: (0..ids.len()).collect(), members, ids }
    }

    /// The words of each: what stands in some of its members, also in lists and objects.
    #[must_use]
    pub fn texts(&self, names: &[String]) -> Vec<String> {
        let text = |members: &Map<String, Json>| {
            let mut text = String::new();
            names.iter().filter_map(|name| members.get(name)).for_each(|json| collect(json, &mut text));
            text
        };
        self.members.iter().map(text).collect()
    }
}

fn collect(json: &Json, text: &mut String) {
    match json {
        Json::String(part) => {
            text.push_str(part);
            text.push('\n');
        }
        Json::Array(parts) => parts.iter().for_each(|part| collect(part, text)),
        Json::Object(members) => members.values().for_each(|part| collect(part, text)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
