"""Messages become rows of the table `events`, without anything that tells who somebody is.

A batch is read column by column: what all of its messages have alike is done once, and a key that
none of them has costs nothing. `LOGGED` are the columns in the log; edition, organisation, source
and the instant of coming are said once for all rows of a frame, the day follows from the instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from kotinos.insight.collect.agents import bot_of, device_of
from kotinos.insight.collect.messages import ID_LENGTH_MAX, KINDS, Context, Page
from kotinos.insight.collect.pseudonyms import PERSONAL_KEYS, network_of, without_addresses
from kotinos.kernel.money import known_currencies, minor_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kotinos.insight.collect.keys import Key
    from kotinos.insight.collect.messages import Message

LOGGED = (
    *("id", "occurred_at", "territory", "kind", "name", "person", "visitor", "bot", "device"),
    *("language", "network", "path", "referrer", "campaign", "noc", "work", "product", "grant"),
    *("order", "subject", "via", "units", "minor", "currency", "properties"),
)
Column = Any  # a list with a value for each row, or the one value that all rows have
CLOCK_ERROR_MIN = 60_000_000
"""Microseconds. What is less is the network's delay, not a wrong clock."""
AGE_MAX = timedelta(days=400) // timedelta(microseconds=1)
TEXT_LENGTH_MAX = 200
PROPERTIES_CHARACTERS_MAX = 16_384
FEW = 12
MINOR_MAX = 10**15
AMOUNT_MAX = MINOR_MAX // 1000
_BLANK: dict[str, Column] = {
    name: None if name in {"person", "visitor", "units", "minor"} else "" for name in LOGGED
}
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
"""Properties that have a column of their own."""
_AMOUNTS = ("total", "revenue", "value", "price")
_COUNTED = frozenset((*_AMOUNTS, "currency", "quantity"))
_NAMED = frozenset(_TEXTS)
_NOT_REST = PERSONAL_KEYS | _NAMED | _COUNTED | {"edition"}  # the key says the edition
_POSTHOG = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
}
_NO_CONTEXT, _NO_PAGE = Context(), Page()
_NUMBERS, _IDS, _ONLY_TEXT = {int, float, type(None)}, (str, int), {str}
_encoder = msgspec.json.Encoder()
Properties = dict[str, Any]


class Unusable(Exception):  # noqa: N818 - not a fault of ours: a reason for whoever sent it
    """Why one of the messages cannot be a row."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and whence messages came. `clock_error`: microseconds their clock is behind ours."""

    key: Key
    received: int
    clock_error: int
    network: str
    agent: str


def columns_of(messages: Sequence[Message], arrival: Arrival) -> list[Column]:
    """The rows of some messages, as columns in the order of `LOGGED`.

    Unusable where one of them cannot be a row: then none is, and one by one tells which.
    """
    found = _BLANK.copy()
    every = [message.properties or {} for message in messages]
    found["id"] = _ids(messages)
    found["occurred_at"] = _occurred(messages, arrival)
    found["kind"], found["name"] = _kinds(messages, every)
    found["person"], found["visitor"] = _who(messages, every, arrival.key)
    _sort(every, found)
    _surround([message.context or _NO_CONTEXT for message in messages], found, arrival)
    return [found[name] for name in LOGGED]


def refuses(context: Context) -> bool:
    """Whether whoever it is about has not agreed to be counted."""
    said = context.consent
    if said is None:
        return False
    if said.analytics is not None:
        return not said.analytics
    choices = {name.lower(): choice for name, choice in (said.categoryPreferences or {}).items()}
    return choices.get("analytics") is False


def micros(instant: datetime) -> int:
    """Microseconds since 1970; an instant without a zone is UTC."""
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=timezone.utc)
    return round(instant.timestamp() * 1_000_000)


def _ids(messages: Sequence[Message]) -> list[str]:
    ids = [message.messageId or message.uuid or uuid4().hex for message in messages]
    if len(max(ids, key=len)) > ID_LENGTH_MAX:
        raise Unusable(f"messageId is longer than {ID_LENGTH_MAX} characters")
    return ids


def _occurred(messages: Sequence[Message], arrival: Arrival) -> list[int]:
    """When it happened by our clock; Segment's rule, where the sender's clock is clearly wrong."""
    received, error = arrival.received, arrival.clock_error
    shift = 0 if -CLOCK_ERROR_MIN <= error <= CLOCK_ERROR_MIN else error
    if any(message.sentAt is not None for message in messages):
        found = [_one(message, arrival, shift) for message in messages]
    else:
        said = [message.originalTimestamp or message.timestamp for message in messages]
        found = [received if each is None else micros(each) + shift for each in said]
    if min(found) < received - AGE_MAX:
        raise Unusable("timestamp is more than 400 days ago")
    if max(found) > received:
        found = [min(each, received) for each in found]
    return found


def _one(message: Message, arrival: Arrival, shift: int) -> int:
    """The instant of a message that says itself when it was sent."""
    said = message.originalTimestamp or message.timestamp
    if said is None:
        return arrival.received
    if message.sentAt is not None:
        error = arrival.received - micros(message.sentAt)
        shift = 0 if -CLOCK_ERROR_MIN <= error <= CLOCK_ERROR_MIN else error
    return micros(said) + shift


def _kinds(messages: Sequence[Message], every: Sequence[Properties]) -> tuple[Column, Column]:
    """Kinds, and names; a page may be named by its title, a track must have a name."""
    kinds = [message.type or "" for message in messages]
    names = [message.event or message.name or "" for message in messages]
    for at, message in enumerate(messages):
        if message.distinct_id is not None:
            kinds[at] = _POSTHOG.get(names[at], "track")
        if not names[at] and kinds[at] in {"page", "screen"}:
            names[at] = _text(every[at].get("title"))
        if not names[at] and kinds[at] == "track":
            raise Unusable("the event has no name")
    strange = set(kinds) - KINDS
    if strange:
        said = min(strange)[:40]
        raise Unusable(f"type {said!r} is none of {', '.join(sorted(KINDS))}")
    return _alike(kinds), _cut(names)


def _who(
    messages: Sequence[Message], every: Sequence[Properties], key: Key
) -> tuple[list[int], Column]:
    """Pseudonyms of the person and the device. An identify or alias names both."""
    people = [message.userId or message.distinct_id for message in messages]
    devices = [
        message.anonymousId
        or (message.previousId if message.distinct_id is None else _device(properties))
        for message, properties in zip(messages, every, strict=True)
    ]
    visitors = key.pseudonyms.of_all(devices)
    if None in people or "" in people:
        persons = [
            person or visitor
            for person, visitor in zip(key.pseudonyms.of_all(people), visitors, strict=True)
        ]
        if None in persons:
            raise Unusable("neither userId nor anonymousId says whose it is")
    else:
        persons = key.pseudonyms.of_all(people)
    return persons, visitors  # type: ignore[return-value]  # no None is left


def _device(properties: Properties) -> str | int | None:
    found = properties.get("$anon_distinct_id") or properties.get("$device_id")
    return found if isinstance(found, _IDS) else None


def _sort(every: Sequence[Properties], found: dict[str, Column]) -> None:
    """Put each property where it has a column, leave out what is personal, keep the rest."""
    names = set().union(*every)
    for name in names & _NAMED:
        column, known = _texts(every, name), found[_TEXTS[name]]
        if known:
            column = [new or old for new, old in zip(column, known, strict=True)]
        found[_TEXTS[name]] = column
    for name, tidy in (("territory", _territory), ("noc", _noc)):
        if found[name]:
            found[name] = _each(found[name], tidy)
    if "quantity" in names:
        found["units"] = [_whole(properties.get("quantity")) for properties in every]
    if "currency" in names:
        found["minor"], found["currency"] = _amounts(every, names)
    names -= _NOT_REST
    if names:
        found["properties"] = _rest(every, names)


def _texts(every: Sequence[Properties], name: str) -> list[str]:
    """A property as text: a whole number is its digits, anything else says nothing."""
    values = [properties.get(name, "") for properties in every]
    if {*map(type, values)} == _ONLY_TEXT and len(max(values, key=len)) <= TEXT_LENGTH_MAX:
        return values
    return [_text(value) for value in values]


def _surround(contexts: Sequence[Context], found: dict[str, Column], arrival: Arrival) -> None:
    """What the message says of its surroundings: device, language, network, page, campaign."""
    agents = [context.userAgent or arrival.agent for context in contexts]
    found["device"], found["bot"] = _each(agents, device_of), _each(agents, bot_of)
    found["language"] = _cut([context.locale or "" for context in contexts])
    addresses = [context.ip or "" for context in contexts]
    found["network"] = _each(addresses, lambda said: _network(said) if said else arrival.network)
    pages = [context.page or _NO_PAGE for context in contexts]
    paths = [page.path or _path_of(page.url or "") for page in pages]
    if any(paths):
        found["path"] = _cut([path.partition("?")[0] for path in paths])
    found["referrer"] = _each([page.referrer or "" for page in pages], _host)
    if any(context.campaign is not None for context in contexts):
        campaigns = [(context.campaign and context.campaign.name) or "" for context in contexts]
        found["campaign"] = _cut(campaigns)


def _alike(values: list[Any]) -> Column:
    """The one value where all rows have the same."""
    first = values[0]
    return first if values.count(first) == len(values) else values


def _each(values: Sequence[str], function: Callable[[str], Any]) -> Column:
    """The function of each; asked once for each that is different."""
    known = {value: function(value) for value in {*values}}
    return [known[value] for value in values] if len(known) > 1 else known[values[0]]


def _cut(values: list[str]) -> Column:
    if len(max(values, key=len)) > TEXT_LENGTH_MAX:
        values = [value[:TEXT_LENGTH_MAX] for value in values]
    return _alike(values)


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


def _amounts(every: Sequence[Properties], names: set[str]) -> tuple[Column, Column]:
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
    lines = _encoder.encode_lines(rest)
    if b"@" in lines:
        lines = without_addresses(lines)
    texts = lines.decode().split("\n")[:-1]
    if len(max(texts, key=len)) > PROPERTIES_CHARACTERS_MAX:
        raise Unusable(f"properties are longer than {PROPERTIES_CHARACTERS_MAX} characters")
    return ["" if text == "{}" else text for text in texts]


_network = lru_cache(maxsize=8192)(network_of)


@lru_cache(maxsize=8192)
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:TEXT_LENGTH_MAX]
    except ValueError:
        return ""


@lru_cache(maxsize=8192)
def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
