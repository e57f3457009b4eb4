"""What compiled rights mean for the ticks of a slot: shown, shown later, or the slate.

A tick is shown only where the use is cleared for the whole of it, so every bound is rounded to
the safe side. One `Ruled` holds until the next; territories are bits of a mask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kotinos.channel.contracts import TICK_SECONDS, instant_of, tick_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TICKS_PER_MINUTE = 60 // TICK_SECONDS


@dataclass(frozen=True, slots=True)
class Span:
    """A use is cleared in these territories from one instant until another, after a delay."""

    mask: int
    from_at: datetime | None = None
    until_at: datetime | None = None
    delay_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Ruled:
    """From this tick on: territories that see it, and those that see it some minutes later."""

    from_tick: int
    show: int
    delays: tuple[tuple[int, int], ...] = ()

    @property
    def outcome(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        return self.show, self.delays


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Territories of one span as ticks; `delay` as minutes for what is live."""

    from_tick: int
    until_tick: int
    mask: int
    delay_minutes: int


def rule_recorded(
    spans: Iterable[Span], *, from_tick: int, until_tick: int, occurred_at: datetime | None
) -> list[Ruled]:
    """A slot that shows something recorded: a delay has passed, or it has not.

    A span with a delay clears nothing where nobody says when the event happened.
    """
    stretches = []
    for span in spans:
        opens_at = span.from_at
        if span.delay_minutes:
            if occurred_at is None:
                continue
            after = occurred_at + timedelta(minutes=span.delay_minutes)
            opens_at = after if opens_at is None else max(opens_at, after)
        stretches.append(_stretch(opens_at, span.until_at, span.mask, 0))
    return _ruled(stretches, from_tick, until_tick)


def rule_live(
    live: Iterable[Span], delayed: Iterable[Span], *, from_tick: int, until_tick: int
) -> list[Ruled]:
    """A slot that shows a live source: at once, or so many minutes later within the slot.

    `live` are the spans of show/live, `delayed` those of show/delayed; of the latter only those
    count that name a delay, because what is shown without one is live.
    """
    stretches = [_stretch(s.from_at, s.until_at, s.mask, s.delay_minutes) for s in live]
    stretches += [
        _stretch(s.from_at, s.until_at, s.mask, s.delay_minutes) for s in delayed if s.delay_minutes
    ]
    return _ruled(stretches, from_tick, until_tick)


def _stretch(
    from_at: datetime | None, until_at: datetime | None, mask: int, delay_minutes: int
) -> _Stretch:
    first, last = 0, 1 << 40
    if from_at is not None:
        first = tick_at(from_at)
        first += instant_of(first) < from_at
    if until_at is not None:
        last = tick_at(until_at)
    return _Stretch(first, last, mask, delay_minutes)


def _ruled(stretches: Sequence[_Stretch], from_tick: int, until_tick: int) -> list[Ruled]:
    edges = {from_tick}
    for part in stretches:
        edges.update(
            edge for edge in (part.from_tick, part.until_tick) if from_tick < edge < until_tick
        )
    rulings: list[Ruled] = []
    for edge in sorted(edges):
        ruled = _at(stretches, edge)
        if not rulings or rulings[-1].outcome != ruled.outcome:
            rulings.append(ruled)
    return rulings


def _at(stretches: Sequence[_Stretch], tick: int) -> Ruled:
    """Who sees it at a tick; of several delays a territory gets the shortest."""
    masks: dict[int, int] = {}
    for part in stretches:
        if part.from_tick <= tick < part.until_tick:
            masks[part.delay_minutes] = masks.get(part.delay_minutes, 0) | part.mask
    show = masks.pop(0, 0)
    seen, delays = show, []
    for minutes in sorted(masks):
        left = masks[minutes] & ~seen
        seen |= left
        if left:
            delays.append((minutes, left))
    return Ruled(tick, show, tuple(delays))
