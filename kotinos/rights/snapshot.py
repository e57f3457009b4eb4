"""Compiled clearance held in memory, for both lanes: a decision in about a microsecond.

One lookup by (property set, seller), a bit test for the use, a bisect for the moment, a bit
test for the territory; the answer was built beforehand. A refusal is just None here: its reason
is the interpreter's to tell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.rights.compile.coverage import CONSENT_USES
from kotinos.rights.compile.timeline import BEGINNING, Timeline
from kotinos.rights.contracts import NOC_EMBLEM, Cleared, Duty, DutyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Clearance, Consent


@dataclass(frozen=True, slots=True)
class Destination:
    """Who is at home in a territory, and the consent that committee gives, if any."""

    noc: str | None
    consent_id: UUID | None
    share: Duty | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rows do not carry: duties by grant, emblems' homes, destinations by territory bit."""

    duties: Mapping[UUID, tuple[Duty, ...]]
    emblem_homes: Mapping[UUID, str | None]
    destinations: Mapping[int, Timeline[Destination]]

    @classmethod
    def of(cls, book: Book) -> Surroundings:
        """Read them off a book known at one moment."""
        edges = {edge for consent in book.consents for edge in consent.window.edges()}
        moments = {BEGINNING, *edges, *book.atlas_moments}
        return cls(
            duties={grant.id: grant.duties for grant in book.grants if grant.duties},
            emblem_homes={p.id: p.home_noc for p in book.properties if p.kind == NOC_EMBLEM},
            destinations={
                bit: _destinations(book, code, moments) for code, bit in book.atlas.bits.items()
            },
        )


# eq is left to identity: rows are many, and nothing compares them.
@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """One row, ready to answer. `abroad` caches the answer for each consent met."""

    mask: int
    cleared: Cleared
    delay: timedelta
    abroad: dict[UUID, Cleared]


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """Rows of equal uses by time: `layers[i]` are in force before `edges[i]`."""

    uses: int
    edges: tuple[datetime, ...]
    layers: tuple[tuple[_Layer, ...], ...]


class Snapshot:
    """Every clearance of an installation, or of the part of it that a process serves.

    Property sets are named by whatever id the caller keeps for them. Changes arrive as whole
    sets (`put`); readers in other threads see a set either before or after, never between.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings
        self._tracks: dict[tuple[int, int], tuple[_Track, ...]] = {}
        self._homes: dict[int, frozenset[str | None]] = {}
        self._sellers: dict[int, tuple[int, ...]] = {}

    def put(self, set_id: UUID, rows: Iterable[Clearance]) -> None:
        """Replace everything known about one property set by these rows."""
        by_seller: dict[int, list[Clearance]] = defaultdict(list)
        for row in rows:
            by_seller[row.seller_id.int].append(row)
            if set_id.int not in self._homes:
                self._homes[set_id.int] = self._homes_of(row)
        for seller in set(self._sellers.get(set_id.int, ())) - by_seller.keys():
            self._tracks.pop((set_id.int, seller), None)
        for seller, theirs in by_seller.items():
            self._tracks[set_id.int, seller] = tuple(self._lay_tracks(theirs))
        self._sellers[set_id.int] = tuple(by_seller)

    def decide(  # noqa: PLR0917 keywords cost a fifth of the call
        self,
        set_id: UUID,
        seller_id: UUID,
        use: int,
        bit: int,
        at: datetime,
        occurred_at: datetime | None = None,
    ) -> Cleared | None:
        """Return the clearance, equal to the interpreter's, or None where it refuses.

        `use` is `contracts.use_bit`, `bit` the territory's bit number. Positional, because
        this is called for every card of a page.
        """
        for track in self._tracks.get((set_id.int, seller_id.int), ()):
            if track.uses >> use & 1:
                for layer in track.layers[bisect_right(track.edges, at)]:
                    if layer.mask >> bit & 1:
                        if layer.cleared.delay_minutes and (
                            occurred_at is None or at < occurred_at + layer.delay
                        ):
                            return None
                        homes = self._homes[set_id.int]
                        if not homes or layer.cleared.law or not CONSENT_USES >> use & 1:
                            return layer.cleared
                        return self._abroad(layer, homes, bit, at)
        return None

    def cleared_mask(self, set_id: UUID, seller_id: UUID | None, use: int, at: datetime) -> int:
        """Return where the use is cleared without delay, for a seller or (None) for any."""
        sellers = self._sellers.get(set_id.int, ()) if seller_id is None else (seller_id.int,)
        mask = 0
        for seller in sellers:
            for track in self._tracks.get((set_id.int, seller), ()):
                if track.uses >> use & 1:
                    for layer in track.layers[bisect_right(track.edges, at)]:
                        mask |= 0 if layer.cleared.delay_minutes else layer.mask
        return mask

    def _homes_of(self, row: Clearance) -> frozenset[str | None]:
        homes = self._around.emblem_homes
        return frozenset(homes[p] for p in row.properties if p in homes)

    def _abroad(
        self, layer: _Layer, homes: frozenset[str | None], bit: int, at: datetime
    ) -> Cleared:
        """Add the destination's consent, if the goods are foreign to whoever is at home there."""
        there = self._around.destinations[bit].at(at)
        if there.consent_id is None or homes == {there.noc}:
            return layer.cleared
        cleared = layer.abroad.get(there.consent_id)
        if cleared is None:
            shares = (there.share,) if there.share else ()
            cleared = layer.abroad[there.consent_id] = replace(
                layer.cleared,
                consents=(there.consent_id,),
                duties=(*layer.cleared.duties, *shares),
            )
        return cleared

    def _lay_tracks(self, rows: list[Clearance]) -> Iterable[_Track]:
        by_uses: dict[int, list[Clearance]] = defaultdict(list)
        for uses in _disjoint({row.uses for row in rows}):
            by_uses[uses].extend(row for row in rows if row.uses & uses)
        layer_of = {id(row): self._layer(row) for row in rows}
        for uses, same in by_uses.items():
            edges = sorted(
                {edge for r in same for edge in (r.from_at, r.until_at) if edge is not None}
            )
            yield _Track(
                uses=uses,
                edges=tuple(edges),
                layers=tuple(
                    tuple(layer_of[id(row)] for row in same if _holds(row, start))
                    for start in (None, *edges)
                ),
            )

    def _layer(self, row: Clearance) -> _Layer:
        duties = tuple(d for grant_id in row.chain for d in self._around.duties.get(grant_id, ()))
        return _Layer(
            mask=row.mask,
            cleared=Cleared(
                until=row.until_at,
                chain=row.chain,
                duties=duties,
                law=row.law,
                delay_minutes=row.delay_minutes,
            ),
            delay=timedelta(minutes=row.delay_minutes),
            abroad={},
        )


def _holds(row: Clearance, start: datetime | None) -> bool:
    """Return whether the row is in force just from `start` on (None: from the beginning)."""
    if start is None:
        return row.from_at is None
    return (row.from_at is None or row.from_at <= start) and (
        row.until_at is None or start < row.until_at
    )


def _disjoint(masks: set[int]) -> set[int]:
    """Return the classes of bits that the masks tell apart."""
    parts: set[int] = set()
    for mask in masks:
        rest = mask
        for part in list(parts):
            if part & mask:
                parts.discard(part)
                parts |= {piece for piece in (part & mask, part & ~mask) if piece}
                rest &= ~part
        if rest:
            parts.add(rest)
    return parts


def _destinations(book: Book, code: str, moments: set[datetime]) -> Timeline[Destination]:
    def destination(at: datetime) -> Destination:
        noc = book.home_of(code, at)
        consent = book.consent_of(noc, at) if noc else None
        return Destination(noc, consent.id if consent else None, _share(consent))

    return Timeline.of(moments, destination)


def _share(consent: Consent | None) -> Duty | None:
    if consent is None or not consent.share_basis_points:
        return None
    return Duty(DutyKind.SHARE, consent.id, consent.organisation_id, consent.share_basis_points)
