"""How values of answers are written, and what codes are called. The office speaks English."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kotinos.channel import api as channel
from kotinos.games import api as games
from kotinos.kernel.money import Money, format_money, minor_digits
from kotinos.rights.contracts import REASON_DOCS, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kotinos.insight.contracts import Value

MINUTE_S, HOUR_S = 60, 3600
THOUSAND, HUNDRED = 1000, 100
SHORT_MS = 10_000


def whole(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def percent(basis_points: int) -> str:
    """`12.3 %` of 1,234 basis points."""
    return f"{basis_points / HUNDRED:.1f} %"


def seconds(count: int) -> str:
    """`3 h 05 min`, `12 min` or `40 s`."""
    if count >= 100 * HOUR_S:
        return f"{whole(count // HOUR_S)} h"
    if count >= HOUR_S:
        return f"{count // HOUR_S} h {count % HOUR_S // MINUTE_S:02} min"
    if count >= MINUTE_S:
        return f"{count // MINUTE_S} min"
    return f"{count} s"


def milliseconds(count: int) -> str:
    return f"{count / THOUSAND:.1f} s" if count < SHORT_MS else seconds(count // THOUSAND)


def money(amounts: Iterable[tuple[int, str]]) -> list[str]:
    """One text for each (minor units, currency), in their order; never added up over two."""
    return [money_text(amount, currency) for amount, currency in amounts]


def money_text(minor: int, currency: str) -> str:
    """An amount; without its cents where they would not be read."""
    unit = 10 ** minor_digits(currency)
    if abs(minor) >= 1000 * unit:
        text = format_money(Money(minor // unit * unit, currency), "en")
        return text.partition(".")[0] if unit > 1 else text
    return format_money(Money(minor, currency), "en")


def written(name: str, value: Value) -> str:
    """A value as its column's name says it is: the unit stands at the name's end."""
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case int():
            return _number(name, value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%-d %b %Y}"
        case _:
            return str(value)


def _number(name: str, value: int) -> str:
    if name.endswith("_bp"):
        return percent(value)
    if name.endswith("_ms"):
        return milliseconds(value)
    if name.endswith("_s") or name == "seconds":
        return seconds(value)
    return whole(value)


def names_of(column: str, values: Iterable[str]) -> dict[str, str]:
    """What the codes in a column are called, by code; one that nobody knows is its own name."""
    found = set(values)
    if column == "subject":
        return _subjects(found)
    return {value: name_of(column, value) for value in found}


def name_of(column: str, value: str) -> str:
    """What one code is called; programmes are asked for together: `names_of`."""
    if not value:
        return _("Without a team") if column == "noc" else _("Not known")
    match column:
        case "noc":
            return games.noc_name(value, "en")
        case "territory":
            return games.territory_name(value, "en")
        case "reason":
            known = value in {reason.value for reason in Reason}
            return REASON_DOCS[Reason(value)].rstrip(".") if known else value
        case _:
            return value


def _subjects(values: set[str]) -> dict[str, str]:
    codes = {value[2:]: value for value in values if value.startswith("v:")}
    titles = channel.programme_titles(codes=codes.keys(), mine=None)
    kinds = {"c": _("Channel"), "l": _("Live")}
    found = {value: value for value in values}
    found |= {codes[code]: title for code, title in titles.items()}
    for value in values:
        if value[:2] in {"c:", "l:"}:
            found[value] = f"{kinds[value[0]]}: {value[2:]}"
    return found
