"""Too much, too slow, too many: refused quickly, and nobody else waits."""

from __future__ import annotations

import socket
import time
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.api.asking import raw, raw_status
from tests.api.nonsense import MANY_FIELDS

if TYPE_CHECKING:
    from tests.site.site import Site

QUICK_SECONDS_MAX = 2.0
SOCKETS = 200
SERVED_SECONDS_MAX = 1.0
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
_HOST = "Host: 127.0.0.1\r\n"


def _post(path: str, headers: str, body: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\n{_HOST}{_FORM}{headers}\r\n".encode() + body


@pytest.mark.parametrize(
    "path",
    [
        "/en-jp/basket/add",
        "/en-jp/checkout/",
        "/payments/notices/sandbox",
        "/account/login/",
        "/office/import/",
        "/fast/basket",
    ],
)
def test_a_body_that_says_it_is_too_large_is_refused_unread(site: Site, path: str) -> None:
    started = time.monotonic()
    answer = raw(site, _post(path, "Content-Length: 70000000\r\nConnection: close\r\n", b"a=1"))
    assert raw_status(answer) in {400, 403, 405, 413}
    assert time.monotonic() - started < QUICK_SECONDS_MAX


def test_a_body_that_never_says_how_long_it_is_ends_at_the_limit(site: Site) -> None:
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    started = time.monotonic()
    request = _post("/en-jp/basket/add", "Transfer-Encoding: chunked\r\n", chunk * 3 + b"0\r\n\r\n")
    assert raw_status(raw(site, request, seconds=3)) in {400, 413}
    assert time.monotonic() - started < QUICK_SECONDS_MAX + 3


def test_ten_thousand_fields_are_refused(site: Site) -> None:
    length = f"Content-Length: {len(MANY_FIELDS)}\r\nConnection: close\r\n"
    for path in ("/en-jp/basket/add", "/en-jp/checkout/", "/account/login/"):
        assert raw_status(raw(site, _post(path, length, MANY_FIELDS))) in {400, 403, 413}


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /en-jp/ HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        _post("/en-jp/basket/add", "Content-Length: 1000\r\n", b"vari"),
        _post("/en-jp/checkout/", "Transfer-Encoding: chunked\r\n", b"3e8\r\nvari"),
    ],
    ids=["silent", "half a header", "half a form", "half a chunk"],
)
def test_slow_senders_stop_nobody_else(site: Site, beginning: bytes) -> None:
    """Hundreds who begin and never finish: pages of both lanes come as before."""
    parts = urlsplit(site.base)
    lines = []
    try:
        for _ in range(SOCKETS):
            line = socket.create_connection((str(parts.hostname), parts.port), timeout=5)
            line.sendall(beginning)
            lines.append(line)
        time.sleep(0.3)
        for path in ("/en-jp/basket/", "/en-jp/shop/", "/fast/basket"):
            assert median(_seconds(site, path) for _ in range(5)) < SERVED_SECONDS_MAX
    finally:
        for line in lines:
            line.close()


def _seconds(site: Site, path: str) -> float:
    started = time.monotonic()
    assert site.get(path).status_code == 200
    return time.monotonic() - started
