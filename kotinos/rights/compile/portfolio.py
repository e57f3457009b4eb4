"""Step 2: what one seller may do with one property.

Uses fall into classes that the same facts cover; within a class the answer depends on territory
and time only, so it is a timeline of scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kotinos.rights.compile.coverage import CONSENT_USES
from kotinos.rights.compile.timeline import Timeline, joint_starts
from kotinos.rights.contracts import Act, Outlet, uses_mask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.compile.coverage import Coverage, Facts
    from kotinos.rights.contracts import Law

SELL_USES = uses_mask((Act.SELL,), Outlet)
ALL_USES = uses_mask(Act, Outlet)


class Outcome(NamedTuple):
    """What a clearance rests on; two moments with equal outcomes are one clearance."""

    chain: tuple[UUID, ...]
    delay_minutes: int
    law: Law | None = None


class Scene(NamedTuple):
    """One moment: which territories have which outcome (disjoint), and which are prohibited."""

    pieces: tuple[tuple[int, Outcome], ...]
    prohibited: int


class UseClass(NamedTuple):
    """Uses with one and the same answer, and that answer over time."""

    uses: int
    scenes: Timeline[Scene]


# eq is identity: equal portfolios are one object, so that sets of them are compiled once.
@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """The classes of uses in which somebody is cleared somewhere at some time."""

    classes: tuple[UseClass, ...]


class Portfolios:
    """Every seller's portfolio of every property, each distinct one made once.

    A licensee's grant on the Games covers a hundred marks under it: one portfolio.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._by_pair: dict[tuple[int, int], Portfolio] = {}
        self._by_ground: dict[tuple[object, ...], Portfolio] = {}

    def of(self, property_id: UUID, seller_id: UUID) -> Portfolio:
        """Return the seller's portfolio of the property, perhaps empty."""
        pair = (property_id.int, seller_id.int)
        if pair not in self._by_pair:
            self._by_pair[pair] = self._interned(property_id, seller_id)
        return self._by_pair[pair]

    def _interned(self, property_id: UUID, seller_id: UUID) -> Portfolio:
        coverages = self._facts.coverages(property_id, seller_id)
        prohibitions = list(self._facts.book.prohibitions_on(property_id, seller_id))
        admitted = self._facts.admitted(property_id)
        ground = (*coverages, None, *prohibitions, id(admitted))
        if ground not in self._by_ground:
            lines = [(row.uses, self._facts.prohibited(row)) for row in prohibitions]
            self._by_ground[ground] = Portfolio(_classes(coverages, lines, admitted))
        return self._by_ground[ground]


def _classes(
    coverages: list[Coverage],
    prohibitions: list[tuple[int, Timeline[int]]],
    admitted: Timeline[int] | None,
) -> tuple[UseClass, ...]:
    cuts = {SELL_USES, CONSENT_USES, *(c.uses for c in coverages), *(u for u, _ in prohibitions)}
    classes: list[UseClass] = []
    for uses in _partition(cuts):
        covering = [c for c in coverages if c.uses & uses]
        if covering:
            forbidding = [line for mask, line in prohibitions if mask & uses]
            gate = admitted if uses & CONSENT_USES else None
            classes.append(UseClass(uses, _scenes(covering, forbidding, gate)))
    return tuple(c for c in classes if any(scene.pieces for scene in c.scenes.values))


def _partition(cuts: Iterable[int]) -> list[int]:
    parts = [ALL_USES]
    for cut in cuts:
        parts = [part for whole in parts for part in (whole & cut, whole & ~cut) if part]
    return parts


def _scenes(
    covering: list[Coverage], forbidding: list[Timeline[int]], gate: Timeline[int] | None
) -> Timeline[Scene]:
    extents = [coverage.extents for coverage in covering]
    starts = joint_starts(extents) | joint_starts(forbidding)
    if gate:
        starts |= set(gate.starts)

    def scene(at: datetime) -> Scene:
        prohibited = 0
        for line in forbidding:
            prohibited |= line.at(at)
        allowed = (gate.at(at) if gate else -1) & ~prohibited
        return Scene(_elected(covering, at, allowed), prohibited)

    return Timeline.of(starts, scene)


def _elected(
    covering: list[Coverage], at: datetime, allowed: int
) -> tuple[tuple[int, Outcome], ...]:
    """Apply rule 2 to all territories at once.

    Ranks depend on the moment, not on the territory: so each grantor's permits are laid down
    most specific first, each taking what is left, and then the grantors' voices likewise.
    """
    voices: list[tuple[tuple[int, int, int], int, Coverage]] = []
    taken: dict[UUID, int] = {}
    for (spread, _, number), mask, coverage in _by_specificity(covering, at):
        grantor_id = coverage.grant.grantor_id
        own = mask & ~taken.get(grantor_id, 0)
        taken[grantor_id] = taken.get(grantor_id, 0) | mask
        if own and not coverage.is_spent:
            voices.append(((coverage.delay_minutes, spread, number), own, coverage))
    voices.sort(key=lambda voice: voice[0])
    pieces: list[tuple[int, Outcome]] = []
    left = allowed
    for _, own, coverage in voices:
        if own & left:
            pieces.append((own & left, Outcome(coverage.chain, coverage.delay_minutes)))
            left &= ~own
    return tuple(pieces)


def _by_specificity(
    covering: list[Coverage], at: datetime
) -> list[tuple[tuple[int, float, int], int, Coverage]]:
    ranked = []
    for coverage in covering:
        extent = coverage.extents.at(at)
        if extent.mask:
            rank = (extent.spread, -coverage.last_signed, coverage.grant.id.int)
            ranked.append((rank, extent.mask, coverage))
    ranked.sort(key=lambda row: row[0])
    return ranked
