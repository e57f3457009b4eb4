"""A browser for each module, and a book of everything its pages did that they should not."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

QUIET_SECONDS_MAX = 60
BUSY_SHARE_MAX = 0.25


@pytest.fixture(scope="session")
def alone() -> None:
    """Wait for the tests that run beside these: what measures time has the machine to itself.

    `bin/test` names in `KOTINOS_TEST_AFTER` the file that they hold a lock on.
    """
    if lock := os.environ.get("KOTINOS_TEST_AFTER"):
        with Path(lock).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)


@pytest.fixture
def quiet(alone: None) -> None:
    """Wait until the machine has little to do, a minute at most: a test before this one may have
    asked for something that goes on behind it, as the recording of a live signal does.
    """
    del alone
    for _ in range(QUIET_SECONDS_MAX):
        busy, whole = _ticks()
        time.sleep(1)
        busy_now, whole_now = _ticks()
        if busy_now - busy <= BUSY_SHARE_MAX * (whole_now - whole):
            return


def _ticks() -> tuple[int, int]:
    """What all processors have worked, and all there was, in ticks (proc(5), `stat`)."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In whatever order the others are shuffled: what waits for others comes last."""
    items.sort(key=lambda item: "alone" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while Playwright runs, Django would refuse its database to others."""
    with chromium() as started:
        yield started
