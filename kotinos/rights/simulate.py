"""What a change of grants would open and close, before anybody signs it.

Denied demand that the change would have served is joined by the store, which knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kotinos.rights.compile import Compiler
from kotinos.rights.contracts import Known, Signature, Window, use_bit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Act, Grant, Outlet


@dataclass(frozen=True, slots=True)
class Effect:
    """For one property set: the territory masks that some seller gains or loses at a moment."""

    properties: tuple[UUID, ...]
    gained: int
    lost: int


def simulate(
    book: Book,
    property_sets: Iterable[Iterable[UUID]],
    *,
    added: Iterable[Grant] = (),
    removed: Iterable[UUID] = (),
    act: Act,
    outlet: Outlet,
    at: datetime,
) -> list[Effect]:
    """Return the effect on each property set that gains or loses a territory at the moment.

    A territory counts as cleared if any seller is cleared there without delay. Added grants
    count as signed by both; a removed grant takes its sublicences with it.
    """
    changed = _changed(book, tuple(added), set(removed), at)
    old, new = Compiler(book, since=at), Compiler(changed, since=at)
    use = use_bit(act, outlet)
    effects: list[Effect] = []
    for properties in sorted({tuple(sorted(set(p))) for p in property_sets}):
        was, becomes = _cleared(old, properties, use, at), _cleared(new, properties, use, at)
        if was != becomes:
            effects.append(Effect(properties, becomes & ~was, was & ~becomes))
    return effects


def _changed(book: Book, added: tuple[Grant, ...], removed: set[UUID], at: datetime) -> Book:
    replaced = removed | {draft.id for draft in added}
    kept = tuple(grant for grant in book.grants if grant.id not in replaced)
    return replace(book, grants=(*kept, *(_signed(draft, at) for draft in added)))


def _cleared(compiler: Compiler, properties: tuple[UUID, ...], use: int, at: datetime) -> int:
    mask = 0
    for row in compiler.compile(properties):
        window = Window(row.from_at, row.until_at)
        if row.uses >> use & 1 and not row.delay_minutes and window.covers(at):
            mask |= row.mask
    return mask


def _signed(draft: Grant, at: datetime) -> Grant:
    parties = sorted({draft.grantor_id, draft.grantee_id})
    return replace(draft, signatures=tuple(Signature(party, at, Known(at)) for party in parties))
