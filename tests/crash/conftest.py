"""The database of the tests, for those who kill it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from bench.chaos_parts import Database, database_behind
from tests.races.site import database_url

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def database() -> Iterator[Database]:
    """The test's own PostgreSQL, for once one that keeps what it has acknowledged when killed.

    Not waiting for the disk is no loss then, as the machine lives; not writing at all would be.
    """
    programs = os.environ.get("KOTINOS_TEST_POSTGRES")
    found = database_behind(database_url(), Path(programs) if programs else None)
    if found is None:
        pytest.skip("the tests run on a PostgreSQL that is not theirs to kill")
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
    connection.close()
    yield found
    found.restart()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')
