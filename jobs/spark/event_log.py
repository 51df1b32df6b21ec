"""A site's event log in Parquet: every row checked, every event once. The rules are those of `slotwise train`."""

from dataclasses import dataclass, field

from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

ROLES = ("visitor", "item", "name", "value", "time", "id", "category")
USUAL_NAME = "view_item"

# What an event of each kind says of a visitor's interest: as in src/profile/event.rs, where names and numbers are defined.
INTEREST = {
    "page_view": 0.2,
    "view_item": 1.0,
    "view_item_list": 0.1,
    "select_item": 1.0,
    "search": 0.5,
    "add_to_cart": 3.0,
    "remove_from_cart": -1.0,
    "begin_checkout": 4.0,
    "purchase": 5.0,
    "like": 4.0,
    "dislike": -4.0,
    "skip": -1.0,
    "dwell": 1.0,
    "scroll": 0.2,
    "click": 0.5,
}
OWN_INTEREST = 0.5
LEAST_INTEREST = 0.5

# Numbers below this are seconds: the year 5138 in seconds, 1973 in milliseconds.
SECONDS = 1e11
# The last millisecond of the year 9999: what is later is no time.
LATEST = 253_402_300_799_999

KEPT_OF_EACH_REASON = 20
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
MOMENT = r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?$"
NESTED = (T.ArrayType, T.MapType, T.StructType)


class Unusable(Exception):
    """What is wrong, where, and what to do about it."""


@dataclass
class Log:
    """What a log holds, and what became of its rows."""

    # visitor, item, name, value, time (milliseconds), category and weight; all but visitor, name and weight may be null.
    events: DataFrame
    rows: int
    duplicates: int
    # Why rows could not be used, and how many.
    rejected: dict[str, int]
    # Some of them: file, reason, content.
    sample: list[tuple[str, str, str]] = field(default_factory=list)

    def tally(self) -> dict:
        return {"rows": self.rows, "duplicates": self.duplicates, "rejected": self.rejected}


def read(spark: SparkSession, paths: list[str], columns: dict[str, str], needed: tuple[str, ...]) -> Log:
    """Reads Parquet files or folders. `columns` names those that are not called after their role; `needed` are roles."""
    try:
        raw = spark.read.parquet(*paths)
    except PySparkException as error:
        why = str(error).splitlines()[0]
        raise Unusable(f"cannot read {', '.join(paths)}: {why}\n  give Parquet files or folders of them") from error
    rows = checked(raw, columns, needed)
    counts = {row["reason"]: row["count"] for row in rows.groupBy("reason").count().collect()}
    usable = counts.pop(None, 0)
    rejected = dict(sorted(counts.items()))
    events = once(rows.where(F.col("reason").isNull())).persist()
    found = events.count()
    return Log(
        events=events.withColumn("weight", weight(F.col("name"), F.col("value"))),
        rows=usable + sum(rejected.values()),
        duplicates=usable - found,
        rejected=rejected,
        sample=[row for reason in rejected for row in sample(rows, reason)],
    )


def checked(raw: DataFrame, columns: dict[str, str], needed: tuple[str, ...]) -> DataFrame:
    """The roles of each row, why it cannot be used (null when it can), and what it held."""
    kinds = {column.name: column.dataType for column in raw.schema.fields}
    names = {role: columns.get(role, role) for role in ROLES}
    missing = [name for role, name in names.items() if name not in kinds and (role in columns or role in needed)]
    if missing:
        raise Unusable(f'the log has no column "{missing[0]}"\n  it has {", ".join(kinds)}; name others with --columns visitor=…')
    given = {role: (F.col(f"`{name}`"), kinds[name]) for role, name in names.items() if name in kinds}
    nothing = (F.lit(None).cast("string"), T.StringType())
    numeric = {"value": (number, "the value is no number"), "time": (time, "the time is none")}
    values, reasons = {}, []
    for role in ROLES:
        column, kind = given.get(role, nothing)
        read_role, why = numeric.get(role, (text, f"the {role} is no text"))
        readable = read_role(column, kind)
        reasons.append(F.when(is_there(column, kind) & readable.isNull(), F.lit(why)))
        if role == "visitor":
            reasons.append(F.when(readable.isNull(), F.lit("there is no visitor")))
        values[role] = F.coalesce(readable, F.lit(USUAL_NAME)) if role == "name" else readable
    content = F.struct(*(F.col(f"`{name}`") for name in kinds))
    return raw.select(
        *(value.alias(role) for role, value in values.items()),
        F.coalesce(*reasons).alias("reason"),
        F.col("_metadata.file_path").alias("file"),
        content.alias("content"),
    )


def is_there(column: Column, kind: T.DataType) -> Column:
    return column.isNotNull() & (column != "") if isinstance(kind, T.StringType) else column.isNotNull()


def text(column: Column, kind: T.DataType) -> Column:
    """A text; null where there is none, and where it is a list or an object."""
    if isinstance(kind, NESTED):
        return F.lit(None).cast("string")
    if isinstance(kind, (T.DoubleType, T.FloatType, T.DecimalType)):
        # Ids that went through a table of floats: 7.0 is the item "7".
        whole = column.try_cast("bigint")
        return F.when(whole.cast("double") == column.cast("double"), whole.cast("string")).otherwise(column.cast("string"))
    return F.nullif(column.cast("string"), F.lit(""))


def number(column: Column, kind: T.DataType) -> Column:
    """A finite number; null where there is none."""
    if isinstance(kind, T.StringType):
        trimmed = F.trim(column)
        value = F.when(trimmed.rlike(NUMBER), trimmed.try_cast("double"))
    elif isinstance(kind, T.NumericType):
        value = column.cast("double")
    else:
        value = F.lit(None).cast("double")
    return F.when(F.abs(value) < float("inf"), value)


def time(column: Column, kind: T.DataType) -> Column:
    """Milliseconds since 1970, from seconds, milliseconds, RFC 3339 or a date; null where there is none."""
    if isinstance(kind, (T.TimestampType, T.TimestampNTZType, T.DateType)):
        milliseconds = F.unix_millis(column.cast("timestamp")).cast("double")
    else:
        value = number(column, kind)
        milliseconds = F.when(F.abs(value) < SECONDS, value * 1000).otherwise(value)
        if isinstance(kind, T.StringType):
            trimmed = F.upper(F.trim(column))
            moment = F.when(trimmed.rlike(MOMENT), trimmed.try_cast("timestamp"))
            milliseconds = F.coalesce(milliseconds, F.unix_millis(moment).cast("double"))
    return F.when(milliseconds.between(0, LATEST), milliseconds)


def once(rows: DataFrame) -> DataFrame:
    """Each event once: those with an id are told apart by it, those without by all that they say. Of two that have one id and differ,
    the earlier stays, whichever file it is in."""
    said = F.struct(*(F.col(role) for role in ("time", "visitor", "name", "item", "category", "value")))
    signature = F.when(F.col("id").isNull(), said)
    kept = rows.groupBy("id", signature.alias("signature")).agg(F.min(said).alias("said"))
    return kept.select("said.*")


def sample(rows: DataFrame, reason: str) -> list[tuple[str, str, str]]:
    found = rows.where(F.col("reason") == reason).select("file", "reason", F.to_json("content").alias("content"))
    return [tuple(row) for row in found.orderBy("content", "file").limit(KEPT_OF_EACH_REASON).collect()]


def weight(name: Column, value: Column) -> Column:
    """What an event says of the visitor's interest; negative when it speaks against the item."""
    known = F.create_map(*(F.lit(part) for pair in INTEREST.items() for part in pair))
    usual = F.coalesce(F.try_element_at(known, name), F.lit(OWN_INTEREST))
    # Half a minute is a view, and more than two minutes say no more.
    dwelt = F.least(F.greatest(value / 30, F.lit(0.0)), F.lit(4.0))
    return F.when((name == "dwell") & value.isNotNull(), usual * dwelt).otherwise(usual)
