"""The fast lane's own cache of public pages: what a CDN does, for an installation without one.

A page may be kept when Django says so (`Cache-Control: public, s-maxage=N`) and sets no cookie.
One builder at a time makes a page; everybody else who asks meanwhile waits for that one. A change
that the database announces empties the cache at once, and a page whose making began before the
change is not kept.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import brotli

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Message = dict[str, Any]
    Headers = list[tuple[bytes, bytes]]

OK = 200
KEY_BYTES_MAX = 1024
PAGE_BYTES_MAX = 2_000_000
PERSONAL_KEYS_MAX = 10_000
WAIT_SECONDS_MAX = 10.0
_S_MAXAGE = re.compile(rb"s-maxage=(\d+)")
# The key tells htmx's partial pages apart, and we compress ourselves.
_VARIES_HARMLESSLY = {b"", b"accept-encoding", b"hx-request"}
_COMPRESSIBLE = (b"text/", b"application/json", b"application/ld+json", b"application/xml")


@dataclass(slots=True)
class Answer:
    """A whole answer as Django gave it."""

    status: int
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Page:
    """A kept answer, ready to send in every encoding that was asked for."""

    expires_s: float
    generation: int
    etag: bytes
    plain: Answer
    ready: dict[bytes, tuple[Message, Message]] = field(default_factory=dict)

    @property
    def type(self) -> bytes:
        return dict(self.plain.headers).get(b"content-type", b"")

    @property
    def size_bytes(self) -> int:
        return 2 * len(self.plain.body) + 1024  # with its compressed forms, roughly

    def messages(self, encoding: bytes) -> tuple[Message, Message]:
        """The two ASGI messages for one encoding, made once."""
        if encoding not in self.ready:
            self.ready[encoding] = self._encode(encoding)
        return self.ready[encoding]

    def _encode(self, encoding: bytes) -> tuple[Message, Message]:
        body = self.plain.body
        headers = [(k, v) for k, v in self.plain.headers if k.lower() != b"content-length"]
        if encoding == b"br":
            body = brotli.compress(body, quality=5)
        elif encoding == b"gzip":
            body = gzip.compress(body, compresslevel=6)
        if encoding:
            headers.append((b"content-encoding", encoding))
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"etag", self.etag),
            (b"x-cache", b"hit"),
        ]
        start = {"type": "http.response.start", "status": self.plain.status, "headers": headers}
        return start, {"type": "http.response.body", "body": body}


class PageCache:
    """Pages by address, the least recently asked for leaving first."""

    def __init__(self, *, bytes_max: int, clock_s: Callable[[], float]) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._clock_s = clock_s
        self._pages: OrderedDict[bytes, Page] = OrderedDict()
        self._building: dict[bytes, asyncio.Future[None]] = {}
        self._personal: OrderedDict[bytes, None] = OrderedDict()  # not worth waiting for
        self.generation = 0

    def get(self, key: bytes) -> Page | None:
        """The kept page, where it is still fresh."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.expires_s <= self._clock_s():
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def empty(self) -> None:
        """Forget every page, and every page that is being made now."""
        self.generation += 1
        self._pages.clear()
        self._bytes = 0

    def keep(self, key: bytes, answer: Answer, *, generation: int) -> Page | None:
        """Keep an answer that says it may be kept and was begun after the last change."""
        seconds = seconds_to_keep(answer)
        if not seconds or generation != self.generation or len(answer.body) > PAGE_BYTES_MAX:
            return None
        etag = b'W/"' + hashlib.sha256(answer.body).hexdigest()[:20].encode() + b'"'
        page = Page(self._clock_s() + seconds, generation, etag, answer)
        self._drop(key)
        self._pages[key] = page
        self._bytes += page.size_bytes
        while self._bytes > self._bytes_max:
            self._drop(next(iter(self._pages)))
        return page

    async def page(self, key: bytes, build: Callable[[], Awaitable[Answer]]) -> Page | Answer:
        """The kept page, or what `build` answers; concurrent callers share one build.

        An answer that may not be kept is only ever given to the one who asked for it.
        """
        pending = self._building.get(key)
        if pending is not None:
            await asyncio.wait({pending}, timeout=WAIT_SECONDS_MAX)
            kept = self.get(key)
            if kept is not None:
                return kept
        if pending is not None or key in self._personal:
            return await build()
        return await self._build(key, build)

    async def _build(self, key: bytes, build: Callable[[], Awaitable[Answer]]) -> Page | Answer:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._building[key] = done
        generation = self.generation
        try:
            answer = await build()
            page = self.keep(key, answer, generation=generation)
            if page is None and not seconds_to_keep(answer):
                self._personal[key] = None
                if len(self._personal) > PERSONAL_KEYS_MAX:
                    self._personal.popitem(last=False)
            return page or answer
        finally:
            del self._building[key]
            done.set_result(None)

    def _drop(self, key: bytes) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= page.size_bytes


def seconds_to_keep(answer: Answer) -> int:
    """How long a shared cache may keep this answer; 0 where it may not.

    Anything that depends on a cookie is somebody's own, whatever else it says.
    """
    headers: dict[bytes, bytes] = {}
    for name, value in answer.headers:
        headers[name.lower()] = headers.get(name.lower(), b"") + b"," + value
    control = headers.get(b"cache-control", b"")
    if answer.status != OK or b"public" not in control or b"set-cookie" in headers:
        return 0
    varies = {word.strip().lower() for word in headers.get(b"vary", b"").split(b",")}
    found = _S_MAXAGE.search(control)
    return int(found[1]) if found and varies <= _VARIES_HARMLESSLY else 0


def encoding_for(accepted: bytes, content_type: bytes) -> bytes:
    """The best encoding the reader takes for this type; empty for none."""
    if not content_type.startswith(_COMPRESSIBLE):
        return b""
    if b"br" in accepted:
        return b"br"
    return b"gzip" if b"gzip" in accepted else b""
