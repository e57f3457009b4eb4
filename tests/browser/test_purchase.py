"""Other ways through the till: declined, doubled, late, by keyboard, without JavaScript."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.browser import PHONE, reader
from tests.browser.conduct import watch
from tests.site.site import MAIL_SECONDS_MAX

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.site.site import Site

pytestmark = pytest.mark.browser
PRODUCT = "/en-jp/products/ken-home-jersey/"
TABS_MAX = 80
LATE_MS_MAX = 40_000
_STATES = (
    "SELECT name FROM orders_state s JOIN orders_order o ON o.id = s.order_id WHERE o.number = %s"
)


def _to_payment(page: Page, site: Site) -> None:
    page.goto(site.base + PRODUCT)
    steps.add_to_basket(page)
    page.goto(f"{site.base}/en-jp/checkout/")
    steps.fill_checkout(page)
    steps.place_order(page)


def _states(site: Site, number: str) -> list[str]:
    return sorted(name for (name,) in site.rows(_STATES, number))


def test_a_declined_payment_can_be_tried_again(site: Site, browser: Browser) -> None:
    context = reader(browser, size=PHONE)
    book, page = watch(context, site.base), context.new_page()
    _to_payment(page, site)
    steps.choose(page, "decline")
    page.wait_for_url("**/order/**")
    number = steps.order_number(page)
    assert _states(site, number) == []
    page.locator(".masthead form button").click()
    page.wait_for_url("**/sandbox/pay/**")
    steps.choose(page, "approve")
    page.wait_for_url("**/order/**")
    assert steps.order_number(page) == number
    assert _states(site, number) == ["confirmed", "paid"]
    assert book.faults == []


def test_a_notice_that_comes_twice_is_heard_once(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    _to_payment(page, site)
    steps.choose(page, "doubled")
    page.wait_for_url("**/order/**")
    number = steps.order_number(page)
    assert _states(site, number) == ["confirmed", "paid"]
    deadline = time.monotonic() + MAIL_SECONDS_MAX
    while not _mails(site, number) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _mails(site, number) == 1
    assert book.faults == []


def _mails(site: Site, number: str) -> int:
    """How often the mail left that says the order is confirmed."""
    sent = site.rows(
        "SELECT count(*) FROM orders_mailsent m JOIN orders_order o ON o.id = m.order_id"
        " WHERE o.number = %s AND m.kind = 'confirmed'",
        number,
    )
    return int(sent[0][0])


def test_a_late_notice_changes_the_page_by_itself(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    _to_payment(page, site)
    page.locator("#late_seconds").fill("1")
    steps.choose(page, "late")
    page.wait_for_url("**/order/**")
    number = steps.order_number(page)
    expect(page.locator(".timeline .is-done")).to_have_count(1)
    expect(page.locator(".timeline .is-done")).to_have_count(3, timeout=LATE_MS_MAX)
    assert _states(site, number) == ["confirmed", "paid"]
    assert book.faults == []


def test_everything_is_bought_with_the_keyboard_alone(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    page.goto(site.base + PRODUCT)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "form[data-add] [name=variant]")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "form[data-add] button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_be_visible()
    _tab_to(page, "[data-toast] a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/basket/")
    _tab_to(page, "a[href$='/checkout/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout/")
    _fill_by_keyboard(page)
    page.wait_for_url("**/sandbox/pay/**")
    _tab_to(page, "[name=choice]")
    _tab_to(page, "form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/order/**")
    assert _states(site, steps.order_number(page)) == ["confirmed", "paid"]
    assert book.faults == []


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and is to be seen."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            assert page.evaluate(_SHOWS_FOCUS), f"no focus to be seen at {selector}"
            return
    raise AssertionError(f"{selector} is not reached with the keyboard")


_SHOWS_FOCUS = """() => {
  const at = document.activeElement, near = [at, at.nextElementSibling, at.closest('label')];
  return near.filter(Boolean).some(node => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none';
  });
}"""


def _fill_by_keyboard(page: Page) -> None:
    texts = {**steps.BUYER, "postal_code": "260-0013"}
    for name in page.eval_on_selector_all(
        "form.purchase input[required]", "found => found.map(node => node.name)"
    ):
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(texts[name])
    _tab_to(page, "form.purchase aside button")
    page.keyboard.press("Enter")


def test_everything_is_bought_without_javascript(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    book, page = watch(context, site.base), context.new_page()
    page.goto(f"{site.base}/en-jp/shop/")
    page.locator(".card a").first.wait_for()
    page.goto(site.base + PRODUCT)
    page.locator("form[data-add] button").first.click()
    page.wait_for_url("**/basket/**")
    page.locator(".line input.units").fill("2")
    page.locator(".line form.row button").click()
    expect(page.locator(".line input.units")).to_have_value("2")
    page.locator("a[href$='/checkout/']").click()
    page.locator("form.purchase aside button").click()
    expect(page.locator(".errors li")).not_to_have_count(0)
    steps.fill_checkout(page)
    steps.place_order(page)
    steps.choose(page, "approve")
    page.wait_for_url("**/order/**")
    assert _states(site, steps.order_number(page)) == ["confirmed", "paid"]
    page.goto(f"{site.base}/en-jp/place/")
    expect(page.locator("#place-form")).to_be_visible()
    assert book.faults == []
