//! Logs as Parquet files, read batch by batch.

use super::fields::{Columns, Field, Fields, roles};
use super::{Told, size};
use crate::failure::Failure;
use crate::watch::Watch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// How many rows are in memory at a time.
const BATCH: usize = 8192;

pub(super) fn read(
    path: &Path,
    columns: &Columns,
    watch: &dyn Watch,
    each: &mut dyn FnMut(Told<'_>),
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::unreadable(path, error))?;
    let no_parquet = |error: &dyn std::fmt::Display| {
        Failure::new(format!("{}: this is no Parquet file: {error}", path.display())).help("write it again")
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| no_parquet(&error))?;
    let header: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let places = columns
        .places(&header)
        .map_err(|failure| Failure { message: format!("{}: {}", path.display(), failure.message), ..failure })?;
    let mut share =
        Share { bytes: size(path), rows: builder.metadata().file_metadata().num_rows(), ..Share::default() };
    let reader = builder.with_batch_size(BATCH).build().map_err(|error| no_parquet(&error))?;
    for batch in reader {
        let batch = batch.map_err(|error| no_parquet(&error))?;
        let readable = Column::all(&batch);
        for row in 0..batch.num_rows() {
            let mut fields = Fields::default();
            for role in roles() {
                if let Some(place) = places.roles[role as usize] {
                    fields.set(role, readable[place].field(row));
                }
            }
            fields.by = places.by.iter().map(|place| readable[*place].text(row)).collect();
            let line = || {
                let value =
                    |(name, column): (&String, &Column)| format!("{name}: {}", column.text(row).unwrap_or_default());
                header.iter().zip(&readable).map(value).collect::<Vec<_>>().join(", ")
            };
            each(Told::Row { fields, line: &line });
        }
        watch.advance(share.after(batch.num_rows()));
    }
    Ok(())
}

/// How much of a file some of its rows stand for: columns lie apart in it, so that bytes are not read in the order of rows.
#[derive(Default)]
struct Share {
    bytes: u64,
    rows: i64,
    read: u64,
    told: u64,
}

impl Share {
    /// The bytes that further rows stand for.
    fn after(&mut self, rows: usize) -> u64 {
        self.read += rows as u64;
        let all = u128::try_from(self.rows).unwrap_or(0).max(1);
        let until = u128::from(self.bytes) * u128::from(self.read) / all;
        let until = u64::try_from(until).unwrap_or(self.bytes);
        let more = until.saturating_sub(self.told);
        self.told = until;
        more
    }
}

/// A column of a batch, as what events are told in.
enum Column {
    Numbers(ArrayRef),
    Times(ArrayRef),
    Texts(ArrayRef),
    Other,
}

impl Column {
    fn all(batch: &RecordBatch) -> Vec<Self> {
        batch.columns().iter().map(Self::new).collect()
    }

    fn new(array: &ArrayRef) -> Self {
        let to = |kind: &DataType| cast(array, kind).ok();
        let column = match array.data_type() {
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
                to(&DataType::Timestamp(TimeUnit::Millisecond, None)).map(Self::Times)
            }
            kind if kind.is_numeric() => to(&DataType::Float64).map(Self::Numbers),
            DataType::List(_) | DataType::LargeList(_) | DataType::Struct(_) | DataType::Map(..) => None,
            _ => to(&DataType::Utf8).map(Self::Texts),
        };
        column.unwrap_or(Self::Other)
    }

    fn field(&self, row: usize) -> Field {
        match self {
            Self::Numbers(array) | Self::Times(array) | Self::Texts(array) if array.is_null(row) => Field::Missing,
            Self::Numbers(array) => Field::Number(array.as_primitive::<Float64Type>().value(row)),
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of the calendar are below 2⁵³")]
            Self::Times(array) => Field::Time(array.as_primitive::<TimestampMillisecondType>().value(row) as f64),
            Self::Texts(array) => Field::text(array.as_string::<i32>().value(row)),
            Self::Other => Field::Other,
        }
    }

    fn text(&self, row: usize) -> Option<String> {
        match self.field(row) {
            Field::Text(text) => Some(text),
            Field::Number(number) | Field::Time(number) => Some(number.to_string()),
            Field::Missing | Field::Other => None,
        }
    }
}
