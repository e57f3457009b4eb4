"""The back office: every page of its sidebar is usable by everybody and stays on our host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import steps
from tests.browser.browser import reader, said, violations
from tests.browser.conduct import watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.site.site import Site

pytestmark = pytest.mark.browser
PAGES_MIN = 12
MORE = ("/office/rights/grants/new/", "/office/rights/open/KEN/", "/office/rights/home/KEN/")


def test_every_page_of_the_office_is_for_everybody(site: Site, browser: Browser) -> None:
    context = reader(browser)
    book, page = watch(context, site.base), context.new_page()
    steps.sign_in(page, site, "rights@noc-ken.example")
    links = page.locator("a[href^='/office/']").evaluate_all("found => found.map(a => a.pathname)")
    paths = sorted({*links, *MORE} - {"/office/logout/"})
    assert len(paths) >= PAGES_MIN
    faults = []
    for path in paths:
        answer = page.goto(site.base + path)
        assert answer is not None
        found = said(violations(page))
        if found or not answer.ok:
            faults.append(f"{path}: {answer.status} {found}")
    assert not faults + book.faults, "\n".join(faults + book.faults)
