"""The truth about what was sold, given back, refused, and led to by the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kotinos.insight.generate import world
from kotinos.insight.generate.columns import PROPERTIES, VIA, WORKS
from kotinos.insight.generate.happenings import ADDED
from kotinos.insight.generate.truth.counting import (
    Groups,
    day_of,
    days_of,
    in_order,
    instants_of,
    rows_of,
    words_of,
)
from kotinos.insight.generate.world import GOODS, PLACES, Coded

if TYPE_CHECKING:
    from kotinos.insight.contracts import Row, Value
    from kotinos.insight.generate.games import Games
    from kotinos.insight.generate.truth.people import Truth
    from kotinos.insight.generate.world import Array

_TERRITORIES = tuple(place.code for place in PLACES)
_HANDLES = world.products()
_TITLES = dict(zip(_HANDLES, world.titles(), strict=True))
_NOCS = {handle: world.NOCS[place // len(GOODS)] for place, handle in enumerate(_HANDLES)}


def truth_of_shop(games: Games) -> Truth:
    return {**_sales(games), **_refunds(games), **_denied(games), "attribution": _led(games)}


def _currency(place: Array) -> Coded:
    return in_order(Coded(place, world.currencies()))


def _net(games: Games, where: Array, *keys: Coded) -> list[Row]:
    """Return keys, orders, units and money of some lines."""
    sold = games.sales
    found = Groups(*(key.codes[where] for key in keys))
    names = [words_of(c, k.words) for c, k in zip(found.keys, keys, strict=True)]
    units, order = sold.units[where], sold.order[where]
    return rows_of(
        *names,
        found.distinct(order, units > 0),
        found.total(units),
        found.total(sold.minor[where]),
    )


def _sales(games: Games) -> Truth:
    sold = games.sales
    every = np.ones(len(sold.at), dtype=bool)
    currency = _currency(sold.place)
    noc, place = in_order(Coded(sold.noc, world.NOCS)), in_order(Coded(sold.place, _TERRITORIES))
    drop = in_order(Coded(sold.drop, ("", *world.DROPS)))
    product = in_order(Coded(sold.product, _HANDLES))
    products: list[Row] = [
        (handle, _TITLES[str(handle)], _NOCS[str(handle)], money, units, minor)
        for handle, money, _, units, minor in _net(games, every, product, currency)
    ]
    products.sort(key=lambda row: (-_int(row[4]), -_int(row[5]), str(row[0]), str(row[3])))
    return {
        "sales_by_noc_territory": _net(games, every, noc, place, currency),
        "drop_course": _course(games, drop),
        "drop_sales": _net(games, sold.drop > 0, drop, currency),
        "top_products": products[:20],
    }


def _course(games: Games, drop: Coded) -> list[Row]:
    sold = games.sales
    bought = (sold.drop > 0) & (sold.units > 0)
    width = 5 * world.MINUTE
    found = Groups(sold.at[bought] // width, drop.codes[bought])
    return rows_of(
        instants_of(games, found.keys[0] * width),
        words_of(found.keys[1], drop.words),
        found.distinct(sold.order[bought]),
        found.total(sold.units[bought]),
    )


def _int(value: Value) -> int:
    assert isinstance(value, int)
    return value


def _refunds(games: Games) -> Truth:
    sold = games.sales
    currency = _currency(sold.place)
    days = Groups(day_of(sold.at), currency.codes)
    back = sold.units < 0
    by_day = rows_of(
        days_of(games, days.keys[0]),
        words_of(days.keys[1], currency.words),
        days.distinct(sold.order, ~back),
        days.total(sold.units),
        days.total(sold.minor),
        -days.total(sold.minor, back),
    )
    given = Groups(day_of(sold.at[back]), currency.codes[back])
    refunds = rows_of(
        days_of(games, given.keys[0]),
        words_of(given.keys[1], currency.words),
        given.distinct(sold.order[back]),
        -given.total(sold.units[back]),
        -given.total(sold.minor[back]),
    )
    return {"sales_by_day": by_day, "refunds": refunds}


def _denied(games: Games) -> Truth:
    denied = games.refusals
    human = ~denied.robot
    product = denied.noc.astype(np.int64) * len(GOODS) + denied.goods
    keys = {
        "noc": Coded(denied.noc, world.NOCS),
        "territory": Coded(denied.place, _TERRITORIES),
        "reason": Coded(denied.reason, world.REASONS),
        "property": Coded(denied.noc, PROPERTIES),
        "work": Coded(product, WORKS),
        "currency": Coded(denied.place, world.currencies()),
    }
    ordered = {name: in_order(key) for name, key in keys.items()}

    def by(*names: str) -> list[Row]:
        some = [ordered[name] for name in names]
        found = Groups(*(key.codes[human] for key in some))
        texts = [words_of(c, k.words) for c, k in zip(found.keys, some, strict=True)]
        return rows_of(
            *texts, found.rows(), found.distinct(product[human]), found.total(denied.minor[human])
        )

    days = Coded(day_of(denied.at), [])
    found = Groups(days.codes[human], ordered["currency"].codes[human])
    by_day = rows_of(
        days_of(games, found.keys[0]),
        words_of(found.keys[1], ordered["currency"].words),
        found.rows(),
        found.distinct(product[human]),
        found.total(denied.minor[human]),
    )
    return {
        "denied_demand": by("noc", "territory", "reason", "property", "currency"),
        "denied_by_day": by_day,
        "denied_by_territory": by("territory", "currency"),
        "denied_by_noc": by("noc", "currency"),
        "denied_by_reason": by("reason", "currency"),
        "denied_by_property": by("property", "currency"),
        "denied_by_work": by("work", "noc", "currency"),
    }


def _led(games: Games) -> list[Row]:
    """Lay baskets and orders of each cue and currency beside one another."""
    happened, made, sold = games.events, games.visits, games.sales
    led = made.led[happened.visit]
    added = (happened.code == ADDED) & (led > 0) & ~made.robot[happened.visit]
    place = made.place[happened.visit[added]]
    bought = sold.led > 0
    cue = np.concatenate([led[added], sold.led[bought]])
    money = _currency(np.concatenate([place, sold.place[bought]]))
    clicks = int(added.sum())
    is_click = np.arange(len(cue)) < clicks
    order, units, minor = (
        np.concatenate([np.zeros(clicks, dtype=np.int64), column[bought]])
        for column in (sold.order, sold.units, sold.minor)
    )
    found = Groups(cue, money.codes)
    columns = (
        found.rows(is_click),
        found.distinct(order, ~is_click & (units > 0)),
        found.total(units),
        found.total(minor),
    )
    keys = [VIA[code].split(":")[:3] for code in found.keys[0]]
    rows = rows_of(words_of(found.keys[1], money.words), *columns)
    both = [(*key, *row) for key, row in zip(keys, rows, strict=True)]
    return sorted(both, key=lambda row: tuple(str(part) for part in row[:4]))
