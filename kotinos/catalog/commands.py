"""`kotinos catalog ...` and `kotinos stock ...`: the shop's tables from the command line."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import click

from kotinos.catalog.actions.importing import ImportOptions, import_shopify
from kotinos.catalog.actions.markets import import_markets
from kotinos.catalog.actions.terms import import_terms
from kotinos.catalog.identity import variant_id
from kotinos.catalog.queries.pictures import draw_missing
from kotinos.catalog.report import ReportFile
from kotinos.catalog.shopify.reader import survey
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.stock import api as stock_api

if TYPE_CHECKING:
    from kotinos.catalog.contracts import ImportReport, Progress, RowNote
    from kotinos.games.api import Organisation

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NOTES_SHOWN_MAX = 20


@click.group()
def catalog() -> None:
    """Products, markets, words of the shop."""


def _seller(code: str) -> Organisation:
    found = games.organisation(code)
    if found is None:
        raise click.ClickException(f"{code} is no organisation; see `kotinos games add --help`")
    return found


@catalog.command("import")
@click.argument("file", type=FILE)
@click.option("--seller", required=True, help="Code of the organisation that sells")
@click.option("--dry-run", is_flag=True, help="Do all of it and take it back")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Remarks as CSV")
@click.option("--properties", default="", help="Property codes for rows that name none: A,B")
@click.option("--currency", default="", help="Currency of the column Price (default: the NOC's)")
@click.option("--location", default="MAIN", show_default=True, help="Where quantities are counted")
@click.option("--media", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_file(  # noqa: PLR0917 - click passes them by name
    file: Path,
    seller: str,
    report: Path | None,
    properties: str,
    currency: str,
    location: str,
    media: Path | None,
    *,
    dry_run: bool,
) -> None:
    """Load a Shopify product CSV for a seller. Safe to repeat."""
    options = ImportOptions(
        properties=tuple(code.strip() for code in properties.split(",") if code.strip()),
        currency=currency.upper(),
        location=location,
        media=media,
    )
    organisation = _seller(seller)
    if report is None:
        _finish(_run(file, organisation, options, None, dry_run=dry_run))
        return
    with report.open("w", encoding="utf-8", newline="") as target:
        outcome = _run(file, organisation, options, ReportFile(target), dry_run=dry_run)
    _finish(outcome)


def _run(
    file: Path,
    seller: Organisation,
    options: ImportOptions,
    sink: ReportFile | None,
    *,
    dry_run: bool,
) -> ImportReport:
    return import_shopify(
        path=file,
        seller=seller,
        now=clock.now(),
        options=options,
        dry_run=dry_run,
        progress=_show,
        sink=sink,
    )


def _show(progress: Progress) -> None:
    click.echo(f"\r{progress.rows} rows, {progress.products} products", nl=False, err=True)


def _finish(report: ImportReport) -> None:
    click.echo("", err=True)
    for note in report.notes[:NOTES_SHOWN_MAX]:
        click.echo(_line(note), err=True)
    if len(report.notes) > NOTES_SHOWN_MAX:
        click.echo("... more: give --report FILE", err=True)
    click.echo(
        f"{'would be ' if report.dry_run else ''}"
        f"{report.products_created} created, {report.products_updated} updated, "
        f"{report.products_unchanged} unchanged, {report.products_refused} refused; "
        f"{report.errors} errors, {report.warnings} warnings in {report.rows} rows"
    )
    if report.errors and not report.rows:
        raise click.ClickException("nothing was read")


def _line(note: RowNote) -> str:
    hint = f" ({note.suggestion})" if note.suggestion else ""
    return f"row {note.row}, {note.field or 'file'}: {note.message}{hint}"


@catalog.group()
def markets() -> None:
    """Territories that share a currency."""


@markets.command("import")
@click.argument("file", type=FILE)
def import_market_file(file: Path) -> None:
    """Bring all markets to what the file says."""
    count, notes = import_markets(path=file, now=clock.now())
    for note in notes:
        click.echo(_line(note), err=True)
    if any(note.severity == "error" for note in notes):
        raise click.ClickException("nothing was imported; correct the rows above")
    click.echo(f"{count} markets")


@catalog.group()
def terms() -> None:
    """Names of sports, kinds and collections."""


@terms.command("import")
@click.argument("file", type=FILE)
def import_term_file(file: Path) -> None:
    """Name sports, kinds and collections per language: facet, code, en, fr, zh-hans, ar."""
    click.echo(f"{import_terms(path=file, now=clock.now())} terms")


@catalog.command()
def draw() -> None:
    """Draw the pictures of products whose source is `drawn:...` and that have no files yet."""
    folder = environment().data / "media"
    drawn = 0
    for drawn, name in enumerate(draw_missing(folder), start=1):
        if sys.stderr.isatty():  # a log is no place for a line that rewrites itself
            click.echo(f"\r{drawn} {name[:60]:60}", nl=False, err=True)
    click.echo(f"{drawn} pictures drawn")


@click.group()
def stock() -> None:
    """Units at places."""


@stock.command()
@click.argument("file", type=FILE)
@click.option("--seller", required=True, help="Code of the organisation that owns the stock")
def receive(file: Path, seller: str) -> None:
    """Units arrive: columns sku, location, units. The same file counts once."""
    owner = _seller(seller)
    places = {row.code: row.id for row in stock_api.locations(owner.id)}
    digest = survey(file).digest
    receipts: list[stock_api.Receipt] = []
    with file.open(encoding="utf-8-sig", newline="") as source:
        for number, row in enumerate(csv.DictReader(source), start=2):
            units, place = (row.get("units") or "").strip(), (row.get("location") or "").strip()
            if not (units.isascii() and units.isdecimal() and int(units)) or place not in places:
                raise click.ClickException(f"row {number}: units or location is not understood")
            key = uuid5(NAMESPACE_URL, f"stock-receipt:{owner.id}:{digest}:{number}")
            sku = (row.get("sku") or "").strip()
            receipts.append(
                stock_api.Receipt(key, variant_id(owner.id, sku), places[place], int(units))
            )
    click.echo(f"{stock_api.receive(receipts=receipts, now=clock.now())} receipts")


@stock.command()
def gap() -> None:
    """Units by which counters and ledgers differ: 0 is the promise."""
    click.echo(str(stock_api.ledger_gap()))
