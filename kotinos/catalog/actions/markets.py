"""Markets from a table anyone can correct and run again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.catalog.contracts import RowNote
from kotinos.catalog.models import Market, MarketTerritory
from kotinos.games import api as games
from kotinos.kernel import changelog, pagecache
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.money import known_currencies, minor_digits

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kotinos.games.api import Atlas

BASIS_POINTS_MAX = 10_000
BANDS_MAX = 4  # As many limits as the list statement has.
_BANDS = (20, 40, 80)  # Units of a currency with cents; see `_bands`.
_SMALL_UNITS = 100  # Of a currency without cents a unit is worth about a cent.


@transaction.atomic
def import_markets(*, path: Path, now: datetime) -> tuple[int, tuple[RowNote, ...]]:
    """Replace all markets by those of a file; the number of markets, and remarks.

    Columns: code, name (and `name / fr` ...), currency, tax_inclusive, tax_basis_points,
    territories (territory text such as `EEA,-FR` or `WORLD`), price_bands (amounts, optional).
    Rows are read in order; a territory belongs to the first row that names it, so a last row
    `WORLD` takes the rest. Nothing is changed when a row is wrong.
    """
    atlas = games.atlas()
    notes: list[RowNote] = []
    free = atlas.world
    kept: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            problem = _problem(row)
            mask = 0 if problem else _mask(row, atlas, now, number, notes)
            if problem:
                notes.append(RowNote(number, problem, "error", "missing or not understood"))
            if any(note.severity == "error" for note in notes):
                continue
            _store(row, atlas.codes(mask & free))
            free &= ~mask
            kept.append(row["code"].strip())
    if any(note.severity == "error" for note in notes):
        transaction.set_rollback(True)
        return 0, tuple(notes)
    if free:
        rest = ", ".join(atlas.codes(free)[:20])
        notes.append(RowNote(0, "territories", "warning", f"in no market: {rest}"))
    _record(len(kept), now)
    return len(kept), tuple(notes)


def _record(markets: int, now: datetime) -> None:
    changelog.record(
        actor=None,
        organisation=None,
        verb="import",
        subject_kind="markets",
        subject="all",
        now=now,
        detail={"markets": markets},
    )
    pagecache.changed("catalog")


def _problem(row: dict[str, str]) -> str:
    """The column that is wrong, or nothing."""
    points = (row.get("tax_basis_points") or "0").strip()
    checks = {
        "code": bool((row.get("code") or "").strip()),
        "currency": (row.get("currency") or "").strip() in known_currencies(),
        "tax_basis_points": points.isdecimal() and int(points) <= BASIS_POINTS_MAX,
        "tax_inclusive": (row.get("tax_inclusive") or "").strip().lower() in {"true", "false"},
        "territories": bool((row.get("territories") or "").strip()),
    }
    return next((column for column, good in checks.items() if not good), "")


def _mask(
    row: dict[str, str], atlas: Atlas, now: datetime, number: int, notes: list[RowNote]
) -> int:
    try:
        return atlas.mask(row["territories"].strip(), now)
    except games.TerritoryTextError as error:
        notes.append(RowNote(number, "territories", "error", str(error)))
        return 0


def _store(row: dict[str, str], territories: tuple[str, ...]) -> None:
    currency = row["currency"].strip()
    names = {"en": (row.get("name") or row["code"]).strip()}
    names |= {
        code: text.strip()
        for code in LANGUAGES
        if (text := row.get(f"name / {code}") or "").strip()
    }
    market, _ = Market.objects.update_or_create(
        code=row["code"].strip(),
        defaults={
            "names": names,
            "currency": currency,
            "tax_inclusive": row["tax_inclusive"].strip().lower() == "true",
            "tax_basis_points": int((row.get("tax_basis_points") or "0").strip()),
            "price_bands_minor": _bands(currency, row.get("price_bands") or ""),
        },
    )
    MarketTerritory.objects.filter(market=market).exclude(territory__in=territories).delete()
    MarketTerritory.objects.bulk_create(
        [MarketTerritory(territory=territory, market=market) for territory in territories],
        update_conflicts=True,
        unique_fields=["territory"],
        update_fields=["market"],
    )


def _bands(currency: str, text: str) -> list[int]:
    """Limits of the price facet in minor units: given, or a usual guess for the currency."""
    digits = minor_digits(currency)
    given = [part.strip() for part in text.split(";") if part.strip().isdecimal()]
    if given:
        return sorted(int(part[:9]) * 10**digits for part in given)[:BANDS_MAX]
    scale = 10**digits if digits else _SMALL_UNITS
    return [limit * scale for limit in _BANDS]
