"""What a player tells of being watched: small, bounded, and of nobody in particular."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

BODY_BYTES_MAX = 16_384
BODY_SECONDS_MAX = 10.0
SECONDS_MAX = 60  # what one event can add, whatever it claims; the channel's sums have the same


class BeatEvent(msgspec.Struct):
    """`seconds` were watched since the last event; `at_ms` is where in the programme."""

    kind: Literal["start", "beat", "seek", "stall", "rung", "end"]
    at_ms: Annotated[int, Meta(ge=0, le=2**53)] = 0
    seconds: Annotated[int, Meta(ge=0, le=3600)] = 0


class Beats(msgspec.Struct):
    """Some events of one player. `subject`: `v:<programme>`, `c:<channel>` or `l:<source>`.

    `view` is drawn by chance for one playing and kept nowhere else; players of before have none.
    """

    place: Annotated[str, Meta(max_length=12)]
    subject: Annotated[str, Meta(pattern="^[vcl]:[a-z0-9-]{1,80}$")]
    events: Annotated[list[BeatEvent], Meta(max_length=60)]
    view: Annotated[str, Meta(pattern="^[a-zA-Z0-9-]{0,36}$")] = ""


_decoder = msgspec.json.Decoder(Beats)


async def read_beats(
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
) -> Beats | None:
    """What the body says; None where it is too long, too slow, or nonsense."""
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            body = await _body(receive)
        return None if body is None else _decoder.decode(body)
    except (TimeoutError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def rows_of(beats: Beats, *, territory: str, received: int) -> list[list[Any]]:
    """Rows of the lake's `watching` as a log has them; `received` in microseconds since 1970.

    Events carry no time of their own: they are at most one beat older than their arrival.
    """
    return [
        [
            uuid4().hex,
            received,
            territory,
            beats.view,
            beats.subject,
            event.kind,
            event.at_ms,
            min(event.seconds, SECONDS_MAX),
        ]
        for event in beats.events
    ]


async def _body(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> bytes | None:
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > BODY_BYTES_MAX or message["type"] == "http.disconnect":
            return None
        more = bool(message.get("more_body"))
    return b"".join(parts)
