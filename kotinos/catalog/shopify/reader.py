"""A file as records, one at a time: memory does not grow with the file, and nothing is trusted."""

from __future__ import annotations

import codecs
import csv
import hashlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_BYTES_MAX = 1_000_000_000
FIELD_CHARACTERS_MAX = 100_000
COLUMNS_MAX = 400
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """What one pass over the bytes tells: digest, size, and an encoding that can read them."""

    path: Path
    digest: str
    bytes_total: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `row` counts as a spreadsheet does, the header is row 1."""

    row: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be cut into cells."""

    row: int
    problem: str


def survey(path: Path) -> Source:
    """Digest and encoding in one pass. UTF-8 where all of it is, else Windows' Latin-1.

    Raises ValueError for a file above `FILE_BYTES_MAX`.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    total, utf8 = 0, True
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total += len(block)
            if total > FILE_BYTES_MAX:
                raise ValueError(f"the file is larger than {FILE_BYTES_MAX} bytes")
            digest.update(block)
            utf8 = utf8 and _decodes(decoder, block, final=False)
        utf8 = utf8 and _decodes(decoder, b"", final=True)
    return Source(path, digest.hexdigest(), total, "utf-8-sig" if utf8 else "cp1252")


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def records(source: Source) -> Iterator[Record | BadRecord]:
    """Every record, the header first. Quoted newlines are part of a cell."""
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    with source.path.open(encoding=source.encoding, errors="replace", newline="") as file:
        yield from _records(file)


def _records(file: IO[str]) -> Iterator[Record | BadRecord]:
    reader = csv.reader(_lines(file))
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRecord(row, str(error))
            continue
        if any(cells):
            yield Record(row, [cell.replace("\x00", "") for cell in cells[:COLUMNS_MAX]])


def _lines(file: IO[str]) -> Iterator[str]:
    """Lines bounded in length: a file without a line end must not become one string."""
    while line := file.readline(FIELD_CHARACTERS_MAX * 2):
        yield line
