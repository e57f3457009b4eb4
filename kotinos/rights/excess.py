"""Rule 3: a child never exceeds its parent; every way in which it would, in words.

Checked at signing. The chain walked at every decision keeps it true when the parent is cut
later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights.acts import acts_text, outlets_text
from kotinos.rights.compile.timeline import BEGINNING
from kotinos.rights.contracts import Excess, Exclusivity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant

_STRENGTH = {Exclusivity.NON_EXCLUSIVE: 0, Exclusivity.SOLE: 1, Exclusivity.EXCLUSIVE: 2}


def excesses(book: Book, child: Grant) -> list[Excess]:
    """Return everything in which a child goes beyond its parent; empty: it may be signed.

    A root grant, or one whose parent is not on record, has nothing to exceed here.
    """
    parent = book.grant_by_id.get(child.parent_id) if child.parent_id else None
    if parent is None:
        return []
    return [*_reach(book, child, parent), *_terms(child, parent)]


def _reach(book: Book, child: Grant, parent: Grant) -> Iterator[Excess]:
    if not book.contains(parent.property_id, child.property_id):
        yield Excess("property", book.property_by_id[child.property_id].code)
    acts = acts_text(set(child.acts) - set(parent.acts))
    if acts:
        yield Excess("act", acts)
    outlets = outlets_text(set(child.outlets) - set(parent.outlets))
    if outlets:
        yield Excess("outlet", outlets)
    mask = _territory_excess(book, child, parent)
    if mask:
        yield Excess("territory", ", ".join(book.atlas.codes(mask)))


def _territory_excess(book: Book, child: Grant, parent: Grant) -> int:
    """Return the territories that exceed at any moment of the child's window."""
    start = child.window.from_at or BEGINNING
    moments = {start, *(m for m in book.atlas_moments if child.window.covers(m))}
    mask = 0
    for at in moments:
        mask |= book.mask(child.territory, at) & ~book.mask(parent.territory, at)
    return mask


def _terms(child: Grant, parent: Grant) -> Iterator[Excess]:
    yield from _window(child, parent)
    if parent.quota_units is not None and (
        child.quota_units is None or child.quota_units > parent.quota_units
    ):
        units = "no limit" if child.quota_units is None else str(child.quota_units)
        yield Excess("quota", f"{units} over {parent.quota_units} units")
    if _STRENGTH[child.exclusivity] > _STRENGTH[parent.exclusivity]:
        yield Excess("exclusivity", f"{child.exclusivity} over {parent.exclusivity}")
    if child.delay_minutes < parent.delay_minutes:
        yield Excess("delay", f"{parent.delay_minutes - child.delay_minutes} minutes too early")
    if not parent.may_sublicense:
        yield Excess("sublicence", "a licence that its parent does not allow")


def _window(child: Grant, parent: Grant) -> Iterator[Excess]:
    mine, theirs = child.window, parent.window
    if theirs.from_at and (mine.from_at is None or mine.from_at < theirs.from_at):
        yield Excess("window", f"a start {_day(mine.from_at)} before {_day(theirs.from_at)}")
    if theirs.until_at and (mine.until_at is None or mine.until_at > theirs.until_at):
        yield Excess("window", f"an end {_day(mine.until_at)} after {_day(theirs.until_at)}")


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else "without limit"
