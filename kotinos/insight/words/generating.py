"""`kotinos insight generate`: a believable Games of any size, with the truth beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.insight.generate.games import Games
    from kotinos.insight.generate.writing import Written

_TRUTH = "truth.json"


@click.command("generate")
@click.option("--events", type=click.IntRange(1_000, 100_000_000), default=100_000)
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, help="Same seed, same rows")
@click.option("--edition", default="GAMES", help="Code of the edition its rows say they are of")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), help="Of 30; the default ended now")
@click.option("--into-lake", is_flag=True, help="Into this installation's lake, counted at once")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Into a folder")
@click.option("--without-truth", is_flag=True, help=f"Do not write {_TRUTH}")
def generate(
    *,
    events: int,
    seed: int,
    edition: str,
    first_day: datetime | None,
    into_lake: bool,
    folder: Path | None,
    without_truth: bool,
) -> None:
    """Make 30 days of a Games that nobody held, and write what every metric must answer for it."""
    if into_lake == bool(folder):
        raise click.UsageError("say either --into-lake or --folder DIR")
    from kotinos.insight.generate.games import make  # noqa: PLC0415 - a second of imports
    from kotinos.insight.generate.world import DAYS  # noqa: PLC0415

    now = clock.now()
    first = first_day.date() if first_day else date.fromordinal(now.toordinal() - DAYS)
    games = make(events=events, seed=seed, edition=edition, first_day=first)
    written = _write(games, folder, now)
    for table, rows in written.rows.items():
        click.echo(f"{rows:>12,} {table}")
    if not without_truth:
        click.echo(f"truth: {_tell(games, folder or environment().data / 'insight')}")


def _write(games: Games, folder: Path | None, now: datetime) -> Written:
    from kotinos.insight.generate import into_lake, writing  # noqa: PLC0415 - a second of imports

    if folder is None:
        return into_lake.write_lake(games, now=now)
    folder.mkdir(parents=True, exist_ok=True)
    return writing.write_folder(games, folder)


def _tell(games: Games, folder: Path) -> Path:
    from kotinos.insight.generate.truth.planted import truth_of, write_truth  # noqa: PLC0415

    path = folder / _TRUTH
    write_truth(truth_of(games), path)
    return path
