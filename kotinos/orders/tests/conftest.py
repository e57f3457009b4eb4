from __future__ import annotations

import pytest
from django.test import Client

from kotinos.kernel.tests.worlds import of_a_module
from kotinos.orders.tests.buyer import Buyer
from kotinos.orders.tests.world import World, build_world

module_world = of_a_module(build_world)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    del db
    return module_world


@pytest.fixture
def buyer(world: World) -> Buyer:
    return Buyer(Client(), world)
