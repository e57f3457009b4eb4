"""The truth about people: who came, came back, how long they stayed and how far they went."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.columns import PATHS, path_codes
from kotinos.insight.generate.happenings import ADDED, CHECKOUT, KINDS, NAMES, ORDERED, VIEWED
from kotinos.insight.generate.truth.counting import (
    Groups,
    basis_points,
    day_of,
    days_of,
    distinct_rows,
    first_of_month,
    in_order,
    rows_of,
    words_of,
)
from kotinos.insight.generate.world import (
    CAMPAIGNS,
    DAYS,
    DEVICES,
    HOUR,
    MINUTE,
    PLACES,
    REFERRERS,
    Array,
    Coded,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kotinos.insight.contracts import Row
    from kotinos.insight.generate.games import Games

_FUNNEL = (VIEWED, ADDED, CHECKOUT, ORDERED)
_WITHIN = 168 * HOUR
Truth = dict[str, list["Row"]]


class _Human:
    """The events of people, as flat columns."""

    def __init__(self, games: Games) -> None:
        happened, made = games.events, games.visits
        human = ~made.robot[happened.visit]
        self.at = happened.at[human]
        self.visit = happened.visit[human]
        self.code = happened.code[human]
        self.person = made.person[self.visit].astype(np.int64)
        self.day = day_of(self.at)


def truth_of_people(games: Games) -> Truth:
    human = _Human(games)
    return {
        **_actives(games, human),
        **_returns(games, human),
        "sessions": _sessions(games, human),
        "funnel": _funnel(human),
        **_reach(games, human),
        "bots": _bots(games),
    }


def _actives(games: Games, human: _Human) -> Truth:
    days = Groups(human.day)
    months = np.array([first_of_month(games, day).toordinal() for day in range(DAYS)])
    by_month = Groups(months[human.day] - months[0])
    names = [games.first_day.fromordinal(int(month + months[0])) for month in by_month.keys[0]]
    person, day = distinct_rows(human.person, human.day)
    rolling = [
        len(distinct_rows(person[(day <= last) & (day > last - 28)])[0])
        for last in days.keys[0].tolist()
    ]
    return {
        "daily_actives": rows_of(days_of(games, days.keys[0]), days.distinct(human.person)),
        "monthly_actives": rows_of(list(names), by_month.distinct(human.person)),
        "rolling_actives": rows_of(days_of(games, days.keys[0]), list(rolling)),
    }


def _returns(games: Games, human: _Human) -> Truth:
    person, day = distinct_rows(human.person, human.day)
    # Keys stand in order: a person's first day is the first of their rows.
    begins = np.concatenate([[True], person[1:] != person[:-1]])[: len(person)]
    first = day[begins][np.cumsum(begins) - 1]
    by_day = Groups(day)
    soon = day - first <= 28
    came = Groups(first[soon], (day - first)[soon])
    began = dict(zip(*np.unique(first[begins], return_counts=True), strict=True))
    return {
        "new_and_returning": rows_of(
            days_of(games, by_day.keys[0]),
            by_day.rows(begins),
            by_day.rows(~begins),
        ),
        "retention": rows_of(
            days_of(games, came.keys[0]),
            came.keys[1],
            came.rows(),
            [int(began[day]) for day in came.keys[0]],
        ),
    }


def _sessions(games: Games, human: _Human) -> list[Row]:
    if len(human.at) == 0:
        return []
    order = np.lexsort((human.at, human.person))
    person, at = human.person[order], human.at[order]
    pause = (person[1:] != person[:-1]) | (at[1:] - at[:-1] > 30 * MINUTE)
    begins = np.flatnonzero(np.concatenate([[True], pause]))
    ends = np.concatenate([begins[1:] - 1, [len(at) - 1]])
    lasted_ms = (at[ends] - at[begins]) // 1000
    day = day_of(at[begins])
    rows: list[Row] = []
    for each in np.unique(day).tolist():
        ms = np.sort(lasted_ms[day == each])
        name = days_of(games, np.array([each]))[0]
        rows.append((name, len(ms), int(ms.sum()) // len(ms), int(ms[(len(ms) - 1) // 2])))
    return rows


def _funnel(human: _Human) -> list[Row]:
    """Walk through each person's steps in time, as somebody with a pencil would."""
    reached = [0] * (len(_FUNNEL) + 1)
    # Whoever never took the second step needs no walking through.
    second = np.zeros(int(human.person.max(initial=0)) + 1, dtype=bool)
    second[human.person[human.code == _FUNNEL[1]]] = True
    only_first = (human.code == _FUNNEL[0]) & ~second[human.person]
    reached[1] = len(distinct_rows(human.person[only_first])[0])
    steps = np.isin(human.code, _FUNNEL) & second[human.person]
    person, at, code = human.person[steps], human.at[steps], human.code[steps]
    order = np.lexsort((at, person))
    rows = zip(person[order].tolist(), at[order].tolist(), code[order].tolist(), strict=True)
    for _, mine in groupby(rows, key=lambda row: row[0]):
        for step in range(1, _depth((instant, code) for _, instant, code in mine) + 1):
            reached[step] += 1
    return [
        (step, NAMES[code], reached[step], reached[step] * 10_000 // max(reached[1], 1))
        for step, code in enumerate(_FUNNEL, 1)
    ]


def _depth(steps: Iterable[tuple[int, int]]) -> int:
    """Return how far one person came.

    For every step the latest start of a way that reached it is remembered. What happens at one
    instant is looked at from the last step to the first, so that none leads to another.
    """
    latest = [-1] * (len(_FUNNEL) + 1)
    for instant, same in groupby(steps, key=lambda step: step[0]):
        for step in sorted({_FUNNEL.index(code) + 1 for _, code in same}, reverse=True):
            start = instant if step == 1 else latest[step - 1]
            if start >= 0 and instant - start <= _WITHIN:
                latest[step] = max(latest[step], start)
    return max((step for step, start in enumerate(latest) if start >= 0), default=0)


def _reach(games: Games, human: _Human) -> Truth:
    made = games.visits
    place = made.place[human.visit]
    language = tuple(row.language for row in PLACES)
    return {
        "conversion": _conversion(human, Coded(place, tuple(row.code for row in PLACES))),
        "people_by_territory": _by(human, Coded(place, tuple(row.code for row in PLACES))),
        "people_by_device": _by(human, Coded(made.device[human.visit], DEVICES)),
        "people_by_language": _by(human, Coded(place, language)),
        "people_by_campaign": _by(human, Coded(made.campaign[human.visit], CAMPAIGNS)),
        "people_by_referrer": _by(human, Coded(made.referrer[human.visit], REFERRERS)),
        "top_pages": _top_pages(human, place),
        "events_by_name": _named(human),
    }


def _conversion(human: _Human, place: Coded) -> list[Row]:
    place = in_order(place)
    found = Groups(place.codes)
    people = found.distinct(human.person)
    buyers = found.distinct(human.person, human.code == ORDERED)
    names = words_of(found.keys[0], place.words)
    return rows_of(names, people, buyers, basis_points(buyers, people))


def _by(human: _Human, column: Coded) -> list[Row]:
    column = in_order(column)
    found = Groups(column.codes)
    names = words_of(found.keys[0], column.words)
    return rows_of(names, found.distinct(human.person), found.rows())


def _top_pages(human: _Human, place: Array) -> list[Row]:
    pages = np.isin(human.code, [code for code, kind in enumerate(KINDS) if kind == "page"])
    path = in_order(Coded(path_codes(human.code[pages], place[pages]), PATHS))
    found = Groups(path.codes)
    names = words_of(found.keys[0], path.words)
    rows = rows_of(names, found.rows(), found.distinct(human.person[pages]))
    return sorted(rows, key=lambda row: (-int(str(row[1])), str(row[0])))[:20]


def _named(human: _Human) -> list[Row]:
    both = tuple(f"{kind}\0{name}" for kind, name in zip(KINDS, NAMES, strict=True))
    column = in_order(Coded(human.code, both))
    found = Groups(column.codes)
    pairs = [column.words[code].split("\0") for code in found.keys[0]]
    return rows_of(
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
        found.rows(),
        found.distinct(human.person),
    )


def _bots(games: Games) -> list[Row]:
    robot = games.visits.robot[games.events.visit]
    days = Groups(day_of(games.events.at))
    events, bots = days.rows(), days.rows(robot)
    return rows_of(days_of(games, days.keys[0]), events, bots, basis_points(bots, events))
