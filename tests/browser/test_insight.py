"""The dashboards in a browser: usable by everybody, and moving while things happen."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import expect

from kotinos.kernel import clock
from kotinos.kernel.environment import ROOT
from tests.browser import steps
from tests.browser.browser import DESKTOP, PHONE, reader, said, violations
from tests.browser.conduct import watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
OFFICE = "/office/insight/"
BOARDS = ("shop", "rights", "channel", "drops", "operations")
OPERATOR = "operator@kotinos.example"
MOVED_MS_MAX = 20_000
COUNTED_MS_MAX = 30_000


@pytest.fixture(scope="module")
def figures(site: Site) -> Site:
    """The site, with a few days of facts in its lake."""
    loading = [sys.executable, "-m", "tests.site.figures"]
    subprocess.run(loading, cwd=ROOT, env=site.environ, check=True, capture_output=True)
    return site


def _events(number: int) -> list[dict[str, object]]:
    """Page views and steps of the funnel by as many people, now, in Segment's form."""
    now = clock.now().isoformat()
    names = ("Product Viewed", "Product Added", "Checkout Started")
    return [
        {
            "type": "track",
            "event": names[place % len(names)],
            "messageId": str(uuid4()),
            "anonymousId": f"person-{place // len(names)}-{now}",
            "timestamp": now,
            "properties": {"product_id": "ken-jersey", "territory": ("JP", "FR")[place % 2]},
        }
        for place in range(number)
    ]


def _send(site: Site, key: str, events: list[dict[str, object]]) -> None:
    body: Any = {"batch": events, "sentAt": clock.now().isoformat()}
    answer = requests.post(f"{site.base}/v1/batch", json=body, auth=(key, ""), timeout=10)
    assert answer.status_code == 200, answer.text


def _make_key(page: Page, site: Site) -> str:
    page.goto(f"{site.base}{OFFICE}operations/")
    page.get_by_label("Name", exact=True).fill(f"test-{uuid4().hex[:8]}")
    page.get_by_role("button", name="Make a key").click()
    return page.locator("#made-key").inner_text()


def _number(page: Page, name: str) -> int:
    return int(page.locator(f"[data-now={name}]").inner_text().replace(",", ""))


def test_the_live_view_moves_when_an_event_is_sent(figures: Site, browser: Browser) -> None:
    context = reader(browser, size=DESKTOP)
    book, page = watch(context, figures.base), context.new_page()
    steps.sign_in(page, figures, OPERATOR)
    key = _make_key(page, figures)
    page.goto(f"{figures.base}{OFFICE}shop/funnel/")
    _counted(page)  # an answer of before is kept, and must not stay on the screen
    page.goto(f"{figures.base}{OFFICE}live/")
    expect(page.locator("#minutes svg").first).to_be_visible()
    before = _number(page, "events")
    began = time.monotonic()
    _send(figures, key, _events(42))
    page.wait_for_function(
        "least => Number(document.querySelector('[data-now=events]').dataset.value) >= least",
        arg=before + 42,
        timeout=MOVED_MS_MAX,
    )
    print(f"the live view moved {time.monotonic() - began:.1f} s after the event was sent")
    expect(page.locator("#even")).to_have_text("Every accepted event is accounted for.")
    expect(page.locator("#territories")).to_contain_text("Japan")
    page.get_by_role("button", name="People").click()
    expect(page.locator("#shown")).to_have_text("People")
    assert not violations(page), said(violations(page))
    page.goto(f"{figures.base}{OFFICE}shop/funnel/")
    expect(page.locator("#chart-funnel")).to_contain_text("Product Added", timeout=COUNTED_MS_MAX)
    context.close()
    assert not book.faults, "\n".join(book.faults)


def _counted(page: Page) -> None:
    """Wait until every chart is there; none may have failed."""
    page.wait_for_load_state("load")
    expect(page.locator("#k-content, .i-paper").first).to_be_visible()
    expect(page.locator(".i-card[aria-busy], .i-numbers[aria-busy]")).to_have_count(
        0, timeout=COUNTED_MS_MAX
    )
    expect(page.locator(".i-none.bad")).to_have_count(0)


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True), (PHONE, False)])
def test_every_dashboard_is_for_everybody(
    figures: Site, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    context = reader(browser, size=size, dark=dark)
    book, page = watch(context, figures.base), context.new_page()
    steps.sign_in(page, figures, OPERATOR)
    faults = []
    for name in (*BOARDS, "live", "views", "rows/sales", "shop/?view=print"):
        path = f"{OFFICE}{name}" + ("" if "?" in name else "/")
        page.goto(figures.base + path)
        _counted(page)
        if found := violations(page):
            faults.append(f"{path}: {said(found)}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{path}: {wide} px wider than the window")
    assert not faults + book.faults, "\n".join(faults + book.faults)
    context.close()


def test_a_click_narrows_and_another_leads_back(figures: Site, browser: Browser) -> None:
    page = reader(browser, size=DESKTOP).new_page()
    steps.sign_in(page, figures, OPERATOR)
    page.goto(f"{figures.base}{OFFICE}rights/?when=7d")
    _counted(page)
    page.locator("#chart-territories").get_by_role("link", name="Malta").click()
    page.wait_for_url("**territory=MT**")
    expect(page.locator(".i-crumbs")).to_contain_text("Malta")
    _counted(page)
    page.locator("#chart-teams").get_by_role("link", name="Kenya").click()
    page.wait_for_url("**noc=KEN**")
    expect(page.locator(".i-crumbs a")).to_have_count(3)
    page.locator(".i-crumbs").get_by_role("link", name=re.compile("^Malta")).click()
    page.wait_for_url(lambda url: "territory" not in url)
    page.locator(".i-crumbs a").first.click()
    page.wait_for_url(lambda url: "noc" not in url)
    # A day of a chart leads to that day alone.
    page.goto(f"{figures.base}{OFFICE}shop/?when=7d")
    _counted(page)
    box = page.locator("#chart-days [data-draw]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6)
    page.wait_for_url("**since=**")
    page.context.close()


def test_filters_and_tables_need_no_script(figures: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    steps.sign_in(page, figures, "rights@noc-ken.example")
    page.goto(f"{figures.base}{OFFICE}shop/?when=7d")
    page.get_by_label("Territory").select_option("JP")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".i-crumbs")).to_contain_text("Japan")
    page.goto(f"{figures.base}{OFFICE}shop/products/?when=7d")
    expect(page.locator("#chart-products table")).to_be_visible()
    expect(page.locator("#chart-products")).not_to_contain_text("Jpn")
    options = page.get_by_label("Organisation").locator("option").all_inner_texts()
    assert len(options) == 1
    context.close()


def test_a_view_is_kept_and_a_report_planned(figures: Site, browser: Browser) -> None:
    page = reader(browser, size=DESKTOP).new_page()
    steps.sign_in(page, figures, "rights@noc-ken.example")
    page.goto(f"{figures.base}{OFFICE}rights/?when=7d&territory=MT")
    page.get_by_role("link", name="Save").click()
    page.get_by_label("Name").fill(f"Malta {uuid4().hex[:6]}")
    page.get_by_role("button", name="Keep it").click()
    sends = page.get_by_role("link", name=re.compile("Send by mail: Malta")).first
    expect(sends).to_be_visible()
    assert not violations(page), said(violations(page))
    sends.click()
    page.get_by_role("button", name="Send it regularly").click()
    expect(page.locator(".i-mailing").first).to_contain_text("rights@noc-ken.example")
    assert not violations(page), said(violations(page))
    page.get_by_role("rowheader").get_by_role("link", name=re.compile("Malta")).first.click()
    expect(page.locator(".i-crumbs")).to_contain_text("Malta")
    _counted(page)
    assert not violations(page), said(violations(page))
    page.context.close()
