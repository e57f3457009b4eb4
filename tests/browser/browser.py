"""Debian's Chromium as every browser test starts it, and axe-core on what it shows."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (390, 844), (1440, 900)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
_SERIOUS = {"serious", "critical"}
_BEEN_HERE = """try { localStorage.setItem('kotinos-hint', 'seen');
localStorage.setItem('kotinos-consent', 'no'); } catch (error) {}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that asks nobody but the pages it is sent to."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def reader(
    browser: Browser, *, size: tuple[int, int] = DESKTOP, dark: bool = False, hint: bool = False
) -> BrowserContext:
    """A reader's window; `hint`: as on a first visit, with the chip's explanation and the question
    whether the visit may be counted.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    if not hint:
        context.add_init_script(_BEEN_HERE)
    return context


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core calls serious or critical on the page as it stands.

    The script is given to the page by the browser, so the page's own content policy holds.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {_RULES})")
    return [found for found in result["violations"] if found["impact"] in _SERIOUS]


def colours_of(page: Page) -> list[dict[str, Any]]:
    """What axe-core says of the contrasts alone, after `violations` has given it to the page."""
    result: dict[str, Any] = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")
    found: list[dict[str, Any]] = result["violations"]
    return found


def said(found: list[dict[str, Any]]) -> str:
    """The violations in a few lines, with the first elements they were met at."""
    return "\n".join(
        f"{one['impact']} {one['id']}: {one['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in one["nodes"][:4])
        for one in found
    )
