"""What the tests over HTTP share: one running site for the whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.site import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.site import Site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The real application, with a small edition, until the session ends."""
    with running() as started:
        yield started
