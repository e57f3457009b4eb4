"""`kotinos insight metrics` and `kotinos insight run METRIC`."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kotinos.games import api as games
from kotinos.insight.contracts import Answer, Question, Scope, TooLarge, TooLong, Window
from kotinos.insight.lake import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from kotinos.insight.contracts import Outcome, Param, Value
    from kotinos.insight.metrics.metric import Metric


@click.command("metrics")
def list_metrics() -> None:
    """List every metric: its name, unit and owner, what it says, and its parameters."""
    from kotinos.insight.metrics.registry import METRICS  # noqa: PLC0415 - a second of imports

    for metric in METRICS.values():
        daily = ", kept by day" if metric.daily else ""
        click.echo(f"{metric.name}  [{metric.unit}; owner: {metric.owner}{daily}]")
        click.echo(f"    {metric.sentence}.")
        for param in metric.params:
            click.echo(f"    --param {param.name}={_typed(param.default)}  {param.sentence}")


@click.command("run")
@click.argument("metric")
@click.option("--engine", default="duckdb", help="duckdb, spark://HOST:PORT or local[N]")
@click.option("--edition", help="Code of the edition; needed where the lake holds several")
@click.option("--since", type=click.DateTime(), help="UTC; the first day there is")
@click.option("--until", type=click.DateTime(), help="UTC, not itself; after the last day")
@click.option("--organisation", "code", default="", help="Only this organisation's rows")
@click.option("--territory", default="", help="Only rows of this territory")
@click.option("--param", "params", multiple=True, help="NAME=VALUE; commas between several")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="A lake in a folder")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, to be read by programs")
def run(  # each option is a word of the command
    *,
    metric: str,
    engine: str,
    edition: str | None,
    since: datetime | None,
    until: datetime | None,
    code: str,
    territory: str,
    params: tuple[str, ...],
    folder: Path | None,
    as_csv: bool,
) -> None:
    """Answer a metric and print its rows, on the embedded engine or on a Spark cluster."""
    from kotinos.insight.metrics.registry import METRICS  # noqa: PLC0415 - a second of imports

    found = METRICS.get(metric)
    if found is None:
        near = get_close_matches(metric.replace("-", "_"), METRICS, cutoff=0.5)
        hint = f" (perhaps {' or '.join(near)})" if near else ""
        raise click.ClickException(
            f"no metric is called {metric}{hint}: see kotinos insight metrics"
        )
    places = _places(found, folder)
    scope = Scope(_edition(edition, places), _organisation(code), territory)
    window = _window(since, until, places[scope.edition])
    try:
        question = Question(metric, scope, window, _params(found, params))
        outcome = _answered(question, engine=engine, folder=folder)
    except (ValueError, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    _print(outcome, as_csv=as_csv)


def _answered(question: Question, *, engine: str, folder: Path | None) -> Outcome:
    from kotinos.insight.metrics import asking, folders  # noqa: PLC0415 - a second of imports
    from kotinos.insight.metrics.engines import duckdb, spark  # noqa: PLC0415
    from kotinos.insight.metrics.registry import METRICS  # noqa: PLC0415

    tables = METRICS[question.metric].tables
    files = folders.files_in(folder, tables=tables) if folder else asking.files_of(question)
    if engine == "duckdb":
        return asking.ask(question) if not folder else duckdb.answer(question, files=files)
    session = spark.session(engine)
    try:
        return spark.answer(question, files=files, spark=session)
    finally:
        session.stop()


def _places(metric: Metric, folder: Path | None) -> dict[str, list[date]]:
    """Return the days there are rows of, by edition."""
    places: dict[str, list[date]] = {}
    if folder:
        for path in folder.glob("*/edition=*/day=*"):
            edition = path.parent.name.removeprefix("edition=")
            places.setdefault(edition, []).append(date.fromisoformat(path.name[4:]))
    else:
        for table in metric.tables:
            for file in manifest.current(table=table):
                places.setdefault(file.edition, []).append(file.day)
    if not places:
        raise click.ClickException("the lake holds nothing of it yet")
    return places


def _edition(code: str | None, places: Mapping[str, object]) -> str:
    if code is None and len(places) == 1:
        return next(iter(places))
    if code is None or code not in places:
        raise click.ClickException(f"--edition is one of {', '.join(sorted(places))}")
    return code


def _organisation(code: str) -> UUID | None:
    if not code:
        return None
    found = games.organisation(code)
    if found is None:
        raise click.ClickException(f"no organisation has the code {code}")
    return found.id


def _window(since: datetime | None, until: datetime | None, days: list[date]) -> Window:
    whole = Window.of_days(min(days), date.fromordinal(max(days).toordinal() + 1))
    try:
        return Window(
            since=since.replace(tzinfo=UTC) if since else whole.since,
            until=until.replace(tzinfo=UTC) if until else whole.until,
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _params(metric: Metric, given: tuple[str, ...]) -> dict[str, Param]:
    """Read NAME=VALUE as the kind of value that the parameter's default is."""
    defaults = {param.name: param.default for param in metric.params}
    params: dict[str, Param] = {}
    for pair in given:
        name, _, value = pair.partition("=")
        match defaults.get(name, ""):
            case int():
                params[name] = int(value)
            case tuple():
                params[name] = tuple(part.strip() for part in value.split(","))
            case str():
                params[name] = value
    return params


def _print(outcome: Outcome, *, as_csv: bool) -> None:
    match outcome:
        case TooLong(seconds_max=seconds):
            raise click.ClickException(f"stopped after {seconds:g} s")
        case TooLarge(limit=limit):
            raise click.ClickException(f"it would take more than {limit}")
        case Answer():
            rows = [[_typed(value) for value in row] for row in outcome.rows]
            if as_csv:
                csv.writer(sys.stdout, lineterminator="\n").writerows([outcome.names, *rows])
            else:
                _print_table([list(outcome.names), *rows])
                click.echo(f"{len(rows)} rows in {outcome.took_ms} ms")


def _print_table(lines: list[list[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _typed(value: Value | Param) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case tuple():
            return ",".join(value)
        case _:
            return str(value)
