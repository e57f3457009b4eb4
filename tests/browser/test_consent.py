"""Nobody is counted who has not said yes, and saying no is as easy."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.browser import DESKTOP, PHONE, colours_of, reader, said, violations
from tests.browser.conduct import watch
from tests.browser.tour import product_states

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

    from tests.site.site import Site

pytestmark = pytest.mark.browser
PANEL, YES, NO = "[data-consent]", "[data-choose=yes]", "[data-choose=no]"
CONTROL, HINT = "[data-consent-open]", "[data-hint]"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
DNT = "Object.defineProperty(Navigator.prototype, 'doNotTrack', {get: () => '1'})"


class Heard:
    """What a browser sent to the collector, in order."""

    def __init__(self, context: BrowserContext) -> None:
        self.bodies: list[dict[str, Any]] = []
        context.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if "/v1/" in request.url:
            self.bodies.append(json.loads(request.post_data or "{}"))

    @property
    def events(self) -> list[dict[str, Any]]:
        """Each message once: what is sent again keeps its id."""
        sent = [event for body in self.bodies for event in body["batch"]]
        return list({event["messageId"]: event for event in sent}.values())

    @property
    def names(self) -> list[str]:
        return [event.get("event") or event["name"] for event in self.events]

    def until(self, page: Page, name: str) -> dict[str, Any]:
        """The first message of a name; waits for it."""
        for _ in range(60):
            if name in self.names:
                return self.events[self.names.index(name)]
            page.wait_for_timeout(100)
        raise AssertionError(self.names)


def test_nothing_is_stored_or_sent_before_a_yes(site: Site, browser: Browser) -> None:
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    for path in ("/en-jp/", "/en-jp/teams/", "/en-jp/channel/"):
        page.goto(site.base + path)
        expect(page.locator(PANEL)).to_be_visible()
    page.wait_for_timeout(2500)
    assert page.evaluate(STORED) == '[{},{},""]'
    assert context.cookies() == []
    assert heard.bodies == []


def test_a_yes_counts_this_page_and_the_next_ones(site: Site, browser: Browser) -> None:
    handle = product_states(site, "JP")["cleared"]
    context = reader(browser, hint=True)
    heard, book, page = Heard(context), watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/en-jp/")
    page.locator(YES).click()
    expect(page.locator(PANEL)).to_be_hidden()
    first = heard.until(page, "home")
    page.goto(f"{site.base}/en-jp/products/{handle}/?utm_campaign=opening&secret=1")
    seen = heard.until(page, "Product Viewed")
    steps.add_to_basket(page)
    added = heard.until(page, "Product Added")
    assert first["anonymousId"] == seen["anonymousId"] == added["anonymousId"]
    about = seen["properties"]
    assert about["product_id"] == added["properties"]["product_id"] == handle
    assert about["territory"] == "JP"
    assert about["path"] == f"/en-jp/products/{handle}/"
    assert seen["context"]["locale"] == "en"
    assert {"noc", "work", "edition"} <= set(about)
    assert seen["context"]["campaign"]["name"] == "opening"
    assert "secret" not in json.dumps(heard.bodies)
    assert added["properties"]["quantity"] == 1
    assert all(body["writeKey"].startswith("web_") for body in heard.bodies)
    assert not book.foreign


def test_a_no_is_remembered_and_counts_nothing(site: Site, browser: Browser) -> None:
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    page.goto(f"{site.base}/en-jp/")
    page.locator(NO).click()
    page.goto(f"{site.base}/en-jp/shop/")
    expect(page.locator(PANEL)).to_be_hidden()
    page.wait_for_timeout(2000)
    assert page.evaluate("localStorage.getItem('kotinos-visitor')") is None
    assert heard.bodies == []


@pytest.mark.parametrize("objection", [GPC, DNT])
def test_a_browser_that_objects_is_not_even_asked(
    site: Site, browser: Browser, objection: str
) -> None:
    context = reader(browser, hint=True)
    context.add_init_script(objection)
    context.add_init_script("localStorage.setItem('kotinos-consent', 'yes')")
    heard, page = Heard(context), context.new_page()
    page.goto(f"{site.base}/en-jp/")
    page.goto(f"{site.base}/en-jp/shop/")
    expect(page.locator(PANEL)).to_be_hidden()
    page.wait_for_timeout(2000)
    assert heard.bodies == []
    page.locator(CONTROL).click()
    expect(page.locator(PANEL)).to_contain_text("neither ask nor count")
    expect(page.locator(YES)).to_be_hidden()


def test_the_answer_can_be_taken_back_at_the_foot(site: Site, browser: Browser) -> None:
    """The number is deleted, and nothing is sent about that either."""
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    page.goto(f"{site.base}/en-jp/")
    page.locator(YES).click()
    number = heard.until(page, "home")["anonymousId"]
    page.locator(CONTROL).click()
    expect(page.locator("[data-visitor]")).to_have_text(number)
    before = len(heard.bodies)
    page.locator(NO).click()
    expect(page.locator(CONTROL)).to_be_focused()
    page.goto(f"{site.base}/en-jp/shop/")
    page.wait_for_timeout(2000)
    assert len(heard.bodies) == before
    assert page.evaluate("localStorage.getItem('kotinos-visitor')") is None


def test_a_visit_reaches_the_lake_and_leaves_it_when_it_is_asked_to(
    site: Site, browser: Browser
) -> None:
    """The number at the foot of the page is what a visitor asks to be forgotten by."""
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    before = _counted(site, "queryable")
    page.goto(f"{site.base}/en-jp/")
    page.locator(YES).click()
    number = heard.until(page, "home")["anonymousId"]
    page.goto(f"{site.base}/en-jp/teams/")
    heard.until(page, "teams")
    assert _eventually(page, lambda: _counted(site, "queryable") >= before + 2)
    said = site.say("insight", "erase", "--edition", "K2030", "--anonymous", number)
    assert said.returncode == 0, said.stderr
    assert _counted(site, "erased") >= 2, said.stdout
    assert (
        "0 rows" in site.say("insight", "erase", "--edition", "K2030", "--anonymous", number).stdout
    )
    assert site.say("insight", "ledger").returncode == 0


def _counted(site: Site, where: str) -> int:
    query = f"SELECT coalesce(sum({where}), 0)::int FROM insight_ledger WHERE source = 'web'"  # noqa: S608 - a name above
    return int(site.rows(query)[0][0])


def _eventually(page: Page, happened: Callable[[], bool]) -> bool:
    for _ in range(250):
        if happened():
            return True
        page.wait_for_timeout(100)
    return False


def test_what_could_not_be_sent_comes_later_and_is_counted_once(
    site: Site, browser: Browser
) -> None:
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    lost: list[str] = []

    def fails(route: Route) -> None:
        lost.append(route.request.post_data or "")
        if len(lost) == 1:
            route.abort()
        elif len(lost) == 2:
            route.fulfill(status=503, headers={"Retry-After": "1"})
        else:
            route.continue_()

    context.route("**/v1/batch", fails)
    before = _counted(site, "queryable")
    page.goto(f"{site.base}/en-jp/")
    page.locator(YES).click()
    assert _eventually(page, lambda: len(heard.bodies) >= 3)
    ids = [[event["messageId"] for event in body["batch"]] for body in heard.bodies]
    assert ids[0] == ids[1] == ids[2]
    assert _eventually(page, lambda: _counted(site, "queryable") >= before + 1)


def test_a_playing_is_told_once_with_what_is_played(site: Site, browser: Browser) -> None:
    """Players tell the page how time goes; the tracker hears the first of it."""
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    page.goto(f"{site.base}/en-jp/")
    page.locator(YES).click()
    page.evaluate(
        """() => {
        const box = document.createElement("div");
        const player = document.createElement("p");
        box.dataset.tellSubject = player.dataset.subject = "v:7";
        box.setAttribute("data-tell-noc", "KEN");
        box.append(player);
        document.body.append(box);
        const told = () => player.dispatchEvent(new CustomEvent("kotinos:time", { bubbles: true }));
        told();
        told();
        }"""
    )
    begun = heard.until(page, "Video Playback Started")
    assert (begun["properties"]["subject"], begun["properties"]["noc"]) == ("v:7", "KEN")
    assert heard.names.count("Video Playback Started") == 1


def test_an_order_is_told_by_its_id_and_never_by_its_address(site: Site, browser: Browser) -> None:
    handle = product_states(site, "JP")["cleared"]
    context = reader(browser, hint=True)
    heard, page = Heard(context), context.new_page()
    page.goto(f"{site.base}/en-jp/products/{handle}/")
    page.locator(YES).click()
    steps.add_to_basket(page)
    page.goto(f"{site.base}/en-jp/checkout/")
    heard.until(page, "Checkout Started")
    steps.fill_checkout(page)
    steps.place_order(page)
    steps.choose(page, "approve")
    page.wait_for_url("**/order/**")
    done = heard.until(page, "Order Completed")
    token = page.url.rstrip("/").rpartition("/")[2]
    assert site.rows("SELECT 1 FROM orders_order WHERE id = %s", done["properties"]["order_id"])
    assert "total" not in done["properties"]
    said_in_all = json.dumps(heard.bodies)
    assert token not in said_in_all
    assert steps.BUYER["email"] not in said_in_all


def test_the_chip_explains_itself_once_the_question_is_answered(
    site: Site, browser: Browser
) -> None:
    """One thing at a time: on a phone both would cover what one came for."""
    page = reader(browser, size=PHONE, hint=True).new_page()
    page.goto(f"{site.base}/en-jp/")
    expect(page.locator(PANEL)).to_be_visible()
    expect(page.locator(HINT)).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator(NO).click()
    expect(page.locator(HINT)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(HINT)).to_be_hidden()
    page.goto(f"{site.base}/en-jp/shop/")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator(HINT)).to_be_hidden()


def test_without_scripts_there_is_no_question(site: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.base}/en-jp/")
    expect(page.locator(PANEL)).to_be_hidden()
    expect(page.locator(CONTROL)).to_be_hidden()


@pytest.mark.parametrize("place", ["en-jp", "fr-fr", "zh-hans-cn", "ar-sa"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_question_is_for_everybody(
    site: Site, browser: Browser, place: str, size: tuple[int, int]
) -> None:
    """Both answers look alike, are reached by Tab early, and leave the page to be read."""
    context = reader(browser, size=size, hint=True)
    page = context.new_page()
    page.goto(f"{site.base}/{place}/")
    panel = page.locator(PANEL)
    expect(panel).to_be_visible()
    looks = "b => { const s = getComputedStyle(b); return [s.color, s.backgroundColor, s.fontSize,"
    looks += " s.fontWeight, s.borderColor, b.offsetHeight, b.offsetWidth].join() }"
    assert page.locator(YES).evaluate(looks) == page.locator(NO).evaluate(looks)
    box = panel.bounding_box()
    assert box is not None
    assert box["height"] <= size[1] * 0.45
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(NO)).to_be_focused()
    faults = said(violations(page))
    page.emulate_media(color_scheme="dark")
    assert not faults + said(colours_of(page))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    if shots := os.environ.get("KOTINOS_SHOTS"):
        page.screenshot(path=f"{shots}/{place}-{size[0]}.png")
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
