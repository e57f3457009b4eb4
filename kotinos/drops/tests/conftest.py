from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kotinos.drops.tests.world import World, build_world
from kotinos.kernel.tests.worlds import of_a_module

if TYPE_CHECKING:
    from pathlib import Path


module_world = of_a_module(build_world)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    del db
    return module_world


@pytest.fixture
def committed_world(transactional_db: None, tmp_path: Path) -> World:
    """A world that other connections see; the database is emptied after the test."""
    del transactional_db
    return build_world(tmp_path)
