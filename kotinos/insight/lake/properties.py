"""Properties of events become columns, and the rest JSON: for many events at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from kotinos.insight.collect.pseudonyms import PERSONAL_KEYS
from kotinos.kernel.money import known_currencies, minor_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Properties = dict[str, Any]
TEXT_LENGTH_MAX = 200
FEW = 12
MINOR_MAX = 10**15
AMOUNT_MAX = MINOR_MAX // 1000
_TEXTS = {
    "noc": "noc",
    "work": "work",
    "work_id": "work",
    "product": "product",
    "via": "via",
    "product_id": "product",
    "grant": "grant",
    "order": "order",
    "order_id": "order",
    "subject": "subject",
    "territory": "territory",
    "path": "path",
    "$pathname": "path",
}
"""Properties that have a column of their own: names of Segment's spec and ours."""
_AMOUNTS = ("total", "revenue", "value", "price")
_COUNTED = frozenset((*_AMOUNTS, "currency", "quantity"))
_NAMED = frozenset(_TEXTS)
_NOT_REST = PERSONAL_KEYS | _NAMED | _COUNTED | {"edition"}  # the key says the edition
_NUMBERS, _ONLY_TEXT = {int, float, type(None)}, {str}
_encoder = msgspec.json.Encoder()


def spread(every: Sequence[Properties]) -> dict[str, list[Any]]:
    """The columns that any of some events has a value for, by their names."""
    found: dict[str, list[Any]] = {}
    names = set().union(*every)
    for name in names & _NAMED:
        column, known = _texts(every, name), found.get(_TEXTS[name])
        if known:
            column = [new or old for new, old in zip(column, known, strict=True)]
        found[_TEXTS[name]] = column
    for name, tidy in (("territory", _territory), ("noc", _noc)):
        if name in found:
            found[name] = _each(found[name], tidy)
    if "quantity" in names:
        found["units"] = [_whole(properties.get("quantity")) for properties in every]
    if "currency" in names:
        found["minor"], found["currency"] = _amounts(every, names)
    names -= _NOT_REST
    if names:
        found["properties"] = _rest(every, names)
    return found


def _texts(every: Sequence[Properties], name: str) -> list[str]:
    """A property as text: a whole number is its digits, anything else says nothing."""
    values = [properties.get(name, "") for properties in every]
    if {*map(type, values)} == _ONLY_TEXT and len(max(values, key=len)) <= TEXT_LENGTH_MAX:
        return values
    return [_text(value) for value in values]


def _each(values: Sequence[str], function: Callable[[str], str]) -> list[str]:
    """The function of each; asked once for each that is different."""
    known = {value: function(value) for value in {*values}}
    return [known[value] for value in values]


def _text(value: object) -> str:
    """A text or a whole number as text; anything else says nothing."""
    if type(value) is str:
        return value if len(value) <= TEXT_LENGTH_MAX else value[:TEXT_LENGTH_MAX]
    return str(value) if type(value) is int else ""


def _territory(text: str) -> str:
    return text.upper() if len(text) == 2 and text.isalpha() else ""  # noqa: PLR2004 - alpha-2


def _noc(text: str) -> str:
    return text[:3].upper()


def _whole(value: object) -> int | None:
    return value if type(value) is int and -MINOR_MAX <= value <= MINOR_MAX else None


def _amounts(every: Sequence[Properties], names: set[str]) -> tuple[list[int | None], list[str]]:
    """Minor units and currencies of what Segment's spec calls total, revenue, value or price."""
    codes = _texts(every, "currency")
    units = {code: _units_of(code.upper()) for code in {*codes}}
    first, *others = [name for name in _AMOUNTS if name in names] or _AMOUNTS
    amounts = [each.get(first) for each in every]
    for name in others:
        amounts = [
            each.get(name) if amount is None else amount
            for amount, each in zip(amounts, every, strict=True)
        ]
    if not _NUMBERS.issuperset(map(type, amounts)):
        amounts = [amount if type(amount) in _NUMBERS else None for amount in amounts]
    if max(map(abs, filter(None, amounts)), default=0) >= AMOUNT_MAX:
        amounts = [None if amount and abs(amount) >= AMOUNT_MAX else amount for amount in amounts]
    minor = [
        None if amount is None or not units[code] else round(amount * units[code])
        for amount, code in zip(amounts, codes, strict=True)
    ]
    known = ["" if each is None else code for each, code in zip(minor, codes, strict=True)]
    return minor, _each(known, str.upper)


@lru_cache(maxsize=512)
def _units_of(currency: str) -> int:
    """Minor units in one of a currency; 0 for what is none."""
    return int(10 ** minor_digits(currency)) if currency in known_currencies() else 0


def _rest(every: Sequence[Properties], names: set[str]) -> list[str]:
    """What is left of each, as JSON; empty where nothing is."""
    if len(names) <= FEW:
        few = sorted(names)
        rest = [{name: each[name] for name in few if name in each} for each in every]
    else:
        rest = [{name: each[name] for name in each if name in names} for each in every]
    texts = _encoder.encode_lines(rest).decode().split("\n")[:-1]
    return ["" if text == "{}" else text for text in texts]
