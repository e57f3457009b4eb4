"""A walk through every page and state of the shop that a reader can meet, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser import steps
from tests.browser.pages import pages_but_products

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.site.site import Site


@dataclass(frozen=True, slots=True)
class State:
    """What is on the screen now, and what is wrong with how it came."""

    name: str
    fault: str = ""


def everything(page: Page, site: Site, place: str) -> Iterator[State]:
    """Every state; `page` shows it while the caller holds the yielded value."""
    for found in pages_but_products(site.base, place):
        yield _visit(page, site, found.name, found.path, found.status)
    products = product_states(site, place.rpartition("-")[2].upper())
    for name, handle in sorted(products.items()):
        yield _visit(page, site, f"product {name}", f"/{place}/products/{handle}/")
    yield from _wish(page, site, place, products)
    yield from _purchase(page, site, place, products["cleared"])
    yield from _broken_links(page, site, place)


def product_states(site: Site, territory: str) -> dict[str, str]:
    """A handle for every state of a product page, refusals by their reason."""
    found: dict[str, str] = {}
    for (handle,) in site.rows("SELECT handle FROM catalog_product ORDER BY handle"):
        answer = site.get(f"/api/v1/products/{handle}?territory={territory}")
        said = answer.json()
        if answer.ok:
            reason = said["refusal"]["reason"] if said["refusal"] else ""
            found.setdefault(" ".join((said["state"], reason)).strip(), handle)
    return found


def _visit(page: Page, site: Site, name: str, path: str, status: int = 200) -> State:
    answer = page.goto(site.base + path)
    assert answer is not None
    return State(name, "" if answer.status == status else f"answered {answer.status}")


def _wish(page: Page, site: Site, place: str, products: dict[str, str]) -> Iterator[State]:
    handle = next(handle for name, handle in products.items() if name.startswith("refused"))
    page.goto(f"{site.base}/{place}/products/{handle}/")
    page.locator("#tell-email").fill("fan@example.org")
    page.locator(".tell button").click()
    page.wait_for_url("**/tell-me/**")
    yield State("told")


def _purchase(page: Page, site: Site, place: str, handle: str) -> Iterator[State]:
    page.goto(f"{site.base}/{place}/products/{handle}/")
    steps.add_to_basket(page)
    yield State("product, added to the basket")
    yield _visit(page, site, "basket", f"/{place}/basket/")
    yield _visit(page, site, "checkout", f"/{place}/checkout/")
    page.locator("form.purchase aside button").click()
    yield State("checkout, nothing filled in")
    steps.fill_checkout(page)
    other = "FR" if not place.endswith("-fr") else "JP"
    page.locator("[name=territory]").select_option(other)
    page.locator("form.purchase aside button").click()
    yield State("checkout, another territory chosen")
    page.locator("[name=territory]").select_option(place.rpartition("-")[2].upper())
    steps.fill_checkout(page)
    steps.place_order(page)
    yield State("payment")
    yield from _payment(page)


def _payment(page: Page) -> Iterator[State]:
    address = page.url
    steps.choose(page, "decline")
    yield State("order, payment declined")
    page.goto(address)
    steps.choose(page, "challenge")
    yield State("payment, a code is asked for")
    page.locator("#code").fill("0000")
    page.locator("form button").click()
    yield State("payment, a wrong code")
    page.locator("#code").fill(steps.CODE)
    page.locator("form button").click()
    yield State("order, confirmed")
    page.goto(address)
    yield State("payment, already made")


def _broken_links(page: Page, site: Site, place: str) -> Iterator[State]:
    yield _visit(page, site, "order, forged link", f"/{place}/order/AAAA.AAAA/", 404)
    yield _visit(page, site, "payment, forged link", "/sandbox/pay/AAAA.AAAA", 404)
