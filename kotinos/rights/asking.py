"""Questions about works, answered by the interpreter or from the compiled rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.rights import models, statements
from kotinos.rights.contracts import Cleared, Law, Question, Refused, use_bit
from kotinos.rights.decide import decide as interpret
from kotinos.rights.explain import explain as tell
from kotinos.rights.loading import load_book
from kotinos.rights.naming import names_for
from kotinos.rights.queries import properties_of_work, set_of_work

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Act, Decision, Explanation, Outlet
    from kotinos.rights.statements import ClearanceRow

NOBODY = UUID(int=0)


def decide(
    *,
    seller_id: UUID,
    act: Act,
    outlet: Outlet,
    territory: str,
    at: datetime,
    work_id: UUID | None = None,
    properties: Collection[str] = (),
    as_of: datetime | None = None,
    occurred_at: datetime | None = None,
) -> Decision:
    """The interpreter's answer for a work (or for property codes), as known at `as_of`.

    A work that uses nothing, or that nobody registered, is refused: closed world.
    """
    ids = properties_of_work(work_id, as_of=as_of) if work_id else property_ids(properties)
    question = Question(seller_id, ids, act, outlet, territory, at, occurred_at)
    return interpret(book_for(ids, now=at, as_of=as_of), question)


def property_ids(codes: Collection[str]) -> tuple[UUID, ...]:
    """The ids of properties by code; KeyError names a code that is not known."""
    known = dict(models.Property.objects.filter(code__in=codes).values_list("code", "id"))
    return tuple(sorted({known[code] for code in codes}))


def book_for(ids: Collection[UUID], *, now: datetime, as_of: datetime | None) -> Book:
    """The part of the book that decides about some properties."""
    return load_book(now=now, property_ids=ids, as_of=as_of)


def decide_now(
    *,
    work_id: UUID,
    seller_id: UUID,
    act: Act,
    outlet: Outlet,
    territory: str,
    at: datetime,
    occurred_at: datetime | None = None,
) -> Cleared | None:
    """The compiled answer in one statement, without duties and consents; None: refused.

    For pages. Nothing is sold on it: an order line rests on `record_decision`.
    """
    bit = games.territory_bits().get(territory)
    set_id = set_of_work(work_id)
    if bit is None or set_id is None:
        return None
    use = use_bit(act, outlet)
    for row in clearances(set_id, seller_id=seller_id):
        if row.uses >> use & 1 and row.mask >> bit & 1 and _holds(row, at):
            return _cleared(row, at, occurred_at)
    return None


def cleared_mask(
    *, work_id: UUID, act: Act, outlet: Outlet, at: datetime, seller_id: UUID | None = None
) -> int:
    """Where the use is cleared without delay, for one seller or (None) for any; compiled."""
    set_id = set_of_work(work_id)
    if set_id is None:
        return 0
    use, mask = use_bit(act, outlet), 0
    for row in clearances(set_id, seller_id=seller_id):
        if row.uses >> use & 1 and not row.delay_minutes and _holds(row, at):
            mask |= row.mask
    return mask


def cleared_chains(
    *, work_id: UUID, seller_id: UUID, act: Act, outlet: Outlet, at: datetime
) -> dict[str, tuple[UUID, ...]]:
    """The chain of grants that clears a use without delay, for every territory that has one."""
    set_id = set_of_work(work_id)
    if set_id is None:
        return {}
    use = use_bit(act, outlet)
    rows = [
        row
        for row in clearances(set_id, seller_id=seller_id)
        if row.uses >> use & 1 and not row.delay_minutes and _holds(row, at)
    ]
    found = {}
    for code, bit in games.territory_bits().items():
        chain = next((row.chain for row in rows if row.mask >> bit & 1), None)
        if chain is not None:
            found[code] = chain
    return found


def cleared_spans(
    *, work_id: UUID, seller_id: UUID, act: Act, outlet: Outlet
) -> list[ClearanceRow]:
    """Every compiled row that clears one use: where, from when until when, with what delay."""
    set_id = set_of_work(work_id)
    if set_id is None:
        return []
    use = use_bit(act, outlet)
    return [row for row in clearances(set_id, seller_id=seller_id) if row.uses >> use & 1]


def clearances(set_id: UUID, *, seller_id: UUID | None) -> list[ClearanceRow]:
    """The compiled rows of one property set."""
    return rich.run(statements.clearances_of_set, set=set_id, seller=seller_id)


def _holds(row: ClearanceRow, at: datetime) -> bool:
    return (row.from_at is None or row.from_at <= at) and (
        row.until_at is None or at < row.until_at
    )


def _cleared(row: ClearanceRow, at: datetime, occurred_at: datetime | None) -> Cleared | None:
    if row.delay_minutes and (
        occurred_at is None or at < occurred_at + timedelta(minutes=row.delay_minutes)
    ):
        return None
    return Cleared(
        until=row.until_at,
        chain=row.chain,
        law=Law(row.law) if row.law else None,
        delay_minutes=row.delay_minutes,
    )


def explain(
    *,
    work_id: UUID,
    act: Act,
    outlet: Outlet,
    territory: str,
    at: datetime,
    language: str,
    seller_id: UUID | None = None,
    as_of: datetime | None = None,
    occurred_at: datetime | None = None,
) -> Explanation:
    """The answer in the reader's language and in machine form, with its grounds.

    Without a seller the question is whether anybody may: the first who is cleared answers, else
    the owner of what the work uses. A reason's name is in `machine["reason"]`.
    """
    ids = properties_of_work(work_id, as_of=as_of)
    book = book_for(ids, now=at, as_of=as_of)
    if seller_id is None:
        seller_id = _anybody(book, Question(NOBODY, ids, act, outlet, territory, at, occurred_at))
    question = Question(seller_id, ids, act, outlet, territory, at, occurred_at)
    return tell(book, question, names=names_for(book, language), language=language)


def _anybody(book: Book, question: Question) -> UUID:
    """Who answers for all: a cleared seller, else the owner of the first property."""
    answer = interpret(book, question)
    if isinstance(answer, Refused) and answer.nearest and answer.nearest.seller_ids:
        return answer.nearest.seller_ids[0]
    owners = [p.owner_id for p in book.properties if p.id in question.property_ids]
    return min(owners, default=NOBODY)
