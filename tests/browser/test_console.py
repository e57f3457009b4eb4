"""The console by keyboard, by mouse and without scripts, for everybody."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.browser import DESKTOP, PHONE, colours_of, reader, said, violations
from tests.browser.conduct import watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
ADDRESS = "/office/insight/console/"
TEAM, OPERATOR = "rights@noc-ken.example", "operator@kotinos.example"
NUMBERS = "SELECT range AS number, range * range AS square FROM range(12)"


def _opened(context: BrowserContext, site: Site, who: str) -> Page:
    page = context.new_page()
    steps.sign_in(page, site, who)
    page.goto(site.base + ADDRESS)
    return page


def test_a_question_is_asked_and_answered_by_keys_alone(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book = watch(context, site.base)
    page = _opened(context, site, TEAM)
    expect(page.locator("#c-sql")).to_be_focused()
    page.keyboard.type(NUMBERS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#c-answer")).to_be_focused()
    expect(page.locator("#c-answer")).to_contain_text("12 rows")
    expect(page.locator(".c-rows td").last).to_have_text("121")
    expect(page.locator("#c-sql")).to_have_value(NUMBERS)
    page.locator("#c-sql").fill("SELECT produkt FROM sales")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[role=alert]")).to_be_focused()
    expect(page.locator("[role=alert]")).to_contain_text("product")
    assert not [fault for fault in book.faults if not fault.startswith("422")]


def test_an_answer_comes_as_a_file_and_examples_fill_the_field(
    site: Site, browser: Browser
) -> None:
    page = _opened(reader(browser), site, OPERATOR)
    page.get_by_role("link", name="Events by day and name").click()
    assert "FROM events" in page.locator("#c-sql").input_value()
    page.locator("#c-sql").fill(NUMBERS)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Get CSV").click()
    text = coming.value.path().read_text()
    assert text.splitlines()[:2] == ["number,square", "0,0"]
    page.locator(".c-side summary", has_text="sales").click()
    page.locator("#c-sql").fill("")
    page.locator("details[open] [data-insert=units]").click()
    expect(page.locator("#c-sql")).to_have_value("units")


def test_it_works_without_scripts(site: Site, browser: Browser) -> None:
    signed_in = reader(browser)
    _opened(signed_in, site, TEAM)
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto(site.base + ADDRESS)
    page.locator("#c-sql").fill(NUMBERS)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#c-answer")).to_contain_text("12 rows")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_console_is_for_everybody(site: Site, browser: Browser, size: tuple[int, int]) -> None:
    page = _opened(reader(browser, size=size), site, TEAM)
    page.locator("#c-sql").fill(NUMBERS)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#c-answer")).to_be_visible()
    page.locator(".c-side summary").first.click()
    faults = said(violations(page))
    if shots := os.environ.get("KOTINOS_SHOTS"):
        page.screenshot(path=f"{shots}/console-{size[0]}.png", full_page=True)
    page.evaluate("document.documentElement.classList.add('dark')")
    assert not faults + said(colours_of(page))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
