//! Logs as JSON Lines: an object an event. Attributes stand in the member `attributes`, or beside the rest.

use super::Told;
use super::counted::Counted;
use super::fields::{Columns, Field, Fields, roles};
use crate::failure::Failure;
use crate::watch::Watch;
use serde_json::{Map, Value as Json};
use slotwise::bundle::files::without_mark;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub(super) fn read(
    path: &Path,
    columns: &Columns,
    watch: &dyn Watch,
    each: &mut dyn FnMut(Told<'_>),
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::unreadable(path, error))?;
    for (number, line) in BufReader::new(Counted { of: file, watch }).split(b'\n').enumerate() {
        let line = line.map_err(|error| Failure::unreadable(path, error))?;
        let line = if number == 0 { without_mark(&line) } else { &line };
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let text = || String::from_utf8_lossy(line).into_owned();
        match serde_json::from_slice::<Json>(line) {
            Ok(Json::Object(members)) => each(Told::Row { fields: fields(&members, columns), line: &text }),
            Ok(_) => each(Told::Broken { why: "the line is no object", line: &text() }),
            Err(_) => each(Told::Broken { why: "the line is no JSON", line: &text() }),
        }
    }
    Ok(())
}

fn fields(members: &Map<String, Json>, columns: &Columns) -> Fields {
    let mut fields = Fields::default();
    for role in roles() {
        if let Some(json) = columns.names(role).into_iter().find_map(|name| members.get(name)) {
            fields.set(role, field(json));
        }
    }
    fields.by = columns.by.iter().map(|path| attribute(members, path)).collect();
    fields
}

fn field(json: &Json) -> Field {
    match json {
        Json::Null => Field::Missing,
        Json::String(text) => Field::text(text),
        Json::Number(number) => number.as_f64().map_or(Field::Other, Field::Number),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => Field::Other,
    }
}

/// An attribute at a path such as `geo.country`.
fn attribute(members: &Map<String, Json>, path: &str) -> Option<String> {
    let at = |root: &Json| path.split('.').try_fold(root, |json, name| json.get(name)).cloned();
    let beside =
        || path.split('.').skip(1).try_fold(members.get(path.split('.').next()?)?, |json, name| json.get(name));
    let found = members.get("attributes").and_then(at).or_else(|| members.get(path).or_else(beside).cloned())?;
    match found {
        Json::String(text) => Some(text).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
