"""One world for the tests of a module: building one takes longer than most tests in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

World = TypeVar("World")


def of_a_module(build: Callable[[Path], World]) -> Any:
    """A fixture: what `build` makes in a folder and the database, in a transaction around the
    module's tests; nothing is left of it.
    """

    @pytest.fixture(scope="module")
    def module_world(
        django_db_setup: None,
        django_db_blocker: DjangoDbBlocker,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[World]:
        del django_db_setup
        with django_db_blocker.unblock(), transaction.atomic():
            yield build(tmp_path_factory.mktemp("world"))
            transaction.set_rollback(True)

    return module_world
