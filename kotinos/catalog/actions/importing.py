"""Import of a Shopify product CSV: streamed, in handfuls, with a report of what matters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.catalog.actions.pictures import Pictures
from kotinos.catalog.actions.writing import Run, write
from kotinos.catalog.contracts import ImportReport, Progress, RowNote
from kotinos.catalog.models import Market
from kotinos.catalog.shopify.headers import Header, read_header
from kotinos.catalog.shopify.judge import KnownMarket, World, judge
from kotinos.catalog.shopify.products import RawProduct, products
from kotinos.catalog.shopify.reader import Record, Source, records, survey
from kotinos.catalog.shopify.seen import Seen
from kotinos.games import api as games
from kotinos.kernel import changelog, pagecache
from kotinos.kernel.environment import environment
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from kotinos.catalog.shopify.judge import ReadyProduct
    from kotinos.games.api import Organisation

PRODUCTS_AT_ONCE = 200
NOTES_MAX = 1_000
CURRENCY_USUAL = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """`properties` stand for products that name none; `currency` is that of the column `Price`
    (the seller's international list; the NOC's own currency when not given); `location` is the
    code of the seller's stock location that quantities are counted at.
    """

    properties: tuple[str, ...] = ()
    currency: str = ""
    location: str = "MAIN"
    media: Path | None = None
    actor: UUID | None = None


class _Tally:
    """Counts remarks exactly, keeps the first `NOTES_MAX`, hands every one to the sink."""

    def __init__(self, sink: Callable[[RowNote], None] | None) -> None:
        self.notes: list[RowNote] = []
        self.errors = 0
        self.warnings = 0
        self._sink = sink

    def __call__(self, note: RowNote) -> None:
        self.errors += note.severity == "error"
        self.warnings += note.severity == "warning"
        if len(self.notes) < NOTES_MAX:
            self.notes.append(note)
        if self._sink:
            self._sink(note)


def import_shopify(
    *,
    path: Path,
    seller: Organisation,
    now: datetime,
    options: ImportOptions | None = None,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
    sink: Callable[[RowNote], None] | None = None,
) -> ImportReport:
    """Load the file for this seller; a dry run does all of it and takes it back.

    Repeating a file changes nothing. A product with an error is left out, its neighbours are not.
    `progress` is called after every handful, `sink` with every remark. Raises OSError where the
    file cannot be read and ValueError where it is too large.
    """
    options = options or ImportOptions()
    tally = _Tally(sink)
    source = survey(path)
    stream = records(source)
    first = next(stream, None)
    header = read_header(first.cells) if isinstance(first, Record) else read_header([])
    if not isinstance(header, Header):
        tally(_no_catalogue(header.missing))
        return ImportReport(errors=1, dry_run=dry_run, notes=tuple(tally.notes))
    _remark_header(header, source, tally)
    load = _Load(header, source, stream, seller, options, now, tally, progress)
    if dry_run:
        with transaction.atomic():
            report = load.run(dry_run=True)
            transaction.set_rollback(True)
        return report
    report = load.run(dry_run=False)
    _record(report, seller, path, options, now)
    return report


def _no_catalogue(missing: Iterable[str]) -> RowNote:
    message = f"not a Shopify product file: no column for {', '.join(missing)}"
    return RowNote(1, "", "error", message, "export it again: Products, Export, CSV")


def _remark_header(header: Header, source: Source, tally: _Tally) -> None:
    for name in header.unknown[:50]:
        tally(RowNote(1, name[:80], "note", "this column is not read"))
    for name in header.doubled[:50]:
        tally(RowNote(1, name[:80], "warning", "this column stands twice; the first is read"))
    if source.encoding != "utf-8-sig":
        tally(RowNote(1, "", "warning", "not UTF-8; read as Windows Latin-1", "save it as UTF-8"))


@transaction.atomic
def _record(
    report: ImportReport, seller: Organisation, path: Path, options: ImportOptions, now: datetime
) -> None:
    changelog.record(
        actor=options.actor,
        organisation=seller.id,
        verb="import",
        subject_kind="catalogue",
        subject=path.name[:100],
        now=now,
        detail={
            "rows": report.rows,
            "created": report.products_created,
            "updated": report.products_updated,
            "refused": report.products_refused,
        },
    )
    if report.products_created or report.products_updated:
        pagecache.changed("catalog")


class _Load:
    """One pass over the file; memory holds one handful of products."""

    def __init__(  # noqa: PLR0917 - made in one place, above
        self,
        header: Header,
        source: Source,
        stream: Iterator[object],
        seller: Organisation,
        options: ImportOptions,
        now: datetime,
        tally: _Tally,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._header = header
        self._source = source
        self._stream = stream
        self._seller = seller
        self._options = options
        self._now = now
        self._tally = tally
        self._progress = progress
        self._rows = 0
        self._seen = Seen()

    def run(self, *, dry_run: bool) -> ImportReport:
        world = _world(self._seller, self._options)
        run = Run(
            owner_id=self._seller.id,
            owner_code=self._seller.code,
            location_id=self._location(),
            file_digest=self._source.digest,
            now=self._now,
            pictures=Pictures(
                media=environment().data / "media", folder=self._options.media, dry_run=dry_run
            ),
            note=self._tally,
        )
        found = products(self._header, self._counted())  # type: ignore[arg-type]  # records, counted
        seen = 0
        while batch := list(islice(found, PRODUCTS_AT_ONCE)):
            write_batch(run, self._ready(run, batch, world))
            seen += len(batch)
            if self._progress:
                self._progress(self._how_far(seen))
        return self._report(run, dry_run=dry_run)

    def _counted(self) -> Iterator[object]:
        for record in self._stream:
            self._rows += 1
            yield record

    def _ready(
        self, run: Run, batch: Sequence[RawProduct | RowNote], world: World
    ) -> list[ReadyProduct]:
        ready: list[ReadyProduct] = []
        for item in batch:
            if isinstance(item, RowNote):
                self._tally(item)
                continue
            if self._seen.meet(item.handle):
                item.error(
                    item.row,
                    "Handle",
                    f"{item.handle[:60]!r} came earlier in this file",
                    "rows of one product must stand together",
                )
            product = judge(item, world)
            for note in item.notes:
                self._tally(note)
            if product is None:
                run.refused += 1
            else:
                ready.append(product)
        return ready

    def _location(self) -> UUID | None:
        """The seller's location for the file's quantities, opened where there is none."""
        if "units" not in self._header.fields:
            return None
        code = self._options.location
        for row in stock.locations(self._seller.id):
            if row.code == code:
                return row.id
        return stock.open_location(
            organisation_id=self._seller.id,
            code=code,
            name=code.title(),
            territory=home_territory(self._seller) or "CH",
        ).id

    def _how_far(self, seen: int) -> Progress:
        return Progress(self._rows, seen, 0, self._source.bytes_total)

    def _report(self, run: Run, *, dry_run: bool) -> ImportReport:
        return ImportReport(
            rows=self._rows,
            products_created=run.created,
            products_updated=run.updated,
            products_unchanged=run.unchanged,
            products_refused=run.refused,
            variants=run.variants,
            errors=self._tally.errors,
            warnings=self._tally.warnings,
            dry_run=dry_run,
            generation=self._header.generation,
            notes=tuple(self._tally.notes),
        )


def write_batch(run: Run, ready: Sequence[ReadyProduct]) -> None:
    """Nothing to write is nothing to do."""
    if ready:
        write(run, ready)


def _world(seller: Organisation, options: ImportOptions) -> World:
    markets: dict[str, KnownMarket] = {}
    for number, code, names, currency in Market.objects.values_list(
        "id", "code", "names", "currency"
    ):
        market = KnownMarket(number, currency)
        markets |= {code.lower(): market, str(names.get("en", code)).lower(): market}
    nocs = games.nocs()
    own = next((noc.currency for noc in nocs if noc.organisation_id == seller.id), CURRENCY_USUAL)
    return World(
        currency=options.currency or own,
        markets=markets,
        teams=frozenset(noc.code for noc in nocs),
        editions=frozenset(edition.code for edition in games.editions()),
        properties=options.properties,
    )


def home_territory(seller: Organisation) -> str | None:
    """Where a national committee is at home; None for other sellers."""
    code = next((noc.code for noc in games.nocs() if noc.organisation_id == seller.id), None)
    return next((home.territory for home in games.atlas().homes if home.noc == code), None)
