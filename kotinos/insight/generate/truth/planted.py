"""All of the truth: the rows that every metric must answer for a generated Games."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from kotinos.insight.generate.columns import seller_codes
from kotinos.insight.generate.truth.channel import truth_of_channel
from kotinos.insight.generate.truth.people import truth_of_people
from kotinos.insight.generate.truth.shop import truth_of_shop
from kotinos.insight.generate.world import SPAN

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.contracts import Value
    from kotinos.insight.generate.beats import Beats
    from kotinos.insight.generate.games import Games
    from kotinos.insight.generate.happenings import Events
    from kotinos.insight.generate.trade import Dead, Refusals, Sales
    from kotinos.insight.generate.truth.people import Truth
    from kotinos.insight.generate.world import Array


_Rows = TypeVar("_Rows", "Events", "Sales", "Refusals", "Beats", "Dead")


def truth_of(games: Games) -> Truth:
    """Return the rows of every metric, with default parameters, over all of its days."""
    return {**truth_of_people(games), **truth_of_shop(games), **truth_of_channel(games)}


def narrowed(
    games: Games,
    *,
    seller: int | None = None,
    place: int | None = None,
    since: int = 0,
    until: int | None = None,
) -> Games:
    """Return what a scope lets somebody see: a seller's or a place's rows, of some instants.

    Sellers and places are codes in `columns.SELLERS` and `world.PLACES`, instants microseconds
    since the first day.
    """
    last = until if until is not None else SPAN
    happened, made = games.events, games.visits

    def cut(rows: _Rows, where: Array, whose: Array) -> _Rows:
        keep = (rows.at >= since) & (rows.at < last)
        if place is not None:
            keep &= where == place
        if seller is not None:
            keep &= whose == seller
        return type(rows)(**{name: getattr(rows, name)[keep] for name in rows.__slots__})

    nowhere = np.full(1, -1)
    nobodys = np.zeros(1, dtype=np.int64)
    return replace(
        games,
        events=cut(happened, made.place[happened.visit], nobodys),
        sales=cut(games.sales, games.sales.place, seller_codes(games.sales.noc)),
        refusals=cut(games.refusals, games.refusals.place, seller_codes(games.refusals.noc)),
        dead=cut(games.dead, nowhere, nobodys),
        beats=cut(games.beats, games.beats.place, nobodys),
    )


def write_truth(truth: Truth, path: Path) -> None:
    """Write the rows of each metric as JSON: days and instants in ISO 8601."""
    plain = {
        name: [[as_json(value) for value in row] for row in rows] for name, rows in truth.items()
    }
    path.write_text(json.dumps(plain, separators=(",", ":")) + "\n", encoding="utf-8")


def as_json(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date | datetime) else value
