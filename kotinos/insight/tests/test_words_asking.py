"""`kotinos insight generate`, `metrics` and `run`, as somebody at a terminal uses them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.insight.commands import insight
from kotinos.insight.metrics.registry import METRICS

if TYPE_CHECKING:
    from pathlib import Path

_GAMES = ("generate", "--events", "3000", "--seed", "3", "--first-day", "2028-07-10")


def _said(*words: str) -> str:
    result = CliRunner().invoke(insight, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def _refused(*words: str) -> str:
    result = CliRunner().invoke(insight, list(words))
    assert result.exit_code != 0
    return result.output


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))[1:]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    _said(*_GAMES, "--folder", str(tmp_path))
    return str(tmp_path)


def test_every_metric_is_listed_with_its_sentence() -> None:
    said = _said("metrics")
    assert all(f"{name}  [" in said for name in METRICS)
    assert all(metric.sentence in said for metric in METRICS.values())
    assert "--param steps=Product Viewed,Product Added," in said


def test_a_generated_games_answers_the_truth_that_is_written_beside_it(
    folder: str, tmp_path: Path
) -> None:
    truth = json.loads((tmp_path / "truth.json").read_text())
    for name in ("daily_actives", "funnel", "sales_by_day"):
        rows = _rows(_said("run", name, "--folder", folder, "--csv"))
        assert rows == [[str(value) for value in row] for row in truth[name]]


def test_answers_are_narrowed_by_the_options(folder: str) -> None:
    one_day = ("--since", "2028-07-14", "--until", "2028-07-15")
    rows = _rows(_said("run", "daily_actives", "--folder", folder, "--csv", *one_day))
    assert [row[0] for row in rows] == ["2028-07-14"]
    rows = _rows(_said("run", "conversion", "--folder", folder, "--csv", "--territory", "JP"))
    assert [row[0] for row in rows] == ["JP"]
    steps = ("--param", "steps=Product Viewed, Order Completed")
    assert " rows in " in _said("run", "funnel", "--folder", folder, *steps)


def test_what_cannot_be_answered_is_said(folder: str) -> None:
    assert "no metric is called wealth" in _refused("run", "wealth", "--folder", folder)
    near = _refused("run", "sales-by-noc", "--folder", folder)
    assert "sales_by_noc_territory" in near
    assert "has no parameter colour" in _refused(
        "run", "funnel", "--folder", folder, "--param", "colour=red"
    )
    assert "--edition is one of GAMES" in _refused(
        "run", "funnel", "--folder", folder, "--edition", "X"
    )
    assert "either --into-lake or --folder" in _refused("generate")


@pytest.mark.django_db
def test_a_games_in_the_lake_is_asked_without_a_folder() -> None:
    assert "the lake holds nothing of it yet" in _refused("run", "bots")
    _said(*_GAMES, "--into-lake", "--without-truth")
    rows = _rows(_said("run", "bots", "--csv"))
    assert sum(int(row[1]) for row in rows) == 3000
