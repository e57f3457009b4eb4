"""People and their visits: when they come by their own clocks, what draws them, how far they go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kotinos.insight.generate.mixing import mixed
from kotinos.insight.generate.world import (
    CUES,
    DAY,
    DAYS,
    GOODS,
    HOUR,
    MINUTE,
    PLACES,
    PROGRAMMES,
    SPAN,
    Array,
    Medals,
    weights_of_days,
    weights_of_hours,
    weights_of_places,
)

_EVENTS_PER_PERSON = 18
_ROBOTS_SHARE = 0.004  # of visits; theirs are long
_DRAWN_SHARE = 0.3  # of visits: a medal brought them
_LED_SHARE = 0.06  # of visits: a cue of the channel brought them
# How a visit ends: looking only, basket, checkout, order, order of what an earlier visit put there.
_DEPTHS = (0.82, 0.07, 0.03, 0.05, 0.03)
LEAST_EVENTS = 5


@dataclass(frozen=True, slots=True)
class People:
    """`bounds`: people of a territory stand together, from its bound to the next."""

    bounds: Array
    pseudonyms: Array
    second_device: Array  # the pseudonym of their other device, or their own again

    @property
    def count(self) -> int:
        return len(self.pseudonyms)


@dataclass(frozen=True, slots=True)
class Visits:
    """One row a visit. Codes are places in the lists of `world`; `led` is 0 or a cue's number."""

    person: Array
    place: Array
    start: Array
    events: Array
    depth: Array
    noc: Array
    goods: Array
    led: Array
    robot: Array
    device: Array
    referrer: Array
    campaign: Array
    visitor: Array

    @property
    def count(self) -> int:
        return len(self.person)

    @property
    def product(self) -> Array:
        return self.noc * len(GOODS) + self.goods


def people(events: int, random: np.random.Generator, salt: int) -> People:
    count = max(events // _EVENTS_PER_PERSON, len(PLACES))
    shares = np.maximum(np.floor(weights_of_places() * count), 1).astype(np.int64)
    bounds = np.concatenate([[0], np.cumsum(shares)])
    numbers = np.arange(bounds[-1])
    pseudonyms = mixed(numbers, salt).view(np.int64)
    other = mixed(numbers + len(numbers), salt).view(np.int64)
    return People(
        bounds, pseudonyms, np.where(random.random(len(numbers)) < 0.2, other, pseudonyms)
    )


def visits(events: int, crowd: People, won: Medals, random: np.random.Generator) -> Visits:
    """Return visits of exactly so many events together."""
    guess = events // 5 + 64
    robot = random.random(guess) < _ROBOTS_SHARE
    length = np.where(
        robot, random.integers(20, 120, guess), LEAST_EVENTS - 1 + random.geometric(0.4, guess)
    )
    count = int(np.searchsorted(np.cumsum(length), events)) + 1
    length = length[:count]
    length[-1] -= int(length.sum()) - events
    place, medal = _places(count, won, random)
    return _visits(
        crowd=crowd,
        length=length,
        robot=robot[:count],
        place=place,
        medal=medal,
        won=won,
        random=random,
    )


def _places(count: int, won: Medals, random: np.random.Generator) -> tuple[Array, Array]:
    """Return each visit's territory and the medal that drew it, or -1.

    Of those a medal draws, half live where it was won.
    """
    place = random.choice(len(PLACES), count, p=weights_of_places())
    drawn = random.random(count) < _DRAWN_SHARE
    medal = np.where(drawn, random.integers(0, len(won.at), count), -1)
    at_home = drawn & (random.random(count) < 0.5)
    return np.where(at_home, won.noc[medal] - 1, place), medal


def starts(place: Array, medal: Array, won: Medals, random: np.random.Generator) -> Array:
    """Return when visits begin: by the hours of their own place, or just after a medal."""
    count = len(place)
    ahead = np.array([row.ahead for row in PLACES])[place] * MINUTE
    day = random.choice(DAYS, count, p=weights_of_days())
    hour = random.choice(24, count, p=weights_of_hours())
    usual = (day * DAY + hour * HOUR + random.integers(0, HOUR, count) - ahead) % SPAN
    after = won.at[medal] + (random.exponential(40 * MINUTE, count)).astype(np.int64)
    # Nobody begins in the last minutes, so that few visits are cut off by the end of it all.
    return np.minimum(np.where(medal >= 0, after, usual), SPAN - 3 * HOUR)


def _visits(
    *,
    crowd: People,
    length: Array,
    robot: Array,
    place: Array,
    medal: Array,
    won: Medals,
    random: np.random.Generator,
) -> Visits:
    count = len(length)
    low, high = crowd.bounds[place], crowd.bounds[place + 1]
    # A few come again and again: the power makes low numbers frequent.
    person = low + ((high - low) * random.random(count) ** 1.7).astype(np.int64)
    person = np.where(robot, np.minimum(low + person % 2, high - 1), person)
    own = np.where(random.random(count) < 0.6, place + 1, random.integers(0, len(PLACES), count))
    depth = random.choice(5, count, p=_DEPTHS)
    fits = ~robot & (length >= LEAST_EVENTS)
    second = random.random(count) < 0.4
    led = np.where(
        random.random(count) < _LED_SHARE, random.integers(1, PROGRAMMES * CUES + 1, count), 0
    )
    return Visits(
        person=person.astype(np.int32),
        place=place.astype(np.int8),
        start=starts(place, medal, won, random),
        events=length,
        depth=np.where(fits, depth, 0).astype(np.int8),
        noc=np.where(medal >= 0, won.noc[medal], own).astype(np.int16),
        goods=np.minimum(random.geometric(0.25, count) - 1, len(GOODS) - 1).astype(np.int16),
        led=led.astype(np.int16),
        robot=robot,
        device=random.choice(4, count, p=(0.6, 0.28, 0.08, 0.04)).astype(np.int8),
        referrer=random.choice(4, count, p=(0.5, 0.25, 0.15, 0.1)).astype(np.int8),
        campaign=np.where(medal >= 0, 2, random.choice((0, 0, 1, 3), count)).astype(np.int8),
        visitor=np.where(second, crowd.second_device[person], crowd.pseudonyms[person]),
    )
