"""What a committee and a buyer do, step by step, as the journeys put them together."""

from __future__ import annotations

import csv
import re
import threading
import time
from typing import TYPE_CHECKING

import requests
from playwright.sync_api import expect

from tests.site.edition import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.site.site import Site

CODE = "2030"  # what the sandbox's bank asks for, and says so on the page
BUYER = {
    "email": "hana@example.org",
    "name": "Hana Example",
    "line1": "1-2-3 Oliveyard",
    "city": "Chiba",
    "region": "Chiba",
}
_COLUMNS = ("number", "grantor", "grantee", "property", "parent", "acts", "outlets", "territory",
            "from", "until", "delay_minutes", "exclusivity", "quota", "may_sublicense", "duties",
            "note")  # fmt: skip

_EXAMPLE = re.compile(r"[0-9][0-9 -]*[0-9]")


def bring_catalogue(site: Site, seller: str) -> tuple[str, str]:
    """Try a committee's file and then import it; what the command said both times."""
    path = site.files / "catalogues" / f"{seller}.csv"
    words = ("catalog", "import", path, "--seller", seller, "--currency", "USD")
    tried = site.say(*words, "--dry-run")
    done = site.say(*words)
    assert (tried.returncode, done.returncode) == (0, 0), tried.stderr + done.stderr
    assert site.say("catalog", "draw").returncode == 0
    return tried.stdout, done.stdout


def draft_at_home(site: Site, noc: str, folder: Path) -> str:
    """Draft the committee's licence to itself, at home only; the draft's number."""
    number = f"{noc}-HOME"
    path = folder / "grant.csv"
    own = {"grantor": f"NOC-{noc}", "grantee": f"NOC-{noc}", "property": f"NOC-{noc}-EMBLEM"}
    terms = {"number": number, "acts": "sell, ship, advertise", "outlets": "own-shop",
             "territory": f"HOME({noc})", "from": "2026-01-01", "until": "2031-12-31"}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=_COLUMNS)
        writer.writeheader()
        writer.writerow(own | terms)
    done = site.say("rights", "import", path)
    assert done.returncode == 0, done.stderr
    return number


def sign_in(page: Page, site: Site, email: str) -> None:
    """Enter the back office."""
    page.goto(f"{site.base}/office/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button").first.click()
    page.wait_for_url("**/office/**")


def effective_ms(site: Site, path: str, marks: str, act: Callable[[], object]) -> float:
    """Milliseconds from the commit of what `act` does until the page at `path` shows `marks`.

    Two observers that the application knows nothing of: one at the database, one at the port.
    """
    seen: dict[str, float] = {}
    query = "SELECT count(*) FROM kernel_outbox WHERE kind = 'rights.changed'"
    before = site.rows(query)

    def until(name: str, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while name not in seen and time.monotonic() < deadline:
            if reached():
                seen[name] = time.monotonic()
            time.sleep(0.005)

    session = requests.Session()
    watchers = [
        threading.Thread(target=until, args=("commit", lambda: site.rows(query) != before)),
        threading.Thread(
            target=until, args=("page", lambda: marks in session.get(site.base + path).text)
        ),
    ]
    for watcher in watchers:
        watcher.start()
    act()
    for watcher in watchers:
        watcher.join()
    return 1000 * (seen["page"] - seen["commit"])


def add_to_basket(page: Page) -> None:
    """Press the button of the product page and wait for the word that it worked."""
    page.locator("form[data-add] button").first.click()
    expect(page.locator("[data-toast]")).to_be_visible()


def fill_checkout(page: Page) -> None:
    """Every required field of this country's form; its own example where it shows one."""
    page.locator("form.purchase [name=email]").fill(BUYER["email"])
    for field in page.locator("form.purchase input[required]:not([type=radio])").all():
        name = field.get_attribute("name") or ""
        said = page.locator(f"#h-{name}")
        example = _EXAMPLE.search(said.inner_text()) if said.count() else None
        field.fill(BUYER.get(name, example[0] if example else "12345"))


def place_order(page: Page) -> None:
    page.locator("form.purchase aside button").click()
    page.wait_for_url("**/sandbox/pay/**")


def choose(page: Page, outcome: str) -> None:
    """Tell the sandbox's bank what to do."""
    page.locator(f"#choice-{outcome}").check()
    page.locator("form button").click()


def pay_with_code(page: Page) -> None:
    """The bank asks for a code first: a wrong one, then the right one."""
    choose(page, "challenge")
    page.locator("#code").fill("0000")
    page.locator("form button").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.locator("#code").fill(CODE)
    page.locator("form button").click()
    page.wait_for_url(re.compile(r".*/order/.*"))


def order_number(page: Page) -> str:
    found = re.search(r"\bK-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.locator(".masthead").inner_text())
    assert found is not None, page.locator(".masthead").inner_text()
    return found[0]
