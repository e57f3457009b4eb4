"""From rows and sums to what is known of a room, and to the document that all may read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from kotinos.waitingroom import decide
from kotinos.waitingroom.contracts import RANKS, Phase, RoomView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.waitingroom.statements import RoomRow

    Samples = Sequence[tuple[int, float]]

CURVE_POINTS_MAX = 64
PACE_MS = 60_000
PACE_PARTS = 4
PACE_MS_MIN = 8_000  # from less than this nothing is said but the rate that is planned
PACE_MARGIN = 0.25
UNSLOWED = 1.0


def view_of(
    row: RoomRow,
    *,
    drawn_people: float,
    arrived_people: float,
    joins_by_second: Mapping[int, int],
    samples: Samples,
    now_ms: int,
) -> RoomView:
    """A room at a moment. `samples`: people called at moments before, for the pace."""
    joins = sum(joins_by_second.values())
    curve = decide.arrivals(
        joins_by_second,
        opens_ms=row.room.opens_ms,
        people_per_join=min(1.0, arrived_people / joins) if joins else 1.0,
    )
    people = decide.called(row.serving, drawn_people=drawn_people, curve=curve)
    planned = row.serving.rate_per_s * row.serving.slow_factor
    low, pace, high = paces([*samples, (now_ms, people)], planned=planned)
    return RoomView(
        room=row.room,
        serving=row.serving,
        phase=decide.phase_at(row.room, row.serving, now_ms=now_ms),
        now_ms=now_ms,
        drawn_people=drawn_people,
        curve=curve,
        arrived_people=curve[-1][1],
        called_people=people,
        inside=row.inside,
        entered=row.entered,
        pace_per_s=pace,
        pace_low_per_s=low,
        pace_high_per_s=high,
    )


def paces(samples: Samples, *, planned: float) -> tuple[float, float, float]:
    """People called a second over the last minute: its slowest part, the whole, its fastest.

    Both ends are widened by a quarter: the next minute is not the last one.
    """
    recent = [sample for sample in samples if sample[0] >= samples[-1][0] - PACE_MS]
    if recent[-1][0] - recent[0][0] < PACE_MS_MIN:
        return planned / 2, planned, planned
    cuts = [recent[number * (len(recent) - 1) // PACE_PARTS] for number in range(PACE_PARTS + 1)]
    parts = [_slope(start, end) for start, end in pairwise(cuts)]
    whole = _slope(recent[0], recent[-1])
    low, high = min(*parts, whole), max(*parts, whole)
    return low * (1 - PACE_MARGIN), whole, high * (1 + PACE_MARGIN)


def _slope(start: tuple[int, float], end: tuple[int, float]) -> float:
    seconds = (end[0] - start[0]) / 1000
    return max(0.0, end[1] - start[1]) / seconds if seconds > 0 else 0.0


def called_before_grace(samples: Samples, *, now_ms: int) -> float:
    """How many had been called when the grace began; 0 where this process was not there yet."""
    known = [people for ms, people in samples if ms <= now_ms - decide.GRACE_MS]
    return known[-1] if known else 0.0


def document(view: RoomView) -> bytes:
    """The status document, JSON: the same for everybody, so any cache may keep it for a second.

    Ranks are decimal text, since a browser's numbers end at 2^53. The seed is there once the
    room has opened, its hash always.
    """
    room, serving = view.room, view.serving
    opened = view.phase is not Phase.BEFORE
    from_ms = max(room.opens_ms, serving.arrived_upto_ms)
    points = decide.thinned(view.curve, from_ms=from_ms, points_max=CURVE_POINTS_MAX)
    return msgspec.json.encode(
        {
            "room": str(room.id),
            "phase": view.phase.value,
            "message": message(view),
            "now_ms": view.now_ms,
            "opens_ms": room.opens_ms,
            "closes_ms": room.closes_ms,
            "seed_hash": room.seed_hash,
            "seed": room.seed.hex() if opened else None,
            "drawn_upto": str(serving.drawn_upto),
            "arrived_upto_ms": serving.arrived_upto_ms,
            "drawn_people": round(view.drawn_people),
            "arrived_curve": [[ms, round(people, 1)] for ms, people in points],
            "line_people": round(view.line_people),
            "line_error_percent": round(decide.SIZE_ERROR * 100, 1),
            "rate_per_minute": round(view.pace_per_s * 60),
            "rate_low": round(view.pace_low_per_s * 60),
            "rate_high": round(view.pace_high_per_s * 60),
            "admission_seconds": room.admission_seconds,
            "guests_allowed": room.guests_allowed,
        }
    )


def message(view: RoomView) -> str:
    """One word for what to tell people; the pages have sentences for each."""
    is_over_or_open = view.phase in {Phase.OPEN, Phase.OVER}
    if is_over_or_open and view.serving.units_free is not None and view.serving.units_free <= 0:
        return "sold-out"
    if view.phase is not Phase.OPEN:
        return view.phase.value
    if view.serving.drawn_upto < RANKS:
        return "calling-draw"
    if view.serving.slow_factor < UNSLOWED:
        return "slowed"
    return "calling-arrivals"
