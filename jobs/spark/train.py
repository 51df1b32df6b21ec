"""Item factors and popularity of an event log that no longer fits one machine, in the model folder that `slotwise train` writes.

    python train.py --events events.parquet --items items.jsonl -o model/
"""

import json
import sys
import tempfile
from argparse import Namespace
from contextlib import contextmanager
from dataclasses import dataclass

import event_log
import job
import numpy as np
from event_log import LEAST_INTEREST, Unusable
from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from whole_folder import CARD, rfc3339, whole_folder, write_json, write_rejected

LIMITS = [
    "Only factors and popularity are learned here: neighbours, content vectors, popularity by segment and the stack are for `slotwise train`.",
    "Nothing was measured: run `slotwise evaluate` on a sample of the visitors.",
    "Spark weighs the regularization of each visitor and item by its number of interactions; lists are served with that of a visitor "
    "whose history is as long as the mean.",
]


@dataclass
class Pairs:
    """Who dealt with what, and how much: a row for each pair of visitor and item, in numbers."""

    weights: DataFrame
    # Items in the order of their numbers.
    items: list[str]
    visitors: int
    # How many pairs speak for the item.
    positive: int
    # How many visitors chose each item, at least once.
    popularity: dict[str, int]


def read_catalog(path: str) -> set[str]:
    ids = set()
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    item = item_id(line, f"{path}:{number}")
                    if item in ids:
                        raise Unusable(f'{path}:{number}: "{item}" is the id of two items\n  give each its own')
                    ids.add(item)
    except OSError as error:
        raise Unusable(f"cannot read {path}: {error.strerror}\n  check the path") from error
    return ids


def item_id(line: str, place: str) -> str:
    try:
        item = json.loads(line)["id"]
    except (ValueError, TypeError, KeyError):
        item = None
    if not isinstance(item, str) or not item:
        raise Unusable(f'{place}: this is no item\n  write an object a line: {{"id": "a1", …}}')
    return item


def interactions(spark: SparkSession, events: DataFrame, catalog: set[str]) -> tuple[DataFrame, dict]:
    """Events that say something of an item that there is, and what the rest was."""
    known = F.broadcast(spark.createDataFrame([(item,) for item in catalog], "item string").withColumn("isKnown", F.lit(True)))
    says_something = F.col("item").isNotNull() & (F.abs("weight") >= LEAST_INTEREST)
    told = events.join(known, "item", "left").withColumn("says", says_something)
    is_used = F.col("says") & F.col("isKnown").isNotNull()
    counts = told.agg(
        F.count_if(is_used).alias("events"),
        F.count_if(~F.col("says")).alias("passedOver"),
        F.count_if(F.col("says") & F.col("isKnown").isNull()).alias("ofUnknownItems"),
        F.min(F.when(is_used, F.col("time"))).alias("from"),
        F.max(F.when(is_used, F.col("time"))).alias("until"),
    )
    return told.where(is_used), counts.first().asDict()


def pair_up(spark: SparkSession, events: DataFrame, blocks: int) -> Pairs:
    """Sums of weights. Visitors who like nothing and items that nobody likes are left out: all their factors would be zero."""
    sums = events.groupBy("visitor", "item").agg(F.sum("weight").cast("float").alias("weight"), F.max("weight").alias("most")).persist()
    chosen = sums.where("most > 0").groupBy("item").count().orderBy("item")
    popularity = {row["item"]: row["count"] for row in chosen.collect()}
    liked = sums.where("weight > 0")
    items = [row["item"] for row in liked.select("item").distinct().orderBy("item").collect()]
    if not items:
        raise Unusable("no event speaks for an item of the catalog\n  check that --items is the catalog that the events are of")
    numbers_of_items = spark.createDataFrame(list(enumerate(items)), "itemNumber int, item string")
    visitors = numbered(liked.select("visitor").distinct(), "visitor")
    weights = (
        sums.where("weight != 0")
        .join(F.broadcast(numbers_of_items), "item")
        .join(visitors.withColumnRenamed("number", "visitorNumber"), "visitor")
        .select("visitorNumber", "itemNumber", "weight")
        # In one order, whatever order the rows came in: sums of floats depend on it, and so would the model's bytes.
        .repartition(blocks, "visitorNumber")
        .sortWithinPartitions("visitorNumber", "itemNumber")
        .persist()
    )
    return Pairs(weights, items, visitors.count(), liked.count(), popularity)


def numbered(values: DataFrame, column: str) -> DataFrame:
    """A number from 0 for each value, in their order; ALS takes no texts. All of it stays where the values are."""
    # A partition's number above 33 bits of place within it.
    placed = values.orderBy(column).select(column, F.monotonically_increasing_id().alias("place")).persist()
    sizes = placed.groupBy(F.shiftright("place", 33).alias("part")).count().orderBy("part").collect()
    starts = np.cumsum([0, *(row["count"] for row in sizes)]).tolist()
    start = F.create_map(*(F.lit(number) for row, first in zip(sizes, starts) for number in (row["part"], first)))
    place = F.col("place").bitwiseAND(2**33 - 1)
    return placed.select(column, (start[F.shiftright("place", 33)] + place).cast("int").alias("number"))


def fit(pairs: Pairs, arguments: Namespace) -> tuple[np.ndarray, float]:
    """Factors of items, a row each in the order of their numbers, and Spark's own number for the regularization.

    Spark multiplies its number by how many pairs speak for the visitor or the item (ALS-WR), while the engine adds one number for
    every visitor. So the number given, which means what it does in `slotwise train`, is divided by the mean of a visitor's pairs.
    """
    spark_regularization = arguments.regularization * pairs.visitors / pairs.positive
    als = ALS(
        rank=arguments.factors,
        maxIter=arguments.iterations,
        regParam=spark_regularization,
        alpha=arguments.alpha,
        implicitPrefs=True,
        seed=arguments.seed,
        numUserBlocks=arguments.blocks,
        numItemBlocks=arguments.blocks,
        userCol="visitorNumber",
        itemCol="itemNumber",
        ratingCol="weight",
    )
    factors = np.zeros((len(pairs.items), arguments.factors), dtype=np.float32)
    for row in als.fit(pairs.weights).itemFactors.toLocalIterator():
        factors[row["id"]] = row["features"]
    if not np.isfinite(factors).all() or not np.abs(factors).max() > 1e-6:
        raise Unusable("the factors came out as nothing: visitors have too little in common\n  try a smaller --regularization")
    return factors, spark_regularization


@contextmanager
def checkpoints(spark: SparkSession, arguments: Namespace):
    """A place where ALS leaves its factors every ten iterations, so that it need not remember how it came to all earlier ones; the Java
    stack overflows else."""
    with tempfile.TemporaryDirectory() as local:
        if arguments.checkpoints is None and arguments.iterations > 10 and not spark.sparkContext.master.startswith("local"):
            raise Unusable("more than 10 iterations on a cluster need --checkpoints\n  name a folder that all executors can write to")
        spark.sparkContext.setCheckpointDir(arguments.checkpoints or local)
        yield


def train(spark: SparkSession, arguments: Namespace):
    catalog = read_catalog(arguments.items)
    with whole_folder(arguments.output) as folder, checkpoints(spark, arguments):
        job.say("Reading and checking events")
        log = event_log.read(spark, arguments.events, arguments.columns, needed=("visitor", "item"))
        events, counts = interactions(spark, log.events, catalog)
        pairs = pair_up(spark, events, arguments.blocks)
        job.say(f"Learning {arguments.factors} factors of {len(pairs.items)} items from {pairs.visitors} visitors")
        factors, spark_regularization = fit(pairs, arguments)
        np.save(folder / "factors.npy", factors)
        write_json(folder / "rows.json", pairs.items)
        write_json(folder / "popularity.json", pairs.popularity)
        write_json(folder / "model.json", model(arguments), indent=2)
        write_json(folder / CARD, card(arguments, log, counts, pairs, spark_regularization), indent=2)
        write_rejected(folder, log)
    print(
        f"{arguments.output}: {len(pairs.items)} items, from {counts['events']} events of {pairs.visitors} visitors; of {log.rows} rows "
        f"{sum(log.rejected.values())} could not be used, {log.duplicates} told an event again"
    )


def model(arguments: Namespace) -> dict:
    learned = {"regularization": arguments.regularization, "alpha": arguments.alpha}
    return {
        "factors": {"vectors": "factors.npy", "rows": "rows.json", **learned},
        "popularity": {"counts": "popularity.json"},
    }


def card(arguments: Namespace, log: event_log.Log, counts: dict, pairs: Pairs, spark_regularization: float) -> dict:
    return {
        "events": counts["events"],
        "visitors": pairs.visitors,
        "items": len(pairs.items),
        "from": rfc3339(counts["from"]),
        "until": rfc3339(counts["until"]),
        **log.tally(),
        "passedOver": counts["passedOver"],
        "ofUnknownItems": counts["ofUnknownItems"],
        "seed": arguments.seed,
        "parameters": {"als": {name: getattr(arguments, name) for name in ("factors", "iterations", "regularization", "alpha")}},
        "spark": {"regularization": spark_regularization, "blocks": arguments.blocks},
        "limits": LIMITS,
    }


def main(given: list[str] | None = None) -> int:
    parser = job.parser("Item factors and popularity, in the model folder that `slotwise train` writes.")
    parser.add_argument("--items", required=True, metavar="JSONL", help="the catalog: an object with an id in each line")
    parser.add_argument("--factors", type=job.within(1, 512), default=64)
    parser.add_argument("--regularization", type=job.within(0, kind=float), default=1.0, help="as in slotwise train, for a visitor of mean history")
    parser.add_argument("--alpha", type=job.within(0, kind=float), default=2.0, help="confidence is 1 + alpha * weight")
    parser.add_argument("--iterations", type=job.within(1), default=15)
    parser.add_argument("--blocks", type=job.within(1), default=10, help="parts that visitors and items are split into")
    parser.add_argument("--checkpoints", metavar="FOLDER", help="a folder that all executors can write to; on a cluster, for more than 10 iterations")
    return job.run("slotwise train", train, parser.parse_args(given))


if __name__ == "__main__":
    sys.exit(main())
