import re
from datetime import datetime, timezone
from pathlib import Path

import event_log
import pytest
from event_log import Unusable
from pyspark.sql import functions as F

NEEDED = ("visitor", "item")
RUST = Path(__file__).parents[3] / "src" / "profile" / "event.rs"


def told(log):
    """Events as tuples, in the order of time and visitor."""
    rows = log.events.orderBy("time", "visitor", "item").select("visitor", "item", "name", "value", "time").collect()
    return [tuple(row) for row in rows]


def test_bad_rows_are_counted_by_reason_and_none_is_used(spark, write_log, tmp_path):
    rows = [
        ("ann", "a", "like", "1.5", "881250949", None),
        ("ann", "a", None, None, None, None),
        (None, "a", "like", None, "881250949", None),
        ("", "a", "like", None, "881250949", None),
        ("bob", "a", "like", "cheap", "881250949", None),
        ("bob", "a", "like", "Infinity", "881250949", None),
        ("bob", "a", "like", "1d", "881250949", None),
        ("bob", "a", "like", "1", "yesterday", None),
        ("bob", "a", "like", "1", "2026-02-30", None),
        ("bob", "a", "like", "1", "-5", None),
        ("bob", "a", "like", "1", "1e18", None),
        # Two things are wrong: the first that is looked at is the reason.
        ("bob", "a", "like", "cheap", "yesterday", None),
    ]
    log = event_log.read(spark, [write_log(tmp_path / "log", rows)], {}, NEEDED)
    assert log.rows == 12
    assert log.rejected == {"the time is none": 4, "the value is no number": 4, "there is no visitor": 2}
    assert told(log) == [("ann", "a", "view_item", None, None), ("ann", "a", "like", 1.5, 881250949000.0)]
    assert len(log.sample) == 10
    of_time = [content for _, reason, content in log.sample if reason == "the time is none"]
    assert any("yesterday" in content for content in of_time) and any("2026-02-30" in content for content in of_time)


def test_only_twenty_rows_of_a_reason_are_kept(spark, write_log, tmp_path):
    rows = [(None, f"item {number}", None, None, None, None) for number in range(30)]
    log = event_log.read(spark, [write_log(tmp_path / "log", rows)], {}, NEEDED)
    assert log.rejected == {"there is no visitor": 30}
    assert len(log.sample) == 20


def test_times_are_seconds_milliseconds_or_text(spark, write_log, tmp_path):
    times = ["1772366400", "1772366400000", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01 12:00:00.000z", "2026-03-01"]
    rows = [("ann", str(number), "like", None, time, None) for number, time in enumerate(times)]
    log = event_log.read(spark, [write_log(tmp_path / "log", rows)], {}, NEEDED)
    assert {item: time for _, item, _, _, time in told(log)} == {
        **{str(number): 1_772_366_400_000.0 for number in range(5)},
        "5": 1_772_323_200_000.0,
    }


def test_columns_have_kinds_and_names_of_their_own(spark, write_log, tmp_path):
    moment = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    rows = [(7, 3.0, moment, 2.5, ["x"]), (8, 3.5, moment, float("nan"), None), (9, 4.0, None, None, ["y"]), (9, 4.0, moment, None, None)]
    path = write_log(tmp_path / "log", rows, "user long, item double, time timestamp, value double, category array<string>")
    log = event_log.read(spark, [path], {"visitor": "user"}, NEEDED)
    assert log.rejected == {"the category is no text": 2, "the value is no number": 1}
    assert told(log) == [("9", "4", "view_item", None, 1_772_366_400_000.0)]


def test_an_event_counts_once(spark, write_log, tmp_path):
    rows = [
        # The same id: one event, the earlier.
        ("ann", "a", "like", None, "200", "1"),
        ("ann", "b", "like", None, "100", "1"),
        # No id and all the same, once with the milliseconds written out: one event.
        ("bob", "a", "like", "2", "300", None),
        ("bob", "a", "like", "2.0", "300", None),
        ("bob", "a", "like", "2", "3e2", None),
        # Another value: another event.
        ("bob", "a", "like", "3", "300", None),
        # All the same but the id: two events.
        ("cid", "a", "like", None, "400", "2"),
        ("cid", "a", "like", None, "400", "3"),
    ]
    paths = [write_log(tmp_path / "one", rows), write_log(tmp_path / "two", rows[:1])]
    log = event_log.read(spark, paths, {}, NEEDED)
    assert (log.rows, log.duplicates) == (9, 4)
    assert told(log) == [
        ("ann", "b", "like", None, 100_000.0),
        ("bob", "a", "like", 2.0, 300_000.0),
        ("bob", "a", "like", 3.0, 300_000.0),
        ("cid", "a", "like", None, 400_000.0),
        ("cid", "a", "like", None, 400_000.0),
    ]


def test_what_is_missing_is_said(spark, write_log, tmp_path):
    path = write_log(tmp_path / "log", [("ann", "a")], "user string, item string")
    with pytest.raises(Unusable, match='no column "visitor"\n  it has user, item'):
        event_log.read(spark, [path], {}, NEEDED)
    with pytest.raises(Unusable, match='no column "sku"'):
        event_log.read(spark, [path], {"visitor": "user", "item": "sku"}, NEEDED)
    with pytest.raises(Unusable, match="cannot read .*nowhere"):
        event_log.read(spark, [str(tmp_path / "nowhere")], {}, NEEDED)


def test_weights_are_those_of_the_engine():
    source = RUST.read_text(encoding="utf-8")
    names = re.findall(r'"(\w+)"', re.search(r"const STANDARD: \[&str; \d+\] = \[(.*?)\];", source, re.S)[1])
    weights = [float(number) for number in re.search(r"const INTEREST: \[f64; \d+\] = \[(.*?)\];", source, re.S)[1].split(",")]
    assert event_log.INTEREST == dict(zip(names, weights, strict=True))
    assert event_log.OWN_INTEREST == float(re.search(r"const OWN_INTEREST: f64 = (.*?);", source)[1])


def test_a_dwell_says_as_much_as_it_was_long(spark):
    given = [("dwell", 30.0), ("dwell", 15.0), ("dwell", 1e9), ("dwell", -5.0), ("dwell", None), ("purchase", 15.0), ("rated", None)]
    rows = spark.createDataFrame(given, "name string, value double")
    weights = [row[0] for row in rows.select(event_log.weight(F.col("name"), F.col("value"))).collect()]
    assert weights == [1.0, 0.5, 4.0, 0.0, 1.0, 5.0, 0.5]
