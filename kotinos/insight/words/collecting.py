"""`kotinos insight follow|ledger|keys`: from the log into the lake, and what was counted."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from kotinos.insight.lake import following, ledger, segments

if TYPE_CHECKING:
    from types import FrameType


@click.command()
@click.option("--once", is_flag=True, help="One round and end, where no follower runs")
def follow(*, once: bool) -> None:
    """Bring collected events and facts of the business into the lake, until Ctrl-C."""
    log = segments.folder()
    if once:
        click.echo(f"{following.round_of(log=log):,} rows")
        return
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    following.follow(log=log, stopped=lambda: bool(stopping))


@click.command("ledger")
def say_ledger() -> None:
    """Say where every accepted event is; exit 1 where one is missing."""
    found = ledger.balance()
    for name in ("accepted", "queryable", "duplicates", "dead", "erased", "expired", "backlog"):
        click.echo(f"{name:<12}{getattr(found, name):>16,}")
    if not found.is_even:
        raise click.ClickException("the ledger is not even: events are missing")
