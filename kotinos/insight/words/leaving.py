"""`kotinos insight hand-over|aggregates`: what leaves an installation, and what of it may."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.insight.aggregates import Aggregates
    from kotinos.insight.contracts import Question

_PATH = click.Path(path_type=Path, file_okay=False)


@click.command("hand-over")
@click.argument("edition", required=False)
@click.argument("folder", required=False, type=_PATH)
@click.option("--without-persons", is_flag=True, help="Leave out what tells people apart")
@click.option("--check", "checked", type=_PATH, help="Compare a hand-over with its manifest")
def hand_over(
    *, edition: str | None, folder: Path | None, without_persons: bool, checked: Path | None
) -> None:
    """Write an edition's lake as plain Parquet, with its dictionary and a manifest."""
    from kotinos.insight import handover  # noqa: PLC0415 - a second of imports

    if checked is not None:
        _say_faults(handover.check(checked))
        return
    if edition is None or folder is None:
        raise click.UsageError("say EDITION and FOLDER, or --check FOLDER")
    done = handover.hand_over(
        edition=edition, folder=folder, with_persons=not without_persons, now=clock.now()
    )
    match done:
        case handover.InTheWay():
            raise click.ClickException(f"{folder} has something in it already")
        case handover.Disturbed():
            raise click.ClickException("somebody was erased meanwhile: say it again")
        case handover.HandedOver(files):
            click.echo(f"{done.rows:,} rows in {len(files)} files: {folder}")


def _say_faults(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo("every file is as it was written")


@click.command("aggregates")
@click.argument("metric")
@click.option("--edition", required=True, help="Code of the edition")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First UTC day")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day after it")
@click.option("--k", type=click.IntRange(2), default=20, help="Smallest group that is told")
@click.option("--count", default="", help="Measure rows by this column where none is of people")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True)
def aggregates(
    *, metric: str, edition: str, since: datetime, until: datetime, k: int, count: str, path: Path
) -> None:
    """Write a metric's rows without those that are of fewer than k people, as CSV."""
    from kotinos.insight import aggregates as hiding  # noqa: PLC0415 - a second of imports
    from kotinos.insight.contracts import Answer, Question, Scope, Window  # noqa: PLC0415
    from kotinos.insight.metrics import asking  # noqa: PLC0415

    try:
        window = Window.of_days(since.date(), until.date())
        question = Question(metric, Scope(edition), window)
        outcome = asking.ask(question)
        if not isinstance(outcome, Answer):
            raise click.ClickException(f"there is no answer: {outcome}")
        found = hiding.aggregates(outcome, k=k, count=count)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    match found:
        case hiding.Uncounted(instead):
            named = ", ".join(f"--count {name}" for name in instead) or "nothing else either"
            raise click.ClickException(
                f"the rows of {metric} do not say of how many people they are; by another "
                f"number, of which one person may be many: {named}"
            )
        case hiding.Aggregates():
            _write(found, question, path)
            click.echo(f"{len(found.rows)} rows in {path}, {found.left_out} left out")


def _write(found: Aggregates, question: Question, path: Path) -> None:
    """The rows, and beside them what they are and what they are protected against."""
    from kotinos.insight import aggregates as hiding  # noqa: PLC0415 - as above
    from kotinos.insight.metrics.registry import METRICS  # noqa: PLC0415

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(found.columns)
        writer.writerows(found.rows)
    metric = METRICS[found.metric]
    about = {
        "metric": metric.name,
        "sentence": metric.sentence,
        "unit": metric.unit,
        "edition": question.scope.edition,
        "region": environment().region,
        "since": question.window.first_day.isoformat(),
        "until": question.window.after_last_day.isoformat(),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "k": found.k,
        "counted": list(found.counted),
        "left_out": found.left_out,
        "protection": " ".join((hiding.__doc__ or "").split()),
    }
    beside = path.with_name(f"{path.name}.about.json")
    beside.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
