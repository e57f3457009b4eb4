"""`kotinos rights ...`: ask, import, sign, look ahead, export."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from typing_extensions import override

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import LANGUAGES
from kotinos.rights import acts as words
from kotinos.rights import api, models
from kotinos.rights.tasks import recompile_everything

if TYPE_CHECKING:
    from kotinos.rights.reporting import ImportReport

WorkFinder = Callable[[str], UUID | None]
_finders: list[WorkFinder] = []
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def find_works_with(finder: WorkFinder) -> None:
    """Let a package above say which work a word means, such as a SKU; the first to know wins."""
    if finder not in _finders:
        _finders.append(finder)


class Act(click.ParamType[api.Act]):
    name = "act"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> api.Act:
        act = words.act(str(value))
        return act if act is not None else self.fail(f"{value} is no act", param, ctx)


class Outlet(click.ParamType[api.Outlet]):
    name = "outlet"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> api.Outlet:
        outlet = words.outlet(str(value))
        return outlet if outlet is not None else self.fail(f"{value} is no outlet", param, ctx)


class Moment(click.ParamType[datetime]):
    name = "moment"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
            return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        except ValueError:
            return self.fail(f"{value} is no date such as 2026-07-01", param, ctx)


_act = click.option("--act", type=Act(), default="sell", show_default=True)
_outlet = click.option("--outlet", type=Outlet(), default="own-shop", show_default=True)
_dry_run = click.option("--dry-run", is_flag=True, help="Do it, report it, take it back")


@click.group()
def rights() -> None:
    """Who may do what with which work, where, when, and why not."""


@rights.command()
@click.argument("work")
@click.option("--to", "territory", required=True, help="Territory, such as JP")
@click.option("--seller", help="Code of an organisation; without it: anybody")
@click.option("--as-of", type=Moment(), help="As it was known then")
@click.option("--at", type=Moment(), help="At that moment; default: now (or --as-of)")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@_act
@_outlet
def explain(
    *,
    work: str,
    territory: str,
    seller: str | None,
    as_of: datetime | None,
    at: datetime | None,
    language: str,
    as_json: bool,
    act: api.Act,
    outlet: api.Outlet,
) -> None:
    """May WORK (an id or a SKU) be sold there, and why."""
    now = clock.now()
    work_id = _work(work)
    found = api.explain(
        work_id=work_id,
        seller_id=_organisation(seller) if seller else None,
        act=act,
        outlet=outlet,
        territory=territory.upper(),
        at=at or as_of or now,
        as_of=as_of,
        language=language,
    )
    if as_json:
        click.echo(json.dumps(found.machine))
        return
    click.echo(found.sentence)
    for step in found.steps:
        click.echo(f"  - {step.sentence}")
    codes = games.atlas(as_of).codes(found.cleared_mask)
    click.echo(f"cleared in {len(codes)} territories: {', '.join(codes) or 'none'}")


@rights.command("import")
@click.argument("file", type=_FILE)
@click.option("--sign", "is_signed", is_flag=True, help="Sign for both parties too")
@_dry_run
def import_(*, file: Path, is_signed: bool, dry_run: bool) -> None:
    """Import grants from a CSV file; `kotinos.rights.importing` documents the columns."""
    parties = ("grantor", "grantee") if is_signed else ()
    with file.open("rb") as opened:
        _report(api.import_grants(file=opened, now=clock.now(), dry_run=dry_run, parties=parties))


@rights.group()
def properties() -> None:
    """What is protected."""


@properties.command("import")
@click.argument("file", type=_FILE)
@_dry_run
def import_properties(*, file: Path, dry_run: bool) -> None:
    """Import properties from a CSV file."""
    with file.open("rb") as opened:
        _report(api.import_properties(file=opened, now=clock.now(), dry_run=dry_run))


@rights.group()
def consents() -> None:
    """What committees say about foreign goods in their homes."""


@consents.command("import")
@click.argument("file", type=_FILE)
@_dry_run
def import_consents(*, file: Path, dry_run: bool) -> None:
    """Import consents from a CSV file."""
    with file.open("rb") as opened:
        _report(api.import_consents(file=opened, now=clock.now(), dry_run=dry_run))


@rights.group()
def prohibitions() -> None:
    """What owners forbid."""


@prohibitions.command("import")
@click.argument("file", type=_FILE)
@_dry_run
def import_prohibitions(*, file: Path, dry_run: bool) -> None:
    """Import prohibitions from a CSV file."""
    with file.open("rb") as opened:
        _report(api.import_prohibitions(file=opened, now=clock.now(), dry_run=dry_run))


@rights.command()
@click.argument("numbers", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every draft there is")
def sign(*, numbers: tuple[str, ...], every: bool) -> None:
    """Sign grants for both their parties."""
    drafts = models.Grant.objects.filter(signatures__isnull=True).order_by("recorded_at", "id")
    chosen = list(drafts.values_list("number", flat=True)) if every else numbers
    refused = 0
    for number in chosen:
        outcome = api.sign(grant_id=_grant(number), now=clock.now())
        fate, message = api.fate_of(outcome)
        refused += fate is api.Fate.REFUSED
        click.echo(f"{number}: {fate}: {message}")
    if refused:
        raise click.ClickException(f"{refused} of {len(chosen)} were not signed")


@rights.command()
@click.argument("number")
def conflicts(*, number: str) -> None:
    """What signing this draft would be refused for."""
    outcome = api.would_refuse(grant_id=_grant(number), now=clock.now())
    click.echo("nothing" if outcome is None else api.fate_of(outcome)[1])


@rights.command()
@click.option("--add", multiple=True, help="Number of a draft")
@click.option("--remove", multiple=True, help="Number of a signed grant")
@_act
@_outlet
def simulate(
    *, add: tuple[str, ...], remove: tuple[str, ...], act: api.Act, outlet: api.Outlet
) -> None:
    """What signing drafts, or losing grants, would open, close and serve."""
    now = clock.now()
    found = api.simulate(
        added=[_grant(number) for number in add],
        removed=[_grant(number) for number in remove],
        act=act,
        outlet=outlet,
        at=now,
        now=now,
    )
    if not isinstance(found, api.Simulation):
        raise click.ClickException(api.refusal_text(found))
    for outcome in found.refused:
        click.echo(f"could not be signed: {api.fate_of(outcome)[1]}")
    for effect in found.effects:
        click.echo(f"{', '.join(effect.properties)} ({effect.works} works)")
        click.echo(f"  gained: {', '.join(effect.gained) or 'nothing'}")
        click.echo(f"  lost: {', '.join(effect.lost) or 'nothing'}")
        for row in effect.served:
            click.echo(f"  would serve {row.refusals} refusals, {row.value_minor} {row.currency}")


@rights.command()
@click.argument("number")
@click.option("--odrl", is_flag=True, required=True, help="As ODRL 2.2 in JSON-LD")
def export(*, number: str, odrl: bool) -> None:
    """Write a grant for other systems."""
    del odrl  # the only form there is
    found = api.export_odrl(grant_id=_grant(number), at=clock.now())
    click.echo(json.dumps(found, indent=2))


@rights.command()
def recompile() -> None:
    """Compile every answer again from what is signed."""
    click.echo(f"{recompile_everything(now=clock.now())} works compiled")


@rights.command("open")
@click.argument("noc")
@click.option("--reach", type=click.Choice([reach.value for reach in api.Reach]), required=True)
@click.option("--territories", default="", help="For --reach listed: JP,FR")
@click.option("--consent", type=click.Choice(["home-only", "listed", "world"]))
@click.option("--share", "share_basis_points", type=int, default=0, help="Basis points asked")
@click.option("--duties", default="", help="Such as 'royalty:1200@IOC; label'")
def open_(
    *,
    noc: str,
    reach: str,
    territories: str,
    consent: str | None,
    share_basis_points: int,
    duties: str,
) -> None:
    """Open a committee's own goods: home only, some territories, or the world."""
    outcome = api.open_noc(
        noc=noc.upper(),
        reach=reach,
        territories=[code.strip() for code in territories.split(",") if code.strip()],
        terms=api.OpenTerms(consent=consent, share_basis_points=share_basis_points, duties=duties),
        now=clock.now(),
    )
    fate, message = api.fate_of(outcome)
    if fate is api.Fate.REFUSED:
        raise click.ClickException(message)
    click.echo(f"{noc.upper()}: {message}")


def _report(report: ImportReport) -> None:
    if report.unreadable is not None:
        raise click.ClickException(report.unreadable)
    for row in report.rows:
        if row.fate is api.Fate.REFUSED:
            click.echo(f"line {row.line} {row.subject}: {row.message}", err=True)
    click.echo(", ".join(f"{report.counts[fate]} {fate}" for fate in api.Fate))
    if report.counts[api.Fate.REFUSED]:
        raise click.ClickException("the lines above were refused; the others stand")


def _work(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        found = (finder(word) for finder in _finders)
        work_id = next((each for each in found if each is not None), None)
    if work_id is None:
        raise click.ClickException(f"{word} is no work's id and no SKU")
    return work_id


def _grant(number: str) -> UUID:
    found = models.Grant.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise click.ClickException(f"no grant {number}")
    return found


def _organisation(code: str) -> UUID:
    found = games.organisation(code)
    if found is None:
        raise click.ClickException(f"no organisation {code}")
    return found.id
