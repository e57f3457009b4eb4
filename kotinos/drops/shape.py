"""The shape of real traffic, scaled: the busiest evening of the 1998 World Cup's web site.

Source and licence stand in `data/README.md`. Only the shape is used; how high and how long is the
rehearsal's.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

FILE = "worldcup98_evening.csv"
STEPS_PER_SECOND = 4


@lru_cache(maxsize=1)
def evening() -> tuple[int, ...]:
    """Requests in each minute of that evening."""
    text = (files("kotinos.drops") / "data" / FILE).read_text(encoding="utf-8")
    return tuple(int(row["requests"]) for row in csv.DictReader(text.splitlines()))


def height(share: float) -> float:
    """How busy it was after a share (0 to 1) of the evening, as a share of its busiest minute."""
    minutes = evening()
    place = min(max(share, 0.0), 1.0) * (len(minutes) - 1)
    low = min(int(place), len(minutes) - 2)
    between = minutes[low] + (minutes[low + 1] - minutes[low]) * (place - low)
    return between / max(minutes)


def arrivals(*, peak_per_s: float, seconds: float) -> list[float]:
    """When each person arrives, in seconds from the start: the evening played in `seconds`.

    The rate at any moment is `peak_per_s` times the shape's height; the n-th person comes when
    the rate has summed up to n + 1/2. No chance is in it: two rehearsals of one size are alike.
    """
    steps = max(1, round(seconds * STEPS_PER_SECOND))
    width = seconds / steps
    people = accumulate(peak_per_s * height((at + 0.5) / steps) * width for at in range(steps))
    moments: list[float] = []
    before = 0.0
    for at, sum_after in enumerate(people):
        while len(moments) + 0.5 <= sum_after:
            share = (len(moments) + 0.5 - before) / (sum_after - before)
            moments.append((at + share) * width)
        before = sum_after
    return moments
