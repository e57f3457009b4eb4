"""Claims of exclusive grants in the table that lets no two of them overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.kernel import rich
from kotinos.rights import models, statements
from kotinos.rights.conflicts import exclusive_rows, ranges
from kotinos.rights.contracts import Act, Conflict, Outlet, Window
from kotinos.rights.loading import load_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from kotinos.kernel.statement import Param
    from kotinos.rights.book import Book
    from kotinos.rights.contracts import ExclusiveRow, Grant
    from kotinos.rights.statements import SpanOverlap

# A root grant has no parent whose exclusives it could share: its scope is nobody's.
NO_SCOPE = UUID(int=0)


def claim(book: Book, grant: Grant) -> bool:
    """Write the claims of an exclusive grant. False: somebody else's claim overlaps one of them.

    The caller then rolls back to before the claim and asks `overlaps` for the exact words.
    """
    return _claim(list(exclusive_rows(book, grant)))


def overlaps(book: Book, grant: Grant) -> tuple[Conflict, ...]:
    """Where the table's claims overlap this grant's, exactly, one conflict a claim."""
    rows = list(exclusive_rows(book, grant))
    if not rows:
        return ()
    found = rich.run(statements.overlaps_of_exclusives, **_owner(rows), **_arrays(rows))
    codes = {bit: code for code, bit in book.atlas.bits.items()}
    return tuple(_conflict(overlap, codes) for overlap in found)


def cut(grant_ids: Iterable[UUID], *, at: datetime) -> None:
    """Free what these grants had claimed after `at`."""
    rich.run(statements.cut_exclusives, grants=list(grant_ids), at=at)


def cover_new_property(*, property_id: UUID, now: datetime) -> None:
    """Extend the claims of exclusives on what is above a new property to the property itself.

    They cannot collide: on the property above they would have collided already.
    """
    book = load_book(now=now, property_ids=[property_id])
    for grant in book.grants:
        if book.is_signed(grant):
            rows = [row for row in exclusive_rows(book, grant) if row.property_id == property_id]
            assert _claim(rows), f"claims of {grant.id} collide below a property where they stood"


def claim_all_again(*, now: datetime) -> tuple[UUID, ...]:
    """After the world's table changed: every claim anew; the grants that collide now, if any.

    Two exclusives that both stand in signed writing cannot be undone by a new table of homes:
    the earlier keeps its claim, and the later is handed back for people to settle.
    """
    book = load_book(now=now)
    models.ExclusiveSpan.objects.all().delete()
    signed = (grant for grant in book.grants if book.is_signed(grant))
    order = sorted(signed, key=lambda grant: max(s.signed_at for s in grant.signatures))
    return tuple(grant.id for grant in order if not claim(book, grant))


def _claim(rows: Sequence[ExclusiveRow]) -> bool:
    if not rows:
        return True
    written = rich.run(
        statements.insert_exclusives, grant=rows[0].grant_id, **_owner(rows), **_arrays(rows)
    )
    return len(written) == len(rows)


def _owner(rows: Sequence[ExclusiveRow]) -> dict[str, Param]:
    return {"scope": rows[0].scope_id or NO_SCOPE, "grantee": rows[0].grantee_id}


def _arrays(rows: Sequence[ExclusiveRow]) -> dict[str, Param]:
    return {
        "properties": [row.property_id for row in rows],
        "acts": [_multirange(row.acts) for row in rows],
        "outlets": [_multirange(row.outlets) for row in rows],
        "territories": [_multirange(row.territories) for row in rows],
        "from_ats": [row.window.from_at for row in rows],
        "until_ats": [row.window.until_at for row in rows],
    }


def _multirange(mask: int) -> str:
    return "{" + ",".join(f"[{start},{stop})" for start, stop in ranges(mask)) + "}"


def _bits(multirange: str) -> frozenset[int]:
    """PostgreSQL writes `{[1,3),[7,8)}`: bits 1, 2 and 7."""
    numbers = [
        int(text)
        for text in multirange.strip("{}").replace("[", "").replace(")", "").split(",")
        if text
    ]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return frozenset(bit for start, stop in pairs for bit in range(start, stop))


def _conflict(overlap: SpanOverlap, codes: dict[int, str]) -> Conflict:
    acts, outlets = _bits(overlap.acts), _bits(overlap.outlets)
    return Conflict(
        grant_id=overlap.grant_id,
        property_ids=(overlap.property_id,),
        acts=tuple(act for act in Act if act.bit in acts),
        outlets=tuple(outlet for outlet in Outlet if outlet.bit in outlets),
        territories=tuple(sorted(codes[bit] for bit in _bits(overlap.territories))),
        window=Window(overlap.from_at, overlap.until_at),
    )
