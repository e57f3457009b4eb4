"""Every test that touches data does so on a real PostgreSQL of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KOTINOS_DATA", tempfile.mkdtemp(prefix="kotinos-data-"))
os.environ.setdefault("KOTINOS_SECRET", "a secret for tests only")

from typing import TYPE_CHECKING

from kotinos.kernel import postgres

if TYPE_CHECKING:
    import pytest

_running: list[tuple[object, postgres.Cluster]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster before Django reads its settings: a system's one where it is named."""
    del config
    if "DATABASE_URL" in os.environ:
        return
    programs = os.environ.get("KOTINOS_TEST_POSTGRES")
    manager = postgres.temporary(Path(programs) if programs else None)
    cluster = manager.__enter__()
    _running.append((manager, cluster))
    os.environ["DATABASE_URL"] = cluster.url()


def pytest_unconfigure(config: pytest.Config) -> None:
    del config
    while _running:
        manager, _ = _running.pop()
        manager.__exit__(None, None, None)  # type: ignore[attr-defined]
