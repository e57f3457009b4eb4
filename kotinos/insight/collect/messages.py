"""What SDKs send: Segment's and PostHog's forms, read leniently; nonsense has a reason each.

Sources: Segment's HTTP tracking API and its e-commerce events (V2); PostHog's `/batch/`. Keys we
do not know are taken and kept among the properties.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

ID_LENGTH_MAX = 200
MESSAGES_MAX = 2_500
KINDS = frozenset({"track", "page", "screen", "identify", "group", "alias"})

Id = str | int | None


class Agreement(msgspec.Struct, gc=False):
    """Consent, as Segment words it: categories, each true or false."""

    categoryPreferences: dict[str, bool] | None = None  # noqa: N815 - the wire's name
    analytics: bool | None = None


class Page(msgspec.Struct, gc=False):
    path: str | None = None
    url: str | None = None
    referrer: str | None = None


class Campaign(msgspec.Struct, gc=False):
    name: str | None = None


class Context(msgspec.Struct, gc=False):
    ip: str | None = None
    locale: str | None = None
    userAgent: str | None = None  # noqa: N815 - the wire's name
    page: Page | None = None
    campaign: Campaign | None = None
    consent: Agreement | None = None


class Message(msgspec.Struct, gc=False):
    """One message of either form; what a form has not stays at its default."""

    type: str | None = None
    messageId: str | None = None  # noqa: N815 - the wire's names, here and below
    anonymousId: Id = None  # noqa: N815
    userId: Id = None  # noqa: N815
    event: str | None = None
    name: str | None = None
    timestamp: datetime | None = None
    originalTimestamp: datetime | None = None  # noqa: N815
    sentAt: datetime | None = None  # noqa: N815
    context: Context | None = None
    properties: dict[str, Any] | None = None
    previousId: Id = None  # noqa: N815
    distinct_id: Id = None
    uuid: str | None = None


class Batch(msgspec.Struct, gc=False):
    batch: list[Message]
    writeKey: str | None = None  # noqa: N815
    api_key: str | None = None
    sentAt: datetime | None = None  # noqa: N815
    sent_at: datetime | None = None


class Apart(msgspec.Struct):
    """A batch whose messages are read one by one, because one of them could not be."""

    batch: list[msgspec.Raw]
    writeKey: Any = None  # noqa: N815
    api_key: Any = None
    sentAt: Any = None  # noqa: N815
    sent_at: Any = None


class Named(msgspec.Struct):
    """What tells a message that could not be read from others."""

    messageId: Any = None  # noqa: N815
    uuid: Any = None
    writeKey: Any = None  # noqa: N815


decode_batch = msgspec.json.Decoder(Batch).decode
decode_apart = msgspec.json.Decoder(Apart).decode
decode_message = msgspec.json.Decoder(Message).decode
decode_named = msgspec.json.Decoder(Named).decode


def instant(value: object) -> datetime | None:
    """An instant as it was sent, where it can be read."""
    try:
        return msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return None
