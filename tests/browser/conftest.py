"""A browser for each module, and a book of everything its pages did that they should not."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def alone() -> None:
    """Wait for the tests that run beside these: what measures time has the machine to itself.

    `bin/test` names in `KOTINOS_TEST_AFTER` the file that they hold a lock on.
    """
    if lock := os.environ.get("KOTINOS_TEST_AFTER"):
        with Path(lock).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In whatever order the others are shuffled: what waits for others comes last."""
    items.sort(key=lambda item: "alone" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while Playwright runs, Django would refuse its database to others."""
    with chromium() as started:
        yield started
