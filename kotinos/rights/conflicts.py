"""Rule 4: who would keep whom out, found before signing and guarded in the database.

A signed grant that is exclusive keeps everybody else out of what it covers; a sole one everybody
but its grantor. Not in conflict are:

* a grant and those above or below it: they are one right, handed down;
* two grants to the same party;
* a grant that the holder of the exclusive gives: it is the holder's to share;
* a sole grant and its grantor's own grant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.rights.acts import acts_mask, outlets_mask
from kotinos.rights.compile.timeline import BEGINNING, Timeline
from kotinos.rights.contracts import Conflict, ExclusiveRow, Exclusivity, Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant


def conflicts(book: Book, draft: Grant) -> list[Conflict]:
    """Return every exact overlap of the draft with a signed grant, in the grants' order.

    One conflict a grant and a stretch of time with the same territories. A suspended grant
    still holds its place; a terminated one only until its end.
    """
    found: list[Conflict] = []
    for other in book.grants:
        if other.id != draft.id and book.is_signed(other) and _at_odds(book, draft, other):
            found.extend(_overlaps(book, draft, other))
    return found


def exclusive_rows(book: Book, grant: Grant) -> list[ExclusiveRow]:
    """Return the rows that guard an exclusive or sole grant in the database.

    One row a property of the subtree and stretch of time with the same territories. Rows of
    one scope (the parent, None for root grants) meet each other; across scopes the parents'
    rows do, because a child never exceeds its parent, in exclusivity either. A grant to oneself
    keeps nobody out whom its owner could not let in, and has no rows.
    """
    if grant.exclusivity is Exclusivity.NON_EXCLUSIVE or grant.grantor_id == grant.grantee_id:
        return []
    stretches = [s for s in _stretches(book, grant) if s[1]]
    return [
        ExclusiveRow(
            grant_id=grant.id,
            grantee_id=grant.grantee_id,
            scope_id=grant.parent_id,
            property_id=property_id,
            acts=acts_mask(grant.acts),
            outlets=outlets_mask(grant.outlets),
            territories=mask,
            window=window,
        )
        for property_id in book.subtrees.get(grant.property_id, ())
        for window, mask in stretches
    ]


def ranges(mask: int) -> list[tuple[int, int]]:
    """Return a mask's runs of bits as half-open ranges, for a PostgreSQL multirange."""
    runs: list[tuple[int, int]] = []
    start = 0
    while mask >> start:
        start += (mask >> start & -(mask >> start)).bit_length() - 1
        length = (~(mask >> start) & (mask >> start) + 1).bit_length() - 1
        runs.append((start, start + length))
        start += length
    return runs


def _at_odds(book: Book, one: Grant, two: Grant) -> bool:
    if one.grantee_id == two.grantee_id or _are_lineage(book, one, two):
        return False
    return _keeps_out(one, two) or _keeps_out(two, one)


def _keeps_out(holder: Grant, other: Grant) -> bool:
    match holder.exclusivity:
        case Exclusivity.NON_EXCLUSIVE:
            return False
        case Exclusivity.SOLE if other.grantee_id == holder.grantor_id:
            return False
    return other.grantor_id != holder.grantee_id


def _are_lineage(book: Book, one: Grant, two: Grant) -> bool:
    return any(
        upper.id in {above.id for above in book.ancestors(lower)}
        for upper, lower in ((one, two), (two, one))
    )


def _overlaps(book: Book, draft: Grant, other: Grant) -> Iterator[Conflict]:
    shared = _shared_properties(book, draft, other)
    acts = tuple(act for act in draft.acts if act in other.acts)
    outlets = tuple(outlet for outlet in draft.outlets if outlet in other.outlets)
    if not (shared and acts and outlets):
        return
    for window, mask in _stretches(book, draft, other):
        if mask:
            codes = tuple(book.atlas.codes(mask))
            yield Conflict(other.id, shared, acts, outlets, codes, window)


def _shared_properties(book: Book, one: Grant, two: Grant) -> tuple[UUID, ...]:
    theirs = set(book.subtrees.get(two.property_id, ()))
    return tuple(p for p in book.subtrees.get(one.property_id, ()) if p in theirs)


def _stretches(book: Book, *grants: Grant) -> Iterator[tuple[Window, int]]:
    """Yield the windows of equal common territories; texts are read at each moment.

    A grant is over with the first grant above it that is: a lost child keeps nobody out.
    """
    moments: set[datetime] = {BEGINNING, *book.atlas_moments}
    over_at = {
        grant.id: {t.at for link in (grant, *book.ancestors(grant)) for t in link.terminations}
        for grant in grants
    }
    for grant in grants:
        moments.update(grant.window.edges(), over_at[grant.id])

    def common(at: datetime) -> int:
        mask = -1
        for grant in grants:
            over = any(end <= at for end in over_at[grant.id])
            holds = grant.window.covers(at) and not over
            mask &= book.mask(grant.territory, at) if holds else 0
        return mask

    line = Timeline.of(moments, common)
    ends = (*line.starts[1:], None)
    for start, end, mask in zip(line.starts, ends, line.values, strict=True):
        yield Window(None if start == BEGINNING else start, end), mask
