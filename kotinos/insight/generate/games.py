"""A whole Games out of a number of events and a seed; the same two give the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate import beats, happenings, trade, visits, world

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Games:
    """Everything that happened, as arrays; instants are microseconds since the first day."""

    edition: str
    first_day: date
    seed: int
    people: visits.People
    visits: visits.Visits
    events: happenings.Events
    sales: trade.Sales
    refusals: trade.Refusals
    beats: beats.Beats
    dead: trade.Dead

    @property
    def epoch_us(self) -> int:
        """Microseconds from 1970 to the first day."""
        return world.opening_day(self.first_day) * world.DAY


def make(*, events: int, seed: int, edition: str, first_day: date) -> Games:
    """Return a Games of exactly so many events; at least a few hundred make sense."""
    parts = [np.random.default_rng((seed, part)) for part in range(6)]
    won = world.medals(parts[0])
    crowd = visits.people(events, parts[1], seed)
    made = visits.visits(events, crowd, won, parts[2])
    happened = happenings.events(made, parts[3])
    return Games(
        edition=edition,
        first_day=first_day,
        seed=seed,
        people=crowd,
        visits=made,
        events=happened,
        sales=trade.sales(made, happened, parts[4]),
        refusals=trade.refusals(made, parts[4]),
        beats=beats.beats(events, won, parts[5]),
        dead=trade.dead(events, parts[5]),
    )
