"""Watching: views of programmes, channels and live sources, a beat every half minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.visits import starts
from kotinos.insight.generate.world import (
    PLACES,
    PROGRAMMES,
    SECOND,
    SPAN,
    Array,
    weights_of_places,
)

if TYPE_CHECKING:
    from kotinos.insight.generate.world import Medals

KINDS = ("start", "beat", "end")
_START, _BEAT, _END = range(3)
_EVENTS_PER_VIEW = 60
_BEAT_S = 30
CHANNELS = ("c:one", "c:two")
LIVE = ("l:stadium", "l:pool")
SUBJECTS = (*(f"v:programme-{number:02}" for number in range(PROGRAMMES)), *CHANNELS, *LIVE)


@dataclass(frozen=True, slots=True)
class Beats:
    at: Array
    view: Array
    subject: Array
    place: Array
    kind: Array
    position_ms: Array
    seconds: Array


def beats(events: int, won: Medals, random: np.random.Generator) -> Beats:
    """Return a start, beats and perhaps an end of each view, all before the last day is over."""
    views = events // _EVENTS_PER_VIEW + 8
    place = random.choice(len(PLACES), views, p=weights_of_places())
    drawn = random.random(views) < 0.4
    medal = np.where(drawn, random.integers(0, len(won.at), views), -1)
    begun = starts(place, medal, won, random)
    subject = np.minimum(random.geometric(0.06, views) - 1, len(SUBJECTS) - 1)
    has_end = subject < PROGRAMMES
    ends = has_end & (random.random(views) < 0.35)
    rows = 1 + random.geometric(0.12, views) + ends
    view = np.repeat(np.arange(views), rows)
    place_in = np.arange(len(view)) - (np.cumsum(rows) - rows)[view]
    last = place_in == rows[view] - 1
    kind = np.where(place_in == 0, _START, np.where(last & ends[view], _END, _BEAT))
    seconds = np.where(kind == _END, random.integers(1, _BEAT_S, len(view)), _BEAT_S)
    seconds[kind == _START] = 0
    passed = np.cumsum(seconds)
    position = passed - passed[(np.cumsum(rows) - rows)][view]
    at = np.minimum(begun[view] + position * SECOND, SPAN - 1)
    order = np.argsort(at, kind="stable")
    found = (at, view, subject[view], place[view], kind, position * 1000, seconds)
    return Beats(*(column[order] for column in found))
