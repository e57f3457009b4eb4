"""Ask the running site as strangers do, and keep what was wrong with its answers."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.site.site import Site

SECONDS_MAX = 10.0
THREADS = 4
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `name` says which when its answer is wrong."""

    name: str
    method: str
    path: str
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


def wrong_answers(site: Site, asks: Iterable[Ask]) -> list[str]:
    """The requests that were answered with a 500, too late, or not at all."""
    with ThreadPoolExecutor(THREADS) as pool:
        return [fault for fault in pool.map(_asker(site), asks) if fault]


def _asker(site: Site) -> Callable[[Ask], str]:
    def ask(one: Ask) -> str:
        started = time.monotonic()
        try:
            answer = requests.request(
                one.method,
                site.base + one.path,
                data=one.body,
                headers={name: value.encode("latin-1") for name, value in one.headers},
                timeout=SECONDS_MAX,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return f"{one.name}: {type(error).__name__} after {time.monotonic() - started:.1f} s"
        return f"{one.name}: {answer.status_code}" if answer.status_code >= SERVER_ERROR else ""

    return ask


def raw(site: Site, request: bytes, *, seconds: float = SECONDS_MAX) -> bytes:
    """Send these bytes as they are; what came back until the other side closed or fell silent."""
    parts = urlsplit(site.base)
    assert parts.hostname is not None
    got = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as line:
        try:
            line.sendall(request)
            while part := line.recv(65_536):
                got += part
        except (TimeoutError, ConnectionError):
            return got
    return got


def raw_status(answer: bytes) -> int:
    """The status of a raw answer; 0 where the connection was closed without one."""
    first = answer.split(b"\r\n", 1)[0].split()
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
