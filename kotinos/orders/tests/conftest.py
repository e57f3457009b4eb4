from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from kotinos.orders.tests.buyer import Buyer
from kotinos.orders.tests.world import World, build_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    del db
    return build_world(tmp_path)


@pytest.fixture
def buyer(world: World) -> Buyer:
    return Buyer(Client(), world)
