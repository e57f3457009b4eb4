"""A browser for each module, and a book of everything its pages did that they should not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while Playwright runs, Django would refuse its database to others."""
    with chromium() as started:
        yield started
