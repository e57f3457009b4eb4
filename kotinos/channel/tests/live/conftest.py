from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kotinos.channel.tests.desk.world import World, build_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def committed_world(transactional_db: None, tmp_path: Path) -> World:
    """A world that other processes see; the database is emptied after the test."""
    del transactional_db
    return build_world(tmp_path)
