"""What the jobs have in common: their command line, the Spark session, how they speak and fail."""

import argparse
import sys
from collections.abc import Callable

from pyspark.sql import SparkSession

from event_log import ROLES, Unusable


def parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--events", nargs="+", required=True, metavar="PARQUET", help="files or folders of Parquet, anywhere Spark can read")
    parser.add_argument("--columns", type=renamed, default={}, metavar="ROLE=NAME,…", help="columns that are not called after their role")
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="the folder to write, on the machine of the driver")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def renamed(given: str) -> dict[str, str]:
    columns = dict(part.partition("=")[::2] for part in given.split(","))
    for role, name in columns.items():
        if role not in ROLES or not name:
            raise argparse.ArgumentTypeError(f'"{role}={name}" names no column; write visitor=customer_id; roles are {", ".join(ROLES)}')
    return columns


def at_least(least: float, kind: type = int) -> Callable:
    """A number of the command line that must not be smaller."""

    def checked(given: str):
        number = kind(given)
        if not least <= number < float("inf"):
            raise argparse.ArgumentTypeError(f"{given} is not a number from {least}")
        return number

    checked.__name__ = kind.__name__
    return checked


def say(text: str):
    print(text, file=sys.stderr, flush=True)


def run(name: str, work: Callable[[SparkSession, argparse.Namespace], None], arguments: argparse.Namespace) -> int:
    """Does the work in a session. Where Spark runs, and with how much, is said to spark-submit; alone, it takes this machine."""
    builder = SparkSession.builder.appName(name).config("spark.sql.session.timeZone", "UTC")
    # As many parts as the data is large, also of what is kept in memory.
    spark = builder.config("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        work(spark, arguments)
        return 0
    except Unusable as problem:
        say(f"error: {problem}")
        return 1
    finally:
        spark.stop()
