//! Logs as comma- or tab-separated values, with a header.

use super::Told;
use super::counted::Counted;
use super::fields::{Columns, Field, Fields, roles};
use crate::failure::Failure;
use crate::watch::Watch;
use csv::{ReaderBuilder, StringRecord};
use std::fs::File;
use std::io::{BufRead, BufReader, Seek};
use std::path::Path;

pub(super) fn read(
    path: &Path,
    columns: &Columns,
    watch: &dyn Watch,
    each: &mut dyn FnMut(Told<'_>),
) -> Result<(), Failure> {
    let unreadable = |error: &dyn std::fmt::Display| Failure::unreadable(path, error);
    let mut file = BufReader::new(File::open(path).map_err(|error| unreadable(&error))?);
    let mut first = Vec::new();
    file.read_until(b'\n', &mut first).and_then(|_| file.rewind()).map_err(|error| unreadable(&error))?;
    let separator = if first.contains(&b'\t') { b'\t' } else { b',' };
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(Counted { of: file, watch });
    let header = reader.headers().map_err(|error| unreadable(&error))?;
    // RecBole writes the kind of a column behind its name: user_id:token.
    let name = |column: &str| column.split(':').next().unwrap_or_default().trim().to_owned();
    let header: Vec<String> = header.iter().map(name).collect();
    let places = columns
        .places(&header)
        .map_err(|failure| Failure { message: format!("{}: {}", path.display(), failure.message), ..failure })?;
    let mut record = StringRecord::new();
    loop {
        let is_there = match reader.read_record(&mut record) {
            Ok(is_there) => is_there,
            Err(error) if error.is_io_error() => return Err(unreadable(&error)),
            Err(_) => {
                each(Told::Broken { why: "the line is no text", line: "" });
                continue;
            }
        };
        if !is_there {
            return Ok(());
        }
        let line = || record.iter().collect::<Vec<_>>().join(",");
        if record.len() != header.len() {
            each(Told::Broken { why: "the line has not as many values as the header", line: &line() });
            continue;
        }
        let value = |place: usize| record.get(place).unwrap_or_default();
        let mut fields = Fields::default();
        for role in roles() {
            if let Some(place) = places.roles[role as usize] {
                fields.set(role, Field::text(value(place)));
            }
        }
        let by = places.by.iter().map(|place| Some(value(*place)).filter(|text| !text.is_empty()));
        fields.by = by.map(|text| text.map(str::to_owned)).collect();
        each(Told::Row { fields, line: &line });
    }
}
