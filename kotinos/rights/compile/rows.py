"""Step 3: what one seller may do with a set of properties, as rows of maximal time."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from kotinos.rights.compile.coverage import Facts
from kotinos.rights.compile.portfolio import (
    SELL_USES,
    Outcome,
    Portfolio,
    Portfolios,
    Scene,
    UseClass,
)
from kotinos.rights.compile.timeline import BEGINNING, Timeline, joint_starts
from kotinos.rights.contracts import Clearance, Law

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book


class Span(NamedTuple):
    """One outcome in a mask of territories from one instant until another."""

    from_at: datetime | None
    until_at: datetime | None
    mask: int
    outcome: Outcome


class Compiler:
    """Compiles clearances from one book. Keep it while many sets of that book are compiled.

    With `since`, rows describe only what holds from that instant on, which keeps dates long
    past from cutting rows; without it, all of time.
    """

    def __init__(self, book: Book, *, since: datetime | None = None) -> None:
        self._facts = Facts(book, since=since)
        self._area = self._facts.law_area()
        self._portfolios = Portfolios(self._facts)
        self._spans: dict[tuple[Portfolio, ...], list[tuple[Span, int]]] = {}
        self._sellers: dict[UUID, frozenset[UUID]] = {}

    def compile(self, property_ids: Iterable[UUID]) -> list[Clearance]:
        """Return the rows of every seller of one property set."""
        properties = tuple(sorted(set(property_ids)))
        return [row for seller in self.sellers(properties) for row in self.rows(properties, seller)]

    def sellers(self, property_ids: Sequence[UUID]) -> list[UUID]:
        """Return, sorted, everybody with a grant on each of the properties."""
        if not property_ids:
            return []
        common = frozenset.intersection(*(self._sellers_of(p) for p in property_ids))
        return sorted(common, key=attrgetter("int"))

    def rows(self, properties: tuple[UUID, ...], seller_id: UUID) -> Iterator[Clearance]:
        """Yield one seller's rows for a sorted property set; uses with equal spans share rows."""
        portfolios = dict.fromkeys(self._portfolios.of(p, seller_id) for p in properties)
        for span, uses in self._joint_spans(tuple(portfolios)):
            yield Clearance(
                properties=properties,
                seller_id=seller_id,
                uses=uses,
                from_at=span.from_at,
                until_at=span.until_at,
                mask=span.mask,
                delay_minutes=span.outcome.delay_minutes,
                chain=span.outcome.chain,
                law=span.outcome.law,
            )

    def _joint_spans(self, portfolios: tuple[Portfolio, ...]) -> list[tuple[Span, int]]:
        """Return what all the portfolios clear together, each distinct combination made once."""
        if portfolios not in self._spans:
            uses_by_span: dict[Span, int] = defaultdict(int)
            for uses, scenes in _intersection([p.classes for p in portfolios]):
                for span in _spans(self._lawful(uses, scenes)):
                    uses_by_span[span] |= uses
            self._spans[portfolios] = list(uses_by_span.items())
        return self._spans[portfolios]

    def _sellers_of(self, property_id: UUID) -> frozenset[UUID]:
        if property_id not in self._sellers:
            book = self._facts.book
            grantees = {grant.grantee_id for grant in book.grants_on(property_id)}
            members = (book.memberships.get(grantee, frozenset()) for grantee in grantees)
            self._sellers[property_id] = frozenset(grantees).union(*members)
        return self._sellers[property_id]

    def _lawful(self, uses: int, scenes: Timeline[Scene]) -> Timeline[Scene]:
        """Lay the passive-sales rule over the contracts; `sell` is a class of its own."""
        area = self._area
        if not uses & SELL_USES or not any(area.values):
            return scenes
        return Timeline.of(
            {*scenes.starts, *area.starts}, lambda at: _lend(scenes.at(at), area.at(at))
        )


def _intersection(portfolios: list[tuple[UseClass, ...]]) -> Iterator[UseClass]:
    if len(portfolios) == 1:
        yield from portfolios[0]
        return
    for classes in product(*portfolios):
        uses = -1
        for use_class in classes:
            uses &= use_class.uses
        if uses:
            yield UseClass(uses, _all_of([use_class.scenes for use_class in classes]))


def _all_of(lines: list[Timeline[Scene]]) -> Timeline[Scene]:
    return Timeline.of(joint_starts(lines), lambda at: _meet([line.at(at) for line in lines]))


def _meet(scenes: list[Scene]) -> Scene:
    """Return where all scenes are cleared: chains joined, the longest delay counts."""
    pieces = scenes[0].pieces
    prohibited = scenes[0].prohibited
    for scene in scenes[1:]:
        prohibited |= scene.prohibited
        pieces = tuple(
            (left & right, _join(mine, theirs))
            for left, mine in pieces
            for right, theirs in scene.pieces
            if left & right
        )
    return Scene(pieces, prohibited)


def _join(first: Outcome, second: Outcome) -> Outcome:
    chain = first.chain + tuple(link for link in second.chain if link not in first.chain)
    return Outcome(chain, max(first.delay_minutes, second.delay_minutes))


def _lend(scene: Scene, area: int) -> Scene:
    """Extend the clearance of one EEA territory to all (see `decide.standing._by_law`)."""
    lenders = [(o.delay_minutes, _lowest_bit(m & area), o) for m, o in scene.pieces if m & area]
    if not lenders:
        return scene
    lent = min(lenders, key=lambda lender: lender[:2])[2]
    covered = scene.prohibited
    for mask, _ in scene.pieces:
        covered |= mask
    reached = area & ~covered
    if not reached:
        return scene
    by_law = Outcome(lent.chain, lent.delay_minutes, Law.EEA_PASSIVE_SALES)
    return Scene((*scene.pieces, (reached, by_law)), scene.prohibited)


def _lowest_bit(mask: int) -> int:
    return (mask & -mask).bit_length()


def _spans(scenes: Timeline[Scene]) -> Iterator[Span]:
    """Cut the scenes into spans that last as long as a territory keeps its outcome."""
    masks: dict[Outcome, list[int]] = {}
    for index, scene in enumerate(scenes.values):
        for mask, outcome in scene.pieces:
            masks.setdefault(outcome, [0] * len(scenes.starts))[index] |= mask
    for outcome, mask_by_scene in masks.items():
        yield from _runs(scenes.starts, mask_by_scene, outcome)


def _runs(
    starts: tuple[datetime, ...], mask_by_scene: list[int], outcome: Outcome
) -> Iterator[Span]:
    running: list[tuple[datetime, int]] = []
    for start, mask in zip(starts, mask_by_scene, strict=True):
        fresh = mask
        kept: list[tuple[datetime, int]] = []
        for began, run in running:
            if run & ~mask:
                yield Span(_open(began), start, run & ~mask, outcome)
            if run & mask:
                kept.append((began, run & mask))
                fresh &= ~run
        running = [*kept, (start, fresh)] if fresh else kept
    for began, run in running:
        yield Span(_open(began), None, run, outcome)


def _open(began: datetime) -> datetime | None:
    return None if began == BEGINNING else began
