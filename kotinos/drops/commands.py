"""`kotinos drops ...`: what there is, what a drop came to, and what one would need."""

from __future__ import annotations

import csv
import sys

import click

from kotinos.drops import plan, queries
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


@drops.command("plan")
@click.option("--visitors", type=click.IntRange(1, 10**10), required=True)
@click.option("--units", type=click.IntRange(1, 10**9), required=True)
@click.option("--minutes", type=click.FloatRange(0.1, 10_000), default=10.0, show_default=True)
@click.option(
    "--joining-minutes", type=click.FloatRange(0.1, 10_000), default=30.0, show_default=True
)
@click.option("--cdn/--no-cdn", default=True, show_default=True)
@click.option("--cores", type=click.IntRange(1, 512), default=2, show_default=True)
def print_plan(
    *, visitors: int, units: int, minutes: float, joining_minutes: float, cdn: bool, cores: int
) -> None:
    """Print the machines a drop needs and why, from measured coefficients.

    `--minutes` is the time until it is sold out, `--joining-minutes` the time in which most join,
    `--cores` the cores of one machine.
    """
    demand = plan.Demand(
        visitors=visitors,
        units=units,
        minutes=minutes,
        joining_minutes=joining_minutes,
        has_cdn=cdn,
        cores_per_machine=cores,
    )
    for line in plan.lines(demand, plan.coefficients()):
        click.echo(line)
