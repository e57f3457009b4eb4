"""Reading a CSV file that anybody may hand in: bounded, and every fault is a row of the report."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import BinaryIO

BYTES_MAX = 20_000_000
ROWS_MAX = 50_000
FIELD_LENGTH_MAX = 4_000
NUMBER_LENGTH_MAX = 18
_TRUE = {"yes", "true", "1"}
_FALSE = {"no", "false", "0", ""}

Row = dict[str, str]


class FieldError(ValueError):
    """One field cannot be read; the message begins with its column."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file as a whole cannot be read, and why."""

    message: str


def read_rows(
    file: BinaryIO, *, required: Iterable[str], optional: Iterable[str]
) -> list[tuple[int, Row | str]] | Unreadable:
    """Rows by the line they end on, missing optional columns empty; a bad row is its message."""
    raw = file.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        return Unreadable(f"the file is larger than {BYTES_MAX} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Unreadable(f"the file is not UTF-8 (byte {error.start})")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        names = _header_problem(header, set(required), set(optional))
        if names is not None:
            return Unreadable(names)
        return list(_rows(reader, header, (*required, *optional)))
    except csv.Error as error:
        return Unreadable(f"line {reader.line_num}: {error}")


def _header_problem(header: list[str], required: set[str], optional: set[str]) -> str | None:
    missing = sorted(required - set(header))
    if missing:
        return f"the first line does not name {', '.join(missing)}"
    unknown = sorted(set(header) - required - optional)
    if unknown or len(set(header)) != len(header):
        return f"the first line names {', '.join(unknown) or 'a column twice'}"
    return None


def _rows(
    reader: Iterator[list[str]], header: list[str], names: Iterable[str]
) -> Iterator[tuple[int, Row | str]]:
    for count, values in enumerate(reader):
        line: int = reader.line_num  # type: ignore[attr-defined]  # csv readers have it
        if not any(value.strip() for value in values):
            continue
        if count >= ROWS_MAX:
            yield line, f"more than {ROWS_MAX} rows: the rest was not read"
            return
        if len(values) != len(header):
            yield line, f"has {len(values)} fields, not {len(header)}"
        elif any(len(value) > FIELD_LENGTH_MAX or "\x00" in value for value in values):
            yield line, f"has a field that is not text of at most {FIELD_LENGTH_MAX} characters"
        else:
            given = dict(zip(header, (value.strip() for value in values), strict=True))
            yield line, {name: given.get(name, "") for name in names}


def moment(row: Mapping[str, str], name: str) -> datetime | None:
    """A date (midnight UTC) or a moment with its offset; empty is None."""
    text = row[name]
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=timezone.utc)
        return at.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise FieldError(f"{name}: {text!r} is no date such as 2030-07-01") from None


def number(row: Mapping[str, str], name: str) -> int | None:
    """A whole number; empty is None."""
    text = row[name]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > NUMBER_LENGTH_MAX:
        raise FieldError(f"{name}: {text!r} is no whole number")
    return int(text)


def truth(row: Mapping[str, str], name: str) -> bool:
    """Yes or no; empty is no."""
    text = row[name].lower()
    if text not in _TRUE | _FALSE:
        raise FieldError(f"{name}: {row[name]!r} is neither yes nor no")
    return text in _TRUE
