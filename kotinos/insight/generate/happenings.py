"""The events of visits, one after another, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.world import DAY, DAYS, MINUTE, SECOND, SPAN, Array

if TYPE_CHECKING:
    from kotinos.insight.generate.visits import Visits

# Kind and name of an event by its code.
KINDS = ("page", "page", "track", "track", "track", "track", "track", "page", "page")
NAMES = (
    "Home",
    "Programme",
    "Product Viewed",
    "Product Added",
    "Checkout Started",
    "Order Completed",
    "Video Playback Started",
    "Shop",
    "Medals",
)
VIEWED, ADDED, CHECKOUT, ORDERED, PLAYED = 2, 3, 4, 5, 6
_USUAL = np.array([2, 2, 2, 2, 7, 7, 1, 6, 8, 2], dtype=np.int8)
_ARRIVAL = np.array([0, 0, 7, 8], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Events:
    """`at`: microseconds since the opening day, never falling; `visit`: whose; `code`: what.

    `number` is an event's place before it was put in order: what its id is made of.
    """

    at: Array
    visit: Array
    code: Array
    number: Array

    def of_day(self, day: int) -> slice:
        first, last = np.searchsorted(self.at, (day * DAY, (day + 1) * DAY))
        return slice(int(first), int(last))

    def days(self) -> list[slice]:
        return [self.of_day(day) for day in range(DAYS)]


def events(made: Visits, random: np.random.Generator) -> Events:
    total = int(made.events.sum())
    visit = np.repeat(np.arange(made.count, dtype=np.int32), made.events)
    first = np.cumsum(made.events) - made.events
    place = np.arange(total, dtype=np.int64) - first[visit]
    at = _instants(made, visit, place, first, random)
    code = _codes(made, visit, place, random)
    order = np.argsort(at, kind="stable")
    return Events(at[order], visit[order], code[order], order)


def _instants(
    made: Visits, visit: Array, place: Array, first: Array, random: np.random.Generator
) -> Array:
    """Let events follow after some seconds; one in fifty comes at the very instant of the last."""
    gaps = np.minimum(random.exponential(50 * SECOND, len(visit)), 29 * MINUTE).astype(np.int64)
    gaps[random.random(len(visit), dtype=np.float32) < 0.02] = 0
    gaps[place == 0] = 0
    robots = made.robot[visit]
    gaps[robots] = np.minimum(gaps[robots], SECOND)
    passed = np.cumsum(gaps)
    at: Array = made.start[visit] + passed - passed[first][visit]
    return np.minimum(at, SPAN - 1)


def _codes(made: Visits, visit: Array, place: Array, random: np.random.Generator) -> Array:
    """Draw what happens: an arrival, looking about, and at the end how far the visit goes."""
    chance = random.integers(0, 240, len(visit), dtype=np.uint8)
    code = _USUAL[chance % 10]
    code = np.where(place == 0, _ARRIVAL[chance % 4], code)
    left = made.events[visit] - 1 - place
    depth = made.depth[visit]
    for steps, tail in enumerate(
        ((ADDED,), (ADDED, CHECKOUT), (ADDED, CHECKOUT, ORDERED), (CHECKOUT, ORDERED)), start=1
    ):
        mine = depth == steps
        code[mine & (left == len(tail))] = VIEWED
        for after, step in enumerate(reversed(tail)):
            code[mine & (left == after)] = step
    return code
