"""How long a reader waits between pressing play and the first picture, in Debian's Chromium."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.serving import server

CHROMIUM = Path("/usr/bin/chromium")
TRIES = 5
SECONDS_MAX = 20.0
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
)


def measure(code: str, port: int) -> dict[str, float | int | None]:
    """`first_frame_ms`: the median of some visits, each with an empty cache; None: no Chromium."""
    if not CHROMIUM.exists():
        return {"first_frame_ms": None}
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with server("config.asgi:application", port), sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGS))
        times = [
            _once(browser, f"http://127.0.0.1:{port}/en-fr/channel/video/{code}/")
            for _ in range(TRIES)
        ]
        browser.close()
    return {"first_frame_ms": round(median(times)), "first_frame_worst_ms": round(max(times))}


def _once(browser: Any, address: str) -> float:
    """One visit: the page, a press on play, the first frame (requestVideoFrameCallback)."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.locator("kotinos-player [data-play]").click()
    # The page's own policy forbids to wait by a script: ask again and again instead.
    deadline, found = time.monotonic() + SECONDS_MAX, None
    while found is None and time.monotonic() < deadline:
        page.wait_for_timeout(20)
        found = page.evaluate("document.querySelector('kotinos-player').stats.firstFrameMs")
    context.close()
    if found is None:
        raise RuntimeError("nothing was seen")
    return float(found)
