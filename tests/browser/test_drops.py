"""Four people and one opening: whoever they are, they get their turn and buy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.browser import DESKTOP, PHONE, colours_of, reader, said, violations
from tests.browser.conduct import watch
from tests.site import drops
from tests.site.edition import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
SLUG = "first-scarf"
LINE = f"/en-jp/drops/{SLUG}/line/"
OPENS_SECONDS = 22  # long enough for three people to come before
TURN_MS_MAX = 45_000
MEMBER = "viewer@noc-egy.example"
# An hour wrong, as far as any script of the page can tell; timers still run.
_WRONG_CLOCK = """{
  const real = Date.now.bind(Date);
  Date.now = () => real() + 3_600_000;
  globalThis.Date = new Proxy(Date, {
    construct: (kind, given) => given.length ? new kind(...given) : new kind(Date.now()),
  });
}"""


@dataclass(slots=True)
class People:
    """Everybody who came before the opening, each with their own browser."""

    plain: Page
    closed: BrowserContext
    hurried: Page
    member_number: str
    member_elsewhere: BrowserContext


def _in_the_draw(page: Page, site: Site) -> None:
    page.goto(site.base + LINE)
    expect(page.locator("[data-state=draw]")).to_be_visible(timeout=20_000)


def _signed_in(browser: Browser, site: Site, size: tuple[int, int]) -> BrowserContext:
    context = reader(browser, size=size)
    page = context.new_page()
    page.goto(f"{site.base}/account/login/?next=/en-jp/")
    page.locator("[name=login]").fill(MEMBER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/en-jp/")
    page.close()
    return context


@pytest.fixture(scope="module")
def people(site: Site, browser: Browser) -> Iterator[People]:
    """A drop that opens in a moment, and those who are in its line before that."""
    member = _signed_in(browser, site, DESKTOP)
    elsewhere = _signed_in(browser, site, PHONE)
    drops.say(site, "open", SLUG, "NOC-KEN", "ken-home-scarf", OPENS_SECONDS)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(site.base + LINE)
    tired, wrong = reader(browser, size=PHONE), reader(browser)
    wrong.add_init_script(_WRONG_CLOCK)
    tab, hurried, at_home = tired.new_page(), wrong.new_page(), member.new_page()
    for page in (tab, hurried, at_home):
        _in_the_draw(page, site)
    tab.close()
    yield People(plain, tired, hurried, _number(at_home), elsewhere)
    drops.say(site, "withdraw", SLUG)


def _go_in(page: Page) -> None:
    """By the button, unless the page has led there by itself by now."""
    link = page.get_by_role("link", name="Choose and order")
    link.or_(page.locator("form.purchase")).wait_for(timeout=TURN_MS_MAX)
    if not page.url.endswith("/buy/"):
        link.click()
    page.wait_for_url("**/buy/")


def _buy(page: Page) -> None:
    steps.fill_checkout(page)
    page.locator("[data-send]").click()
    page.wait_for_url("**/sandbox/pay/**")
    steps.choose(page, "approve")
    page.wait_for_url(re.compile(r".*/order/.*"))
    expect(page.locator("h1")).to_have_text("Order confirmed")


def test_who_closed_the_tab_comes_back_to_the_same_place(people: People, site: Site) -> None:
    book, page = watch(people.closed, site.base), people.closed.new_page()
    page.goto(site.base + LINE)
    _go_in(page)
    _buy(page)
    assert book.faults == []


def test_a_clock_that_is_an_hour_wrong_changes_nothing(people: People) -> None:
    page = people.hurried
    now = page.evaluate("[Date.now(), performance.timeOrigin + performance.now()]")
    assert now[0] - now[1] > 3_000_000, "the clock of this browser is right"
    _go_in(page)
    expect(page.locator("[data-left]")).to_contain_text(re.compile(r"\b(9|10) minutes"))
    _buy(page)


def test_an_account_has_one_place_on_two_devices(people: People, site: Site) -> None:
    elsewhere = people.member_elsewhere.new_page()
    elsewhere.goto(site.base + LINE)
    elsewhere.locator("[data-state=turn]").wait_for(timeout=TURN_MS_MAX)
    assert _number(elsewhere) == people.member_number
    _go_in(elsewhere)
    _buy(elsewhere)


def _number(page: Page) -> str:
    return str(page.locator("[data-fill=identity]").text_content())


def test_a_place_goes_on_to_another_device_by_its_link(
    people: People, site: Site, browser: Browser
) -> None:
    page = people.closed.new_page()
    page.goto(site.base + LINE)
    page.locator("[data-state=turn]").wait_for(timeout=TURN_MS_MAX)
    link = page.locator("[data-hand-link]").input_value()
    elsewhere = reader(browser, size=PHONE).new_page()
    elsewhere.goto(link)
    elsewhere.locator("[data-state=turn]").wait_for(timeout=TURN_MS_MAX)
    assert _number(elsewhere) == _number(page)
    assert "#" not in elsewhere.url
    page.close()


def test_nobody_gets_more_than_the_limit_nor_loses_what_they_typed(
    people: People, site: Site, browser: Browser
) -> None:
    del people  # The line is open.
    page = reader(browser, size=PHONE).new_page()
    page.goto(site.base + LINE)
    _go_in(page)
    _choose_two(page)
    page.locator("[data-send]").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.goto(f"{site.base}/en-jp/drops/{SLUG}/buy/")
    _choose_two(page)
    page.context.clear_cookies(name=re.compile("kotinos_pass_.*"))  # as if the time had run out
    page.locator("[data-send]").click()
    expect(page.locator("[data-problem=limit]")).to_be_visible()
    expect(page.locator("[name=line1]")).to_have_value(steps.BUYER["line1"])
    page.locator("[name=line1]").fill("")
    page.locator("[data-send]").click()
    expect(page.locator("#e-line1")).to_be_visible()
    expect(page.locator("[data-errors]")).to_be_focused()


def _choose_two(page: Page) -> None:
    steps.fill_checkout(page)
    page.locator("label.option", has=page.locator("[name=units][value='2']")).click()


def test_who_has_no_javascript_waits_a_little_and_buys(people: People) -> None:
    _go_in(people.plain)
    people.plain.locator("[data-send]").click()
    expect(people.plain.locator(".errors li")).not_to_have_count(0)
    _buy(people.plain)


def test_a_line_that_is_paused_says_so_and_goes_on(
    people: People, site: Site, browser: Browser
) -> None:
    del people  # The line is open.
    drops.say(site, "pause", SLUG)
    page = reader(browser, size=PHONE).new_page()
    page.goto(site.base + LINE)
    expect(page.locator("[data-state=paused]")).to_be_visible(timeout=20_000)
    drops.say(site, "resume", SLUG)
    _go_in(page)


@pytest.mark.parametrize(("place", "size"), [("en-jp", DESKTOP), ("ar-sa", PHONE)])
def test_pages_of_a_drop_are_for_everybody(
    people: People, site: Site, browser: Browser, place: str, size: tuple[int, int]
) -> None:
    del people
    context = reader(browser, size=size)
    book, page = watch(context, site.base), context.new_page()
    faults = []
    for path, ready in (
        ("drops/", ".dropband"),
        (f"drops/{SLUG}/", ".drophero"),
        (f"drops/{SLUG}/line/", "[data-state=turn]"),
        (f"drops/{SLUG}/buy/", "[data-buy]"),
        # Last: a rank is there once the seed is, after the opening that a turn has waited for.
        (f"draw/{SLUG}/?identity={'0a' * 16}", "[data-rank]"),
    ):
        page.goto(f"{site.base}/{place}/{path}")
        page.locator(ready).first.wait_for(timeout=TURN_MS_MAX)
        faults += [f"{path}: {fault}" for fault in _faults(page) if fault]
    assert not faults + book.faults, "\n".join(faults + book.faults)


def _faults(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    light = said(violations(page))
    page.emulate_media(color_scheme="dark")
    dark = said(colours_of(page))
    page.emulate_media(color_scheme="light")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [light, dark and f"in the dark: {dark}", f"{wide} px too wide" if wide else ""]
