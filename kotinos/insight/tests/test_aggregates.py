"""What leaves a region is of many people, and nothing that stays can be worked out from it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kotinos.insight.aggregates import PEOPLE, Aggregates, Uncounted, aggregates
from kotinos.insight.commands import insight
from kotinos.insight.contracts import Answer
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.metrics.registry import METRICS
from kotinos.insight.tables import EVENTS

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.contracts import Row

K = 20
Cell = tuple[str, str, str]


def answer(metric: str, *rows: Row) -> Answer:
    return Answer(metric, METRICS[metric].columns, rows, 1)


def told(metric: str, *rows: Row, count: str = "") -> tuple[Row, ...]:
    found = aggregates(answer(metric, *rows), k=K, count=count)
    assert isinstance(found, Aggregates)
    assert found.left_out == len(rows) - len(found.rows)
    return found.rows


def test_a_row_of_few_people_goes_and_takes_the_next_smallest_with_it() -> None:
    rows = [("FR", 900, 4000), ("JP", 400, 900), ("KE", 60, 80), ("NR", 3, 5)]
    assert told("people_by_territory", *rows) == tuple(rows[:2])


def test_rows_that_hide_each_other_take_no_more() -> None:
    rows = [("FR", 900, 1), ("JP", 19, 1), ("KE", 18, 1)]
    assert told("people_by_territory", *rows) == (rows[0],)


def test_nobody_at_all_is_no_secret() -> None:
    rows = [("FR", 900, 1), ("JP", 0, 0)]
    assert told("people_by_territory", *rows) == tuple(rows)


def test_a_row_is_hidden_for_its_small_part_and_for_the_small_rest() -> None:
    few_bought, few_did_not = ("FR", 500, 4, 80), ("JP", 500, 495, 9900)
    fine = [("BR", 500, 100, 2000), ("CN", 500, 100, 2000)]
    assert told("conversion", few_bought, few_did_not, *fine) == tuple(fine)


def test_a_funnel_ends_where_a_step_loses_or_keeps_too_few() -> None:
    steps = [(1, "View", 900, 10_000), (2, "Add", 300, 3333), (3, "Order", 290, 3222)]
    assert told("funnel", *steps) == tuple(steps[:2])
    steps = [(1, "View", 900, 10_000), (2, "Add", 12, 133), (3, "Order", 0, 0)]
    assert told("funnel", *steps) == (steps[0],)


def test_rows_that_are_of_no_people_are_measured_by_something_else_only_on_demand() -> None:
    rows = [("KEN", "JP", "JPY", 40, 90, 9000), ("KEN", "FR", "EUR", 2, 2, 100)]
    found = aggregates(answer("sales_by_noc_territory", *rows), k=K)
    assert found == Uncounted(("orders",))
    assert told("sales_by_noc_territory", *rows, count="orders") == ()
    with pytest.raises(ValueError, match="no number of minor"):
        aggregates(answer("sales_by_noc_territory", *rows), count="minor")
    with pytest.raises(ValueError, match="at least 2"):
        aggregates(answer("daily_actives"), k=1)


def test_every_number_of_people_in_any_metric_is_known_as_one() -> None:
    """A metric to come that counts people under another name must be looked at here."""
    named = {
        column.name
        for metric in METRICS.values()
        for column in metric.columns
        if column.kind == "integer" and ("people" in column.sentence.lower())
    }
    shares = {name for name in named if name.endswith(("_bp", "_ms"))}
    assert named - shares <= {*PEOPLE, "events", "views", "refused"}, named - shares


@given(
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
    st.integers(2, 40),
)
def test_no_line_gives_away_what_it_hides(orders: list[int], k: int) -> None:
    """Whoever knows the total of any line finds no group below k by subtracting."""
    cells = list(product(("KEN", "JPN", "FRA"), ("JP", "FR", "KE", "BR"), ("EUR",)))
    rows = [(*cell, number, number, 100) for cell, number in zip(cells, orders, strict=True)]
    found = aggregates(answer("sales_by_noc_territory", *rows), k=k, count="orders")
    assert isinstance(found, Aggregates)
    shown: set[Cell] = {(str(row[0]), str(row[1]), str(row[2])) for row in found.rows}
    weights: dict[Cell, int] = dict(zip(cells, orders, strict=True))
    assert all(not 0 < weights[cell] < k for cell in shown)
    for free in range(3):
        for line in _lines(cells, free):
            _safe(line, shown, weights, k)
    _safe(cells, shown, weights, k)


def _lines(cells: list[Cell], free: int) -> list[list[Cell]]:
    found: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell[:free] + cell[free + 1 :], []).append(cell)
    return list(found.values())


def _safe(line: list[Cell], shown: set[Cell], weights: dict[Cell, int], k: int) -> None:
    hidden = [cell for cell in line if cell not in shown]
    left = [cell for cell in line if cell in shown and weights[cell]]
    if hidden and left:
        assert len(hidden) > 1
        assert sum(weights[cell] for cell in hidden) >= k


@pytest.mark.django_db
def test_the_command_writes_the_rows_and_what_protects_them(tmp_path: Path) -> None:
    day = date(2030, 7, 20)
    at = datetime(2030, 7, 20, 12, tzinfo=UTC).replace(tzinfo=None)
    crowds = {"FR": 30, "JP": 25, "KE": 24, "NR": 2}
    rows = [
        {"id": uuid4().hex, "edition": "K2030", "day": day, "occurred_at": at, "received_at": at,
         "person": hash((code, number)), "visitor": 1, "bot": False, "territory": code}
        for code, crowd in crowds.items() for number in range(crowd)
    ]  # fmt: skip
    manifest.commit(
        added=manifest.write_rows(table=EVENTS, rows=arrow_rows(EVENTS, rows)),
        now=datetime(2030, 7, 21, tzinfo=UTC),
    )
    path = tmp_path / "people.csv"
    words = ["--edition", "K2030", "--since", "2030-07-20", "--until", str(day + timedelta(1))]
    runner = CliRunner()
    done = runner.invoke(insight, ["aggregates", "people_by_territory", *words, "--to", str(path)])
    assert done.exit_code == 0, done.output
    lines = path.read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["territory", "FR", "JP"]
    about = json.loads((tmp_path / "people.csv.about.json").read_text())
    assert (about["k"], about["left_out"], about["counted"]) == (20, 2, ["people"])
    assert "Not protected" in about["protection"]
    refused = runner.invoke(insight, ["aggregates", "top_products", *words, "--to", str(path)])
    assert refused.exit_code == 1
    assert "do not say of how many people" in refused.output
