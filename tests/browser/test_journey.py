"""The main job, end to end: a committee's goods come in, a fan abroad understands, and buys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.browser import PHONE, reader, said, violations
from tests.browser.conduct import watch
from tests.site.edition import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
EFFECTIVE_MS_MAX = 500


def test_a_product_is_bought_across_a_border(site: Site, browser: Browser, tmp_path: Path) -> None:
    """In English, the committee's work done in the back office."""
    number = _come_in(site, "JAM", tmp_path)
    email = "rights@noc-jam.example"
    role = ("--organisation", "NOC-JAM", "--role", "rights-manager", "--password", PASSWORD)
    assert site.say("games", "person", email, *role).returncode == 0
    context = reader(browser)
    book = watch(context, site.base)
    desk, fan = context.new_page(), reader(browser)
    steps.sign_in(desk, site, email)
    _sign_in_office(desk, site, number)
    book_of_fan, page = watch(fan, site.base), fan.new_page()
    _refused(page, site, "/en-jp/products/jam-home-jersey/", "Jamaica", "Japan")
    _opens(site, "/en-jp/products/jam-home-jersey/", lambda: _open_in_office(desk, site))
    _buys(page, site, "/en-jp/products/jam-home-jersey/")
    assert book.faults + book_of_fan.faults == []


def test_the_same_in_arabic_from_right_to_left(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """On a phone, the committee's work done from the command line."""
    number = _come_in(site, "NOR", tmp_path)
    assert site.say("rights", "sign", number).returncode == 0
    context = reader(browser, size=PHONE)
    book, page = watch(context, site.base), context.new_page()
    path = "/ar-jp/products/nor-home-jersey/"
    _refused(page, site, path, "النرويج", "اليابان")
    assert page.locator("html").get_attribute("dir") == "rtl"
    _opens(site, path, lambda: site.say("rights", "open", "NOR", "--reach", "world"))
    _buys(page, site, path)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert book.faults == []


def _come_in(site: Site, noc: str, folder: Path) -> str:
    """Catalogue tried and imported, licence drafted: nothing is sold before it is signed."""
    path = f"/en-{'jm' if noc == 'JAM' else 'no'}/products/{noc.lower()}-home-jersey/"
    tried, done = steps.bring_catalogue(site, f"NOC-{noc}")
    assert re.search(r"would be 5 created.* 0 refused; 0 errors", tried)
    assert re.search(r"^5 created.* 0 refused; 0 errors", done, re.MULTILINE)
    number = steps.draft_at_home(site, noc, folder)
    assert site.get(path).text.count('data-state="refused"') == 1
    return number


def _sign_in_office(desk: Page, site: Site, number: str) -> None:
    desk.goto(f"{site.base}/office/rights/grants/")
    desk.get_by_role("link", name=number, exact=True).click()
    desk.get_by_role("link", name="Check and sign").click()
    desk.locator("[name=confirm]").fill(number)
    desk.get_by_role("button", name="Sign the grant").click()
    expect(desk.locator(".k-tag.in-force").first).to_be_visible()


def _open_in_office(desk: Page, site: Site) -> None:
    desk.goto(f"{site.base}/office/rights/open/")
    desk.locator("[name=reach][value=world]").check()
    desk.get_by_role("button", name="Save, from this moment on").click()


def _refused(page: Page, site: Site, path: str, team: str, territory: str) -> None:
    """The page says why, since when, where it is sold, and offers what is close to it."""
    page.goto(site.base + path)
    refusal = page.locator("[data-state=refused]")
    expect(refusal.locator("h1")).to_contain_text(territory)
    expect(refusal.locator(".lead")).to_contain_text(team)
    expect(refusal.locator("figure svg")).to_be_visible()
    expect(refusal.locator("figure .names a")).not_to_have_count(0)
    expect(page.locator("section ul.grid li")).not_to_have_count(0)
    assert said(violations(page)) == ""


def _opens(site: Site, path: str, act: object) -> None:
    assert callable(act)
    took_ms = steps.effective_ms(site, path, 'data-state="cleared"', act)
    print(f"effective {took_ms:.0f} ms after the signature was committed")
    assert took_ms <= EFFECTIVE_MS_MAX


def _buys(page: Page, site: Site, path: str) -> None:
    page.goto(site.base + path)
    steps.add_to_basket(page)
    page.locator("[data-toast] a").click()
    page.locator("a[href$='/checkout/']").click()
    _errors_first(page)
    steps.fill_checkout(page)
    steps.place_order(page)
    assert said(violations(page)) == ""
    steps.pay_with_code(page)
    _rests_on_a_decision(page, site)


def _errors_first(page: Page) -> None:
    """What is missing is said in a summary and beside the field; what was typed is kept."""
    page.locator("[name=name]").fill("Hana Example")
    page.locator("[name=email]").fill("not a mail address")
    page.locator("form.purchase aside button").click()
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    expect(page.locator("#e-email")).to_be_visible()
    expect(summary.locator("a[href='#f-email']")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Hana Example")
    expect(page.locator("[name=email]")).to_have_value("not a mail address")
    assert said(violations(page)) == ""
    summary.locator("a[href='#f-email']").click()
    expect(page.locator("#f-email")).to_be_focused()


def _rests_on_a_decision(page: Page, site: Site) -> None:
    """The order's page, its rows and its mail tell the same."""
    number = steps.order_number(page)
    expect(page.locator(".timeline .is-done")).to_have_count(3)  # placed, paid, confirmed
    expect(page.locator(".line .stamp")).not_to_have_count(0)
    states = site.rows(
        "SELECT name FROM orders_state JOIN orders_order o ON o.id = order_id WHERE number = %s",
        number,
    )
    assert {"paid", "confirmed"} <= {name for (name,) in states}
    lines = site.rows(
        "SELECT cardinality(s.chain), cardinality(d.chain) FROM orders_orderline l"
        " JOIN orders_order o ON o.id = l.order_id"
        " JOIN rights_decision s ON s.id = l.sell_decision_id"
        " JOIN rights_decision d ON d.id = l.ship_decision_id WHERE o.number = %s",
        number,
    )
    assert lines
    assert all(sell >= 1 and ship >= 1 for sell, ship in lines)
    mail = site.mail_about(number)
    assert steps.BUYER["email"] in mail
    assert "/order/" in mail
    assert said(violations(page)) == ""
