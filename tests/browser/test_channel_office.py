"""An editor sends a video in, publishes it, and moves it about on the timeline."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from kotinos.kernel import clock
from tests.browser import steps
from tests.browser.browser import DESKTOP, PHONE, reader, said, violations
from tests.browser.conduct import watch
from tests.site import desk
from tests.site.channel import film

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
OFFICE = "/office/channel/"
PACKAGED_MS_MAX = 60_000
TICK_SECONDS, TICKS = 4, 2


def test_an_editor_works_from_upload_to_schedule(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    desk.prepare(site)
    clip = tmp_path / "clip.mp4"
    film(clip, 7.6, 25)
    context = reader(browser, size=DESKTOP)
    book, page = watch(context, site.base), context.new_page()
    steps.sign_in(page, site, "operator@kotinos.example")
    code = f"desk-{int(time.time())}"
    _write_down(page, site, code)
    _send_in(page, site, code, clip)
    page.goto(f"{site.base}{OFFICE}{code}/")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".k-lead .k-tag")).to_have_text("Published")
    _schedule(page, site, code)
    for path in ("", f"{code}/moments/", f"{code}/reach/"):
        page.goto(f"{site.base}{OFFICE}{path}")
        assert not violations(page), f"{path}: {said(violations(page))}"
    context.close()
    assert not book.faults, "\n".join(book.faults)


def _write_down(page: Page, site: Site, code: str) -> None:
    """The form of a new programme, first with something missing."""
    page.goto(f"{site.base}{OFFICE}new/")
    whose = page.locator("#id_organisation option", has_text=f"({desk.ORGANISER})")
    page.get_by_label("Whose programme").select_option(whose.get_attribute("value"))
    page.get_by_label("Address").fill(code)
    page.get_by_label("Kind").select_option("highlights")
    page.get_by_label("What the pictures use").fill(desk.FILM)
    page.get_by_role("checkbox", name="Desk").check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".k-note.bad")).to_contain_text("Give it a title")
    page.get_by_label("Title, English").fill(f"Film {code}")
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_url(f"**{OFFICE}{code}/")


def _send_in(page: Page, site: Site, code: str, clip: Path) -> None:
    """The file goes in pieces, and its package is there without another press."""
    page.goto(f"{site.base}{OFFICE}{code}/video/")
    page.locator("#upload input[type=file]").set_input_files(clip)
    expect(page.locator("#upload-said")).to_contain_text("100 %")
    expect(page.locator("#jobs .k-tag")).to_have_text("Done", timeout=PACKAGED_MS_MAX)


def _schedule(page: Page, site: Site, code: str) -> None:
    day = clock.now().date() + timedelta(days=1)
    page.goto(f"{site.base}{OFFICE}schedule/{desk.CHANNEL}/{day}/?hour=6&span=1&territory=US")
    told = page.locator("#said")
    slot = page.locator(f".c-slot[data-title='Film {code}']")
    _drag(page, page.locator(".c-item", has_text=code), page.locator("#lane"), 80)
    expect(told).to_contain_text("Placed")
    expect(page.locator(".c-fate")).to_have_text("Slate")
    first = _from_tick(slot)
    _drag(page, slot, page.locator("#lane"), 240)
    expect(told).to_contain_text("Moved")
    second = _from_tick(slot)
    assert second > first
    # The same by keys: two minutes later, and one tick shorter.
    slot.focus()
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "-", "Enter"):
        page.keyboard.press(key)
    expect(slot).to_have_attribute("data-ticks", str(TICKS - 1))
    assert _from_tick(slot) == second + 2 * 60 // TICK_SECONDS
    # The same time once more, by the plain form: refused, and it says by what.
    at = datetime.fromtimestamp(_from_tick(slot) * TICK_SECONDS, timezone.utc)
    page.locator(".c-item", has_text=code).click()
    page.locator("#place-at").fill(at.strftime("%Y-%m-%dT%H:%M:%S"))
    page.locator("#place button").click()
    expect(told).to_contain_text(f"Film {code} has this time already")
    assert not violations(page), said(violations(page))
    slot.focus()
    page.keyboard.press("Delete")
    expect(slot).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(slot).to_have_attribute("data-ticks", str(TICKS - 1))
    slot.focus()
    page.keyboard.press("Delete")
    expect(slot).to_have_count(0)


def _from_tick(slot: Locator) -> int:
    return int(slot.get_attribute("data-from") or 0)


def _drag(page: Page, what: Locator, lane: Locator, down_px: int) -> None:
    """Take hold of something and let it go so far below the lane's visible top."""
    what.scroll_into_view_if_needed()
    held, around = what.bounding_box(), page.locator(".c-scroll").bounding_box()
    box = lane.bounding_box()
    assert held is not None
    assert around is not None
    assert box is not None
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, around["y"] + down_px - 40, steps=4)
    page.mouse.move(box["x"] + 120, around["y"] + down_px, steps=4)
    page.mouse.up()


def test_the_schedule_serves_a_narrow_window_too(site: Site, browser: Browser) -> None:
    desk.prepare(site)
    page = reader(browser, size=PHONE, dark=True).new_page()
    steps.sign_in(page, site, "operator@kotinos.example")
    page.goto(f"{site.base}{OFFICE}schedule/{desk.CHANNEL}/")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert not violations(page), said(violations(page))
