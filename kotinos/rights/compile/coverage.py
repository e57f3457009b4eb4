"""Step 1: when and where single facts hold: grants with their chains, prohibitions, consents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from kotinos.rights.compile.timeline import BEGINNING, Timeline
from kotinos.rights.contracts import CONSENT_ACTS, NOC_EMBLEM, Law, Outlet, uses_mask
from kotinos.rights.decide.reach import last_signed
from kotinos.rights.decide.standing import EEA, admits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Grant, Prohibition, Window

CONSENT_USES = uses_mask(CONSENT_ACTS, Outlet)


class Extent(NamedTuple):
    """Where a chain holds at a moment (mask), and how many territories its last grant names."""

    mask: int
    spread: int


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """One grant that holds with everything above it: for which uses, where and when."""

    grant: Grant
    chain: tuple[UUID, ...]
    property_ids: tuple[UUID, ...]
    uses: int
    delay_minutes: int
    last_signed: float
    is_spent: bool
    extents: Timeline[Extent]


class Facts:
    """The book's facts as timelines from `since` on (None: from the beginning), each made once."""

    def __init__(self, book: Book, *, since: datetime | None = None) -> None:
        self.book = book
        self.since = since or BEGINNING
        self.world = book.atlas.world
        self._coverages: dict[UUID, Coverage | None] = {}
        self._prohibited: dict[UUID, Timeline[int]] = {}
        self._admitted: dict[str | None, Timeline[int]] = {}
        self._welcomes: Timeline[Welcome] | None = None

    def moments(self, edges: Iterable[datetime]) -> set[datetime]:
        """Return the instants after `since` at which something changes, and `since` itself."""
        return {self.since, *(edge for edge in edges if edge > self.since)}

    # --- grants ---------------------------------------------------------------------------

    def coverages(self, property_id: UUID, seller_id: UUID) -> list[Coverage]:
        """Return the grants that hold at some time for this seller on this property."""
        return [
            coverage
            for grant in self.book.grants_for(property_id, seller_id)
            if (coverage := self._coverage(grant))
            and all(self.book.contains(above, property_id) for above in coverage.property_ids)
        ]

    def _coverage(self, grant: Grant) -> Coverage | None:
        if grant.id not in self._coverages:
            self._coverages[grant.id] = self._cover(grant)
        return self._coverages[grant.id]

    def _cover(self, grant: Grant) -> Coverage | None:
        book = self.book
        chain = (*reversed(book.ancestors(grant)), grant)
        uses = reduce(lambda mask, link: mask & link.uses, chain, chain[0].uses)
        if chain[0].parent_id or not uses:
            return None
        if not all(book.is_signed(link) and book.is_given_rightly(link) for link in chain):
            return None
        edges = (edge for link in chain for edge in _edges(link))
        extents = Timeline.of(
            self.moments((*edges, *book.atlas_moments)), lambda at: self._extent(chain, at)
        )
        return Coverage(
            grant=grant,
            chain=tuple(link.id for link in chain),
            property_ids=tuple(link.property_id for link in chain),
            uses=uses,
            delay_minutes=max(link.delay_minutes for link in chain),
            last_signed=last_signed(grant),
            is_spent=any(book.is_spent(link) for link in chain),
            extents=extents,
        )

    def _extent(self, chain: tuple[Grant, ...], at: datetime) -> Extent:
        mask = self.world
        for link in chain:
            if not _is_in_force(link, at):
                return Extent(0, 0)
            mask &= self.book.mask(link.territory, at)
        return Extent(mask, self.book.mask(chain[-1].territory, at).bit_count())

    # --- prohibitions and law ---------------------------------------------------------------

    def prohibited(self, row: Prohibition) -> Timeline[int]:
        """Return where the prohibition forbids, over time."""
        if row.id not in self._prohibited:
            self._prohibited[row.id] = self._territory(row.territory, row.window)
        return self._prohibited[row.id]

    def _territory(self, text: str, window: Window) -> Timeline[int]:
        return Timeline.of(
            self.moments((*window.edges(), *self.book.atlas_moments)),
            lambda at: self.book.mask(text, at) if window.covers(at) else 0,
        )

    def law_area(self) -> Timeline[int]:
        """Return the area of the passive-sales rule over time; empty while it is off."""
        if Law.EEA_PASSIVE_SALES not in self.book.laws:
            return Timeline((self.since,), (0,))
        return Timeline.of(
            self.moments(self.book.atlas_moments), lambda at: self.book.mask(EEA, at)
        )

    # --- consents ---------------------------------------------------------------------------

    def admitted(self, property_id: UUID) -> Timeline[int] | None:
        """Return where an emblem may go under rule 5, over time; None if the rule is silent."""
        row = self.book.property_by_id[property_id]
        if row.kind != NOC_EMBLEM:
            return None
        if row.home_noc not in self._admitted:
            welcomes = self.welcomes()
            self._admitted[row.home_noc] = Timeline.of(
                welcomes.starts, lambda at: welcomes.at(at).admits(row.home_noc)
            )
        return self._admitted[row.home_noc]

    def welcomes(self) -> Timeline[Welcome]:
        """Return which goods which homes let in, over time; one for all emblems."""
        if self._welcomes is None:
            edges = (edge for row in self.book.consents for edge in row.window.edges())
            self._welcomes = Timeline.of(
                self.moments((*edges, *self.book.atlas_moments)), self._welcome
            )
        return self._welcomes

    def _welcome(self, at: datetime) -> Welcome:
        book = self.book
        homes: dict[str | None, int] = {}
        for code, bit in book.atlas.bits.items():
            noc = book.home_of(code, at)
            homes[noc] = homes.get(noc, 0) | 1 << bit
        open_to: dict[str | None, int] = {}
        open_to_all = homes.get(None, 0)
        for noc, home in homes.items():
            consent = book.consent_of(noc, at) if noc else None
            if consent is None:
                continue
            if admits(consent, None):
                open_to_all |= home
            for guest in consent.listed:
                if admits(consent, guest):
                    open_to[guest] = open_to.get(guest, 0) | home
        return Welcome(homes, open_to_all, open_to)


class Welcome(NamedTuple):
    """Homes by committee at a moment, and the masks open to all and to listed guests."""

    homes: dict[str | None, int]
    open_to_all: int
    open_to: dict[str | None, int]

    def admits(self, home_noc: str | None) -> int:
        """Return where that committee's emblem may be sold: at home, and where it is let in."""
        own = self.homes.get(home_noc, 0) if home_noc else 0
        return own | self.open_to_all | self.open_to.get(home_noc, 0)


def _is_in_force(link: Grant, at: datetime) -> bool:
    return (
        link.window.covers(at)
        and not any(t.at <= at for t in link.terminations)
        and not any(s.window.covers(at) for s in link.suspensions)
    )


def _edges(link: Grant) -> Iterator[datetime]:
    yield from link.window.edges()
    yield from (t.at for t in link.terminations)
    for suspension in link.suspensions:
        yield from suspension.window.edges()
