"""Collection over HTTP, in the forms of Segment's tracking API and of PostHog's `/batch/`.

* `POST /v1/batch`, `POST /batch/`: messages; `POST /v1/{track|page|identify|...}`: one message
* 200 when all of them are on the disk; 400 when some could not be read: those are named, the
  others are taken all the same; 401 unknown key; 413 too large; 429 over the key's limit;
  503 when the disk has no room. Nothing is ever taken after an answer that says otherwise.

Every error has `code`, `message` and `detail`, which the official SDKs read.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

import msgspec
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.insight.fast import NoRoomError, Problem, Sent, Taken, TooMany, UnknownKey, Unreadable
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from kotinos.insight.fast import Collection, Outcome

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
BODY_BYTES_MAX = 8_000_000
INFLATED_BYTES_MAX = 16_000_000
BODY_SECONDS_MAX = 20.0
WAITING_BYTES_MAX = 128_000_000
"""Of all bodies together, as their senders announce them, that are being read at one moment."""
_BATCHES = {"/v1/batch", "/v1/batch/", "/batch", "/batch/", "/v1/import"}
_SINGLES = {
    f"/v1/{kind}": kind for kind in ("track", "page", "screen", "identify", "group", "alias")
}
_GZIP = 16 + zlib.MAX_WBITS
_OPEN = (b"access-control-allow-origin", b"*")
_JSON = (b"content-type", b"application/json")
_TAKEN = {"type": "http.response.start", "status": 200, "headers": (_JSON, _OPEN)}
_TAKEN_BODY = {"type": "http.response.body", "body": b'{"success":true,"status":1}'}
_ASKED = {
    "type": "http.response.start",
    "status": 204,
    "headers": (
        _OPEN,
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
        (b"access-control-max-age", b"86400"),
    ),
}
_encode = msgspec.json.Encoder().encode


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """The answer that ends a request."""

    def __init__(self, status: int, code: str, message: str, *, retry_s: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_s = status, code, message, retry_s


class CollectDoors:
    """An ASGI application of its own: no framework between wire and log."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._waiting = 0
        self._address_header = environment().address_header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send(_ASKED)
            await send({"type": "http.response.body", "body": b""})
            return
        try:
            outcome = await self._take(scope, receive)
        except Refusal as refusal:
            await _refuse(send, refusal)
            return
        except NoRoomError as error:
            told = Refusal(503, "no-room", f"events cannot be kept now: {error}", retry_s=5)
            await _refuse(send, told)
            return
        except (PoolTimeout, OperationalError):  # the key is not known here, and nobody can say
            await _refuse(send, Refusal(503, "busy", "the key cannot be looked up now", retry_s=2))
            return
        if isinstance(outcome, Taken) and not outcome.errors and not outcome.withheld:
            await send(_TAKEN)
            await send(_TAKEN_BODY)
        else:
            await _tell(send, outcome)

    async def _take(self, scope: Scope, receive: Receive) -> Outcome:
        path: str = scope["path"]
        single = _SINGLES.get(path, "")
        if not single and path not in _BATCHES:
            raise Refusal(404, "not-found", "there is no such address")
        if scope["method"] != "POST":
            raise Refusal(405, "method", "events are sent with POST")
        headers = dict(scope["headers"])
        # The body has no name here: it is let go before the disk is waited for.
        return await self._collection.collect(
            Sent(
                body=await self._body(headers, receive),
                key=_basic(headers.get(b"authorization", b"")),
                single=single,
                address=self._address(scope, headers),
                agent=headers.get(b"user-agent", b"")[:500].decode("latin-1"),
                received=time.time_ns() // 1000,
            )
        )

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """The body, inflated where it is gzip; Refusal where it is too large or too slow."""
        length = headers.get(b"content-length", b"")
        announced = int(length) if length.isdigit() else BODY_BYTES_MAX
        if announced > BODY_BYTES_MAX:
            raise Refusal(413, "too-large", f"a body may have {BODY_BYTES_MAX} bytes")
        if self._waiting + announced > WAITING_BYTES_MAX:
            raise Refusal(503, "busy", "too many bodies are on their way", retry_s=1)
        self._waiting += announced
        try:
            async with asyncio.timeout(BODY_SECONDS_MAX):
                body = await _read(receive)
        except TimeoutError:
            raise Refusal(408, "too-slow", "the body took too long to arrive") from None
        finally:
            self._waiting -= announced
        if headers.get(b"content-encoding", b"").lower() == b"gzip":
            return _inflated(body)
        return body

    def _address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Whence it came: what the edge says where one is trusted, else the connection's."""
        if self._address_header:
            return headers.get(self._address_header, b"").split(b",")[-1].strip().decode("latin-1")
        client = scope.get("client")
        return str(client[0]) if client else ""


async def _read(receive: Receive) -> bytes:
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        return bytes(message.get("body", b""))
    parts, length = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise Refusal(400, "gone", "the request ended early")
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > BODY_BYTES_MAX:
            raise Refusal(413, "too-large", f"a body may have {BODY_BYTES_MAX} bytes")
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


def _inflated(body: bytes) -> bytes:
    inflate = zlib.decompressobj(_GZIP)
    try:
        whole = inflate.decompress(body, INFLATED_BYTES_MAX)
    except zlib.error:
        raise Refusal(400, "bad-gzip", "the body says it is gzip and is not") from None
    if inflate.unconsumed_tail:
        raise Refusal(413, "too-large", f"an inflated body may have {INFLATED_BYTES_MAX} bytes")
    if not inflate.eof:
        raise Refusal(400, "bad-gzip", "the gzip stream ends early")
    return whole


def _basic(header: bytes) -> str:
    """The user of Basic authentication (RFC 7617), where SDKs put the write key."""
    if header[:6].lower() != b"basic ":
        return ""
    try:
        text = base64.b64decode(header[6:], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[0]


async def _tell(send: Send, outcome: Outcome) -> None:
    """What became of a request that was not simply taken."""
    match outcome:
        case Taken(errors=[]):
            body = {"success": True, "status": 1, "withheld": outcome.withheld}
            await _answer(send, 200, body)
        case Taken():
            message = f"{len(outcome.errors)} of the messages could not be read"
            await _answer(send, 400, _bad(message, outcome))
        case UnknownKey():
            await _refuse(send, Refusal(401, "unknown-key", "no such write key"))
        case Unreadable(reason):
            await _refuse(send, Refusal(400, "unreadable", reason))
        case TooMany(seconds):
            told = Refusal(429, "too-many", "over the limit of this key", retry_s=seconds)
            await _refuse(send, told)


def _bad(message: str, taken: Taken) -> dict[str, Any]:
    return {
        "code": "bad-events",
        "message": message,
        "detail": message,
        "accepted": taken.accepted,
        "withheld": taken.withheld,
        "errors": [_error(problem) for problem in taken.errors],
    }


def _error(problem: Problem) -> dict[str, Any]:
    return {"index": problem.index, "messageId": problem.id, "reason": problem.reason}


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = {"code": refusal.code, "message": refusal.message, "detail": refusal.message}
    await _answer(send, refusal.status, body, retry_s=refusal.retry_s)


async def _answer(send: Send, status: int, body: dict[str, Any], *, retry_s: int = 0) -> None:
    headers = [_JSON, _OPEN]
    if retry_s:
        headers.append((b"retry-after", str(retry_s).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": _encode(body)})
