"""Every metric answers the same rows on a real Spark cluster as on DuckDB."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.insight.contracts import Answer, Question, Scope, Window
from kotinos.insight.generate.games import make
from kotinos.insight.generate.writing import MADE, write_folder
from kotinos.insight.metrics.engines import duckdb, spark
from kotinos.insight.metrics.folders import files_in
from kotinos.insight.metrics.registry import METRICS
from tools.spark_cluster import SESSION, cluster, stop_driver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyspark.sql import SparkSession

FIRST = date(2028, 7, 10)
# Not whole days: the condition on instants is part of what must agree.
WINDOW = Window(
    since=datetime(2028, 7, 11, 3, 30, tzinfo=UTC), until=datetime(2028, 7, 31, 21, tzinfo=UTC)
)
# Small questions: making Java of a plan takes longer than interpreting it.
_SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    # Nothing runs long enough for the second compiler to be worth its time.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
# Spark's own client leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    folder = tmp_path_factory.mktemp("lake")
    write_folder(make(events=20_000, seed=4, edition="LA28", first_day=FIRST), folder)
    return files_in(folder, tables=MADE)


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    with cluster() as address:
        found = spark.session(address, **{**SESSION, **_SMALL})
        yield found
        found.stop()
        stop_driver()


@pytest.mark.parametrize("metric", METRICS)
def test_spark_and_duckdb_answer_the_same_rows(
    metric: str, files: Mapping[str, list[str]], session: SparkSession
) -> None:
    question = Question(metric, Scope("LA28"), WINDOW)
    here = duckdb.answer(question, files=files)
    assert isinstance(here, Answer)
    assert here.rows != ()
    assert spark.answer(question, files=files, spark=session).rows == here.rows


def test_scopes_and_texts_that_look_like_sql_mean_the_same(
    files: Mapping[str, list[str]], session: SparkSession
) -> None:
    whole = Window.of_days(FIRST, FIRST + timedelta(days=30))
    for scope in (Scope("LA28", None, "JP"), Scope("x' OR 'a'='a"), Scope("\\' OR 1=1 --")):
        question = Question("conversion", scope, whole, {"bought": "it's \\' a \"text\" --"})
        here = duckdb.answer(question, files=files)
        assert isinstance(here, Answer)
        assert len(here.rows) == (1 if scope.territory else 0)
        assert spark.answer(question, files=files, spark=session).rows == here.rows


def test_a_table_without_files_is_empty_on_spark_too(session: SparkSession) -> None:
    question = Question("live_windows", Scope("LA28"), WINDOW)
    assert spark.answer(question, files={}, spark=session).rows == ()


def test_without_java_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RuntimeError, match="install openjdk-17-jre-headless"):
        spark.look_for_java()
