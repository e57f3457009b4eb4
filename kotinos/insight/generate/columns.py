"""A Games as rows of the lake's tables, a day at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from kotinos.insight.generate import beats, happenings, world
from kotinos.insight.generate.mixing import hexadecimal, mixed, words
from kotinos.insight.generate.world import CUES, DAY, PLACES, PROGRAMMES, SECOND, Array, Coded
from kotinos.insight.lake.schema import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kotinos.insight.generate.games import Games
    from kotinos.insight.tables import Table

Columns = dict[str, "Array | Coded | pa.Array"]
_PLACES = tuple(place.code for place in PLACES)
_PRODUCTS = world.products()
WORKS = words("work-", len(_PRODUCTS), 1)
_GRANTS = words("grant-", len(_PRODUCTS), 2)
_CURRENCIES = world.currencies()
VIA = (
    "",
    *(
        f"channel:programme-{programme:02}:cue-{cue}:{cue * 61_000}"
        for programme in range(PROGRAMMES)
        for cue in range(CUES)
    ),
)
SOURCES = ("generated pages", "generated app")  # no write key has such a name
DEAD_REASONS = ("name is missing", "timestamp is not a time", "properties are not an object")
SELLERS = ("", *(f"{number:08}-0000-4000-8000-000000000000" for number in (1, 2)))
PATHS = tuple(
    f"/en-{place.lower()}/{page}"
    for place in _PLACES
    for page in ("", "channel/tonight", "shop", "medals")
)
_PAGE_OF_CODE = np.array([0, 1, 2, 2, 2, 2, 1, 2, 3], dtype=np.int64)


def path_codes(code: Array, place: Array) -> Array:
    return place.astype(np.int64) * 4 + _PAGE_OF_CODE[code]


def seller_codes(noc: Array) -> Array:
    """Return whose rows they are: most the operator's, some teams' those of two sellers."""
    return np.where(noc % 4 == 1, 1, np.where(noc % 4 == 2, 2, 0))


def events_of(games: Games, rows: slice) -> Columns:
    made, happened = games.visits, games.events
    visit, code = happened.visit[rows], happened.code[rows]
    about = np.isin(code, (happenings.VIEWED, happenings.ADDED, happenings.ORDERED))
    place, noc = made.place[visit], made.noc[visit]
    product = np.where(about, made.product[visit] + 1, 0)
    added = code == happenings.ADDED
    price = world.prices()[made.goods[visit], place]
    at = happened.at[rows]
    return {
        **_common(games, at, happened.number[rows], place, salt=11),
        "organisation": Coded(np.zeros(len(at), dtype=np.int8), SELLERS),
        "source": Coded((made.device[visit] == 0).astype(np.int8), SOURCES),
        "kind": Coded(code, happenings.KINDS),
        "name": Coded(code, happenings.NAMES),
        "person": games.people.pseudonyms[made.person[visit]],
        "visitor": made.visitor[visit],
        "bot": made.robot[visit],
        "device": Coded(made.device[visit], world.DEVICES),
        "language": Coded(place, tuple(row.language for row in PLACES)),
        "network": Coded(place, tuple(f"198.51.{number}.0/24" for number in range(len(PLACES)))),
        "path": Coded(path_codes(code, place), PATHS),
        "referrer": Coded(made.referrer[visit], world.REFERRERS),
        "campaign": Coded(made.campaign[visit], world.CAMPAIGNS),
        "noc": Coded(np.where(about, noc, 0), world.NOCS),
        "work": Coded(product, ("", *WORKS)),
        "product": Coded(product, ("", *_PRODUCTS)),
        "grant": Coded(product, ("", *_GRANTS)),
        "subject": Coded(
            np.where(code == happenings.PLAYED, 1 + made.goods[visit], 0), ("", *beats.SUBJECTS)
        ),
        "via": Coded(np.where(added, made.led[visit], 0), VIA),
        "units": pa.array(np.ones(len(at), dtype=np.int64), mask=~added),
        "minor": pa.array(price, mask=~added),
        "currency": Coded(np.where(added, place + 1, 0), ("", *_CURRENCIES)),
        "properties": Coded(np.zeros(len(at), dtype=np.int8), ("{}",)),
    }


def sales_of(games: Games, rows: slice) -> Columns:
    sold = games.sales
    number = np.arange(len(sold.at))[rows]
    product = sold.product[rows]
    return {
        **_common(games, sold.at[rows], number, sold.place[rows], salt=12),
        "organisation": Coded(seller_codes(sold.noc[rows]), SELLERS),
        "order": hexadecimal(mixed(sold.order[rows], games.seed + 21)),
        "position": sold.position[rows],
        "noc": Coded(sold.noc[rows], world.NOCS),
        "work": Coded(product, WORKS),
        "product": Coded(product, _PRODUCTS),
        "sku": Coded(product, tuple(handle.upper() for handle in _PRODUCTS)),
        "title": Coded(product, world.titles()),
        "grant": Coded(product, _GRANTS),
        "via": Coded(sold.led[rows], VIA),
        "drop": Coded(sold.drop[rows], ("", *world.DROPS)),
        "units": sold.units[rows],
        "minor": sold.minor[rows],
        "currency": Coded(sold.place[rows], _CURRENCIES),
    }


def refusals_of(games: Games, rows: slice) -> Columns:
    denied = games.refusals
    noc = denied.noc[rows]
    product = noc.astype(np.int64) * len(world.GOODS) + denied.goods[rows]
    number = np.arange(len(denied.at))[rows]
    return {
        **_common(games, denied.at[rows], number, denied.place[rows], salt=13),
        "organisation": Coded(seller_codes(noc), SELLERS),
        "work": Coded(product, WORKS),
        "noc": Coded(noc, world.NOCS),
        "property": Coded(noc, PROPERTIES),
        "reason": Coded(denied.reason[rows], world.REASONS),
        "blocking": Coded(product, _GRANTS),
        "bot": denied.robot[rows],
        "minor": denied.minor[rows],
        "currency": Coded(denied.place[rows], _CURRENCIES),
    }


PROPERTIES = tuple(f"emblem-{(noc or 'games').lower()}" for noc in world.NOCS)


def beats_of(games: Games, rows: slice) -> Columns:
    seen = games.beats
    number = np.arange(len(seen.at))[rows]
    return {
        **_common(games, seen.at[rows], number, seen.place[rows], salt=14),
        "organisation": Coded(np.zeros(len(number), dtype=np.int8), SELLERS),
        "view": hexadecimal(mixed(seen.view[rows], games.seed + 22)),
        "subject": Coded(seen.subject[rows], beats.SUBJECTS),
        "kind": Coded(seen.kind[rows], beats.KINDS),
        "position_ms": seen.position_ms[rows],
        "seconds": seen.seconds[rows],
    }


def dead_of(games: Games, rows: slice) -> Columns:
    dead = games.dead
    number = np.arange(len(dead.at))[rows]
    nowhere = np.zeros(len(number), dtype=np.int8)
    return {
        **_common(games, dead.at[rows], number, nowhere, salt=15),
        "territory": Coded(nowhere, ("",)),
        "source": Coded(dead.source[rows], SOURCES),
        "reason": Coded(dead.reason[rows], DEAD_REASONS),
        "payload": Coded(nowhere, ('{"event": 7}',)),
    }


def _common(games: Games, at: Array, number: Array, place: Array, *, salt: int) -> Columns:
    """Most rows come within five seconds; one in two hundred has been without a network."""
    delay = (number % 5 + 1) * SECOND + np.where(number % 200 == 7, number % 47 * DAY // 24, 0)
    return {
        "id": hexadecimal(mixed(number, games.seed * 31 + salt)),
        "edition": Coded(np.zeros(len(at), dtype=np.int8), (games.edition,)),
        "occurred_at": at + games.epoch_us,
        "received_at": at + games.epoch_us + delay,
        "territory": Coded(place, _PLACES),
    }


def day_tables(games: Games, table: Table) -> Iterator[tuple[date, pa.Table]]:
    """Give the rows of each day that has any, in the order of time."""
    at, columns_of = {
        "events": (games.events.at, events_of),
        "sales": (games.sales.at, sales_of),
        "refusals": (games.refusals.at, refusals_of),
        "watching": (games.beats.at, beats_of),
        "dead": (games.dead.at, dead_of),
    }[table.name]
    bounds = np.searchsorted(at, np.arange(world.DAYS + 1) * DAY)
    for number in range(world.DAYS):
        rows = slice(int(bounds[number]), int(bounds[number + 1]))
        if rows.start < rows.stop:
            day = games.first_day + timedelta(days=number)
            yield day, _arrow(table, columns_of(games, rows), day, rows.stop - rows.start)


def _arrow(table: Table, columns: Columns, day: date, count: int) -> pa.Table:
    schema = arrow_schema(table)
    found = {**columns, "day": pa.repeat(pa.scalar(day, pa.date32()), count)}
    blank = Coded(np.zeros(count, dtype=np.int8), ("",))
    return pa.table(
        [_column(found.get(field.name, blank), field.type) for field in schema], schema=schema
    )


def _column(column: Array | Coded | pa.Array, kind: pa.DataType) -> pa.Array:
    if isinstance(column, Coded):
        return pa.array(column.words, pa.string()).take(pa.array(column.codes))
    if isinstance(column, pa.Array):
        return column.cast(kind)
    if pa.types.is_timestamp(kind):
        return pa.array(column.astype("datetime64[us]"), kind)
    return pa.array(column, kind)
