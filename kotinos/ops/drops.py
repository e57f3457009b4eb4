"""`kotinos drops rehearse`: it needs the doors of orders and payments, which lie above drops."""

from __future__ import annotations

import click

from kotinos.drops import api
from kotinos.drops.commands import drops
from kotinos.kernel import clock
from kotinos.ops.rehearsal.play import rehearse
from kotinos.ops.rehearsal.wire import here

__all__ = ["drops"]


@drops.command("rehearse")
@click.argument("slug")
@click.option("--peak", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--seconds", type=click.IntRange(10, 900), default=60, show_default=True)
@click.option("--units", type=click.IntRange(1, 100_000), default=200, show_default=True)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True)
def rehearse_drop(*, slug: str, peak: int, seconds: int, units: int, address: str) -> None:
    """Replay a real crowd against this installation, which must be running on loopback.

    SLUG is a drop that is still to come, or a rehearsal that the back office has made. `--peak`
    is people a second at the busiest moment; nothing of the real stock moves.
    """
    try:
        here(address)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    drop = _rehearsal(slug, peak=peak, seconds=seconds, units=units)
    result = rehearse(drop, address=address, say=click.echo)
    for sentence in result["verdict"]:
        click.echo(sentence)
    click.echo(f"kotinos drops report {drop.slug}")
    if not result["passed"]:
        raise click.ClickException("the rehearsal did not hold")


def _rehearsal(slug: str, *, peak: int, seconds: int, units: int) -> api.DropView:
    drop = api.drop(slug)
    if drop is None:
        raise click.ClickException(f"there is no drop {slug}")
    if drop.is_rehearsal:
        if drop.phase(clock.now()) not in {api.Phase.COMING, api.Phase.OPEN}:
            raise click.ClickException("this rehearsal is over")
        return drop
    outcome = api.begin_rehearsal(
        drop_id=drop.id, peak_per_s=peak, seconds=seconds, units=units, now=clock.now()
    )
    match outcome:
        case api.Changed(made):
            return made
        case api.Unchanged(reason):
            raise click.ClickException(reason)
        case _:
            raise click.ClickException("it cannot be rehearsed")
