"""The embedded server: started twice, killed, moved; nothing committed is lost."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from kotinos.kernel import postgres

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")


def test_a_second_start_changes_nothing() -> None:
    with postgres.temporary() as cluster:
        before = cluster.pid()
        cluster.start()
        assert cluster.pid() == before


def test_a_killed_server_loses_nothing_that_was_committed() -> None:
    with postgres.temporary(durable=True) as cluster:
        with psycopg.connect(cluster.url()) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        pid = cluster.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while cluster.pid() is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.5)  # its children notice that it is gone
        cluster.start()
        with psycopg.connect(cluster.url()) as connection:
            row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row == (1000,)


def test_a_first_start_that_was_interrupted_is_made_again(tmp_path: Path) -> None:
    with postgres.temporary() as cluster:
        cluster.stop()
        cluster.data.rename(cluster.folder / "data.new")
        (cluster.folder / "data.new" / "PG_VERSION").unlink()
        cluster.start()
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert tmp_path.exists()


@pytest.mark.skipif(not SYSTEM_15.is_dir(), reason="no PostgreSQL 15 of the system's is installed")
def test_a_system_postgresql_15_serves_as_well() -> None:
    with postgres.temporary(SYSTEM_15) as cluster, psycopg.connect(cluster.url()) as connection:
        row = connection.execute("SHOW server_version_num").fetchone()
    assert row is not None
    assert row[0].startswith("15")


def test_a_long_folder_still_has_a_socket() -> None:
    cluster = postgres.embedded(Path("/tmp") / ("long" * 40))  # noqa: S108 - only its name counts
    assert len(os.fsencode(cluster.socket_folder)) < postgres.SOCKET_FOLDER_BYTES_MAX
    assert cluster.socket_folder == postgres.embedded(cluster.folder).socket_folder
