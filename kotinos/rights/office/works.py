"""Finding a work by what people call it: a title, a handle, a SKU, an id.

The catalogue lies above this package and hands its words down: whoever serves both registers a
finder with `found_by`, which turns a text into ids of works.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.rights import models

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND_MAX = 25
TEXT_LENGTH_MIN = 2
_finders: list[Callable[[str], list[UUID]]] = []


@dataclass(frozen=True, slots=True)
class FoundWork:
    id: UUID
    kind: str
    title: str


def found_by(finder: Callable[[str], list[UUID]]) -> None:
    """Let another package's words (handles, SKUs) find works too."""
    if finder not in _finders:
        _finders.append(finder)


def search(text: str) -> list[FoundWork]:
    """Works for a text, the exact ones alone where there are any."""
    asked = text.strip().replace("\x00", "")
    exact = _ids(asked) or [each for finder in _finders for each in finder(asked)]
    rows = models.Work.objects.filter(id__in=exact)
    if not exact and len(asked) >= TEXT_LENGTH_MIN:
        same = models.Work.objects.filter(title__iexact=asked)
        rows = same if same.exists() else models.Work.objects.filter(title__icontains=asked)
    return [FoundWork(row.id, row.kind, row.title) for row in rows.order_by("title")[:FOUND_MAX]]


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
