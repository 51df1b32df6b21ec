//! Logs of every kind say the same, and what is wrong with a row is counted and can be looked at.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use slotwise_learn::events::Events;
use slotwise_learn::items::Items;
use slotwise_learn::log::{Columns, Row, Tally, read};
use slotwise_learn::watch::{Unwatched, Watch};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

fn written(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn rows(path: &Path, columns: &Columns) -> (Vec<Row>, Tally) {
    let mut rows = Vec::new();
    let tally =
        read(&[path], columns, &Unwatched, &mut |row, _| rows.push(row)).unwrap_or_else(|failure| panic!("{failure}"));
    (rows, tally)
}

fn by_country() -> Columns {
    Columns::new(&[], &["geo.country".to_owned()]).unwrap()
}

const CSV: &str = "\
visitor,item,name,value,time,geo.country
v1,boots,view_item,,1772366400000,PL
v1,\"hat, red\",purchase,19.5,1772366401,PL
7,boots,,,2026-03-01T12:00:02Z,
";

const JSONL: &str = r#"{"visitor": "v1", "item": "boots", "name": "view_item", "time": 1772366400000, "attributes": {"geo": {"country": "PL"}}}

{"visitor": "v1", "item": "hat, red", "name": "purchase", "value": 19.5, "time": 1772366401, "geo.country": "PL"}
{"visitor": 7, "item": "boots", "name": null, "time": "2026-03-01T12:00:02Z", "geo": {"country": 5.5}, "other": [1]}
"#;

fn parquet(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("log.parquet");
    let texts = |texts: [Option<&str>; 3]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let times: ArrayRef =
        Arc::new(TimestampMillisecondArray::from(vec![1_772_366_400_000, 1_772_366_401_000, 1_772_366_402_000]));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("visitor", texts([Some("v1"), Some("v1"), Some("7")]), true),
        ("item", texts([Some("boots"), Some("hat, red"), Some("boots")]), true),
        ("name", texts([Some("view_item"), Some("purchase"), None]), true),
        ("value", Arc::new(Float64Array::from(vec![None, Some(19.5), None])), true),
        ("time", times, true),
        ("geo.country", texts([Some("PL"), Some("PL"), None]), true),
    ])
    .unwrap();
    let mut writer = ArrowWriter::try_new(fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

#[test]
fn every_kind_of_log_says_the_same() {
    let folder = TempDir::new().unwrap();
    let (expected, tally) = rows(&written(&folder, "log.csv", CSV), &by_country());
    assert_eq!((tally.rows, tally.duplicates, tally.rejected.count()), (3, 0, 0));
    let told: Vec<_> =
        expected.iter().map(|row| (row.visitor.as_str(), row.item.as_deref().unwrap(), row.name.as_str())).collect();
    assert_eq!(told, [("v1", "boots", "view_item"), ("v1", "hat, red", "purchase"), ("7", "boots", "view_item")]);
    assert_eq!(
        expected.iter().map(|row| row.time.unwrap()).collect::<Vec<_>>(),
        [1_772_366_400_000.0, 1_772_366_401_000.0, 1_772_366_402_000.0]
    );
    assert_eq!(expected.iter().map(|row| row.value).collect::<Vec<_>>(), [None, Some(19.5), None]);
    assert_eq!(expected[0].by, [Some("PL".to_owned())]);
    assert_eq!(expected[2].by, [None]);

    assert_eq!(rows(&parquet(&folder), &by_country()).0, expected);
    let tabs = CSV.replace(',', "\t").replace("\"hat\t red\"", "hat, red");
    assert_eq!(rows(&written(&folder, "log.tsv", &tabs), &by_country()).0, expected);
    assert_eq!(rows(&written(&folder, "marked.csv", &format!("\u{feff}{CSV}")), &by_country()).0, expected);
    let (mut lines, _) = rows(&written(&folder, "log.jsonl", JSONL), &by_country());
    assert_eq!(rows(&written(&folder, "marked.jsonl", &format!("\u{feff}{JSONL}")), &by_country()).0, lines);
    assert_eq!(lines[2].by, [Some("5.5".to_owned())], "an attribute that is a number");
    lines[2].by = vec![None];
    assert_eq!(lines, expected);
}

#[test]
fn items_behind_a_byte_order_mark_are_items() {
    let folder = TempDir::new().unwrap();
    for text in ["\u{feff}{\"id\": \"b\"}\n{\"id\": \"a\"}\n", "\u{feff}[{\"id\": \"b\"}, {\"id\": \"a\"}]"] {
        let items = Items::read(&written(&folder, "items.jsonl", text)).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(items.ids, ["a", "b"]);
    }
}

#[test]
fn columns_may_have_other_names() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, "log.csv", "who,sku,user_id\nv1,boots,v2\n");
    let named = Columns::new(&["visitor=who".to_owned(), "item=sku".to_owned()], &[]).unwrap();
    assert_eq!(rows(&path, &named).0[0].visitor, "v1");
    let recbole = written(&folder, "log.inter", "user_id:token\titem_id:token\trating:float\n1\t2\t5\n");
    assert_eq!(rows(&recbole, &Columns::default()).0[0].value, Some(5.0));

    let failure = read(&[&path], &Columns::default(), &Unwatched, &mut |_, _| ()).unwrap_err();
    assert!(failure.message.contains("no column \"item\" or \"item_id\" or \"itemId\""), "{failure}");
    assert_eq!(failure.help.as_deref(), Some("it has who, sku, user_id; say --columns item=…"));
    assert!(Columns::new(&["owner=who".to_owned()], &[]).unwrap_err().message.contains("no column is for \"owner\""));
    assert!(read(&[&written(&folder, "log.xls", "")], &Columns::default(), &Unwatched, &mut |_, _| ()).is_err());
}

#[test]
fn bad_rows_are_counted_and_can_be_looked_at() {
    let folder = TempDir::new().unwrap();
    let lines = "\
{\"visitor\": \"v1\", \"item\": \"a\", \"time\": 1772366400}
{\"item\": \"a\"}
{\"visitor\": \"v1\", \"item\": \"a\", \"value\": \"cheap\"}
{\"visitor\": \"v1\", \"item\": [1], \"time\": 1772366400}
not json
[1]
{\"visitor\": \"v2\", \"item\": \"a\", \"time\": \"soon\"}
{\"visitor\": \"v3\", \"item\": \"a\", \"time\": \"later\"}
";
    let path = written(&folder, "log.jsonl", lines);
    let (rows, tally) = rows(&path, &Columns::default());
    assert_eq!((rows.len(), tally.rows, tally.rejected.count()), (1, 8, 7));
    let reasons: Vec<_> = tally.rejected.reasons().collect();
    assert_eq!(
        reasons,
        [
            ("there is no visitor", 1),
            ("the value is no number", 1),
            ("the item is no text", 1),
            ("the line is no JSON", 1),
            ("the line is no object", 1),
            ("the time is none", 2),
        ]
    );
    let sample = folder.path().join("rejected.tsv");
    tally.rejected.write(&sample).unwrap();
    let sample = fs::read_to_string(&sample).unwrap();
    assert!(sample.contains(&format!("{}:5\tthe line is no JSON\tnot json\n", path.display())), "{sample}");
    assert_eq!(sample.lines().count(), 1 + 7);
}

#[test]
fn lines_of_a_table_that_are_too_short_are_bad() {
    let folder = TempDir::new().unwrap();
    let (rows, tally) = rows(&written(&folder, "log.csv", "visitor,item\nv1,a\nv1\nv2,b,c\n"), &Columns::default());
    assert_eq!((rows.len(), tally.rejected.count()), (1, 2));
}

#[test]
fn an_event_counts_once_in_all_files() {
    let folder = TempDir::new().unwrap();
    let one = written(&folder, "one.csv", "visitor,item,time,id\nv1,a,1,e1\nv1,b,2,\nv1,b,2,\nv1,b,3,\n");
    // The first has another item, but the same id.
    let other = written(&folder, "other.csv", "visitor,item,time,id\nv1,c,9,e1\nv1,b,2,\nv2,b,2,\n");
    let mut rows = Vec::new();
    let tally = read(&[&one, &other], &Columns::default(), &Unwatched, &mut |row, file| {
        rows.push((row.visitor, row.time.unwrap(), file))
    })
    .unwrap();
    let expected = [("v1", 1000.0, 0), ("v1", 2000.0, 0), ("v1", 3000.0, 0), ("v2", 2000.0, 1)];
    assert_eq!(rows, expected.map(|(visitor, time, file)| (visitor.to_owned(), time, file)));
    assert_eq!((tally.rows, tally.duplicates), (7, 3));
}

#[test]
fn events_are_in_the_order_of_time_and_items_in_that_of_their_ids() {
    let folder = TempDir::new().unwrap();
    let path = written(
        &folder,
        "log.csv",
        "visitor,item,name,time\nv1,b,view_item,3\nv2,a,purchase,1\nv1,c,page_view,2\nv1,,view_item,2\nv1,z,view_item,2\nv2,b,dislike,3\n",
    );
    let catalog = ["b", "a", "c"].map(str::to_owned);
    let events = Events::read(&[&path], &Columns::default(), Some(&catalog), &Unwatched).unwrap();
    assert_eq!(events.items, ["a", "b", "c"]);
    let told: Vec<_> = events.all.iter().map(|event| (event.visitor, event.item, event.weight, event.time)).collect();
    assert_eq!(told, [(1, 0, 5.0, 1000.0), (0, 1, 1.0, 3000.0), (1, 1, -4.0, 3000.0)]);
    assert_eq!((events.passed_over, events.of_unknown_items), (2, 1));
    assert_eq!(events.period(), Some((1000.0, 3000.0)));

    let nothing = written(&folder, "nothing.csv", "visitor,item,time\n,a,1\nv1,x,1\n");
    let failure = Events::read(&[&nothing], &Columns::default(), Some(&catalog), &Unwatched).unwrap_err();
    assert_eq!(failure.message, "of 2 rows none can be learned from; 1: there is no visitor");
}

/// Adds up what it is told.
#[derive(Default)]
struct Told {
    expected: AtomicU64,
    read: AtomicU64,
}

impl Watch for Told {
    fn reading(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Ordering::Relaxed);
    }
    fn stage(&self, name: &str, _: u64) {
        panic!("{name} is not reading");
    }
    fn advance(&self, by: u64) {
        self.read.fetch_add(by, Ordering::Relaxed);
    }
}

#[test]
fn whoever_watches_is_told_of_every_byte_once() {
    let folder = TempDir::new().unwrap();
    let files = [written(&folder, "log.csv", CSV), written(&folder, "log.jsonl", JSONL), parquet(&folder)];
    let size = |path: &PathBuf| fs::metadata(path).unwrap().len();
    let told = |paths: &[&Path]| {
        let told = Told::default();
        read(paths, &by_country(), &told, &mut |_, _| ()).unwrap();
        (told.expected.into_inner(), told.read.into_inner())
    };
    for file in &files {
        assert_eq!(told(&[file]), (size(file), size(file)), "{}", file.display());
    }
    let all: u64 = files.iter().map(size).sum();
    assert_eq!(told(&files.each_ref().map(PathBuf::as_path)), (all, all));
}
