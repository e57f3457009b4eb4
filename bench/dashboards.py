"""Measures dashboards over a large lake, and how far live numbers are behind what happens.

The figures promised (issue 5): a dashboard over 20,000,000 events opens <= 2 s warm; live numbers
lag <= 5 s behind the event. Opened in Debian's Chromium by an operator, over 30 days of a generated
Games. Open is when every number and every chart has its answer and is drawn. Three openings a
board: the first of all, when nothing was ever asked (`first_s`); the same again, the median
(`open_s`); and one narrowed to a territory that nobody has asked for (`narrowed_s`). An event is
sent over HTTP and has arrived when the live page's number moves (`lag_s`, the median). `--full`:
20,000,000 events in place of 2,000,000.
"""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.request import Request, urlopen
from uuid import uuid4

import msgspec

from bench import collect_world
from bench.channel_first_frame import ARGS, CHROMIUM
from bench.serving import server
from bench.shop import temporary_shop
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS, EVENTS_FULL = 2_000_000, 20_000_000
BOARDS = ("shop", "rights", "channel", "drops", "operations")
TERRITORY = "JP"
TRIES = 5
PORT = 8991
BASE = f"http://127.0.0.1:{PORT}"
SECONDS_MAX = 120.0
LOOK_MS = 10
_OPEN = """() => document.readyState === 'complete'
  && !document.querySelector('.i-card[aria-busy], .i-numbers[aria-busy]')
  && [...document.querySelectorAll('[data-draw]')].every((box) => box.closest('.is-drawn'))"""
_FAILED = ".i-none.bad"
_LIVE = "() => Number(document.querySelector('[data-now=events]').dataset.value || 0)"


class Opened(TypedDict):
    """Seconds until a board had all of its answers."""

    first_s: float
    open_s: float
    narrowed_s: float


class Figures(TypedDict):
    events: int
    open_s: float | None
    lag_s: float | None
    boards: dict[str, Opened]


def main(*, full: bool) -> Figures:
    """All of them; None where there is no Chromium. `open_s`: of the slowest board."""
    events = EVENTS_FULL if full else EVENTS
    found = Figures(events=events, open_s=None, lag_s=None, boards={})
    if not CHROMIUM.exists():
        return found
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with temporary_shop():
        edition = _fill(events)
        name, value = _signed_in()
        with (
            collect_world.following(),
            server("config.asgi:application", PORT),
            sync_playwright() as tool,
        ):
            browser = tool.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGS))
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": BASE}])
            page = context.new_page()
            found["boards"] = {name: _opened(page, name, edition) for name in BOARDS}
            found["lag_s"] = round(median(_lag(page, edition) for _ in range(TRIES)), 2)
            browser.close()
    found["open_s"] = max(each["open_s"] for each in found["boards"].values())
    return found


def show(figures: Figures) -> None:
    """Print a line a board."""
    print(f"{figures['events']:,} events; seconds until everything is drawn")
    print(f"{'board':<14}{'first':>8}{'again':>8}{'narrowed':>10}")
    for name, each in figures["boards"].items():
        print(f"{name:<14}{each['first_s']:>8.2f}{each['open_s']:>8.2f}{each['narrowed_s']:>10.2f}")
    print(f"live numbers are {figures['lag_s']} s behind")


def _fill(events: int) -> str:
    """A Games that ended yesterday in the lake, and a write key; the edition's code."""
    from kotinos.games import api as games  # noqa: PLC0415 - after django.setup
    from kotinos.insight.generate.games import make  # noqa: PLC0415 - the same
    from kotinos.insight.generate.into_lake import write_lake  # noqa: PLC0415 - the same
    from kotinos.insight.generate.world import DAYS  # noqa: PLC0415 - the same

    collect_world.prepare()
    edition, now = games.editions()[0].code, clock.now()
    first = now.date() - timedelta(days=DAYS)
    write_lake(make(events=events, seed=1, edition=edition, first_day=first), now=now)
    return edition


def _signed_in() -> tuple[str, str]:
    """The cookie of an operator's session: its name and value."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup

    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.insight.tests import house  # noqa: PLC0415 - the same

    kind = games.OrganisationKind.IOC
    ioc = games.ensure_organisation(code="IOC", kind=kind, name="IOC")
    client = house.signed_in(house.person(ioc, "operator"))
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


def _opened(page: Any, name: str, edition: str) -> Opened:
    address = f"{BASE}/office/insight/{name}/?edition={edition}&when=30d"
    first = _seconds(page, address)
    again = [_seconds(page, address) for _ in range(TRIES)]
    narrowed = _seconds(page, f"{address}&territory={TERRITORY}")
    return Opened(
        first_s=round(first, 2), open_s=round(median(again), 2), narrowed_s=round(narrowed, 2)
    )


def _seconds(page: Any, address: str) -> float:
    """From asking for a page until all of it is there; RuntimeError where a chart failed."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    _until(page, lambda: bool(page.evaluate(_OPEN)))
    took = time.perf_counter() - began
    if page.locator(_FAILED).count() or not page.locator(".i-card").count():
        raise RuntimeError(f"{address} did not show its charts")
    return took


def _lag(page: Any, edition: str) -> float:
    """From sending an event until the live page, open before it, has counted it."""
    page.goto(f"{BASE}/office/insight/?edition={edition}")
    before = page.evaluate(_LIVE)
    began = time.perf_counter()
    _send()
    _until(page, lambda: page.evaluate(_LIVE) > before)
    return time.perf_counter() - began


def _until(page: Any, happened: Callable[[], bool]) -> None:
    # The page's own policy forbids to wait by a script: ask again and again instead.
    deadline = time.monotonic() + SECONDS_MAX
    while not happened():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{page.url} was not there after {SECONDS_MAX:.0f} s")
        page.wait_for_timeout(LOOK_MS)


def _send() -> None:
    event = {
        "type": "track",
        "event": "Product Viewed",
        "messageId": str(uuid4()),
        "anonymousId": "a visitor",
        "timestamp": clock.now().isoformat(),
        "properties": {"product_id": "jersey", "territory": TERRITORY},
    }
    body = msgspec.json.encode({"writeKey": collect_world.KEY, "batch": [event]})
    urlopen(Request(f"http://127.0.0.1:{PORT}/v1/batch", data=body)).read()
