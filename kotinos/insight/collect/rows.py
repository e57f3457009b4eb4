"""Messages become rows of the table `events`, without anything that tells who somebody is.

A batch is read column by column: what all of its messages have alike is done once, and a key that
none of them has costs nothing. `LOGGED` are the columns in the log; edition, organisation, source
and the instant of coming are said once for all rows of a frame, the day follows from the instant,
and the rest is still among the properties.
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kotinos.insight.collect.keys import Key
    from kotinos.insight.collect.messages import Message

LOGGED = (
    *("id", "occurred_at", "kind", "name", "person", "visitor", "bot", "device"),
    *("language", "network", "path", "referrer", "campaign", "properties"),
)
Column = Any  # a list with a value for each row, or the one value that all rows have
CLOCK_ERROR_MIN = 60_000_000
"""Microseconds. What is less is the network's delay, not a wrong clock."""
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=timezone.utc), timedelta(microseconds=1)
AGE_MAX = timedelta(days=400) // _MICROSECOND
TEXT_LENGTH_MAX = 200
PROPERTIES_BYTES_MAX = 32_768
_POSTHOG = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
}
_NO_CONTEXT, _NO_PAGE = Context(), Page()
_IDS = (str, int)
_to_json, _pack = msgspec.json.Encoder().encode, msgspec.msgpack.Encoder().encode
Properties = dict[str, Any]


class Unusable(Exception):  # noqa: N818 - not a fault of ours: a reason for whoever sent it
    """Why one of the messages cannot be a row."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and whence messages came. `clock_error`: microseconds their clock is behind ours.

    `has_at`: somewhere in what came is an @, so that a mail address may be among it.
    """

    key: Key
    received: int
    clock_error: int
    network: str
    agent: str
    has_at: bool = True


def columns_of(messages: Sequence[Message], arrival: Arrival) -> list[Column]:
    """The rows of some messages, as columns in the order of `LOGGED`.

    Unusable where one of them cannot be a row: then none is, and one by one tells which.
    """
    every = [message.properties or {} for message in messages]
    found: dict[str, Column] = {"id": _ids(messages)}
    found["occurred_at"] = _occurred(messages, arrival)
    found["kind"], found["name"] = _kinds(messages, every)
    found["person"], found["visitor"] = _who(messages, every, arrival.key)
    found["properties"] = _impersonal(every, has_at=arrival.has_at)
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
    return (instant - _EPOCH) // _MICROSECOND


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
        if names[at] and message.distinct_id is None:
            continue  # as nearly all are
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


def _impersonal(every: Sequence[Properties], *, has_at: bool) -> Column:
    """What else was said, without what tells who somebody is; the follower gives it its columns."""
    names = set().union(*every)
    personal = names & PERSONAL_KEYS
    if personal:
        every = [properties.copy() for properties in every]
        for name in personal:
            for properties in every:
                properties.pop(name, None)
    if names == personal:
        return None
    try:
        packed = _pack(every)
    except OverflowError:
        raise Unusable("a number among the properties is too large") from None
    # The packed bytes would not tell: every number of eight bytes may hold a 0x40.
    if has_at and b"@" in (text := _to_json(every)):
        packed = _pack(msgspec.json.decode(without_addresses(text)))
    if len(packed) > PROPERTIES_BYTES_MAX < max(len(_pack(properties)) for properties in every):
        raise Unusable(f"properties are longer than {PROPERTIES_BYTES_MAX} bytes")
    return msgspec.Raw(packed)


def _surround(contexts: Sequence[Context], found: dict[str, Column], arrival: Arrival) -> None:
    """What the message says of its surroundings: device, language, network, page, campaign."""
    agents = [context.userAgent or arrival.agent for context in contexts]
    found["device"], found["bot"] = _each(agents, device_of), _each(agents, bot_of)
    found["language"] = _cut([context.locale or "" for context in contexts])
    addresses = [context.ip or "" for context in contexts]
    found["network"] = _each(addresses, lambda said: _network(said) if said else arrival.network)
    pages = [context.page or _NO_PAGE for context in contexts]
    paths = [page.path or _path_of(page.url or "") for page in pages]
    if "?" in "".join(paths):
        paths = [path.partition("?")[0] for path in paths]
    found["path"] = _cut(paths)
    found["referrer"] = _each([page.referrer or "" for page in pages], _host)
    campaigns = [context.campaign for context in contexts]
    found["campaign"] = _cut([(each.name or "") if each is not None else "" for each in campaigns])


def _alike(values: list[Any]) -> Column:
    """The one value where all rows have the same."""
    first = values[0]
    return first if values.count(first) == len(values) else values


def _each(values: Sequence[str], function: Callable[[str], Any]) -> Column:
    """The function of each; asked once for each that is different."""
    known = {value: function(value) for value in {*values}}
    return [*map(known.__getitem__, values)] if len(known) > 1 else known[values[0]]


def _cut(values: list[str]) -> Column:
    if len(max(values, key=len)) > TEXT_LENGTH_MAX:
        values = [value[:TEXT_LENGTH_MAX] for value in values]
    return _alike(values)


def _text(value: object) -> str:
    return value[:TEXT_LENGTH_MAX] if isinstance(value, str) else ""


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
