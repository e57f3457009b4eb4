from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from kotinos.channel.tests.desk.world import World, build_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def module_world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for a module's tests, in a transaction around theirs; nothing is left of it."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world(tmp_path_factory.mktemp("world"))
        transaction.set_rollback(True)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    del db
    return module_world
