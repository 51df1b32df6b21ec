"""Spark on this machine with two threads, and logs to read."""

import os
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import types as T

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    # A few rows are not worth code of their own, nor the compiler's best.
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
settings = " ".join(f"--conf {name}={value}" for name, value in SETTINGS.items())
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--master local[2] --driver-memory 1g {settings} pyspark-shell"

TEXTS = ("visitor", "item", "name", "value", "time", "id")


@pytest.fixture(scope="session")
def write_log():
    """Writes rows as a folder of Parquet: texts in the order of TEXTS unless a schema says otherwise."""

    def write(path: Path, rows: list[tuple], schema: T.StructType | str | None = None) -> str:
        texts = T.StructType([T.StructField(name, T.StringType()) for name in TEXTS])
        spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
        spark.createDataFrame(rows, schema or texts).coalesce(1).write.parquet(str(path))
        return str(path)

    return write


@pytest.fixture(scope="module")
def spark():
    session = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    yield session
    session.stop()
