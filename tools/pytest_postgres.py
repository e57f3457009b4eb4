"""Every test that touches data does so on a real PostgreSQL of its own, started for the run.

`DATABASE_URL` names another one to use; `KOTINOS_TEST_POSTGRES` the folder of another release's
programs (Debian: /usr/lib/postgresql/15/bin).
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kotinos.kernel import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

_opened = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Start the cluster before anything reads Django's settings."""
    # Ended from outside (`bin/test` was), it ends as if by a key: what it started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data = tempfile.mkdtemp(prefix="kotinos-data-")
    _opened.callback(shutil.rmtree, data, ignore_errors=True)
    os.environ["KOTINOS_DATA"] = data
    os.environ["KOTINOS_SECRET"] = "a secret for tests only"  # noqa: S105 - it guards nothing
    if "DATABASE_URL" not in os.environ:
        programs = os.environ.get("KOTINOS_TEST_POSTGRES")
        cluster = postgres.temporary(Path(programs) if programs else None)
        os.environ["DATABASE_URL"] = _opened.enter_context(cluster).url()
    return (yield)


def pytest_unconfigure() -> None:
    """Stop it, and remove what it wrote."""
    _opened.close()


atexit.register(_opened.close)  # a run that ends before its configuration is complete
