"""What is sent to a collector: batches as an SDK makes them, every event with an id of its own.

The bodies are made once; a number that stands in every id is replaced for each request, so that
the sender costs little beside what it measures.
"""

from __future__ import annotations

import base64
import random
import socket
import threading
import time
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from bench.light import READ_BYTES, is_whole
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

EVENTS = 100  # in a batch: what the SDKs send at most at once
BODIES = 64
VISITORS = 20_000
Shape = Literal["server", "page"]
_MARK = b"@@@@@@@@@@@@"
_AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.2 Safari/605",
)
_PLACES = ("JP", "FR", "US", "BR", "KE", "DE", "CN", "SA", "AU", "IN")
_NOCS = ("JPN", "FRA", "USA", "BRA", "KEN", "GER", "CHN", "KSA", "AUS", "IND")
_NAMES = ("Product List Viewed", "Product Viewed", "Product Added", "Checkout Started")


def bodies(key: str, shape: Shape, *, seed: int = 1) -> list[bytes]:
    """Bodies with `EVENTS` events each, of ordinary visitors of the last few minutes.

    `shape`: what the SDK of a server sends (as segment-analytics-python does), or that of a page
    (as analytics.js does), which says much more of its surroundings.
    """
    chance, now, make = random.Random(seed), clock.now(), _SHAPES[shape]
    return [
        msgspec.json.encode(
            {
                "batch": [make(chance, now, place) for place in range(EVENTS)],
                "writeKey": key,
                "sentAt": _text(now),
            }
        )
        for _ in range(BODIES)
    ]


def requests(made: list[bytes], key: str, *, first: int = 0) -> Iterator[list[bytes]]:
    """Requests without end. No event's id comes twice as long as `first` says where to go on."""
    basic = base64.b64encode(f"{key}:".encode())
    heads = [
        b"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Authorization: Basic " + basic + b"\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n"
        for body in made
    ]
    for number in count(first):
        at = number % len(made)
        yield [heads[at] + made[at].replace(_MARK, b"%012d" % number)]


def paced(
    port: int, talks: Iterator[list[bytes]], *, per_s: float, seconds: float, senders: int = 8
) -> list[float]:
    """Seconds from when each request was due to its whole answer, at a steady rate.

    What was late because an earlier one was slow counts as late.
    """
    lock, taken = threading.Lock(), count()
    found: list[float] = []
    start = time.perf_counter() + 0.2

    def send() -> None:
        wire = socket.create_connection(("127.0.0.1", port))
        while (due := start + next(taken) / per_s) < start + seconds:
            with lock:
                (request,) = next(talks)
            time.sleep(max(0.0, due - time.perf_counter()))
            wire.sendall(request)
            _hear(wire)
            found.append(time.perf_counter() - due)
        wire.close()

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _hear(wire: socket.socket) -> None:
    inbox = bytearray()
    while (status := is_whole(inbox)) is None:
        received = wire.recv(READ_BYTES)
        if not received:
            raise RuntimeError("the collector hung up")
        inbox += received
    if status != 200:
        raise RuntimeError(f"the collector said {status}: {bytes(inbox)[-300:]!r}")


def _of_a_server(chance: random.Random, now: datetime, place: int) -> dict[str, Any]:
    visitor = chance.randrange(VISITORS)
    return {
        "integrations": {},
        "anonymousId": f"{visitor:08x}-5b1c-4e9e-9c5a-7f1d0a{visitor:06x}",
        "userId": f"fan-{visitor}" if visitor % 5 == 0 else None,
        "properties": _thing(chance) if chance.random() < 0.97 else _order(chance),
        "timestamp": _text(now - timedelta(milliseconds=chance.randrange(300_000))),
        "context": {"library": {"name": "analytics-python", "version": "2.3.4"}},
        "event": chance.choice(_NAMES),
        "messageId": f"{place:08x}-{_MARK.decode()}-{chance.randrange(10**12):012}",
        "type": "track",
    }


def _of_a_page(chance: random.Random, now: datetime, place: int) -> dict[str, Any]:
    visitor = chance.randrange(VISITORS)
    happened = now - timedelta(milliseconds=chance.randrange(300_000))
    event = {
        "messageId": f"ajs-next-{place:03}-{_MARK.decode()}-{chance.randrange(10**9):09}",
        "anonymousId": f"{visitor:08x}-5b1c-4e9e-9c5a-7f1d0a{visitor:06x}",
        "timestamp": _text(happened),
        "originalTimestamp": _text(happened),
        "integrations": {},
        "context": _context(chance),
    }
    if visitor % 5 == 0:
        event["userId"] = f"fan-{visitor}"
    kind = chance.random()
    if kind < 0.4:
        return event | {"type": "page", "name": "Product", "properties": _page(chance)}
    if kind < 0.97:
        return event | {
            "type": "track",
            "event": chance.choice(_NAMES),
            "properties": _thing(chance),
        }
    return event | {"type": "track", "event": "Order Completed", "properties": _order(chance)}


def _context(chance: random.Random) -> dict[str, Any]:
    page = _page(chance)
    context = {
        "library": {"name": "analytics.js", "version": "next-1.82.0"},
        "locale": chance.choice(("en-US", "fr-FR", "ja-JP", "ar-SA", "zh-CN")),
        "timezone": "Europe/Athens",
        "userAgent": chance.choice(_AGENTS),
        "page": page,
    }
    if chance.random() < 0.2:
        context["campaign"] = {"name": "opening-night", "source": "mail", "medium": "letter"}
    return context


def _page(chance: random.Random) -> dict[str, Any]:
    path = f"/en-{chance.choice(_PLACES).lower()}/product/jersey-{chance.randrange(400)}/"
    return {
        "path": path,
        "url": f"https://shop.example{path}",
        "title": f"Jersey {chance.randrange(400)}",
        "search": "",
        "referrer": chance.choice(("", "https://www.search.example/", "https://news.example/a")),
    }


def _thing(chance: random.Random) -> dict[str, Any]:
    place = chance.randrange(len(_NOCS))
    return {
        "product_id": f"jersey-{chance.randrange(400)}",
        "sku": f"SKU-{chance.randrange(4000)}",
        "category": "jersey",
        "name": f"Jersey {chance.randrange(400)}",
        "brand": "Kotinos",
        "price": 20 + chance.randrange(8000) / 100,
        "quantity": 1 + chance.randrange(3),
        "currency": "EUR",
        "territory": _PLACES[place],
        "noc": _NOCS[place],
        "position": chance.randrange(40),
    }


def _order(chance: random.Random) -> dict[str, Any]:
    return {
        "order_id": f"K{chance.randrange(10**8):08}",
        "total": 40 + chance.randrange(20_000) / 100,
        "currency": "EUR",
        "territory": chance.choice(_PLACES),
        "products": [_thing(chance) for _ in range(2)],
    }


_SHAPES = {"server": _of_a_server, "page": _of_a_page}


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
