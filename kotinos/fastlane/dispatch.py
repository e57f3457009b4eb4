"""One port, two lanes: hot paths to the fast lane, the rest to Django behind the page cache."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import psycopg

from kotinos.fastlane.body import BUSY, GONE, TOO_LARGE, TOO_SLOW, UPLOAD_BYTES_MAX, Bodies
from kotinos.fastlane.pagecache import KEY_BYTES_MAX, Answer, Page, PageCache, encoding_for
from kotinos.kernel.place import PLACE_PATH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from kotinos.kernel.fast import Pool

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Lane = Callable[[Scope, Receive, Send], Awaitable[None]]

FAST_BODY_BYTES_MAX = 1_000_000
LISTEN_RETRY_SECONDS = 1.0
NEWS = "kotinos_changed"  # `kernel.pagecache` speaks on it
_MADE = ("/themes-", "/sitemap.xml")
_FAST = ("/fast/", "/media/")
_HOT = ("/fast/drops/", "/fast/payments/")
_CHANNEL = "/fast/channel/"
_COLLECT = ("/v1/", "/batch")
_ROOMS, _STATUS = "/fast/rooms/", "/status"
_STATUS_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"cache-control", b"public, max-age=1, s-maxage=1, stale-while-revalidate=2"),
        (b"access-control-allow-origin", b"*"),
    ],
}
_PARTIAL = {b"if-none-match", b"if-modified-since", b"range"}
_NO_BODY = {"type": "http.response.body", "body": b""}
_SORRY = {
    TOO_SLOW: b"The request took too long to arrive.\n",
    TOO_LARGE: b"Too large.\n",
    GONE: b"The request ended early.\n",
    BUSY: b"Too many uploads at once; please try again.\n",
}


class Background(Protocol):
    """What lives as long as the server does."""

    async def start(self) -> None:
        """Before the first request."""

    async def stop(self) -> None:
        """After the last."""


_log = logging.getLogger("kotinos.fastlane")


def _may_be_kept(path: str) -> bool:
    """Pages of the shop, and the few public files that Django makes for them."""
    return PLACE_PATH.match(path) is not None or path.startswith(_MADE)


class Dispatcher:
    """The ASGI application that the server runs."""

    def __init__(
        self,
        *,
        fast: Lane,
        rich: Lane,
        pool: Pool,
        dsn: str,
        cache: PageCache,
        hot: Lane | None = None,
        channel: Lane | None = None,
        collect: Lane | None = None,
        background: Background | None = None,
        documents: Callable[[str], bytes | None] = lambda _: None,
        bodies: Bodies | None = None,
    ) -> None:
        self._fast = fast
        self._rich = rich
        self._pool = pool
        self._dsn = dsn
        self._cache = cache
        self._hot = hot
        self._channel = channel
        self._collect = collect
        self._background = background
        self._documents = documents
        self._bodies = bodies or Bodies()
        self._listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(_ROOMS) and path.endswith(_STATUS):
            await self._status(path, send)
        elif path.startswith(_HOT) and self._hot is not None:
            await self._hot(scope, receive, send)
        elif path.startswith(_CHANNEL) and self._channel is not None:
            await self._channel(scope, receive, send)
        elif path.startswith(_COLLECT) and self._collect is not None:
            await self._collect(scope, receive, send)
        elif path.startswith(_FAST):
            await self._fast(scope, _bounded(receive, FAST_BODY_BYTES_MAX), send)
        elif scope["method"] in {"GET", "HEAD"} and _may_be_kept(path):
            await self._cached(scope, send)
        else:
            await self._whole(scope, receive, send)

    async def _status(self, path: str, send: Send) -> None:
        """A room's status document: the same bytes for everybody, straight from memory."""
        document = self._documents(path[len(_ROOMS) : -len(_STATUS)])
        if document is None:
            await _send(send, Answer(404, [(b"content-type", b"text/plain")], b"No such room.\n"))
            return
        await send(_STATUS_START)
        await send({"type": "http.response.body", "body": document})

    async def _whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the rich lane when its body is here; see `body` for why."""
        length = _length(scope)
        async with self._bodies.whole(receive, path=scope["path"], length=length) as body:
            if isinstance(body, int):
                await _send(send, Answer(body, [(b"content-type", b"text/plain")], _SORRY[body]))
            else:
                await self._rich(scope, body, send)

    async def _cached(self, scope: Scope, send: Send) -> None:
        headers = dict(scope["headers"])
        key = b"?".join((scope["raw_path"], scope["query_string"], headers.get(b"hx-request", b"")))
        if len(key) > KEY_BYTES_MAX:
            await self._rich(scope, _nothing, send)
            return
        page: Page | Answer | None = self._cache.get(key)
        if page is None:
            page = await self._cache.page(key, lambda: _collect(self._rich, scope, _nothing))
        if isinstance(page, Answer):
            await _send(send, page)
        else:
            await _send_page(send, page, headers, head=scope["method"] == "HEAD")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._pool.open()
        if self._background is not None:
            await self._background.start()
        self._listener = asyncio.create_task(self._listen())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._listener.cancel()
        with suppress(asyncio.CancelledError):
            await self._listener
        if self._background is not None:
            await self._background.stop()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _listen(self) -> None:
        """Empty the cache at every announced change, and whenever one may have been missed."""
        while True:
            try:
                conn = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
                async with conn:
                    await conn.execute(f"LISTEN {NEWS}")
                    self._cache.empty()
                    async for _ in conn.notifies():
                        self._cache.empty()
            except psycopg.Error as error:
                _log.warning("not told of changes for a moment: %s", error)
            self._cache.empty()
            await asyncio.sleep(LISTEN_RETRY_SECONDS)


async def _collect(lane: Lane, scope: Scope, receive: Receive) -> Answer:
    """Run a lane and gather what it sends into one answer, whole whatever part was asked for."""
    answer = Answer(500, [], b"")
    parts: list[bytes] = []

    async def gather(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = list(message["headers"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    headers = [header for header in scope["headers"] if header[0] not in _PARTIAL]
    await lane({**scope, "method": "GET", "headers": headers}, receive, gather)
    answer.body = b"".join(parts)
    return answer


async def _send_page(send: Send, page: Page, headers: dict[bytes, bytes], *, head: bool) -> None:
    if page.etag in headers.get(b"if-none-match", b""):
        await _send(send, Answer(304, [(b"etag", page.etag)], b""))
        return
    start, body = page.messages(encoding_for(headers.get(b"accept-encoding", b""), page.type))
    await send(start)
    await send(_NO_BODY if head else body)


async def _send(send: Send, answer: Answer) -> None:
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})


def _length(scope: Scope) -> int | None:
    """What the request says its body measures, None where it does not; nonsense is too much."""
    headers = dict(scope["headers"])
    text = headers.get(b"content-length", b"")
    if text:
        return int(text) if text.isdigit() else UPLOAD_BYTES_MAX + 1
    return None if b"transfer-encoding" in headers else 0


async def _nothing() -> Message:
    """The body of a request that has none to read: a page asked for by GET."""
    return {"type": "http.request", "body": b"", "more_body": False}


def _bounded(receive: Receive, bytes_max: int) -> Receive:
    """A body that goes on for ever ends here: to the lane it looks as if the reader had left."""
    left = bytes_max

    async def next_part() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return next_part
