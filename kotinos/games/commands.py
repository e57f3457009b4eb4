"""`kotinos games ...`: the world's tables from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from kotinos.games import actions, tables
from kotinos.games.contracts import OrganisationKind, RoleName
from kotinos.games.queries import organisation
from kotinos.kernel import clock

_OWN_TABLES = Path(__file__).parent / "data"


@click.group()
def games() -> None:
    """Editions, organisations, territories, people."""


@games.command("import")
@click.option(
    "--tables",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=_OWN_TABLES,
    show_default="the tables that come with Kotinos",
    help="Folder with territories, nocs, homes, territory_sets and editions as .csv",
)
def import_tables(folder: Path) -> None:
    """Bring territories, committees, homes, named sets and editions to what the tables say."""
    world = tables.read(folder)
    if not isinstance(world, tables.World):
        for fault in world:
            click.echo(f"{fault.file} row {fault.row}: {fault.message}", err=True)
        raise click.ClickException("nothing was imported; correct the rows above")
    imported = actions.import_world(world, actor=None, now=clock.now())
    click.echo(f"{imported.added} rows added, {imported.retracted} retracted")


@games.command()
@click.argument("code")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@click.option("--name", required=True)
def add(code: str, kind: str, name: str) -> None:
    """Add an organisation, or change the name of one."""
    actions.ensure_organisation(code=code, kind=OrganisationKind(kind), name=name)
    click.echo(f"{code.upper()}: {name}")


@games.command()
@click.argument("email")
@click.option("--organisation", "code", required=True, help="The organisation's code")
@click.option("--role", type=click.Choice([role.value for role in RoleName]), required=True)
@click.option("--name", default="")
@click.password_option("--password", help="Asked for when it is not given")
def person(email: str, code: str, role: str, name: str, password: str) -> None:
    """Let somebody sign in and act for an organisation."""
    found = organisation(code)
    if found is None:
        raise click.ClickException(f"{code} is no organisation; see `kotinos games add --help`")
    person_id = actions.ensure_person(email=email, name=name, password=password)
    actions.give_role(
        person_id=person_id,
        organisation_id=found.id,
        role=RoleName(role),
        actor=None,
        now=clock.now(),
    )
    click.echo(f"{email} is {role} of {found.name}")
