"""The dispatcher as the server calls it, with a stand-in for each lane's work only."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psycopg
import pytest
from django.db import connection

from config.settings import DATABASE_URL
from kotinos.fastlane.body import FORM_BYTES_MAX, UPLOAD_BYTES_MAX, Bodies
from kotinos.fastlane.dispatch import Dispatcher
from kotinos.fastlane.pagecache import PageCache
from kotinos.kernel import fast, pagecache

Headers = list[tuple[bytes, bytes]]


class _Lane:
    """Answers with how often it was asked, so that a test sees where an answer came from."""

    def __init__(self, control: bytes = b"public, s-maxage=60") -> None:
        self.asked = 0
        self.body_bytes = 0
        self._control = control

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        if scope["method"] == "POST":
            while True:
                message = await receive()
                self.body_bytes += len(message.get("body", b""))
                if not message.get("more_body"):
                    break
        headers = [(b"cache-control", self._control), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": str(self.asked).encode()})


def _dsn() -> str:
    return DATABASE_URL.replace("/kotinos?", f"/{connection.settings_dict['NAME']}?")


def _dispatcher(
    rich: _Lane, quick: _Lane | None = None, bodies: Bodies | None = None
) -> Dispatcher:
    return Dispatcher(
        fast=quick or _Lane(),
        rich=rich,
        pool=fast.pool(_dsn(), size=1),
        dsn=_dsn(),
        cache=PageCache(bytes_max=1_000_000, clock_s=time.monotonic),
        bodies=bodies,
    )


async def _ask(
    app: Dispatcher,
    path: str,
    *,
    method: str = "GET",
    headers: Headers | None = None,
    parts: tuple[bytes, ...] = (b"",),
) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Any] = []
    waiting = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)}
        for number, part in enumerate(parts, start=1)
    ]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    name, _, query = path.partition("?")
    scope = {"type": "http", "method": method, "path": name, "raw_path": name.encode()}
    await app({**scope, "query_string": query.encode(), "headers": headers or []}, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_each_path_takes_its_lane() -> None:
    async def go() -> None:
        rich, quick = _Lane(), _Lane()
        app = _dispatcher(rich, quick)
        await _ask(app, "/fast/basket")
        await _ask(app, "/media/a.webp")
        assert (rich.asked, quick.asked) == (0, 2)
        await _ask(app, "/office/")
        await _ask(app, "/en-jp/basket/add", method="POST")
        assert (rich.asked, quick.asked) == (2, 2)

    asyncio.run(go())


def test_a_public_page_is_made_once_for_each_address() -> None:
    async def go() -> None:
        rich = _Lane()
        app = _dispatcher(rich)
        first = await _ask(app, "/en-jp/")
        again = await _ask(app, "/en-jp/")
        assert first[2] == again[2] == b"1"
        assert again[1][b"x-cache"] == b"hit"
        assert (await _ask(app, "/themes-1.css"))[2] == (await _ask(app, "/themes-1.css"))[2]
        assert (await _ask(app, "/office/"))[1].get(b"x-cache") is None
        assert rich.asked == 3
        assert (await _ask(app, "/en-fr/"))[2] == b"4"
        assert (await _ask(app, "/en-jp/?page=2"))[2] == b"5"
        assert (await _ask(app, "/en-jp/", headers=[(b"hx-request", b"true")]))[2] == b"6"

    asyncio.run(go())


def test_an_unchanged_page_is_not_sent_again() -> None:
    async def go() -> None:
        app = _dispatcher(_Lane())
        _, headers, _ = await _ask(app, "/en-jp/")
        status, _, body = await _ask(app, "/en-jp/", headers=[(b"if-none-match", headers[b"etag"])])
        assert (status, body) == (304, b"")
        assert (await _ask(app, "/en-jp/", method="HEAD"))[2] == b""

    asyncio.run(go())


def test_a_body_is_bounded_whatever_its_header_says() -> None:
    async def go() -> None:
        rich = _Lane()
        app = _dispatcher(rich)
        announced = [(b"content-length", str(UPLOAD_BYTES_MAX + 1).encode())]
        assert (await _ask(app, "/office/", method="POST", headers=announced))[0] == 413
        nonsense = [(b"content-length", b"-1")]
        assert (await _ask(app, "/office/", method="POST", headers=nonsense))[0] == 413
        part = b"x" * 10_000_000
        chunked = [(b"transfer-encoding", b"chunked")]
        answer = await _ask(app, "/office/", method="POST", parts=(part,) * 9, headers=chunked)
        assert (answer[0], rich.asked) == (413, 0)
        await _ask(app, "/office/", method="POST", parts=(part,) * 5, headers=chunked)
        assert rich.body_bytes == 50_000_000
        form = [(b"content-length", str(FORM_BYTES_MAX + 1).encode())]
        assert (await _ask(app, "/en-jp/basket/add", method="POST", headers=form))[0] == 413

    asyncio.run(go())


def test_a_sender_who_never_finishes_holds_no_thread() -> None:
    """The rich lane has few threads: it hears of a request when its body is here."""

    async def go() -> None:
        rich = _Lane()
        app = _dispatcher(rich, bodies=Bodies(form_seconds_max=0.05, uploads_max=0))
        address = {"type": "http", "method": "POST", "path": "/en-jp/basket/add", "headers": []}
        sent: list[Any] = []

        async def part_of_it() -> Any:
            if sent:
                await asyncio.sleep(60)
            sent.append("half")
            return {"type": "http.request", "body": b"vari", "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        await app(address, part_of_it, send)
        assert (sent[1]["status"], rich.asked) == (408, 0)
        chunked = [(b"transfer-encoding", b"chunked")]
        assert (await _ask(app, "/office/", method="POST", headers=chunked))[0] == 503

    asyncio.run(go())


@pytest.mark.django_db(transaction=True)
def test_a_change_in_the_database_empties_the_cache() -> None:
    async def go() -> None:
        rich = _Lane()
        app = _dispatcher(rich)
        told: asyncio.Queue[Any] = asyncio.Queue()
        done: asyncio.Queue[Any] = asyncio.Queue()
        lifespan = asyncio.create_task(app({"type": "lifespan"}, told.get, done.put))
        await told.put({"type": "lifespan.startup"})
        assert (await done.get())["type"] == "lifespan.startup.complete"
        await asyncio.sleep(0.3)  # the listener connects
        await _ask(app, "/en-jp/")
        assert (await _ask(app, "/en-jp/"))[2] == b"1"
        async with await psycopg.AsyncConnection.connect(_dsn(), autocommit=True) as conn:
            await conn.execute("SELECT pg_notify(%s, 'rights')", [pagecache.CHANNEL])
        for _ in range(500):
            if (await _ask(app, "/en-jp/"))[2] == b"2":
                break
            await asyncio.sleep(0.01)
        assert rich.asked == 2
        await told.put({"type": "lifespan.shutdown"})
        await lifespan

    asyncio.run(go())
