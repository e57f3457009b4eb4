"""Every page in every state: usable by everybody, from our host only, as wide as its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.browser import DESKTOP, PHONE, colours_of, reader, said, violations
from tests.browser.conduct import watch
from tests.browser.tour import everything

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.mark.parametrize(
    ("place", "size"), [("en-jp", "phone"), ("ar-sa", "phone"), ("en-jp", "desktop")]
)
def test_every_page_is_for_everybody(site: Site, browser: Browser, place: str, size: str) -> None:
    """No serious fault in light or dark, nothing wider than the screen, nobody else is called."""
    context = reader(browser, size=SIZES[size])
    book, page = watch(context, site.base), context.new_page()
    faults: list[str] = []
    names: list[str] = []
    for state in everything(page, site, place):
        names.append(state.name)
        found = [state.fault, *_faults(page)]
        faults += [f"{state.name}: {fault}" for fault in found if fault]
    assert len(names) >= 25, names
    assert not faults + book.faults, "\n".join(faults + book.faults)


@pytest.mark.parametrize("place", ["fr-fr", "zh-hans-cn"])
def test_no_page_is_wider_than_a_phone(site: Site, browser: Browser, place: str) -> None:
    context = reader(browser, size=PHONE)
    book, page = watch(context, site.base), context.new_page()
    wide = [
        f"{state.name}: {fault}"
        for state in everything(page, site, place)
        for fault in (_too_wide(page), state.fault)
        if fault
    ]
    assert not wide + book.faults, "\n".join(wide + book.faults)


def _faults(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    light = said(violations(page))
    page.emulate_media(color_scheme="dark")
    dark = said(colours_of(page))
    page.emulate_media(color_scheme="light")
    return [light, dark and f"in the dark: {dark}", _too_wide(page)]


def _too_wide(page: Page) -> str:
    """How far the page can be scrolled sideways; empty where it cannot."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if not wide:
        return ""
    worst = page.evaluate(
        "[...document.body.querySelectorAll('*')].map(node => [node.getBoundingClientRect(), node])"
        ".filter(([box]) => box.right > innerWidth + 1 || box.left < -1)"
        ".map(([, node]) => node.outerHTML.slice(0, 120)).slice(0, 3)"
    )
    return f"{wide} px too wide: {worst}"
