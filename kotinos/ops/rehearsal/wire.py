"""A small HTTP client: a bounded number of kept-alive connections to one loopback address."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ANSWER_SECONDS_MAX = 20.0


class NotHereError(ValueError):
    """The address is not on this machine: a rehearsal never asks anybody else."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 where the connection broke or nothing came in time."""

    status: int
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The JSON object in the body; empty where it is none."""
        try:
            found = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return {}
        return found if isinstance(found, dict) else {}


def here(address: str) -> tuple[str, int]:
    """Host and port of an address on this machine; NotHereError for any other."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise NotHereError(f"{address} is not http on this machine")
    return parts.hostname, parts.port or 80


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Asks one address, at most `connections_max` requests at any moment; counts as it goes."""

    def __init__(self, address: str, *, host: str, connections_max: int) -> None:
        self._host, self._port = here(address)
        self._header = host
        self._places = asyncio.Semaphore(connections_max)
        self._idle: list[Ends] = []
        self.statuses: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.seconds: dict[str, list[float]] = defaultdict(list)

    async def get(self, kind: str, path: str) -> Answer:
        """Ask for a document."""
        return await self._ask(kind, "GET", path, b"", {})

    async def post(
        self, kind: str, path: str, content: Mapping[str, Any], **headers: str
    ) -> Answer:
        """Send a JSON object."""
        return await self.send(kind, path, msgspec.json.encode(content), headers)

    async def send(self, kind: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body as it is."""
        return await self._ask(kind, "POST", path, body, headers)

    async def close(self) -> None:
        """End every connection."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _ask(
        self, kind: str, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        async with self._places:
            started = time.perf_counter()
            try:
                answer = await asyncio.wait_for(
                    self._once(self._bytes(method, path, body, headers)), ANSWER_SECONDS_MAX
                )
            except (TimeoutError, OSError, EOFError, ValueError):
                answer = Answer(0)
            self.seconds[kind].append(time.perf_counter() - started)
            self.statuses[kind][answer.status] += 1
            return answer

    def _bytes(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._header}"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _once(self, request: bytes) -> Answer:
        """One conversation; once more where a kept connection had been closed meanwhile."""
        if self._idle:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                return await self._talk(self._idle.pop(), request)
        return await self._talk(await self._open(), request)

    async def _talk(self, ends: Ends, request: bytes) -> Answer:
        reader, writer = ends
        try:
            writer.write(request)
            await writer.drain()
            answer, is_kept = await _read(reader)
        except BaseException:
            writer.close()
            raise
        if is_kept:
            self._idle.append((reader, writer))
        else:
            writer.close()
        return answer

    async def _open(self) -> Ends:
        return await asyncio.open_connection(self._host, self._port)


async def _read(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """One answer with a length or in chunks; whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    status = int(head[0].split(" ", 2)[1])
    if "chunked" in headers.get("transfer-encoding", ""):
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(status, body), headers.get("connection", "").lower() != "close"


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        body += await reader.readexactly(size)
        await reader.readline()
        if size == 0:
            return body


async def settled(tasks: set[asyncio.Task[None]]) -> None:
    """Wait until every task has ended; cancelled ones too."""
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
