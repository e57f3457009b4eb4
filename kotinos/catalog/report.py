"""An import's remarks as a CSV that a spreadsheet cannot be tricked with."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from kotinos.catalog.contracts import RowNote

COLUMNS = ("row", "severity", "field", "message", "suggestion")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell that begins like a formula gets an apostrophe (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class ReportFile:
    """Writes each remark as it comes: the report of a bad file may be longer than memory."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(COLUMNS)

    def __call__(self, note: RowNote) -> None:
        cells = (str(note.row), note.severity, note.field, note.message, note.suggestion)
        self._writer.writerow([safe_cell(cell) for cell in cells])
