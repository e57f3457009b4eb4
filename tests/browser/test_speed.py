"""Speed is part of the look: weight, largest paint and shifts of a first visit, measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.browser import PHONE
from tests.browser.tour import product_states

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession

    from tests.site.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]
BYTES_MAX = 150_000
PAINT_MS_MAX = 1000
SHIFT_MAX = 0.05
SLOWED = 4
VISITS_MAX = 4
_PICTURES = {"Image", "Media"}
_OBSERVE = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver(list => {
  for (const one of list.getEntries()) seen.paint = one.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A first visit: bytes that came over the wire without pictures, paint and shifts."""

    weight_bytes: int
    paint_ms: float
    shift: float

    @property
    def is_good(self) -> bool:
        return (
            self.weight_bytes <= BYTES_MAX
            and 0 < self.paint_ms <= PAINT_MS_MAX
            and self.shift < SHIFT_MAX
        )


@pytest.mark.parametrize("place", ["en-jp", "ar-sa"])
@pytest.mark.parametrize("kind", ["home", "listing", "product", "refusal"])
def test_a_first_visit_is_light_and_quick(
    site: Site, browser: Browser, place: str, kind: str
) -> None:
    path = f"/{place}{_path(site, place, kind)}"
    site.get(path)  # somebody has been here before: what a cache holds is what most readers get
    for _ in range(VISITS_MAX):  # the machine may be busy with something else for a moment
        visit = _visit(browser, site.base + path)
        if visit.is_good:
            break
    print(f"{path}: {visit}")
    assert visit.is_good, visit


def _path(site: Site, place: str, kind: str) -> str:
    if kind in {"home", "listing"}:
        return {"home": "/", "listing": "/shop/"}[kind]
    states = product_states(site, place.rpartition("-")[2].upper())
    wanted = "cleared" if kind == "product" else "refused"
    return f"/products/{next(h for name, h in states.items() if name.startswith(wanted))}/"


def _visit(browser: Browser, address: str) -> Visit:
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.add_init_script(_OBSERVE)
    wire = context.new_cdp_session(page)
    sizes = _weigh(wire)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address, wait_until="networkidle")
    seen: dict[str, float] = page.evaluate("seen")
    context.close()
    return Visit(sum(sizes.values()), seen["paint"], seen["shift"])


def _weigh(wire: CDPSession) -> dict[str, int]:
    """Bytes by request, pictures left out; filled while the page loads."""
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def done(event: dict[str, Any]) -> None:
        if kinds.get(event["requestId"]) not in _PICTURES:
            sizes[event["requestId"]] = int(event["encodedDataLength"])

    wire.send("Network.enable")
    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", done)
    return sizes
