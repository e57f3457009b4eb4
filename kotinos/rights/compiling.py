"""Compiled answers into their table: for the property sets a change touches, or for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from psycopg.types.range import TimestamptzRange

from kotinos.kernel import rich
from kotinos.rights import models, statements
from kotinos.rights.compile import Compiler
from kotinos.rights.loading import load_book
from kotinos.rights.queries import all_sets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Clearance
    from kotinos.rights.statements import TouchedSet

# Rows describe the last day too: a server whose clock is behind must find its moment in them.
COMPILED_BACK = timedelta(days=1)
SETS_PER_COPY = 500
CHANNEL = "kotinos_rights"
SETS_PER_NOTICE = 200  # a notice holds 8,000 bytes at most
USES_BYTES = 12
MASK_BYTES = 32


def recompile_properties(
    *,
    property_ids: Collection[UUID] | None,
    now: datetime,
    seller_ids: Collection[UUID] | None = None,
) -> int:
    """Compile every set that uses one of these properties or one below; None: every set.

    With `seller_ids`, only what these sellers may do: a grant moves nobody else's clearance. The
    caller holds the book. Returns how many works the sets stand for.
    """
    if property_ids is None:
        touched = all_sets()
        recompile(touched, book=load_book(now=now), now=now)
    else:
        touched = rich.run(statements.touched_sets, properties=list(property_ids))
        recompile_sets(touched, now=now, seller_ids=seller_ids)
    return models.Work.objects.filter(property_set__in=[each.id for each in touched]).count()


def recompile_sets(
    touched: Sequence[TouchedSet], *, now: datetime, seller_ids: Collection[UUID] | None = None
) -> None:
    """Compile some sets from the part of the book that decides about them."""
    if touched:
        members = {member for each in touched for member in each.properties}
        book = load_book(now=now, property_ids=members, seller_ids=seller_ids)
        recompile(touched, book=book, now=now, seller_ids=seller_ids)


def recompile(
    touched: Sequence[TouchedSet],
    *,
    book: Book,
    now: datetime,
    seller_ids: Collection[UUID] | None = None,
) -> None:
    """Put the answers of these sets (and sellers) in place of what the table holds for them."""
    compiler = Compiler(book, since=now - COMPILED_BACK)
    sellers = None if seller_ids is None else list(seller_ids)
    for start in range(0, len(touched), SETS_PER_COPY):
        part = touched[start : start + SETS_PER_COPY]
        ids = [each.id for each in part]
        rich.run(statements.clear_sets, sets=ids, sellers=sellers)
        _copy((each.id, row) for each in part for row in _compile(compiler, each, sellers))
        models.PropertySet.objects.filter(id__in=ids).update(compiled_at=now)
        notify_sets(ids)


def _compile(
    compiler: Compiler, touched: TouchedSet, sellers: Collection[UUID] | None
) -> Iterator[Clearance]:
    for seller in compiler.sellers(touched.properties):
        if sellers is None or seller in sellers:
            yield from compiler.rows(touched.properties, seller)


def notify_sets(ids: Sequence[UUID]) -> None:
    """Tell every snapshot, after the commit, which sets to read again."""
    for start in range(0, len(ids), SETS_PER_NOTICE):
        part = ids[start : start + SETS_PER_NOTICE]
        rich.run(statements.notify_sets, channel=CHANNEL, sets=",".join(map(str, part)))


def _copy(rows: Iterable[tuple[UUID, Clearance]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statements.copy_clearances.text) as copy:
        for values in _values(rows):
            copy.write_row(values)


def _values(rows: Iterable[tuple[UUID, Clearance]]) -> Iterator[tuple[object, ...]]:
    for set_id, row in rows:
        yield (
            set_id,
            row.seller_id,
            row.uses.to_bytes(USES_BYTES, "little"),
            TimestamptzRange(row.from_at, row.until_at),
            row.mask.to_bytes(MASK_BYTES, "little"),
            row.delay_minutes,
            list(row.chain),
            row.law,
        )
