"""The truth about what was watched, and about what happened when, of everything together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate.beats import KINDS, SUBJECTS
from kotinos.insight.generate.columns import DEAD_REASONS, SOURCES
from kotinos.insight.generate.truth.counting import (
    Groups,
    basis_points,
    day_of,
    days_of,
    in_order,
    instants_of,
    rows_of,
    words_of,
)
from kotinos.insight.generate.world import MINUTE, PLACES, SPAN, Coded

if TYPE_CHECKING:
    from kotinos.insight.contracts import Row
    from kotinos.insight.generate.games import Games
    from kotinos.insight.generate.truth.people import Truth
    from kotinos.insight.generate.world import Array

_WINDOW = 5 * MINUTE


def truth_of_channel(games: Games) -> Truth:
    seen = games.beats
    subject = in_order(Coded(seen.subject, SUBJECTS))
    place = in_order(Coded(seen.place, tuple(row.code for row in PLACES)))
    minutes, days = Groups(seen.at // MINUTE), Groups(day_of(seen.at))
    return {
        "watch_time": _watched(games, subject),
        "watch_by_territory": _watched(games, place),
        "watch_by_day": rows_of(
            days_of(games, days.keys[0]), days.distinct(seen.view), days.total(seen.seconds)
        ),
        "completion": _completion(games, subject),
        "concurrent_viewers": rows_of(
            instants_of(games, minutes.keys[0] * MINUTE), minutes.distinct(seen.view)
        ),
        **_now(games),
        "dead_letters": _dead(games),
    }


def _watched(games: Games, key: Coded) -> list[Row]:
    seen = games.beats
    found = Groups(key.codes)
    names = words_of(found.keys[0], key.words)
    return rows_of(names, found.distinct(seen.view), found.total(seen.seconds))


def _completion(games: Games, subject: Coded) -> list[Row]:
    seen = games.beats
    started, ended = (
        np.unique(seen.view[seen.kind == KINDS.index(kind)]) for kind in ("start", "end")
    )
    begins = seen.kind == KINDS.index("start")
    found = Groups(subject.codes[begins])
    complete = np.isin(seen.view[begins], np.intersect1d(started, ended))
    views, done = found.rows(), found.rows(complete)
    names = words_of(found.keys[0], subject.words)
    return rows_of(names, views, done, basis_points(done, views))


def _dead(games: Games) -> list[Row]:
    dead = games.dead
    source = in_order(Coded(dead.source, SOURCES))
    reason = in_order(Coded(dead.reason, DEAD_REASONS))
    found = Groups(day_of(dead.at), source.codes, reason.codes)
    return rows_of(
        days_of(games, found.keys[0]),
        words_of(found.keys[1], source.words),
        words_of(found.keys[2], reason.words),
        found.rows(),
    )


def _now(games: Games) -> Truth:
    happened = games.events
    robot = games.visits.robot[happened.visit]
    minutes = Groups(happened.at // MINUTE)
    per_minute = rows_of(
        instants_of(games, minutes.keys[0] * MINUTE), minutes.rows(), minutes.rows(robot)
    )
    return {"events_per_minute": per_minute, "live_windows": _windows(games, robot)}


def _windows(games: Games, robot: Array) -> list[Row]:
    happened, seen, sold, denied = games.events, games.beats, games.sales, games.refusals
    bought = sold.units > 0
    person = games.visits.person[happened.visit].astype(np.int64)
    parts = [
        _part(happened.at, ~robot),
        _distinct(happened.at[~robot], person[~robot]),
        _part(seen.at, seen.seconds),
        _distinct(sold.at[bought], sold.order[bought]),
        _part(sold.at[bought], sold.units[bought]),
        _part(denied.at, ~denied.robot),
    ]
    touched = np.zeros(SPAN // _WINDOW, dtype=bool)
    for at in (happened.at, seen.at, sold.at[bought], denied.at):
        touched[at // _WINDOW] = True
    windows = np.flatnonzero(touched)
    return rows_of(instants_of(games, windows * _WINDOW), *(part[windows] for part in parts))


def _part(at: Array, values: Array) -> Array:
    return np.bincount(
        at // _WINDOW, weights=values.astype(float), minlength=SPAN // _WINDOW
    ).astype(np.int64)


def _distinct(at: Array, values: Array) -> Array:
    found = Groups(at // _WINDOW)
    whole = np.zeros(SPAN // _WINDOW, dtype=np.int64)
    whole[found.keys[0]] = found.distinct(values)
    return whole
