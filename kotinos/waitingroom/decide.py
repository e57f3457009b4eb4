"""The rules of a fair line, as pure functions: the draw, a place, and how far to call.

People are floats here: they come from a sketch and from sums over seconds.
"""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from dataclasses import replace
from math import ceil, floor, inf, sqrt
from operator import itemgetter
from typing import TYPE_CHECKING

from kotinos.waitingroom.contracts import RANKS, Phase, Place, Serving

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.waitingroom.contracts import Room, RoomView, Signals, Ticket

    Curve = Sequence[tuple[int, float]]

P99_MS_TARGET = 250.0
ERRORS_PER_S_MAX = 1.0
RATE_START_PER_S = 20.0
RATE_MIN_PER_S = 1.0
GROWTH_PER_S = 1.1
DECAY_PER_S = 0.5
STEP_MS_MAX = 1_000  # a conductor that slept does not make up for it in one burst
SECOND_MS = 1_000
# Joins reach the table with a process's tick and the conductor with its own: half a second each.
COUNT_LAG_MS = 1_000
# Who was called and did not come for so long is not waited for; a page asks every few seconds.
GRACE_MS = 15_000
SIZE_ERROR = 0.0163  # two standard errors of the sketch: 2 * 1.04 / sqrt(2^14)
LIKELY = 2.0  # standard deviations on each side: 95 %


def rank(*, seed: bytes, identity: str) -> int:
    """The draw: the first 8 bytes, big-endian, of HMAC-SHA256(seed, identity). Below 2^64."""
    digest = hmac.digest(seed, identity.encode("ascii", "replace"), "sha256")
    return int.from_bytes(digest[:8], "big")


def seed_hash(seed: bytes) -> str:
    """What is published before the opening: nobody can find the seed, nor change it unseen."""
    return hashlib.sha256(seed).hexdigest()


def phase_at(room: Room, serving: Serving, *, now_ms: int) -> Phase:
    """What a room is doing now."""
    if now_ms >= room.closes_ms:
        return Phase.OVER
    if now_ms < room.opens_ms:
        return Phase.BEFORE
    return Phase.PAUSED if serving.paused else Phase.OPEN


def arrivals(
    joins_by_second: Mapping[int, int], *, opens_ms: int, people_per_join: float
) -> tuple[tuple[int, float], ...]:
    """How many people had arrived before a moment, as a curve from the opening on.

    Within a second arrivals are taken to be even. `people_per_join` is below one where the same
    people joined again.
    """
    points = [(opens_ms, 0.0)]
    people = 0.0
    for second in sorted(joins_by_second):
        start_ms, end_ms = second * SECOND_MS, (second + 1) * SECOND_MS
        if start_ms > points[-1][0]:
            points.append((start_ms, people))
        people += joins_by_second[second] * people_per_join
        points.append((max(end_ms, opens_ms + 1), people))
    return tuple(points)


def arrived_before(curve: Curve, ms: int) -> float:
    """People who arrived after the opening and before this moment."""
    after = bisect_right(curve, (ms, inf))
    if after == 0:
        return 0.0
    start_ms, start = curve[after - 1]
    if after == len(curve):
        return start
    end_ms, end = curve[after]
    return start + (end - start) * (ms - start_ms) / (end_ms - start_ms)


def moment_of(curve: Curve, people: float) -> float:
    """The last moment before which no more than so many had arrived; infinity: all had."""
    after = bisect_right(curve, people, key=itemgetter(1))
    if after == len(curve):
        return inf
    if after == 0:
        return curve[0][0]
    (start_ms, start), (end_ms, end) = curve[after - 1], curve[after]
    return start_ms + (end_ms - start_ms) * (people - start) / (end - start)


def thinned(curve: Curve, *, from_ms: int, points_max: int) -> list[tuple[int, float]]:
    """The curve from a moment on with few points, for the status document."""
    rest = [point for point in curve if point[0] > from_ms]
    first = (from_ms, arrived_before(curve, from_ms))
    stride = max(1, ceil(len(rest) / max(1, points_max - 2)))
    kept = rest[::stride]
    if rest and kept[-1] != rest[-1]:
        kept.append(rest[-1])
    return [first, *kept]


def called(serving: Serving, *, drawn_people: float, curve: Curve) -> float:
    """People whose turn has come, whether they came or not."""
    drawn = drawn_people * serving.drawn_upto / RANKS
    return drawn + arrived_before(curve, serving.arrived_upto_ms)


def is_drawn(ticket: Ticket, room: Room) -> bool:
    """Whether the ticket takes part in the draw: it was in the line before the opening."""
    return ticket.joined_ms < room.opens_ms


def is_served(ticket: Ticket, room: Room, serving: Serving) -> bool:
    """Whether this ticket's turn has come. Once it has, it never goes away."""
    if is_drawn(ticket, room):
        return rank(seed=room.seed, identity=ticket.identity) < serving.drawn_upto
    return ticket.joined_ms < serving.arrived_upto_ms


def place_of(ticket: Ticket, view: RoomView) -> Place:
    """Where a ticket stands, with the uncertainty that its numbers have."""
    drawn = is_drawn(ticket, view.room)
    if view.phase is Phase.BEFORE:
        return Place(served=False, drawn=drawn, phase=view.phase)
    if is_served(ticket, view.room, view.serving):
        return Place(True, drawn, view.phase, 0, 0, 0, 0)  # noqa: FBT003 - served, in the order of the fields
    ahead = _ahead(ticket, view, drawn=drawn)
    spread = LIKELY * sqrt(ahead) + SIZE_ERROR * ahead
    low, high = max(0, floor(ahead - spread)), ceil(ahead + spread)
    if view.phase is not Phase.OPEN or view.pace_low_per_s <= 0:
        return Place(served=False, drawn=drawn, phase=view.phase, ahead_low=low, ahead_high=high)
    return Place(
        served=False,
        drawn=drawn,
        phase=view.phase,
        ahead_low=low,
        ahead_high=high,
        wait_low_s=floor(low / view.pace_high_per_s),
        wait_high_s=ceil((high + 1) / view.pace_low_per_s),
    )


def _ahead(ticket: Ticket, view: RoomView, *, drawn: bool) -> float:
    """People who are called before this ticket, as far as can be known."""
    serving = view.serving
    if drawn:
        mine = rank(seed=view.room.seed, identity=ticket.identity)
        return view.drawn_people * (mine - serving.drawn_upto) / RANKS
    drawn_left = view.drawn_people * (RANKS - serving.drawn_upto) / RANKS
    arrived = arrived_before(view.curve, ticket.joined_ms)
    return drawn_left + max(0.0, arrived - arrived_before(view.curve, serving.arrived_upto_ms))


def conduct(
    view: RoomView, signals: Signals, *, called_before_grace: float, now_ms: int
) -> Serving:
    """How far to call now. Never backwards, and nobody while paused, before or after.

    No more people are called than there are free units for, less those inside and those called
    who may still come: whoever was called longer ago than the grace and has not come counts no
    more (`called_before_grace`: how many had been called that long ago). The rate is AIMD's
    cousin: it grows by a tenth a second while the sale answers in time, and halves each second
    that it does not (Chiu and Jain 1989 on why such a rule settles; both steps are relative,
    because a line of a hundred and one of a million start at the same rate).
    """
    serving, room = view.serving, view.room
    step_ms = min(max(0, now_ms - serving.moved_ms), STEP_MS_MAX)
    serving = replace(
        serving, moved_ms=max(now_ms, serving.moved_ms), units_free=signals.units_free
    )
    if phase_at(room, serving, now_ms=now_ms) is not Phase.OPEN:
        return serving
    rate = next_rate(serving.rate_per_s, signals, seconds=step_ms / 1000, most=room.rate_max_per_s)
    serving = replace(serving, rate_per_s=rate)
    if now_ms < room.opens_ms + COUNT_LAG_MS:
        return serving
    free = signals.units_free - (view.inside if signals.inside is None else signals.inside)
    coming = min(view.called_people - view.entered, view.called_people - called_before_grace)
    by_rate = rate * serving.slow_factor * step_ms / 1000
    people = min(by_rate, free - max(0.0, coming))
    return _advance(view, serving, people=people, now_ms=now_ms) if people > 0 else serving


def next_rate(rate_per_s: float, signals: Signals, *, seconds: float, most: float) -> float:
    """The rate after some time of going well, or of not."""
    if rate_per_s <= 0:
        return min(RATE_START_PER_S, most)
    is_well = signals.p99_ms < P99_MS_TARGET and signals.errors_per_s <= ERRORS_PER_S_MAX
    grown: float = rate_per_s * (GROWTH_PER_S if is_well else DECAY_PER_S) ** seconds
    return min(max(grown, min(RATE_MIN_PER_S, most)), most)


def _advance(view: RoomView, serving: Serving, *, people: float, now_ms: int) -> Serving:
    """The draw first, whole; what is left of `people` goes to those who arrived after it."""
    drawn_left = view.drawn_people * (RANKS - serving.drawn_upto) / RANKS
    if people < drawn_left:
        upto = serving.drawn_upto + int(RANKS * (people / view.drawn_people))
        return replace(serving, drawn_upto=min(upto, RANKS))
    from_ms = max(serving.arrived_upto_ms, view.room.opens_ms)
    wanted = arrived_before(view.curve, from_ms) + people - drawn_left
    # Only whole seconds whose joins every process has written down by now.
    known_ms = (now_ms - COUNT_LAG_MS) // SECOND_MS * SECOND_MS
    upto_ms = int(min(moment_of(view.curve, wanted), known_ms))
    return replace(serving, drawn_upto=RANKS, arrived_upto_ms=max(from_ms, upto_ms))
