"""A message becomes a row of the table `events`, without anything that tells who somebody is.

`LOGGED` are the columns a row has in the log; edition, organisation, source and the instant of
coming are said once for all rows of a frame, and the day follows from `occurred_at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from kotinos.insight.collect.agents import device_and_bot
from kotinos.insight.collect.messages import ID_LENGTH_MAX, KINDS, Context
from kotinos.insight.collect.pseudonyms import PERSONAL_KEYS, network_of, without_addresses
from kotinos.kernel.money import minor_digits

if TYPE_CHECKING:
    from kotinos.insight.collect.keys import Key
    from kotinos.insight.collect.messages import Agreement, Message, Page

LOGGED = (
    *("id", "occurred_at", "territory", "kind", "name", "person", "visitor", "bot", "device"),
    *("language", "network", "path", "referrer", "campaign", "noc", "work", "product", "grant"),
    *("order", "subject", "via", "units", "minor", "currency", "properties"),
)
_ID, _OCCURRED, _TERRITORY, _KIND, _NAME, _PERSON, _VISITOR, _BOT, _DEVICE = range(9)
_LANGUAGE, _NETWORK, _PATH, _REFERRER, _CAMPAIGN, _NOC, _WORK, _PRODUCT, _GRANT = range(9, 18)
_ORDER, _SUBJECT, _VIA, _UNITS, _MINOR, _CURRENCY, _PROPERTIES = range(18, 25)
Row = list[Any]
CLOCK_ERROR_MIN = 60_000_000
"""Microseconds. What is less is the network's delay, not a wrong clock."""
AGE_MAX = timedelta(days=400) // timedelta(microseconds=1)
TEXT_LENGTH_MAX = 200
PROPERTIES_BYTES_MAX = 16_384
MINOR_MAX = 10**15
_DAY, _SECOND = 86_400_000_000, 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NO_CONTEXT = Context()
_AMOUNTS = ("total", "revenue", "value", "price")
_IDS, _NUMBERS = (str, int), (int, float)
_INTEGERS = frozenset((_UNITS, _MINOR, _PERSON, _VISITOR))
_BLANK: Row = [None if at in _INTEGERS else "" for at in range(len(LOGGED))]
_LEFT_OUT = None
_COLUMN_OF: dict[str, int | None] = dict.fromkeys(PERSONAL_KEYS, _LEFT_OUT) | {
    "territory": _TERRITORY,
    "noc": _NOC,
    "work": _WORK,
    "work_id": _WORK,
    "via": _VIA,
    "product": _PRODUCT,
    "product_id": _PRODUCT,
    "grant": _GRANT,
    "subject": _SUBJECT,
    "order": _ORDER,
    "order_id": _ORDER,
    "path": _PATH,
    "$pathname": _PATH,
    "edition": _LEFT_OUT,  # the key says it
}
_POSTHOG = {
    "$pageview": "page",
    "$screen": "screen",
    "$identify": "identify",
    "$groupidentify": "group",
    "$create_alias": "alias",
}
_encode = msgspec.json.Encoder().encode


class Unusable(Exception):  # noqa: N818 - not a fault of ours: a reason for whoever sent it
    """Why a message cannot be a row."""


class Withheld(Exception):  # noqa: N818 - the person's wish
    """Whoever it is about has not agreed to be counted."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When and whence messages came. `clock_error`: microseconds their clock is behind ours."""

    key: Key
    received: int
    clock_error: int
    network: str
    agent: str


def row_of(message: Message, arrival: Arrival) -> Row:
    """The row of a message; Unusable with the reason, Withheld where consent is missing."""
    context = message.context or _NO_CONTEXT
    if context.consent is not None and _refuses(context.consent):
        raise Withheld
    properties = message.properties or {}
    row = _BLANK.copy()
    row[_ID] = _id(message)
    row[_OCCURRED] = _occurred(message, arrival)
    row[_KIND] = _kind(message)
    row[_PERSON], row[_VISITOR] = _who(message, properties, arrival.key)
    rest = _sort(properties, row) if properties else properties
    if row[_TERRITORY] or row[_NOC]:
        row[_TERRITORY], row[_NOC] = _codes(row[_TERRITORY], row[_NOC])
    if "currency" in rest:
        _pay(rest, row)
    row[_NAME] = (message.event or message.name or _name(message, rest))[:TEXT_LENGTH_MAX]
    row[_DEVICE], row[_BOT] = device_and_bot(context.userAgent or arrival.agent)
    row[_NETWORK] = _network(context.ip) if context.ip else arrival.network
    row[_LANGUAGE] = (context.locale or "")[:32]
    if context.page is not None:
        _place(context.page, row)
    if context.campaign is not None:
        row[_CAMPAIGN] = (context.campaign.name or "")[:TEXT_LENGTH_MAX]
    if rest:
        row[_PROPERTIES] = _json(rest)
    return row


def micros(instant: datetime) -> int:
    """Microseconds since 1970; an instant without a zone is UTC."""
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=timezone.utc)
    since = instant - _EPOCH
    return since.days * _DAY + since.seconds * _SECOND + since.microseconds


def _refuses(said: Agreement) -> bool:
    if said.analytics is not None:
        return not said.analytics
    choices = {name.lower(): choice for name, choice in (said.categoryPreferences or {}).items()}
    return choices.get("analytics") is False


def _id(message: Message) -> str:
    text = message.messageId or message.uuid
    if not text:
        return uuid4().hex
    if len(text) > ID_LENGTH_MAX:
        raise Unusable(f"messageId is longer than {ID_LENGTH_MAX} characters")
    return text


def _occurred(message: Message, arrival: Arrival) -> int:
    """When it happened by our clock; Segment's rule, where the sender's clock is clearly wrong."""
    said = message.originalTimestamp or message.timestamp
    if said is None:
        return arrival.received
    occurred, error = micros(said), arrival.clock_error
    if message.sentAt is not None:
        error = arrival.received - micros(message.sentAt)
    if not -CLOCK_ERROR_MIN <= error <= CLOCK_ERROR_MIN:
        occurred += error
    if occurred < arrival.received - AGE_MAX:
        raise Unusable("timestamp is more than 400 days ago")
    return min(arrival.received, occurred)


def _kind(message: Message) -> str:
    if message.distinct_id is not None:
        return _POSTHOG.get(message.event or "", "track")
    if message.type not in KINDS:
        said = (message.type or "")[:40]
        raise Unusable(f"type {said!r} is none of {', '.join(sorted(KINDS))}")
    return message.type


def _who(message: Message, properties: dict[str, Any], key: Key) -> tuple[int, int | None]:
    """Pseudonyms of the person and the device. An identify or alias names both."""
    person, visitor = message.userId, message.anonymousId
    if message.distinct_id is not None:
        person = message.distinct_id
        visitor = properties.get("$anon_distinct_id", properties.get("$device_id"))
    elif visitor is None:
        visitor = message.previousId
    of = key.pseudonyms.of
    device = of(visitor) if visitor and isinstance(visitor, _IDS) else None
    if person:
        return of(person), device
    if device is None:
        raise Unusable("neither userId nor anonymousId says whose it is")
    return device, device


def _sort(properties: dict[str, Any], row: Row) -> dict[str, Any]:
    """Put what has a column there and leave out what is personal; what is left over."""
    rest = {}
    for name, value in properties.items():
        if name not in _COLUMN_OF:
            rest[name] = value
            continue
        column = _COLUMN_OF[name]
        if column is not None:
            if type(value) is str:
                row[column] = value[:TEXT_LENGTH_MAX]
            elif type(value) is int:
                row[column] = str(value)
    if "quantity" in rest:
        row[_UNITS] = _whole(rest.pop("quantity"))
    return rest


def _in_our_words(territory: str, noc: str) -> tuple[str, str]:
    """Codes as the rest of Kotinos writes them; empty for what cannot be one."""
    is_code = len(territory) == 2 and territory.isalpha()  # noqa: PLR2004 - ISO alpha-2
    return territory.upper() if is_code else "", noc[:3].upper()


def _name(message: Message, rest: dict[str, Any]) -> str:
    """A page may be named by its title; a track must have a name."""
    if message.type == "track" or (message.distinct_id is not None and not message.event):
        raise Unusable("the event has no name")
    title = rest.pop("title", "")
    return title if isinstance(title, str) else ""


def _place(page: Page, row: Row) -> None:
    """Where on the site it was, and which other site led there."""
    path = page.path or _path_of(page.url or "")
    if path:
        row[_PATH] = path.partition("?")[0][:TEXT_LENGTH_MAX]
    if page.referrer:
        row[_REFERRER] = _host(page.referrer)[:TEXT_LENGTH_MAX]


def _pay(rest: dict[str, Any], row: Row) -> None:
    """Minor units and currency of what Segment's spec calls total, revenue, value or price."""
    currency = rest["currency"]
    if not isinstance(currency, str) or len(currency) != 3:  # noqa: PLR2004 - ISO 4217
        return
    for name in _AMOUNTS:
        amount = rest.get(name)
        if (
            amount is not None
            and isinstance(amount, _NUMBERS)
            and -MINOR_MAX < amount * 1000 < MINOR_MAX
        ):
            del rest[name], rest["currency"]
            row[_CURRENCY] = code = currency.upper()
            row[_MINOR] = round(amount * _units_of(code))
            return


@lru_cache(maxsize=512)
def _units_of(currency: str) -> int:
    return int(10 ** minor_digits(currency))


def _whole(value: object) -> int | None:
    return value if type(value) is int and -MINOR_MAX <= value <= MINOR_MAX else None


def _json(rest: dict[str, Any]) -> str:
    text = _encode(rest)
    if len(text) > PROPERTIES_BYTES_MAX:
        raise Unusable(f"properties are longer than {PROPERTIES_BYTES_MAX} bytes")
    return without_addresses(text).decode()


_network = lru_cache(maxsize=8192)(network_of)
_codes = lru_cache(maxsize=8192)(_in_our_words)


@lru_cache(maxsize=4096)
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
