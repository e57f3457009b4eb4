"""The world's tables as CSV: what each row must hold, and every fault in words. Pure.

A fault names the file, the row and the column, so that whoever corrects a table sees where.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from kotinos.games.contracts import Atlas, HomeSpan, SetSpan
from kotinos.games.territory import TerritoryTextError
from kotinos.kernel.money import known_currencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

FILE_BYTES_MAX = 2_000_000
BIT_MAX = 255
BEGINNING = datetime(1894, 6, 23, tzinfo=timezone.utc)  # no table of the Games reaches further back
COLUMNS = {
    "territories.csv": ("territory", "bit"),
    "nocs.csv": ("noc", "territory", "name", "association", "currency"),
    "homes.csv": ("territory", "noc", "from", "until"),
    "territory_sets.csv": ("name", "text", "from", "until"),
    "editions.csv": ("edition", "name", "organisation", "host", "from", "until", "timezone"),
}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    row: int  # as a spreadsheet counts: the header is row 1
    message: str


@dataclass(frozen=True, slots=True)
class World:
    """Every table, read and found sound."""

    territories: Mapping[str, int]
    nocs: tuple[Row, ...]
    homes: tuple[HomeSpan, ...]
    sets: tuple[SetSpan, ...]
    editions: tuple[Row, ...]


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def rows(self, name: str) -> Iterator[tuple[int, Row]]:
        path = self.folder / name
        if not path.is_file():
            self.faults.append(Fault(name, 0, "the file is missing"))
            return
        if path.stat().st_size > FILE_BYTES_MAX:
            self.faults.append(Fault(name, 0, f"the file is larger than {FILE_BYTES_MAX} bytes"))
            return
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            reader = csv.DictReader(lines, strict=True)
            missing = [c for c in COLUMNS[name] if c not in (reader.fieldnames or ())]
            if missing:
                self.faults.append(Fault(name, 1, f"columns are missing: {', '.join(missing)}"))
                return
            for number, row in enumerate(reader, start=2):
                yield number, {key: (value or "").strip() for key, value in row.items() if key}
        except (UnicodeDecodeError, csv.Error) as error:
            self.faults.append(Fault(name, 0, f"the file cannot be read: {error}"))

    def each(self, name: str, check: Callable[[Row], str | None]) -> list[Row]:
        """The rows that pass; a row that does not leaves its fault."""
        good: list[Row] = []
        for number, row in self.rows(name):
            message = check(row)
            if message is None:
                good.append(row)
            else:
                self.faults.append(Fault(name, number, message))
        return good


def read(folder: Path) -> World | tuple[Fault, ...]:
    """The tables in a folder, or every fault in them: nothing is taken from a faulty world."""
    reader = _Reader(folder)
    territories = {
        row["territory"]: int(row["bit"]) for row in reader.each("territories.csv", _territory())
    }
    nocs = reader.each("nocs.csv", lambda row: _noc(row, territories))
    codes = {row["noc"] for row in nocs}
    home_rows = reader.each("homes.csv", lambda row: _home(row, territories, codes))
    homes = tuple(
        HomeSpan(row["noc"], row["territory"], *_span(row)) for row in home_rows if row["noc"]
    )
    reader.faults.extend(_two_homes(homes))
    set_rows = reader.each("territory_sets.csv", _dates)
    sets = tuple(SetSpan(row["name"].upper(), row["text"], *_span(row)) for row in set_rows)
    reader.faults.extend(_unreadable_sets(Atlas(territories, homes, sets)))
    editions = reader.each("editions.csv", _edition)
    if reader.faults:
        return tuple(reader.faults)
    return World(territories, tuple(nocs), homes, sets, tuple(editions))


def _territory() -> Callable[[Row], str | None]:
    """A check that remembers: every code and every bit stands once."""
    codes: set[str] = set()
    bits: set[str] = set()

    def check(row: Row) -> str | None:
        code, bit = row["territory"], row["bit"]
        if re.fullmatch("[A-Z]{2}", code) is None:
            return f"{code!r} is not an ISO 3166 alpha-2 code"
        if re.fullmatch("[0-9]{1,3}", bit) is None or int(bit) > BIT_MAX:
            return f"bit {bit!r} is not a number from 0 to 255"
        if code in codes or bit in bits:
            return f"{code} or bit {bit} stands twice"
        codes.add(code)
        bits.add(bit)
        return None

    return check


def _noc(row: Row, territories: Mapping[str, int]) -> str | None:
    code = row["noc"]
    if re.fullmatch("[A-Z]{3}", code) is None:
        return f"{code!r} is not a committee's three-letter code"
    if row["territory"] not in territories:
        return f"{row['territory']!r} is no known territory"
    if row["currency"] not in known_currencies():
        return f"{row['currency']!r} is not an ISO 4217 currency"
    return None if row["name"] else "the name is missing"


def _home(row: Row, territories: Mapping[str, int], nocs: set[str]) -> str | None:
    if row["territory"] not in territories:
        return f"{row['territory']!r} is no known territory"
    if row["noc"] and row["noc"] not in nocs:
        return f"{row['noc']!r} is no known committee"
    return _dates(row)


def _edition(row: Row) -> str | None:
    if row["timezone"] not in available_timezones():
        return f"{row['timezone']!r} is no known time zone"
    if not row["from"] or not row["until"]:
        return "an edition needs its first and its last day"
    return _dates(row)


def _dates(row: Row) -> str | None:
    try:
        start, until = _span(row)
    except ValueError:
        return f"{row['from']!r} or {row['until']!r} is not a date such as 2030-07-19"
    return None if until is None or start < until else "it ends before it begins"


def _span(row: Row) -> tuple[datetime, datetime | None]:
    start = _midnight(row["from"]) if row["from"] else BEGINNING
    return start, _midnight(row["until"]) if row["until"] else None


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), timezone.utc)


def _two_homes(homes: Iterable[HomeSpan]) -> Iterator[Fault]:
    """A territory is the home of one committee at a time."""
    last: dict[str, HomeSpan] = {}
    for span in sorted(homes, key=lambda span: (span.territory, span.start)):
        before = last.get(span.territory)
        if before and (before.until is None or span.start < before.until):
            message = f"{span.territory} is the home of {before.noc} and {span.noc} at once"
            yield Fault("homes.csv", 0, message)
        last[span.territory] = span


def _unreadable_sets(atlas: Atlas) -> Iterator[Fault]:
    for span in atlas.sets:
        try:
            atlas.mask(span.text, span.start)
        except TerritoryTextError as error:
            yield Fault("territory_sets.csv", 0, f"{span.name}: {error}")
