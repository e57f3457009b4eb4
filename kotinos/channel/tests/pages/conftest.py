from __future__ import annotations

import pytest

from kotinos.channel.tests.desk.world import World, build_world
from kotinos.kernel.tests.worlds import of_a_module

module_world = of_a_module(build_world)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    del db
    return module_world
