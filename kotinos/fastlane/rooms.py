"""`/fast/rooms/...`: join a line, ask how far it has come, be let in. JSON in, JSON out.

Tickets and admissions come in the body or in a cookie; both cookies are for one room, HttpOnly,
and hold only what is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import falcon
import msgspec

from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.waitingroom.contracts import (
    NONCE_LENGTH_MAX,
    TICKET_LENGTH_MAX,
    AccountProof,
    Admission,
    AdmitRefused,
    JoinRefused,
    Refusal,
    Waiting,
    WorkProof,
)
from kotinos.waitingroom.fast import LINE_SECONDS, line_cookie, pass_cookie

if TYPE_CHECKING:
    from uuid import UUID

    from falcon.asgi import App, Request, Response

    from kotinos.waitingroom.contracts import Place, Proof
    from kotinos.waitingroom.fast import Rooms

BODY_BYTES_MAX = 4096
STATUS_CACHE = "public, max-age=1, s-maxage=1"
_RETRY_SECONDS = "2"
_STATUS = {
    Refusal.UNKNOWN: falcon.HTTP_404,
    Refusal.OVER: falcon.HTTP_410,
    Refusal.EXPIRED: falcon.HTTP_403,
    Refusal.FORGED: falcon.HTTP_403,
    Refusal.OTHER_ROOM: falcon.HTTP_403,
    Refusal.ACCOUNTS_ONLY: falcon.HTTP_403,
    Refusal.NO_TICKET: falcon.HTTP_403,
    Refusal.NO_WORK: falcon.HTTP_422,
    Refusal.TOO_EARLY: falcon.HTTP_425,
}
_MESSAGES = {
    Refusal.UNKNOWN: "There is no such room.",
    Refusal.OVER: "The room is closed.",
    Refusal.EXPIRED: "The token is too old; ask for a new one.",
    Refusal.FORGED: "The token is not one of ours.",
    Refusal.OTHER_ROOM: "The token is for another room.",
    Refusal.ACCOUNTS_ONLY: "This room is for people with an account.",
    Refusal.NO_TICKET: "Give a ticket, an account token, or a solved challenge.",
    Refusal.NO_WORK: "The nonce does not solve the challenge.",
    Refusal.TOO_EARLY: "Too early.",
}

_Token = Annotated[str, msgspec.Meta(max_length=TICKET_LENGTH_MAX)]


class _Asked(msgspec.Struct):
    """What a body may hold; what else it holds is not looked at."""

    ticket: _Token = ""
    account: _Token = ""
    challenge: _Token = ""
    nonce: Annotated[str, msgspec.Meta(max_length=NONCE_LENGTH_MAX)] = ""


_decoder = msgspec.json.Decoder(_Asked)
_NOTHING = _Asked()


def add_routes(app: App[Request, Response], rooms: Rooms) -> None:
    """The resources of the waiting room."""
    app.add_route("/fast/rooms/{room:uuid}/status", Status(rooms))
    app.add_route("/fast/rooms/{room:uuid}/challenge", Challenges(rooms))
    app.add_route("/fast/rooms/{room:uuid}/join", Joins(rooms))
    app.add_route("/fast/rooms/{room:uuid}/admission", Admissions(rooms))


class Status:
    """How far the line has come: one document for everybody. `dispatch` has a shorter way to it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def on_get(self, _request: Request, response: Response, room: UUID) -> None:
        document = self._rooms.status(room)
        if document is None:
            _refuse(response, Refusal.UNKNOWN)
            return
        response.content_type = falcon.MEDIA_JSON
        response.set_header("Cache-Control", STATUS_CACHE)
        response.data = document


class Challenges:
    """Work for a guest."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def on_post(self, _request: Request, response: Response, room: UUID) -> None:
        found = await self._rooms.challenge(room, now=clock.now())
        if isinstance(found, JoinRefused):
            _refuse(response, found.why)
            return
        _answer(
            response,
            challenge=found.text,
            bits=found.bits,
            expires_at=found.expires_at.isoformat(),
        )


class Joins:
    """A place in the line. The same ticket comes back for who has one."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def on_post(self, request: Request, response: Response, room: UUID) -> None:
        asked = await _body(request)
        if asked is None:
            _refuse_body(response)
            return
        ticket = asked.ticket or request.cookies.get(line_cookie(room))
        now = clock.now()
        found = await self._rooms.join(room, proof=_proof(asked), ticket=ticket, now=now)
        if isinstance(found, JoinRefused):
            _refuse(response, found.why)
            return
        _set_cookie(response, line_cookie(room), found.ticket_text, seconds=LINE_SECONDS)
        _answer(
            response,
            ticket=found.ticket_text,
            identity=found.ticket.identity,
            joined_ms=found.ticket.joined_ms,
            again=found.again,
        )


class Admissions:
    """Let in whose turn has come: 200 with an admission, or 202 and how many are ahead."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def on_post(self, request: Request, response: Response, room: UUID) -> None:
        asked = await _body(request)
        if asked is None:
            _refuse_body(response)
            return
        ticket = asked.ticket or request.cookies.get(line_cookie(room)) or ""
        now = clock.now()
        match await self._rooms.admit(room, ticket=ticket, now=now):
            case Admission(token, expires_at):
                seconds = int((expires_at - now).total_seconds())
                _set_cookie(response, pass_cookie(room), token, seconds=seconds)
                _answer(response, admission=token, expires_at=expires_at.isoformat())
            case Waiting(place):
                response.status = falcon.HTTP_202
                response.set_header("Retry-After", _RETRY_SECONDS)
                _answer(response, **_place(place))
            case AdmitRefused(why):
                _refuse(response, why)


def _place(place: Place) -> dict[str, Any]:
    return {
        "served": place.served,
        "phase": place.phase.value,
        "ahead_low": place.ahead_low,
        "ahead_high": place.ahead_high,
        "wait_low_s": place.wait_low_s,
        "wait_high_s": place.wait_high_s,
    }


def _proof(asked: _Asked) -> Proof | None:
    if asked.account:
        return AccountProof(asked.account)
    if asked.challenge:
        return WorkProof(asked.challenge, asked.nonce)
    return None


async def _body(request: Request) -> _Asked | None:
    """What was asked; None for what is too long, no JSON, or not of its form. Empty is nothing."""
    length = request.content_length
    if length is not None and length > BODY_BYTES_MAX:
        return None
    raw = await request.stream.read(BODY_BYTES_MAX + 1)
    if len(raw) > BODY_BYTES_MAX:
        return None
    try:
        return _decoder.decode(raw) if raw else _NOTHING
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _answer(response: Response, **content: object) -> None:
    response.content_type = falcon.MEDIA_JSON
    response.set_header("Cache-Control", "no-store")
    response.data = msgspec.json.encode(content)


def _refuse(response: Response, why: Refusal) -> None:
    response.status = _STATUS[why]
    _answer(response, error=why.value, message=_MESSAGES[why])


def _refuse_body(response: Response) -> None:
    response.status = falcon.HTTP_422
    _answer(response, error="invalid", message="Send a JSON object of a few short texts.")


def _set_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    """A cookie with a token's text, which needs no quoting; the library's way takes longer."""
    secure = "; Secure" if environment().production else ""
    response.append_header(
        "Set-Cookie",
        f"{name}={value}; HttpOnly; Max-Age={max(0, seconds)}; Path=/; SameSite=Lax{secure}",
    )
