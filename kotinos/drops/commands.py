"""`kotinos drops ...`: what there is, what a drop came to, and what one would need."""

from __future__ import annotations

import csv
import sys

import click

from kotinos.drops import queries
from kotinos.drops.queries import reporting
from kotinos.kernel import clock


@click.group()
def drops() -> None:
    """Drops: list, report, rehearse, plan."""


@drops.command("list")
def list_drops() -> None:
    """Every drop with its state and its opening, the latest first."""
    now = clock.now()
    for drop in queries.all_drops():
        free = sum(units for units, _held in queries.free_units(drop.id).values())
        kind = " (rehearsal)" if drop.is_rehearsal else ""
        click.echo(
            f"{drop.slug:<32} {drop.phase(now):<10} {drop.opens_at:%Y-%m-%d %H:%M} UTC"
            f"  {free:>7} free{kind}"
        )


@drops.command("report")
@click.argument("slug")
@click.option("--csv", "as_csv", is_flag=True, help="With the course of time, as CSV")
def print_report(*, slug: str, as_csv: bool) -> None:
    """Print what a drop came to: totals, peaks, refusals, fairness, the ledgers' gap."""
    drop = queries.drop(slug)
    if drop is None:
        raise click.ClickException(f"there is no drop {slug}")
    found = reporting.report(drop, now=clock.now())
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(["part", "what", "value"])
        writer.writerows(reporting.lines(found))
        writer.writerow([])
        writer.writerows(reporting.course_rows(found))
        return
    last = ""
    for part, what, value in reporting.lines(found):
        if part != last:
            click.echo(f"\n{part}")
            last = part
        click.echo(f"  {what:<44} {value or '-'}")
