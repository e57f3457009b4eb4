"""Measures metrics beside hand-written SQL over the same files, and beside a Spark cluster.

The figures promised (issue 5): exact daily actives, the ordered funnel, sales by committee and
territory, top products, five-minute windows and denied demand within 1.3 times hand-written DuckDB
SQL; the same rows from our definitions, from that SQL, from Spark and in the truth that the
generator wrote. Both DuckDB sides have the same settings, open a connection for each question and
take turns; what is told is the median. Compiled metrics are kept, as in a running Kotinos, so the
first question of each is not counted. Spark: a master and a worker of two cores, warmed up, asked
once. `--full`: 20,000,000 events in place of 2,000,000, and six more questions.
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypedDict

from bench.queries_by_hand import BY_HAND
from kotinos.insight.contracts import Answer, Limits, Question, Scope, Window
from kotinos.insight.generate.games import make
from kotinos.insight.generate.truth.planted import as_json, truth_of, write_truth
from kotinos.insight.generate.world import DAYS
from kotinos.insight.generate.writing import MADE, write_folder
from kotinos.insight.metrics.engines import duckdb, spark
from kotinos.insight.metrics.engines.compiled import rows_of
from kotinos.insight.metrics.folders import files_in
from kotinos.insight.metrics.registry import METRICS
from tools.spark_cluster import SESSION, cluster, stop_driver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Row

EVENTS, EVENTS_FULL = 2_000_000, 20_000_000
ROUNDS, ROUNDS_FULL = 5, 3
PROMISED = 6  # of the questions, the first so many; the long form asks them all
SEED = 2028
FIRST = date(2028, 7, 10)
EDITION = "LA28"
WINDOW = Window.of_days(FIRST, FIRST + timedelta(days=DAYS))
LIMITS = Limits(seconds_max=600, memory_mb=4096, threads=2, rows_max=200_000)
FOLDER = Path(__file__).parents[1] / ".bench"
Files = dict[str, list[str]]


class Measured(TypedDict):
    """Seconds by the clock; `equal`: ours, by hand, Spark and the truth are the same rows."""

    ours_s: float
    sql_s: float
    ratio: float
    spark_s: float
    rows: int
    equal: bool


class Figures(TypedDict):
    events: int
    metrics: dict[str, Measured]


def main(*, full: bool) -> Figures:
    events = EVENTS_FULL if full else EVENTS
    folder = _lake(events)
    files = dict(files_in(folder, tables=MADE))
    truth = json.loads((folder / "truth.json").read_text())
    names = list(BY_HAND)[: None if full else PROMISED]
    rounds = ROUNDS_FULL if full else ROUNDS
    found = {name: _side_by_side(name, files, truth[name], rounds) for name in names}
    _on_spark(files, found, truth)
    return Figures(events=events, metrics=found)


def show(figures: Figures) -> None:
    """Print the sides beside one another."""
    print(f"{figures['events']:,} events; seconds by the clock, medians")
    print(f"{'metric':<24}{'ours':>9}{'by hand':>9}{'ratio':>7}{'Spark':>9}{'rows':>9}  equal")
    for name, found in figures["metrics"].items():
        seconds = f"{found['ours_s']:>9.3f}{found['sql_s']:>9.3f}{found['ratio']:>7.2f}"
        rest = f"{found['spark_s']:>9.2f}{found['rows']:>9,}  {found['equal']}"
        print(f"{name:<24}{seconds}{rest}")


def _lake(events: int) -> Path:
    """Return a folder with a Games of that size; an earlier run's serves again."""
    folder = FOLDER / f"queries-{events}-{SEED}"
    if not (folder / "truth.json").exists():
        games = make(events=events, seed=SEED, edition=EDITION, first_day=FIRST)
        write_folder(games, folder)
        write_truth(truth_of(games), folder / "truth.json")
    return folder


def _side_by_side(name: str, files: Files, truth: list[list[object]], rounds: int) -> Measured:
    question = Question(name, Scope(EDITION), WINDOW)
    sides: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        began = time.perf_counter()
        ours = duckdb.answer(question, files=files, limits=LIMITS)
        between = time.perf_counter()
        by_hand = _by_hand(name, files)
        sides[0].append(between - began)
        sides[1].append(time.perf_counter() - between)
    assert isinstance(ours, Answer), ours
    ours_s, sql_s = (median(side[1:]) for side in sides)
    return Measured(
        ours_s=round(ours_s, 4),
        sql_s=round(sql_s, 4),
        ratio=round(ours_s / sql_s, 3),
        spark_s=0.0,
        rows=len(by_hand),
        equal=ours.rows == by_hand and _plain(by_hand) == truth,
    )


def _by_hand(name: str, files: Files) -> tuple[Row, ...]:
    tables = {
        table: f"read_parquet({paths!r}, hive_partitioning=false)" for table, paths in files.items()
    }
    with tempfile.TemporaryDirectory() as spill, duckdb.connected(LIMITS, spill=spill) as found:
        rows = found.execute(BY_HAND[name].format(**tables)).fetchall()
    return rows_of(rows, METRICS[name].columns)


def _plain(rows: tuple[Row, ...]) -> list[list[object]]:
    return [[as_json(value) for value in row] for row in rows]


def _on_spark(
    files: Files, found: dict[str, Measured], truth: Mapping[str, list[list[object]]]
) -> None:
    with cluster(cores=2, memory_mb=3072) as address:
        more = {"spark.executor.memory": "2560m", "spark.cores.max": "2"}
        session = spark.session(address, **{**SESSION, **more})
        # The first question pays for starting executors and warming up two Javas.
        for warm in ("daily_actives", "sales_by_noc_territory"):
            spark.answer(Question(warm, Scope(EDITION), WINDOW), files=files, spark=session)
        for name, measured in found.items():
            question = Question(name, Scope(EDITION), WINDOW)
            answer = spark.answer(question, files=files, spark=session)
            measured["spark_s"] = answer.took_ms / 1000
            measured["equal"] = measured["equal"] and _plain(answer.rows) == truth[name]
        session.stop()
        stop_driver()
