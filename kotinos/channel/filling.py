"""Which programmes fill the gaps of a schedule: a pure rule, the same answer every time.

A gap is filled from its beginning. Of the packages that fit, whose programme is far enough from
its other showings, the one whose turn it is goes first: turns are shared by weight, then what
more territories may see, then what is newer. What nothing fits stays a gap.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from kotinos.channel.results import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Rule:
    """How to fill. `kinds` and `sports` give weights; where a table is empty all weigh one,
    where it is not, what it does not name is left out. `apart_ticks` lie between two showings
    of one programme.
    """

    name: str
    apart_ticks: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    sports: Mapping[str, int] = field(default_factory=dict)

    def weight(self, candidate: Candidate) -> int:
        by_kind = self.kinds.get(candidate.kind, 0) if self.kinds else 1
        by_sport = self.sports.get(candidate.sport, 0) if self.sports else 1
        return by_kind * by_sport


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme's newest package; `territories` is in how many it may be shown."""

    programme_id: UUID
    package_id: UUID
    ticks: int
    kind: str = ""
    sport: str = ""
    territories: int = 0


@dataclass(frozen=True, slots=True)
class Showing:
    """A programme has ticks [from_tick, until_tick) already, in the channel or in the plan."""

    programme_id: UUID
    from_tick: int
    until_tick: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A package would be shown from a tick on, whole."""

    candidate: Candidate
    from_tick: int

    @property
    def until_tick(self) -> int:
        return self.from_tick + self.candidate.ticks


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be placed, in order, and what stays a gap."""

    placed: tuple[Planned, ...]
    left: tuple[Gap, ...]


def fill(
    gaps: Iterable[Gap],
    candidates: Sequence[Candidate],
    rule: Rule,
    *,
    showings: Iterable[Showing] = (),
) -> Plan:
    """Fill gaps with whole packages, newest first among equals. `showings` stand around them."""
    desk = _Desk(candidates, rule, showings)
    placed, left = [], []
    for gap in sorted(gaps, key=lambda each: each.from_tick):
        at = gap.from_tick
        for planned in desk.fill(gap):
            if planned.from_tick > at:
                left.append(Gap(at, planned.from_tick))
            placed.append(planned)
            at = planned.until_tick
        if at < gap.until_tick:
            left.append(Gap(at, gap.until_tick))
    return Plan(tuple(placed), tuple(left))


def gaps_between(taken: Iterable[tuple[int, int]], from_tick: int, until_tick: int) -> list[Gap]:
    """What is left of a stretch after the ticks that are taken; in order."""
    found, at = [], from_tick
    for first, end in sorted(taken):
        if first > at and at < until_tick:
            found.append(Gap(at, min(first, until_tick)))
        at = max(at, end)
    if at < until_tick:
        found.append(Gap(at, until_tick))
    return found


class _Desk:
    """What has been used so far, and whose turn it is."""

    def __init__(
        self, candidates: Sequence[Candidate], rule: Rule, showings: Iterable[Showing]
    ) -> None:
        self._rule = rule
        self._weights = {each: rule.weight(each) for each in candidates}
        self._candidates = [each for each in candidates if self._weights[each] and each.ticks]
        self._age = {each: age for age, each in enumerate(self._candidates)}
        self._shortest = min((each.ticks for each in self._candidates), default=1)
        self._shown: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
        self._used: dict[UUID, int] = defaultdict(int)
        for showing in showings:
            insort(self._shown[showing.programme_id], (showing.from_tick, showing.until_tick))

    def fill(self, gap: Gap) -> Iterator[Planned]:
        at, last = gap.from_tick, None
        while True:
            starts = [(self._start(each, at), each) for each in self._candidates]
            fitting = [(s, each) for s, each in starts if s + each.ticks <= gap.until_tick]
            if not fitting:
                return
            first = min(start for start, _ in fitting)
            ready = [each for start, each in fitting if start == first]
            left = gap.until_tick - first
            chosen = min(ready, key=lambda each: self._turn(each, last, left))
            planned = Planned(chosen, first)
            insort(self._shown[chosen.programme_id], (first, planned.until_tick))
            self._used[chosen.programme_id] += 1
            yield planned
            at, last = planned.until_tick, chosen.programme_id

    def _start(self, candidate: Candidate, at: int) -> int:
        """The first tick from `at` on at which it is far enough from its other showings."""
        shown, apart = self._shown[candidate.programme_id], self._rule.apart_ticks
        place = max(0, bisect_left(shown, (at, 0)) - 1)
        for from_tick, until_tick in shown[place:]:
            if at + candidate.ticks + apart <= from_tick:
                break
            at = max(at, until_tick + apart)
        return at

    def _turn(
        self, candidate: Candidate, last: UUID | None, ticks_left: int
    ) -> tuple[bool, bool, Fraction, int, int]:
        """Smallest goes first: no repeat, no remainder that nothing fits, then a fair share."""
        rest = ticks_left - candidate.ticks
        share = Fraction(self._used[candidate.programme_id] + 1, self._weights[candidate])
        return (
            candidate.programme_id == last,
            0 < rest < self._shortest,
            share,
            -candidate.territories,
            self._age[candidate],
        )
