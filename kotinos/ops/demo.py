"""`kotinos demo load`: the edition "Kotinos 2030", brought in as a user brings in their own.

The files come from `python -m demo.generate`; everything then goes through the commands and front
doors that anybody has. Repeating it changes nothing; a load that ended goes on where it stopped,
because every step meets what it has already written.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from io import StringIO
from time import monotonic
from typing import TYPE_CHECKING

import click
from django.db import transaction

from kotinos.catalog import api as catalog_api
from kotinos.catalog.commands import catalog
from kotinos.drops import api as drops_api
from kotinos.games import api as games_api
from kotinos.games.commands import games
from kotinos.insight import api as insight_api
from kotinos.kernel import clock
from kotinos.kernel.environment import ROOT, environment
from kotinos.kernel.languages import LANGUAGES
from kotinos.ops import demo_channel
from kotinos.orders import api as orders_api
from kotinos.rights import api as rights_api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD = "olive-2030"  # noqa: S105 - of invented people, never made in production
CURRENCY = "USD"
EDITION = "K2030"
_LAST_LINES_SHOWN = 5


@click.group()
def demo() -> None:
    """The demo edition: invented Games, marks and goods."""


demo.add_command(demo_channel.films)


@demo.command()
@click.option("--again", is_flag=True, help="Go through every step even if nothing changed")
def load(*, again: bool) -> None:
    """Load the demo edition; takes about two minutes the first time."""
    folder = environment().data / "demo"
    _generate(folder)
    done = folder.parent / "demo.loaded"
    mark = _digest(folder)
    if not again and done.exists() and done.read_text() == mark and _is_here():
        click.echo("  demo edition: loaded")
        _past()
        return
    for what, step in _STEPS:
        with _told(what):
            step(folder)
    done.write_text(mark, encoding="utf-8")
    _past()


def _past() -> None:
    """A month before today, unless there is one; a production site waits for its own."""
    now = clock.now()
    insight_api.prepare(now=now)
    if environment().production or insight_api.has_history(edition=EDITION, now=now):
        return
    with _told("a month of visits"):
        insight_api.invent(edition=EDITION, now=now)


def _generate(folder: Path) -> None:
    subprocess.run(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", "demo.generate", str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _digest(folder: Path) -> str:
    """One digest of all files and of the database they went into."""
    summed = hashlib.sha256(environment().database_url.encode())
    for path in sorted([*folder.rglob("*.csv"), *folder.rglob("*.toml")]):
        summed.update(path.name.encode() + path.read_bytes())
    return summed.hexdigest()


def _is_here() -> bool:
    """Whether the database still has what the mark says: it may have been emptied since."""
    return games_api.edition(EDITION) is not None and bool(catalog_api.markets())


@contextmanager
def _told(what: str) -> Iterator[None]:
    started = monotonic()
    click.echo(f"  demo edition: {what} ", nl=False)
    yield
    click.echo(f"({monotonic() - started:.1f} s)")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _run(group: click.Group, *words: str) -> None:
    """Say a command as a user would, in this process; only what it warns of is shown."""
    with redirect_stdout(StringIO()):
        group.main(list(words), standalone_mode=False)


def _world(folder: Path) -> None:
    _run(games, "import", "--tables", str(folder / "world"))
    for row in _rows(folder / "organisations.csv"):
        _run(games, "add", row["code"], "--kind", row["kind"], "--name", row["name"])


def _people(folder: Path) -> None:
    if environment().production:
        click.echo("none: a production site has its own ", nl=False)
        return
    for row in _rows(folder / "people.csv"):
        _run(
            games,
            *("person", row["email"], "--name", row["name"], "--password", PASSWORD),
            *("--organisation", row["organisation"], "--role", row["role"]),
        )
    click.echo(f"sign in as rights@noc-ken.example with {PASSWORD} ", nl=False)


def _rights(folder: Path) -> None:
    now = clock.now()
    for name, read in (
        ("properties", rights_api.import_properties),
        ("consents", rights_api.import_consents),
        ("grants", _signed_grants),
        ("prohibitions", rights_api.import_prohibitions),
    ):
        with (folder / f"{name}.csv").open("rb") as file:
            _check(name, read(file=file, now=now))
    for row in _rows(folder / "suspended.csv"):
        _suspend(row)


@transaction.atomic
def _suspend(row: dict[str, str]) -> None:
    """Sign a grant and suspend it, both or neither; nothing where its number stands already."""
    now = clock.now()
    terms = rights_api.GrantTerms(
        number=row["number"],
        grantor=row["grantor"],
        grantee=row["grantee"],
        property=row["property"],
        acts=row["acts"],
        outlets=row["outlets"],
        territory=row["territory"],
        note=row["note"],
    )
    drafted = rights_api.draft_grant(terms=terms, now=now)
    if isinstance(drafted, rights_api.Drafted):
        rights_api.sign(grant_id=drafted.grant_id, now=now)
        rights_api.suspend(
            grant_id=drafted.grant_id, now=now, reason="the samples were not approved"
        )


def _signed_grants(**more: object) -> rights_api.ImportReport:
    return rights_api.import_grants(**more, parties=("grantor", "grantee"))  # type: ignore[arg-type]  # file, now


def _check(name: str, report: rights_api.ImportReport) -> None:
    """Our own files are sound; say it loudly where one is not."""
    if report.unreadable is not None:
        raise click.ClickException(f"{name}.csv: {report.unreadable}")
    refused = [row for row in report.rows if row.fate is rights_api.Fate.REFUSED]
    for row in refused[:_LAST_LINES_SHOWN]:
        click.echo(f"\n{name}.csv line {row.line}, {row.subject}: {row.message}", err=True)
    if refused:
        raise click.ClickException(f"{len(refused)} rows of {name}.csv were refused")


def _words(folder: Path) -> None:
    _run(catalog, "markets", "import", str(folder / "markets.csv"))
    _run(catalog, "terms", "import", str(folder / "terms.csv"))


def _catalogues(folder: Path) -> None:
    sellers = _rows(folder / "sellers.csv")
    for number, row in enumerate(sellers, start=1):
        if sys.stdout.isatty():
            click.echo(f"\r  demo edition: catalogues {number}/{len(sellers)} ", nl=False)
        seller = games_api.organisation(row["seller"])
        assert seller is not None, row
        report = catalog_api.import_shopify(
            path=folder / "catalogues" / f"{row['seller']}.csv",
            seller=seller,
            now=clock.now(),
            options=catalog_api.ImportOptions(currency=CURRENCY, location=row["location"]),
        )
        for note in report.notes[:_LAST_LINES_SHOWN]:
            click.echo(f"\n{row['seller']} row {note.row} {note.field}: {note.message}", err=True)
        if report.errors:
            raise click.ClickException(f"{report.errors} errors in {row['seller']}.csv")


def _pictures(folder: Path) -> None:
    del folder
    _run(catalog, "draw")


def _drops(folder: Path) -> None:
    """Hours count from now: one drop is open, two are to come. One that exists stays as it is."""
    now = clock.now()
    for row in _rows(folder / "drops.csv"):
        if drops_api.drop(row["slug"]) is not None:
            continue
        opens_at = now + timedelta(hours=int(row["opens_in_hours"]))
        if row["opens_in_hours"] != "0":
            opens_at = opens_at.replace(minute=0, second=0, microsecond=0)
        made = drops_api.schedule_drop(
            terms=drops_api.DropTerms(
                slug=row["slug"],
                names={code: row[f"name_{code}"] for code in LANGUAGES},
                texts={code: row[f"text_{code}"] for code in LANGUAGES},
                seller=row["seller"],
                products=tuple(row["products"].split()),
                opens_at=opens_at,
                closes_at=opens_at + timedelta(hours=int(row["lasts_hours"])),
                territory=row["territory"],
                units_per_buyer=int(row["units_per_buyer"]),
            ),
            now=now,
        )
        if not isinstance(made, drops_api.Scheduled):
            raise click.ClickException(f"drops.csv, {row['slug']}: {made}")
        published = drops_api.publish(drop_id=made.drop.id, now=now)
        if not isinstance(published, drops_api.Changed):
            raise click.ClickException(f"drops.csv, {row['slug']}: {published}")
        orders_api.fix_quotes(drop_id=made.drop.id, now=now)


_STEPS: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("world", _world),
    ("rights", _rights),
    ("words", _words),
    ("catalogues", _catalogues),
    ("pictures", _pictures),
    ("people", _people),
    ("drops", _drops),
    ("channel", demo_channel.load),
)
