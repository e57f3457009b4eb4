"""Figures over time."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kotinos.insight.office.drawing import Cell, Drawn, Table
from kotinos.insight.office.figures import name_of, names_of, whole, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kotinos.insight.contracts import Value
    from kotinos.insight.office.drawing import Over, Place, Record

PARTS_MAX = 4  # more lines than that cannot be told apart
TABLE_ROWS_MAX = 400
DAYS_BY_MINUTE_MAX = 2
POINTS_MAX = 3_000


def over(draw: Over, records: Sequence[Record], place: Place, now: datetime) -> Drawn:
    """Every day of the time asked for has its place, also where nothing happened."""
    if draw.peak_of_hour and _days(place) > DAYS_BY_MINUTE_MAX:
        records = _peaks(draw, records)
    is_instant = bool(records) and isinstance(records[0][draw.x], datetime)
    names, values = _split(draw, records) if draw.split else _given(draw, records)
    xs = _instants(values) if is_instant else _all_days(values, place)
    series = [
        {"name": name, "data": [_scaled(draw, values[x].get(key, 0)) for x in xs]}
        for key, name in names
    ]
    spec: dict[str, Any] = {
        "kind": draw.kind,
        "xkind": ("hour" if _days(place) > 1 else "minute") if is_instant else "day",
        "x": [_text(x) for x in xs],
        "series": series,
    }
    if not is_instant:
        spec |= _day_notes(xs, place, now.astimezone(timezone.utc).date())
    table = _table(draw, names, xs, values, spec)
    return Drawn("series", _finding(draw, names, values), table, spec, is_empty=not records)


def _peaks(draw: Over, records: Sequence[Record]) -> list[Record]:
    """The largest value of each hour."""
    found: dict[datetime, dict[str, Value]] = {}
    for record in records:
        x = record[draw.x]
        assert isinstance(x, datetime)
        hour = x.replace(minute=0, second=0, microsecond=0)
        one = found.setdefault(hour, {draw.x: hour})
        for name, _words in draw.y:
            one[name] = max(_int(one.get(name)), _int(record[name]))
    return list(found.values())


def _instants(values: Mapping[Value, object]) -> list[Value]:
    """From the first to the last in even steps, also where nothing happened."""
    found = sorted(value for value in values if isinstance(value, datetime))
    if len(found) < PARTS_MAX:
        return [*found]
    step = min(after - before for before, after in pairwise(found))
    count = (found[-1] - found[0]) // step
    if count > POINTS_MAX:
        return [*found]
    return [found[0] + number * step for number in range(count + 1)]


def _all_days(values: Mapping[Value, object], place: Place) -> list[Value]:
    span = [place.asked.since + timedelta(days=n) for n in range(_days(place))]
    return sorted({*span, *(value for value in values if isinstance(value, date))}, key=str)


def _given(
    draw: Over, records: Sequence[Record]
) -> tuple[list[tuple[str, str]], dict[Value, dict[str, int]]]:
    """A line for each named column."""
    values: dict[Value, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for record in records:
        for name, _words in draw.y:
            values[record[draw.x]][name] += _int(record[name])
    return [(name, str(words)) for name, words in draw.y], values


def _split(
    draw: Over, records: Sequence[Record]
) -> tuple[list[tuple[str, str]], dict[Value, dict[str, int]]]:
    """A line for each of the largest values of a column, and one for all others together."""
    ((column, _words),) = draw.y
    totals: dict[str, int] = defaultdict(int)
    for record in records:
        totals[str(record[draw.split])] += _int(record[column])
    largest = sorted(totals, key=lambda value: (-totals[value], value))
    shown = largest if len(largest) <= PARTS_MAX else largest[: PARTS_MAX - 1]
    values: dict[Value, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for record in records:
        part = str(record[draw.split])
        values[record[draw.x]][part if part in shown else "*"] += _int(record[column])
    words = names_of(draw.split, shown)
    named = [(value, words[value]) for value in shown]
    return named if len(shown) == len(largest) else [*named, ("*", _("All others"))], values


def _days(place: Place) -> int:
    return (place.asked.until - place.asked.since).days


def _day_notes(xs: Sequence[Value], place: Place, today: date) -> dict[str, Any]:
    """The edition's own days as a field, the day that is not over, and a link for each day."""
    edition = place.asked.edition
    inside = [x for x in xs if isinstance(x, date) and edition.starts_on <= x <= edition.ends_on]
    found: dict[str, Any] = {}
    if inside and len(inside) < len(xs):
        found["band"] = {"from": _text(inside[0]), "to": _text(inside[-1]), "name": place.games}
    if xs and xs[-1] == today:
        found["partial"] = _("This day is not over.")
    if len(xs) > 1:
        found["links"] = [place.link(since=_text(x), until=_text(x)) for x in xs]
    return found


def _table(
    draw: Over,
    names: Sequence[tuple[str, str]],
    xs: Sequence[Value],
    values: Mapping[Value, Mapping[str, int]],
    spec: Mapping[str, Any],
) -> Table:
    links = spec.get("links") or [""] * len(xs)
    rows = [
        [
            Cell(written(draw.x, x), url=link),
            *(Cell(_cell(draw, values, x, key), is_number=True) for key, _name in names),
        ]
        for x, link in zip(xs, links, strict=True)
    ]
    first = _("Day") if spec["xkind"] == "day" else _("Time (UTC)")
    headings = [(first, False), *((name, True) for _key, name in names)]
    return Table(headings, rows[-TABLE_ROWS_MAX:], max(0, len(rows) - TABLE_ROWS_MAX))


def _cell(draw: Over, values: Mapping[Value, Mapping[str, int]], x: Value, key: str) -> str:
    found = values.get(x, {}).get(key, 0)
    return written(draw.y[0][0] if draw.split else key, found)


def _finding(
    draw: Over, names: Sequence[tuple[str, str]], values: Mapping[Value, Mapping[str, int]]
) -> str:
    """The sum, and when it was most."""
    totals = {x: sum(counts.values()) for x, counts in values.items()}
    if not totals or not any(totals.values()):
        return _("Nothing in this time.")
    top = max(totals, key=lambda x: (totals[x], str(x)))
    column, words = draw.y[0]
    if not draw.split and len(names) > 1:
        top = max(values, key=lambda x: (values[x].get(column, 0), str(x)))
        totals = {x: counts.get(column, 0) for x, counts in values.items()}
    return _("Most %(when)s: %(count)s %(noun)s.") % {
        "when": _on(top),
        "count": _amount(draw, totals[top]),
        "noun": str(words).lower(),
    }


def _amount(draw: Over, value: int) -> str:
    return whole(round(value / draw.divided_by)) if draw.divided_by > 1 else whole(value)


def _on(x: Value) -> str:
    if isinstance(x, datetime):
        return _("on %(day)s at %(time)s UTC") % {"day": f"{x:%-d %B}", "time": f"{x:%H:%M}"}
    return _("on %(day)s") % {"day": f"{x:%-d %B}"}


def _scaled(draw: Over, value: int) -> int | float:
    return value if draw.divided_by == 1 else round(value / draw.divided_by, 2)


def _text(x: Value) -> str:
    if isinstance(x, datetime):
        return x.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return x.isoformat() if isinstance(x, date) else name_of("", str(x))


def _int(value: Value) -> int:
    return value if isinstance(value, int) else 0
