"""The hot doors of a drop, asked by strangers: nobody buys past the line, and nothing breaks."""

from __future__ import annotations

import json
import time
from itertools import product
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import requests

from tests.api.asking import Ask, wrong_answers
from tests.api.nonsense import BODIES, HEADERS, TEXTS
from tests.site import drops
from tests.site.site import ANSWER_SECONDS_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site

SLUG = "strangers"
KNOWN_SECONDS_MAX = 10
FORGED = ("", "x", "AAAA.AAAA", "a" * 399)


@pytest.fixture(scope="module")
def drop(site: Site) -> Iterator[dict[str, str]]:
    """The ids of an open drop and its room, once the server has them in its memory."""
    said = drops.say(site, "open", SLUG, "NOC-FRA", "fra-home-jersey", 0).split()
    ids = {"drop": said[-2], "room": said[-1]}
    deadline = time.monotonic() + KNOWN_SECONDS_MAX
    while site.get(f"/fast/rooms/{ids['room']}/status").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield ids
    drops.say(site, "withdraw", SLUG)


def _order(**more: object) -> bytes:
    wish: dict[str, object] = {
        "key": str(uuid4()),
        "variant": str(uuid4()),
        "territory": "JP",
        "email": "fan@example.org",
        "address": {},
    }
    return json.dumps(wish | more).encode()


def _post(site: Site, path: str, body: bytes, **headers: str) -> requests.Response:
    headers["Content-Type"] = "application/json"
    return requests.post(site.base + path, data=body, headers=headers, timeout=ANSWER_SECONDS_MAX)


def test_nobody_orders_without_having_been_let_in(site: Site, drop: dict[str, str]) -> None:
    path = f"/fast/drops/{drop['drop']}/orders"
    for token in FORGED:
        answers = [
            _post(site, path, _order(admission=token)),
            _post(site, path, _order(), **{"Kotinos-Admission": token}),
            _post(site, path, _order(), Cookie=f"kotinos_pass_{drop['room'][:8]}={token}"),
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert {answer.json()["error"] for answer in answers} == {"not-admitted"}
    held = _post(site, f"/fast/drops/{drop['drop']}/holds", b'{"key":"%s"}')
    assert held.status_code == 400


def test_nothing_a_stranger_sends_breaks_a_hot_door(site: Site, drop: dict[str, str]) -> None:
    room, sale = f"/fast/rooms/{drop['room']}", f"/fast/drops/{drop['drop']}"
    doors = (
        *(f"{room}/{word}" for word in ("challenge", "join", "admission", "status")),
        *(f"{sale}/{word}" for word in ("orders", "holds", f"holds/{uuid4()}", "holds/x")),
        "/fast/payments/notices/sandbox",
        f"/en-jp/drops/{SLUG}/line/plain/",
        f"/en-jp/drops/{SLUG}/buy/",
        f"/en-jp/draw/{SLUG}/",
    )
    asks = [
        Ask(f"POST {path} {body[:30]!r}", "POST", path, body, (("Content-Type", kind),))
        for path, (kind, body) in product(doors, BODIES)
    ]
    asks += [
        Ask(f"{method} {path}", method, path, b"{}")
        for method, path in product(("GET", "PUT", "DELETE", "BREW"), doors)
    ]
    asks += [
        Ask(f"{path} {name}", "POST", path, b"{}", ((name, value),))
        for path, (name, value) in product(doors, HEADERS)
    ]
    fields = ("key", "variant", "territory", "email", "language", "units", "admission", "address")
    asks += [
        Ask(f"{name}={text[:20]!r}", "POST", f"{sale}/orders", _order(**{name: text}))
        for name, text in product(fields, TEXTS)
    ]
    assert wrong_answers(site, asks) == []


def test_a_body_too_large_is_refused_before_it_is_read(site: Site, drop: dict[str, str]) -> None:
    answer = _post(site, f"/fast/drops/{drop['drop']}/orders", b"x" * 20_000)
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")


def test_what_is_not_there_says_so(site: Site, drop: dict[str, str]) -> None:
    del drop
    for path in (f"/fast/drops/{uuid4()}/orders", "/fast/drops/x/orders", "/fast/drops/"):
        assert _post(site, path, _order()).status_code == 404
    assert site.get(f"/fast/rooms/{uuid4()}/status").status_code == 404
