"""The same questions on a Spark cluster, or on Spark within this process: the same rows."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kotinos.insight.contracts import Answer
from kotinos.insight.metrics import scoped
from kotinos.insight.metrics.engines.compiled import metric_of, rows_of, sql_of
from kotinos.insight.metrics.scoped import AT_US
from kotinos.insight.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import SparkSession

    from kotinos.insight.contracts import Question
    from kotinos.insight.tables import Kind, Table

_TYPES: dict[Kind, str] = {
    "text": "STRING",
    "integer": "BIGINT",
    "flag": "BOOLEAN",
    "instant": "TIMESTAMP",
    "day": "DATE",
}


def session(master: str, **settings: str) -> SparkSession:
    """Start (or find) this process's session on a master: `spark://host:port` or `local[N]`.

    Its time zone is UTC. RuntimeError: neither Spark nor Java is where it should be.
    """
    look_for_java()
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # a big import that few need
    except ImportError as missing:
        raise RuntimeError(
            "Spark's client is not installed: pip install pyspark==4.0.*"
        ) from missing

    builder: Any = SparkSession.builder
    builder = builder.master(master).appName("kotinos insight")
    for name, value in {**_SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    found: SparkSession = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def answer(
    question: Question, *, files: Mapping[str, Sequence[str]], spark: SparkSession
) -> Answer:
    """Answer a question from the files of each table, which every worker must be able to read.

    ValueError: an unknown metric or an unfit parameter.
    """
    metric = metric_of(question)
    sql = sql_of(question, dialect="pyspark")
    condition = scoped.condition(
        scope=question.scope, window=question.window, at_us=AT_US, dialect="spark"
    )
    began = time.perf_counter()
    for name in metric.tables:
        _make_view(spark, TABLES[name], files.get(name, ()), condition)
    found = spark.sql(sql).collect()
    rows = rows_of(found, metric.columns)
    took_ms = round((time.perf_counter() - began) * 1000)
    return Answer(question.metric, metric.columns, rows, took_ms)


def _make_view(spark: SparkSession, table: Table, files: Sequence[str], condition: str) -> None:
    """Give the schema rather than look for it in the files; the path is not asked for columns."""
    schema = ", ".join(f"`{column.name}` {_stored(column.kind)}" for column in table.columns)
    if files:
        reader: Any = spark.read.schema(schema).option("recursiveFileLookup", "true")
        found = reader.parquet(*files)
    else:
        nothing = ", ".join(f"NULL AS `{column.name}`" for column in table.columns)
        found = spark.sql(f"SELECT {nothing} WHERE false")
    found.selectExpr(
        *(f"CAST(`{c.name}` AS {_TYPES[c.kind]}) AS `{c.name}`" for c in table.columns),
        f"unix_micros(CAST(occurred_at AS TIMESTAMP)) AS {AT_US}",
    ).where(condition).createOrReplaceTempView(table.name)


def look_for_java() -> Path:
    """Return the program `java`. RuntimeError, with what to install, where there is none."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise RuntimeError(
            "Spark needs Java 17, and there is no `java`: install openjdk-17-jre-headless "
            "(Debian, Ubuntu) or another JRE 17 and set JAVA_HOME"
        )
    return Path(found)


def _stored(kind: Kind) -> str:
    return "TIMESTAMP_NTZ" if kind == "instant" else _TYPES[kind]
