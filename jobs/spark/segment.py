"""Groups of visitors by how recently, how often and for how much they bought, in the folder that `slotwise segment` writes.

    python segment.py --events events.parquet -o clusters/ --clusters 4
"""

import sys
from argparse import Namespace

import event_log
import job
import numpy as np
from event_log import Unusable
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from whole_folder import CARD, rfc3339, whole_folder, write_json, write_rejected

FEATURES = ("recency", "frequency", "monetary")
DAY = 86_400_000
# Words for what is below and above the mean by half a deviation or more.
WORDS = {"recency": ("recent", "lapsed"), "frequency": ("rare", "frequent"), "monetary": ("low-value", "high-value")}
PLAIN = 0.5


def recency_frequency_monetary(events: DataFrame, now: float) -> DataFrame:
    """Of visitors who bought: whole days since the last time, how many times, and for how much; as `profile.rfm` has them."""
    bought = events.where((F.col("name") == "purchase") & F.col("time").isNotNull())
    return bought.groupBy("visitor").agg(
        F.floor((F.lit(now) - F.max("time")) / DAY).cast("double").alias("recency"),
        F.count("*").cast("double").alias("frequency"),
        F.greatest(F.coalesce(F.sum("value"), F.lit(0.0)), F.lit(0.0)).alias("monetary"),
    )


def standardised(visitors: DataFrame) -> tuple[DataFrame, list[dict]]:
    """log(1 + x), with mean 0 and deviation 1 over all visitors, and what it takes to do the same to another visitor."""
    logs = {name: F.log1p(name) for name in FEATURES}
    row = visitors.agg(
        *(F.mean(log).alias(f"mean {name}") for name, log in logs.items()),
        *(F.stddev_pop(log).alias(f"deviation {name}") for name, log in logs.items()),
    ).first()
    # Where all visitors are alike, nothing is divided.
    scales = {name: (row[f"mean {name}"], row[f"deviation {name}"] or 1.0) for name in FEATURES}
    columns = [((logs[name] - mean) / deviation).alias(name) for name, (mean, deviation) in scales.items()]
    features = [
        {"of": f"profile.rfm.{name}", "log": True, "mean": mean, "deviation": deviation} for name, (mean, deviation) in scales.items()
    ]
    return visitors.select("visitor", *columns), features


def clustered(rows: DataFrame, arguments: Namespace) -> tuple[list[np.ndarray], list[int], dict]:
    """Centers, how many visitors each has, and how good the whole is."""
    assembled = VectorAssembler(inputCols=list(FEATURES), outputCol="features").transform(rows)
    # In one order, whatever order the rows came in: what is drawn, and sums of floats, depend on it.
    ordered = assembled.repartition(arguments.blocks, "visitor").sortWithinPartitions("visitor").persist()
    model = KMeans(k=arguments.clusters, seed=arguments.seed, maxIter=100).fit(ordered)
    centers, sizes = model.clusterCenters(), model.summary.clusterSizes
    if len(centers) < arguments.clusters or min(sizes) == 0:
        raise Unusable(f"only {len(centers)} groups of visitors differ\n  ask for fewer --clusters")
    quality = {"inertia": model.summary.trainingCost, "silhouette": ClusteringEvaluator().evaluate(model.transform(ordered))}
    return centers, sizes, quality


def described(centers: list[np.ndarray], sizes: list[int], features: list[dict]) -> list[dict]:
    """Clusters, the one that spends most first, with a name that no other has and a sentence for people."""
    clusters, names = [], set()
    for center, size in sorted(zip(centers, sizes), key=lambda cluster: -cluster[0][FEATURES.index("monetary")]):
        words = [WORDS[name][int(number > 0)] for name, number in zip(FEATURES, center) if abs(number) >= PLAIN]
        plain = "-".join(words) or "average"
        name = next(name for name in (plain, *(f"{plain}-{number}" for number in range(2, len(centers) + 1))) if name not in names)
        names.add(name)
        days, times, spent = (np.expm1(number * of["deviation"] + of["mean"]) for number, of in zip(center, features))
        share = 100 * size / sum(sizes)
        usual = f"typically bought {times:.1f} times for {spent:.2f} in all, {days:.0f} days ago the last time"
        description = f"{size} visitors ({share:.0f} %) who {usual}"
        clusters.append({"name": name, "description": description, "center": [float(number) for number in center]})
    return clusters


def segment(spark: SparkSession, arguments: Namespace):
    with whole_folder(arguments.output) as folder:
        job.say("Reading and checking events")
        log = event_log.read(spark, arguments.events, arguments.columns, needed=("visitor", "time"))
        first, now = log.events.agg(F.min("time"), F.max("time")).first()
        visitors = recency_frequency_monetary(log.events, now).persist()
        count = visitors.count()
        if count < arguments.clusters:
            raise Unusable(f"{count} visitors bought something at a known time: too few for {arguments.clusters} clusters")
        job.say(f"Looking for {arguments.clusters} groups among {count} visitors who bought")
        rows, features = standardised(visitors)
        centers, sizes, quality = clustered(rows, arguments)
        clusters = described(centers, sizes, features)
        write_json(folder / "clusters.json", {"features": features, "clusters": clusters}, indent=2)
        write_json(
            folder / CARD,
            {
                "visitors": count,
                "from": rfc3339(first),
                "until": rfc3339(now),
                **log.tally(),
                "seed": arguments.seed,
                "clusters": arguments.clusters,
                **quality,
                "limits": ["Visitors who never bought are in no cluster.", "The silhouette is that of squared distances."],
            },
            indent=2,
        )
        write_rejected(folder, log)
    for cluster in clusters:
        print(f"{cluster['name']}: {cluster['description']}")
    print(f"silhouette {quality['silhouette']:.4f} (of squared distances), inertia {quality['inertia']:.1f}")


def main(given: list[str] | None = None) -> int:
    parser = job.parser("Groups of visitors by what they bought, in the folder that `slotwise segment` writes.")
    parser.add_argument("--clusters", type=job.within(2), required=True, metavar="K")
    parser.add_argument("--blocks", type=job.within(1), default=10, help="parts that visitors are split into")
    return job.run("slotwise segment", segment, parser.parse_args(given))


if __name__ == "__main__":
    sys.exit(main())
