"""Every metric, asked of a generated Games, answers what the generator knows to be true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from kotinos.insight.contracts import Answer, Question, Scope, Window
from kotinos.insight.generate.columns import SELLERS
from kotinos.insight.generate.games import Games, make
from kotinos.insight.generate.truth.planted import narrowed, truth_of
from kotinos.insight.generate.world import DAY, DAYS, HOUR, PLACES
from kotinos.insight.generate.writing import MADE, write_folder
from kotinos.insight.metrics.engines import duckdb
from kotinos.insight.metrics.folders import files_in
from kotinos.insight.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kotinos.insight.contracts import Row

EDITION = "LA28"
FIRST = date(2028, 7, 10)
WHOLE = Window.of_days(FIRST, FIRST + timedelta(days=DAYS))


@pytest.fixture(scope="module")
def games() -> Games:
    return make(events=60_000, seed=28, edition=EDITION, first_day=FIRST)


@pytest.fixture(scope="module")
def files(games: Games, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    folder = tmp_path_factory.mktemp("lake")
    write_folder(games, folder)
    return files_in(folder, tables=MADE)


@pytest.fixture(scope="module")
def truth(games: Games) -> Mapping[str, list[Row]]:
    return truth_of(games)


def _asked(
    metric: str, files: Mapping[str, list[str]], scope: Scope, window: Window = WHOLE
) -> list[Row]:
    answer = duckdb.answer(Question(metric, scope, window), files=files)
    assert isinstance(answer, Answer), answer
    return list(answer.rows)


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_answers_the_truth(
    metric: str, files: Mapping[str, list[str]], truth: Mapping[str, list[Row]]
) -> None:
    assert truth[metric] != []
    assert _asked(metric, files, Scope(EDITION)) == truth[metric]


def test_a_seller_s_numbers_are_the_truth_of_its_rows_alone(
    games: Games, files: Mapping[str, list[str]]
) -> None:
    alone = truth_of(narrowed(games, seller=1))
    scope = Scope(EDITION, UUID(SELLERS[1]))
    asked = {name for name in METRICS if set(METRICS[name].tables) <= {"sales", "refusals"}}
    assert {name: _asked(name, files, scope) for name in asked} == {
        name: alone[name] for name in asked
    }


def test_a_territory_s_numbers_are_the_truth_of_its_rows_alone(
    games: Games, files: Mapping[str, list[str]]
) -> None:
    japan = [place.code for place in PLACES].index("JP")
    alone = truth_of(narrowed(games, place=japan))
    scope = Scope(EDITION, None, "JP")
    assert {name: _asked(name, files, scope) for name in METRICS} == alone


def test_a_window_s_numbers_are_the_truth_of_its_instants_alone(
    games: Games, files: Mapping[str, list[str]]
) -> None:
    """From 4:00 of the fifth day to 7:00 of the twelfth: not whole days."""
    alone = truth_of(narrowed(games, since=4 * DAY + 4 * HOUR, until=11 * DAY + 7 * HOUR))
    midnight = datetime(2028, 7, 10, tzinfo=UTC)
    window = Window(
        since=midnight + timedelta(days=4, hours=4), until=midnight + timedelta(days=11, hours=7)
    )
    asked = {name: _asked(name, files, Scope(EDITION), window) for name in METRICS}
    assert asked == alone


@pytest.mark.parametrize("metric", [name for name, metric in METRICS.items() if metric.daily])
def test_answers_of_single_days_laid_end_to_end_are_the_answer(
    metric: str, files: Mapping[str, list[str]]
) -> None:
    rows: list[Row] = []
    some = Window.of_days(FIRST + timedelta(days=3), FIRST + timedelta(days=9))
    for day in some.days:
        of_day = {
            table: [path for path in paths if f"day={day}" in path]
            for table, paths in files.items()
        }
        window = Window.of_days(day, day + timedelta(days=1))
        rows += _asked(metric, of_day, Scope(EDITION), window)
    assert rows == _asked(metric, files, Scope(EDITION), some)
