"""Buying in a drop over HTTP: hold, order, give back; and the door of payment notices.

Every write needs an admission of the drop's room, whoever asks and however: page, app or script.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.kernel import clock
from kotinos.kernel.batcher import QueueFullError
from kotinos.orders.fast import (
    Code,
    HoldWish,
    HotHeld,
    HotNoticed,
    HotPlaced,
    HotRefused,
    OrderWish,
)
from kotinos.payments.contracts import NoticeRefused
from kotinos.payments.fast import page_url
from kotinos.waitingroom.contracts import Admitted, NotAdmitted
from kotinos.waitingroom.fast import pass_cookie, read_admission

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.drops.contracts import DropView
    from kotinos.drops.fast import Floor
    from kotinos.orders.fast import HotOrders

BODY_BYTES_MAX = 16_384
BODY_SECONDS_MAX = 10.0
RETRY_SECONDS = b"2"
ADMISSION_HEADER = b"kotinos-admission"
BUSY = 503
_BUSY = {"error": "busy", "message": "Kotinos is busy; please try again."}
_SLOW = {"error": "slow", "message": "The request took too long to arrive."}
_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"private, no-store"))
_STATUS = {
    Code.UNKNOWN: 404,
    Code.TOO_EARLY: 425,
    Code.CLOSED: 409,
    Code.SOLD_OUT: 409,
    Code.SHORT: 409,
    Code.LIMIT: 409,
    Code.RIGHTS: 409,
    Code.HOLD_OVER: 409,
    Code.INVALID: 422,
}
_NOTICE_STATUS = {
    "forged": 401,
    "expired": 400,
    "malformed": 400,
    "unknown": 404,
}
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = dict[bytes, bytes]
Said = tuple[int, dict[str, Any]]
Door = Callable[["DropView", Headers, Receive], Awaitable[Said]]
Units = Annotated[int, Meta(ge=1, le=99)]
Short = Annotated[str, Meta(max_length=400)]


class HoldBody(msgspec.Struct, forbid_unknown_fields=True):
    """`key` is the client's own and makes a repeat harmless; `first`: it was never sent before."""

    key: UUID
    variant: UUID
    units: Units = 1
    first: bool = False
    admission: Short = ""


class OrderBody(msgspec.Struct, forbid_unknown_fields=True):
    """As HoldBody, with whom it is for and where it goes."""

    key: UUID
    variant: UUID
    territory: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    email: Short
    address: Annotated[dict[str, Short], Meta(max_length=20)]
    language: Annotated[str, Meta(max_length=10)] = "en"
    units: Units = 1
    first: bool = False
    admission: Short = ""


_hold_body = msgspec.json.Decoder(HoldBody)
_order_body = msgspec.json.Decoder(OrderBody)
_encode = msgspec.json.Encoder().encode
BodyT = TypeVar("BodyT", HoldBody, OrderBody)


class DropDoors:
    """The hot addresses as an ASGI application of their own: no framework between wire and batch.

    * `POST /fast/drops/<drop>/holds`: units set aside while the buyer types
    * `DELETE /fast/drops/<drop>/holds/<key>`: given back before their time
    * `POST /fast/drops/<drop>/orders`: an order, whose payment confirms it
    * `POST /fast/payments/notices/<provider>`: 200 means "recorded, do not send it again"
    """

    def __init__(self, orders: HotOrders, floor: Floor) -> None:
        self._orders = orders
        self._floor = floor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, content = await self._answer(scope, receive)
        except Problem as problem:
            status, content = problem.status, problem.body
        except TimeoutError:
            status, content = 408, _SLOW
        except (QueueFullError, PoolTimeout, OperationalError):
            status, content = BUSY, _BUSY
        body = _encode(content)
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        if status == BUSY:
            headers.append((b"retry-after", RETRY_SECONDS))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Said:
        match [scope["method"], *scope["path"].split("/")[2:]]:
            case ["POST", "drops", drop_id, "orders"]:
                return await self._timed(self._order, drop_id, scope, receive)
            case ["POST", "drops", drop_id, "holds"]:
                return await self._timed(self._hold, drop_id, scope, receive)
            case ["DELETE", "drops", drop_id, "holds", key]:
                return await self._release(drop_id, key, scope)
            case ["POST", "payments", "notices", provider]:
                return await self._notice(provider, scope, receive)
            case [_, "drops", _, "orders" | "holds"] | [_, "payments", "notices", _]:
                raise Problem(405, "method", "This address takes POST.")
            case _:
                raise Problem(404, "not-found", "There is nothing at this address.")

    async def _timed(self, door: Door, drop_id: str, scope: Scope, receive: Receive) -> Said:
        """A write, with its latency and its refusals in the drop's pulse."""
        started = time.perf_counter()
        drop = self._drop(drop_id)
        try:
            said = await door(drop, dict(scope["headers"]), receive)
        except Problem as problem:
            self._floor.note_refusal(drop.id, problem.code)
            raise
        except (QueueFullError, PoolTimeout, OperationalError):
            self._floor.note_refusal(drop.id, "busy")
            raise
        self._floor.note_latency(drop.id, time.perf_counter() - started)
        return said

    async def _hold(self, drop: DropView, headers: Headers, receive: Receive) -> Said:
        body = _read(await _body(headers, receive), _hold_body)
        now = clock.now()
        identity = _admitted(drop, headers, body.admission, now)
        wish = HoldWish(drop.id, identity, body.key, body.variant, body.units, body.first)
        match await self._orders.hold(wish, now=now):
            case HotHeld(expires_at=expires_at, again=again):
                return 200, {"hold_until": expires_at, "again": again}
            case HotRefused() as refused:
                raise _refusal(refused)

    async def _order(self, drop: DropView, headers: Headers, receive: Receive) -> Said:
        body = _read(await _body(headers, receive), _order_body)
        now = clock.now()
        identity = _admitted(drop, headers, body.admission, now)
        hold = HoldWish(drop.id, identity, body.key, body.variant, body.units, body.first)
        wish = OrderWish(hold, body.territory, body.language, body.email, body.address)
        match await self._orders.place(wish, now=now):
            case HotPlaced() as placed:
                return 200 if placed.again else 201, _placed(placed, now)
            case HotRefused() as refused:
                raise _refusal(refused)

    async def _release(self, drop_id: str, key: str, scope: Scope) -> Said:
        drop, now = self._drop(drop_id), clock.now()
        identity = _admitted(drop, dict(scope["headers"]), "", now)
        wish = HoldWish(drop.id, identity, _uuid(key), drop.id, 1)
        return 200, {"units": await self._orders.release(wish, now=now)}

    async def _notice(self, provider: str, scope: Scope, receive: Receive) -> Said:
        raw = dict(scope["headers"])
        body = await _body(raw, receive)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw.items()}
        match await self._orders.settle(
            provider=provider, body=body, headers=headers, now=clock.now()
        ):
            case HotNoticed(again=again):
                return 200, {"recorded": True, "again": again}
            case NoticeRefused(why=why):
                return _NOTICE_STATUS[why], {"recorded": False, "why": why}

    def _drop(self, drop_id: str) -> DropView:
        drop = self._floor.drop(_uuid(drop_id))
        if drop is None:
            raise Problem(404, "unknown-drop", "There is no such drop.")
        return drop


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A refusal as the client reads it: a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, **more: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.body: dict[str, object] = {"error": code, "message": message, **more}


_MESSAGES = {
    Code.UNKNOWN: "This drop does not sell that.",
    Code.TOO_EARLY: "The drop has not opened yet.",
    Code.CLOSED: "The drop is over.",
    Code.SOLD_OUT: "Sold out at the moment; units that are not paid for come back.",
    Code.SHORT: "Fewer are left than you asked for.",
    Code.LIMIT: "That is more than one buyer may have.",
    Code.RIGHTS: "It may not be sold to that territory.",
    Code.HOLD_OVER: "The time to order was over and the units went back: begin again.",
    Code.INVALID: "Something in the form is missing or wrong.",
}


def _too_large() -> Problem:
    return Problem(413, "too-large", "The request is too large.")


def _placed(answer: HotPlaced, now: datetime) -> dict[str, Any]:
    return {
        "number": answer.number,
        "order_url": answer.path,
        "pay_url": page_url(answer.intent_id, now=now),
        "hold_until": answer.hold_until,
        "total_minor": answer.total.minor,
        "currency": answer.total.currency,
        "again": answer.again,
    }


def _refusal(refused: HotRefused) -> Problem:
    return Problem(
        _STATUS[refused.code],
        refused.code.value,
        _MESSAGES[refused.code],
        units_free=refused.units_free,
        fields=dict(refused.fields),
    )


def _admitted(drop: DropView, headers: Headers, written: str, now: datetime) -> str:
    """The identity that the room let in: by the body, a header or its cookie."""
    token = written or headers.get(ADMISSION_HEADER, b"").decode("latin-1")
    if not token:
        token = _cookie(headers, pass_cookie(drop.room_id))
    match read_admission(token, room_id=drop.room_id, now=now):
        case Admitted(identity=identity):
            return identity
        case NotAdmitted():
            raise Problem(
                403, "not-admitted", "Only people whom the waiting room let in may buy here."
            )


def _cookie(headers: Headers, name: str) -> str:
    jar = SimpleCookie()
    with suppress(CookieError):
        jar.load(headers.get(b"cookie", b"").decode("latin-1"))
    return jar[name].value if name in jar else ""


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body, no longer than any honest one and within its time."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > BODY_BYTES_MAX:
        raise _too_large()
    parts, length = [], 0
    async with asyncio.timeout(BODY_SECONDS_MAX):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Problem(400, "gone", "The request ended early.")
            parts.append(message.get("body", b""))
            length += len(parts[-1])
            if length > BODY_BYTES_MAX:
                raise _too_large()
            if not message.get("more_body"):
                return parts[0] if len(parts) == 1 else b"".join(parts)


def _read(body: bytes, decoder: msgspec.json.Decoder[BodyT]) -> BodyT:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "malformed", str(error)) from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(404, "not-found", "There is nothing at this address.") from None
