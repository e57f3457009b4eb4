"""Whether the draw favours anybody, and whether trying more often helps.

Pearson's chi-square over 100 draws of 2,000 accounts for 200 places. Under a fair draw each
draw's statistic has about k - 1 degrees of freedom for k groups, less the share that is drawn
without returning it; their sum is near normal, and three and a half deviations are the bound.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from hashlib import sha256
from math import sqrt
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from kotinos.waitingroom import tickets
from kotinos.waitingroom.draw import ranker

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = 100
PEOPLE = 2_000
PLACES = 200
GROUPS = 10
DEVIATIONS_MAX = 3.5
_log = logging.getLogger(__name__)  # `pytest --log-cli-level=INFO` prints the figures
BOTS, TRIES, REAL_PEOPLE, BEST = 10_000, 100, 10_000, 1_000


def _room(number: int) -> UUID:
    return UUID(int=number + 1)


def _seed(number: int) -> bytes:
    return sha256(f"draw {number}".encode()).digest()


def _person(number: int) -> UUID:
    """Ids as ours are: the time an account was made stands in its first 48 bits."""
    return UUID(int=(1_700_000_000_000 + number * 86_400) << 80 | 7 << 76 | number)


# People join in an order of their own; territories are uneven, as the world is.
_ARRIVAL = random.Random(1896).sample(range(PEOPLE), PEOPLE)
_TERRITORY = random.Random(1900).choices(range(GROUPS), weights=range(1, GROUPS + 1), k=PEOPLE)


def _by_arrival(person: int) -> int:
    return _ARRIVAL[person] * GROUPS // PEOPLE


def _by_age(person: int) -> int:
    return person * GROUPS // PEOPLE


def _by_territory(person: int) -> int:
    return _TERRITORY[person]


def _served(number: int) -> list[int]:
    """Who gets one of the places, in one draw."""
    rank, room = ranker(_seed(number)), _room(number)
    ranks = [
        rank(tickets.account_identity(room_id=room, person_id=_person(person)).encode())
        for person in range(PEOPLE)
    ]
    return sorted(range(PEOPLE), key=ranks.__getitem__)[:PLACES]


@pytest.fixture(scope="module")
def draws() -> list[list[int]]:
    return [_served(number) for number in range(DRAWS)]


@pytest.mark.parametrize("group", [_by_arrival, _by_age, _by_territory])
def test_a_hundred_draws_favour_nobody(draws: list[list[int]], group: Callable[[int], int]) -> None:
    sizes = Counter(map(group, range(PEOPLE)))
    fair = {name: size * PLACES / PEOPLE for name, size in sizes.items()}
    statistics = []
    for served in draws:
        got = Counter(map(group, served))
        # Drawn without returning: the spread is smaller by the share that is drawn.
        raw = sum((got[name] - expected) ** 2 / expected for name, expected in fair.items())
        statistics.append(raw / (1 - PLACES / PEOPLE))
    freedom = DRAWS * (GROUPS - 1)
    deviations = (sum(statistics) - freedom) / sqrt(2 * freedom)
    _log.info("%s: chi-square %.1f, freedom %d", group.__name__, sum(statistics), freedom)
    assert abs(deviations) < DEVIATIONS_MAX
    together = Counter(group(person) for served in draws for person in served)
    raw = sum((together[name] - DRAWS * e) ** 2 / (DRAWS * e) for name, e in fair.items())
    # 27.88: what chi-square with 9 degrees of freedom exceeds once in a thousand.
    assert raw / (1 - PLACES / PEOPLE) < 27.88


def test_a_bot_that_joins_a_hundred_times_gains_nothing_over_one_account() -> None:
    room, rank = _room(0), ranker(_seed(0))
    joins, bots = 0, set()
    for bot in map(_person, range(BOTS)):
        for _ in range(TRIES):
            bots.add(tickets.account_identity(room_id=room, person_id=bot))
            joins += 1
    people = {
        tickets.account_identity(room_id=room, person_id=_person(BOTS + person))
        for person in range(REAL_PEOPLE)
    }
    best = sorted(bots | people, key=lambda identity: rank(identity.encode()))[:BEST]
    won = sum(identity in bots for identity in best)
    fair, spread = BEST / 2, sqrt(BEST) / 2
    _log.info("%d joins, %d bots: %d tickets, %d of %d", joins, BOTS, len(bots), won, BEST)
    assert len(bots) == BOTS
    assert abs(won - fair) < DEVIATIONS_MAX * spread
