"""The linear channel as a pure function: schedule, rulings and live runs in, pieces out.

Nothing here reads a clock or a database, so every process that holds the same rows answers the
same. A change of content happens only at *edges*, which are the same for every territory: the
discontinuity number of a tick is the number of edges up to it. Every midnight (UTC) is an edge,
so that the endless slates may count their time from it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from kotinos.channel.contracts import TICK_SECONDS
from kotinos.channel.linear.ruling import TICKS_PER_MINUTE, Ruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

SEGMENTS_PER_TICK = 2
DAY_TICKS = 86_400 // TICK_SECONDS
LIVE_SEGMENT_SECONDS = TICK_SECONDS // SEGMENTS_PER_TICK


@dataclass(frozen=True, slots=True)
class SlotRow:
    """Ticks [from_tick, until_tick): a package from `offset_ticks` on, or a live source."""

    id: UUID
    from_tick: int
    until_tick: int
    programme_id: UUID
    package_id: UUID | None
    offset_ticks: int
    source_id: UUID | None
    rulings: tuple[Ruled, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveRun:
    """Ticks of a source for which a session's segments were there in time, without a gap.

    Tick `t` is made of segments `first_number + (t - from_tick) * SEGMENTS_PER_TICK` and the next.
    """

    source_id: UUID
    session_id: UUID
    from_tick: int
    until_tick: int
    first_number: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A package, of which the piece's first tick shows segment `first`."""

    programme_id: UUID
    package_id: UUID
    first: int


@dataclass(frozen=True, slots=True)
class Live:
    """A session, of which the piece's first tick shows segments `first` and `first + 1`."""

    programme_id: UUID
    session_id: UUID
    first: int


@dataclass(frozen=True, slots=True)
class Slate:
    """An endless picture: the one for `elsewhere` where rights say no, else the one for a pause.

    Its time is counted from midnight, so it depends on the tick alone.
    """

    elsewhere: bool


Content: TypeAlias = "Recorded | Live | Slate"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one territory sees from a tick on, until another; never changes within."""

    from_tick: int
    until_tick: int
    changes: int
    content: Content


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Between two edges: who sees what; everybody else sees `otherwise`."""

    from_tick: int
    until_tick: int
    views: tuple[tuple[int, Content], ...]
    otherwise: Content


@dataclass(frozen=True, slots=True)
class Timeline:
    """A channel from `from_tick` on. `changes_before` counts the edges up to and at that tick.

    The slots given must be all that reach beyond `from_tick`, in order; outside them is a pause.
    """

    from_tick: int
    changes_before: int = 0
    _stretches: tuple[_Stretch, ...] = field(default=(), repr=False)
    _starts: tuple[int, ...] = field(default=(), repr=False)
    _at_midnight: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls,
        slots: Sequence[SlotRow],
        *,
        from_tick: int,
        changes_before: int = 0,
        runs: Sequence[LiveRun] = (),
    ) -> Timeline:
        """Work out every edge once; asking is cheap afterwards."""
        by_source: dict[UUID, list[LiveRun]] = {}
        for run in runs:
            by_source.setdefault(run.source_id, []).append(run)
        stretches: list[_Stretch] = []
        at = from_tick
        for slot in slots:
            if slot.from_tick > at:
                stretches.append(_pause(at, slot.from_tick))
            live = by_source.get(slot.source_id, []) if slot.source_id else []
            stretches += _of_slot(slot, live, at)
            at = max(at, slot.until_tick)
        stretches.append(_pause(at, 1 << 40))
        starts = tuple(stretch.from_tick for stretch in stretches)
        midnights = accumulate((start % DAY_TICKS == 0 for start in starts[1:]), initial=0)
        return cls(from_tick, changes_before, tuple(stretches), starts, tuple(midnights))

    def changes_at(self, tick: int) -> int:
        """The discontinuity number of a tick at or after `from_tick`."""
        return self._changes(bisect_right(self._starts, tick) - 1, tick)

    def pieces(self, territory_bit: int, *, from_tick: int, until_tick: int) -> Iterator[Piece]:
        """What a territory sees in [from_tick, until_tick), from one edge to the next."""
        at = max(from_tick, self.from_tick)
        place = max(bisect_right(self._starts, at) - 1, 0)
        while at < until_tick:
            stretch = self._stretches[place]
            midnight = (at // DAY_TICKS + 1) * DAY_TICKS
            end = min(stretch.until_tick, until_tick, midnight)
            content = _moved(_seen(stretch, territory_bit), at - stretch.from_tick)
            yield Piece(at, end, self._changes(place, at), content)
            at, place = end, place + (end == stretch.until_tick)

    def _changes(self, place: int, tick: int) -> int:
        """Edges up to a tick in the stretch at `place`: starts, and midnights that are none."""
        midnights = tick // DAY_TICKS - self.from_tick // DAY_TICKS
        return self.changes_before + place + midnights - self._at_midnight[place]


def runs_of(
    source_id: UUID,
    session_id: UUID,
    *,
    began_at: datetime,
    segments: Iterable[tuple[int, datetime]],
    holdback_seconds: float,
) -> list[LiveRun]:
    """The runs of a session: `segments` are its numbers, in order, with when each was there.

    A tick counts if both of its segments were there `holdback_seconds` after its end; whoever
    lists it later sees the same rows, so all agree.
    """
    there = dict(segments)
    began = began_at.timestamp()
    runs: list[LiveRun] = []
    for number, there_at in there.items():
        tick, first = _tick_of(number, began)
        second_at = there.get(number + 1)
        if first != number or second_at is None:
            continue
        by = (tick + 1) * TICK_SECONDS + holdback_seconds
        if max(there_at, second_at).timestamp() > by:
            continue
        last = runs[-1] if runs else None
        if last is not None and last.until_tick == tick:
            runs[-1] = LiveRun(source_id, session_id, last.from_tick, tick + 1, last.first_number)
        else:
            runs.append(LiveRun(source_id, session_id, tick, tick + 1, number))
    return runs


def _tick_of(number: int, began_s: float) -> tuple[int, int]:
    """The tick a segment belongs to, and that tick's first segment.

    The session's clock and the ticks' differ by at most half a segment after rounding.
    """
    # Segment n begins began + 2n; tick t begins 4t: the first segment nearest to its beginning.
    shift = round(began_s / LIVE_SEGMENT_SECONDS)
    half = number + shift
    return half // SEGMENTS_PER_TICK, number - half % SEGMENTS_PER_TICK


def _pause(from_tick: int, until_tick: int) -> _Stretch:
    return _Stretch(from_tick, until_tick, (), Slate(elsewhere=False))


def _of_slot(slot: SlotRow, runs: Sequence[LiveRun], at: int) -> Iterator[_Stretch]:
    """The stretches of one slot from `at` on, cut wherever anybody's content changes."""
    cuts = sorted(_edges(slot, runs))
    for start, end in zip(cuts, [*cuts[1:], slot.until_tick], strict=True):
        if end > at:
            stretch = _Stretch(
                start, end, tuple(_views(slot, runs, start)), Slate(elsewhere=bool(slot.rulings))
            )
            yield stretch if start >= at else _cut(stretch, at)


def _edges(slot: SlotRow, runs: Sequence[LiveRun]) -> set[int]:
    """Where a slot's content changes. A ruling makes edges only while it is in force, so that a
    later one moves nothing that has been seen.
    """
    edges = {slot.from_tick}
    ends = [*(ruled.from_tick for ruled in slot.rulings), slot.until_tick][1:]
    for ruled, until in zip(slot.rulings, ends, strict=True):
        edges.add(max(ruled.from_tick, slot.from_tick))
        if slot.source_id is None:
            continue
        for minutes in (0, *(minutes for minutes, _ in ruled.delays)):
            moments = {slot.from_tick}.union(*((run.from_tick, run.until_tick) for run in runs))
            shifted = (moment + minutes * TICKS_PER_MINUTE for moment in moments)
            edges.update(edge for edge in shifted if ruled.from_tick <= edge < until)
    return {edge for edge in edges if slot.from_tick <= edge < slot.until_tick}


def _views(slot: SlotRow, runs: Sequence[LiveRun], tick: int) -> Iterator[tuple[int, Content]]:
    ruled = next((r for r in reversed(slot.rulings) if r.from_tick <= tick), None)
    if ruled is None:
        return
    if slot.package_id is not None:
        first = slot.offset_ticks + tick - slot.from_tick
        yield ruled.show, Recorded(slot.programme_id, slot.package_id, first)
        return
    yield ruled.show, _live(slot, runs, tick, 0)
    for minutes, mask in ruled.delays:
        yield mask, _live(slot, runs, tick, minutes)


def _live(slot: SlotRow, runs: Sequence[LiveRun], tick: int, minutes: int) -> Content:
    """What was live so many minutes before; the youngest session where two overlap."""
    then = tick - minutes * TICKS_PER_MINUTE
    if then < slot.from_tick:
        return Slate(elsewhere=True)
    for run in reversed(runs):
        if run.from_tick <= then < run.until_tick:
            first = run.first_number + (then - run.from_tick) * SEGMENTS_PER_TICK
            return Live(slot.programme_id, run.session_id, first)
    return Slate(elsewhere=False)


def _seen(stretch: _Stretch, territory_bit: int) -> Content:
    for mask, content in stretch.views:
        if mask >> territory_bit & 1:
            return content
    return stretch.otherwise


def _cut(stretch: _Stretch, at: int) -> _Stretch:
    moved = at - stretch.from_tick
    views = tuple((mask, _moved(content, moved)) for mask, content in stretch.views)
    return _Stretch(at, stretch.until_tick, views, _moved(stretch.otherwise, moved))


def _moved(content: Content, ticks: int) -> Content:
    """The content as it is so many ticks later."""
    match content:
        case Recorded():
            return Recorded(content.programme_id, content.package_id, content.first + ticks)
        case Live():
            first = content.first + ticks * SEGMENTS_PER_TICK
            return Live(content.programme_id, content.session_id, first)
        case Slate():
            return content
