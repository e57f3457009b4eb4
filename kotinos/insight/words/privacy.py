"""`kotinos insight erase|drop-key|expire`: what is forgotten, and when."""

from __future__ import annotations

import click

from kotinos.kernel import clock
from kotinos.kernel.environment import environment


@click.command()
@click.option("--edition", required=True, help="Code of the edition")
@click.option("--user", "users", multiple=True, help="Id of the person, as it was sent")
@click.option("--anonymous", "devices", multiple=True, help="Id of a device, as it was sent")
def erase(*, edition: str, users: tuple[str, ...], devices: tuple[str, ...]) -> None:
    """Forget a person: their rows, and those of devices that only they used."""
    from kotinos.insight import erasing  # noqa: PLC0415 - a second of imports

    ids = [*users, *devices]
    if not ids:
        raise click.UsageError("say whom: --user ID or --anonymous ID")
    match erasing.erase(edition=edition, ids=ids, now=clock.now()):
        case erasing.NoKey():
            raise click.ClickException(
                f"{edition} has no hash key in region {environment().region}: nobody can tell "
                "whose rows are whose"
            )
        case erasing.Erased(rows, mentions, is_done):
            done = is_done or erasing.finish()
            click.echo(f"{rows:,} rows erased, {mentions:,} mentions blanked")
            if not done:
                click.echo("Something is still being written; the follower finishes this itself.")


@click.command("drop-key")
@click.argument("edition")
@click.option("--region", default=None, help="KOTINOS_REGION where it is not said")
@click.option("--yes", "typed", required=True, help="The edition's code once more")
def drop_key(*, edition: str, region: str | None, typed: str) -> None:
    """Destroy what an edition's ids are hashed with: its lake is anonymous for ever.

    Collecting for it ends, and nobody's rows can be found again, not even to erase them.
    """
    from kotinos.insight import erasing  # noqa: PLC0415 - a second of imports

    if typed != edition:
        raise click.ClickException("--yes does not name the edition: nothing was done")
    where = region or environment().region
    if not erasing.drop_key(edition=edition, region=where, now=clock.now()):
        raise click.ClickException(f"{edition} has no hash key in region {where}")
    click.echo(f"The key of {edition} in region {where} is gone.")


@click.command()
def expire() -> None:
    """Let go of rows that have been kept long enough; the worker does it every day."""
    from kotinos.insight import retention  # noqa: PLC0415 - a second of imports

    click.echo(f"{retention.expire(now=clock.now()):,} rows expired")
