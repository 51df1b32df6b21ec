"""What the jobs have in common: their command line, the Spark session, how they speak and fail."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable

from event_log import ROLES, Unusable
from pyspark.sql import SparkSession


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


def within(least: float, most: float = float("inf"), kind: type = int) -> Callable:
    """A number of the command line, with its bounds."""

    def checked(given: str):
        number = kind(given)
        if not least <= number <= most or number == float("inf"):
            raise argparse.ArgumentTypeError(f"{given} is not from {least} to {most}")
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
    # What Py4J logs, with where it was, it raises as well.
    logging.getLogger().setLevel(logging.CRITICAL)
    # Spark's own answer to Ctrl-C is to ask Java to cancel the work, which the same Ctrl-C has just ended.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        work(spark, arguments)
        status = 0
    except Unusable as problem:
        say(f"error: {problem}")
        status = 1
    except KeyboardInterrupt:
        say("interrupted: nothing was written")
        return 130
    spark.stop()
    return status
