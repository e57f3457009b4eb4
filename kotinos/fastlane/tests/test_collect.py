"""Collection over HTTP: every answer is honest, and nothing a stranger sends is without bounds."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.fastlane import collect
from kotinos.fastlane.collect import CollectDoors
from kotinos.insight.fast import NoRoomError, Problem, Taken, TooMany, UnknownKey, Unreadable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kotinos.insight.fast import Outcome, Sent


class Book:
    """Stands where a Collection does and writes down what the door hands on."""

    def __init__(self, outcome: Outcome | Exception) -> None:
        self.sent: list[Sent] = []
        self._outcome = outcome

    async def collect(self, sent: Sent) -> Outcome:
        self.sent.append(sent)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def post(
    body: bytes | list[bytes] = b"{}",
    *,
    outcome: Outcome | Exception | None = None,
    path: str = "/v1/batch",
    method: str = "POST",
    headers: dict[bytes, bytes] | None = None,
    waits: bool = False,
) -> tuple[int, dict[str, Any], dict[bytes, bytes], list[Sent]]:
    """Status, answer and headers, and what was handed on."""
    book = Book(outcome if outcome is not None else Taken(accepted=1))
    parts = [body] if isinstance(body, bytes) else list(body)
    answers: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "client": ("203.0.113.9", 4711),
        "headers": list((headers or {}).items()),
    }

    async def receive() -> dict[str, Any]:
        if waits:
            await asyncio.sleep(60)
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        answers.append(message)

    door: Callable[..., Awaitable[None]] = CollectDoors(book)  # type: ignore[arg-type]  # see Book
    asyncio.run(door(scope, receive, send))  # type: ignore[arg-type]  # a coroutine it is
    start, last = answers
    text = json.loads(last["body"]) if last["body"] else {}
    return start["status"], text, dict(start["headers"]), book.sent


def test_what_is_taken_is_answered_as_both_kinds_of_sdk_expect() -> None:
    status, text, _, (sent,) = post(b'{"batch":[]}')
    assert (status, text) == (200, {"success": True, "status": 1})
    assert (sent.body, sent.single, sent.address) == (b'{"batch":[]}', "", "203.0.113.9")


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/batch", "/batch/", "/v1/import"])
def test_batches_come_by_the_addresses_of_both_forms(path: str) -> None:
    assert post(path=path)[0] == 200


def test_single_messages_come_by_their_kind() -> None:
    assert post(path="/v1/identify")[3][0].single == "identify"
    assert post(path="/v1/dance")[0] == 404
    assert post(path="/batches")[0] == 404


def test_the_key_is_the_user_of_basic_authentication() -> None:
    good = {b"authorization": b"Basic " + base64.b64encode(b"key-1:")}
    assert post(headers=good)[3][0].key == "key-1"
    for bad in (b"Basic ???", b"Bearer x", b"Basic " + base64.b64encode(b"\xff\xfe:")):
        assert post(headers={b"authorization": bad})[3][0].key == ""


def test_gzip_is_inflated_and_a_bomb_is_not() -> None:
    zipped = {b"content-encoding": b"gzip"}
    assert post(gzip.compress(b'{"batch":[1]}'), headers=zipped)[3][0].body == b'{"batch":[1]}'
    bomb = gzip.compress(b" " * (collect.INFLATED_BYTES_MAX + 1))
    assert post(bomb, headers=zipped)[0] == 413
    assert post(b"no gzip", headers=zipped)[0] == 400
    assert post(gzip.compress(b"x" * 1000)[:-9], headers=zipped)[0] == 400


def test_a_body_may_come_in_pieces_and_not_without_end() -> None:
    assert post([b"a", b"b", b"", b"c"])[3][0].body == b"abc"
    piece = b"x" * 1_000_000
    status, text, _, sent = post([piece] * 9)
    assert (status, text["code"], sent) == (413, "too-large", [])
    announced = {b"content-length": str(collect.BODY_BYTES_MAX + 1).encode()}
    assert post(headers=announced)[0] == 413


def test_a_sender_who_never_finishes_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "BODY_SECONDS_MAX", 0.05)
    assert post(waits=True)[0] == 408


def test_too_many_bodies_at_once_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "WAITING_BYTES_MAX", 10)
    status, _, headers, _ = post(headers={b"content-length": b"11"})
    assert (status, headers[b"retry-after"]) == (503, b"1")


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        (UnknownKey(), 401, "unknown-key"),
        (Unreadable("nonsense"), 400, "unreadable"),
        (TooMany(3), 429, "too-many"),
        (NoRoomError("full"), 503, "no-room"),
        (PoolTimeout("away"), 503, "busy"),
        (OperationalError("away"), 503, "busy"),
    ],
)
def test_every_refusal_says_what_official_sdks_read(
    outcome: Outcome | Exception, status: int, code: str
) -> None:
    answer, text, headers, _ = post(outcome=outcome)
    assert (answer, text["code"]) == (status, code)
    assert text["message"] == text["detail"] != ""
    assert (b"retry-after" in headers) == (status in {429, 503})


def test_bad_messages_are_named_and_the_good_ones_counted() -> None:
    taken = Taken(accepted=2, errors=[Problem(1, "m1", "the event has no name")])
    status, text, _, _ = post(outcome=taken)
    assert (status, text["accepted"]) == (400, 2)
    assert text["errors"] == [{"index": 1, "messageId": "m1", "reason": "the event has no name"}]
    status, text, _, _ = post(outcome=Taken(accepted=1, withheld=4))
    assert (status, text["withheld"]) == (200, 4)


def test_pages_of_other_origins_may_ask_first() -> None:
    status, _, headers, sent = post(method="OPTIONS")
    assert (status, sent) == (204, [])
    assert headers[b"access-control-allow-origin"] == b"*"
    assert post(method="GET")[0] == 405
