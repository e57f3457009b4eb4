"""How far one grant gets towards permitting one act on one property (rules 1, 2, 3, 8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from kotinos.rights.contracts import Reason

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant, Question


class Stage(IntEnum):
    """The checks in the order in which they are made; a later stop is a better reason."""

    PROPERTY = 0
    ACT = 1
    OUTLET = 2
    TERRITORY = 3
    WINDOW = 4
    STATE = 5
    CHAIN = 6


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where a grant failed, why, and which fact stands in the way."""

    stage: Stage
    reason: Reason
    blocking_id: UUID | None

    @property
    def merit(self) -> tuple[int, bool, int]:
        """Farthest first; what opens later is better news than what has ended; then by id."""
        id_number = self.blocking_id.int if self.blocking_id else 0
        return (-self.stage, self.reason is not Reason.NOT_YET, id_number)


@dataclass(frozen=True, slots=True)
class Permit:
    """A grant that holds here with everything above it, and what ranks it.

    `delay_minutes` is the longest of the chain: a child never runs ahead of its parent.
    `spread` is the number of territories the grant names at that moment.
    """

    grant: Grant
    chain: tuple[Grant, ...]
    delay_minutes: int
    spread: int

    @property
    def specificity(self) -> tuple[int, float, int]:
        """Rank among one grantor's permits: fewest territories, later signed, id."""
        return (self.spread, -last_signed(self.grant), self.grant.id.int)

    @property
    def favour(self) -> tuple[int, int, int]:
        """Rank between grantors: shortest delay, fewest territories, id."""
        return (self.delay_minutes, self.spread, self.grant.id.int)


def last_signed(grant: Grant) -> float:
    """Return when the last party signed, in seconds since the epoch."""
    return max(s.signed_at.timestamp() for s in grant.signatures)


def reach(
    book: Book, grant: Grant, property_id: UUID, question: Question, at: datetime
) -> Permit | Stopped:
    """Follow one signed grant on the property through every check up to its chain."""
    stopped = _own_terms(book, grant, question, at) or _state(grant, at)
    if stopped:
        return stopped
    ancestors = book.ancestors(grant)
    for link in ancestors:
        if not _carries(book, link, property_id, question, at):
            return Stopped(Stage.CHAIN, Reason.PARENT_LOST, link.id)
    off_record_id = (grant, *ancestors)[-1].parent_id
    if off_record_id:
        return Stopped(Stage.CHAIN, Reason.PARENT_LOST, off_record_id)
    return Permit(
        grant=grant,
        chain=(*reversed(ancestors), grant),
        delay_minutes=max(link.delay_minutes for link in (grant, *ancestors)),
        spread=book.mask(grant.territory, at).bit_count(),
    )


def _own_terms(book: Book, grant: Grant, question: Question, at: datetime) -> Stopped | None:
    if question.act not in grant.acts:
        return Stopped(Stage.ACT, Reason.ACT, grant.id)
    if question.outlet not in grant.outlets:
        return Stopped(Stage.OUTLET, Reason.OUTLET, grant.id)
    if not book.names(grant.territory, question.territory, at):
        return Stopped(Stage.TERRITORY, Reason.TERRITORY, grant.id)
    if grant.window.ended(at):
        return Stopped(Stage.WINDOW, Reason.ENDED, grant.id)
    if not grant.window.covers(at):
        return Stopped(Stage.WINDOW, Reason.NOT_YET, grant.id)
    return None


def _state(grant: Grant, at: datetime) -> Stopped | None:
    if any(t.at <= at for t in grant.terminations):
        return Stopped(Stage.STATE, Reason.ENDED, grant.id)
    if any(s.window.covers(at) for s in grant.suspensions):
        return Stopped(Stage.STATE, Reason.SUSPENDED, grant.id)
    return None


def _carries(book: Book, link: Grant, property_id: UUID, question: Question, at: datetime) -> bool:
    return (
        book.is_signed(link)
        and book.is_given_rightly(link)
        and book.contains(link.property_id, property_id)
        and _own_terms(book, link, question, at) is None
        and _state(link, at) is None
    )
