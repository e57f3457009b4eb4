"""The lake on an S3-compatible store: the same commits, the same rows, asked by DuckDB."""

from __future__ import annotations

import http.client
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb
import pytest
from moto.server import ThreadedMotoServer

from kotinos.insight.lake import compacting, ids, ledger, manifest, merging
from kotinos.insight.lake.store import Bucket, lake
from kotinos.insight.tests.test_compacting import in_lake, write
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2030, 7, 14, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A lake of its own in a bucket of a server of its own."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    _host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    wire = http.client.HTTPConnection("127.0.0.1", port)
    wire.request("PUT", "/events")  # makes the bucket
    assert wire.getresponse().read() is not None
    wire.close()
    monkeypatch.setenv("KOTINOS_LAKE", f"s3://events/{tmp_path.name}")
    monkeypatch.setenv("KOTINOS_S3_ENDPOINT", f"http://127.0.0.1:{port}")
    for kept in (environment, lake):
        kept.cache_clear()
    yield
    monkeypatch.undo()
    for kept in (environment, lake):
        kept.cache_clear()
    server.stop()


def test_messages_are_counted_once_there_too(tmp_path: Path) -> None:
    assert isinstance(lake(), Bucket)
    for batch in ("ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"):
        write(tmp_path, batch)
        compacting.compact(log=tmp_path, now=NOW)
    assert in_lake() == dict.fromkeys("abcdefghi", 1)
    assert merging.merge(now=NOW) == 16
    write(tmp_path, "ai")
    compacting.compact(log=tmp_path, now=NOW)
    assert in_lake() == dict.fromkeys("abcdefghi", 1)
    assert ledger.balance(log=tmp_path).duplicates == 9


def test_duckdb_reads_it_through_our_own_credentials(tmp_path: Path) -> None:
    write(tmp_path, "abc")
    compacting.compact(log=tmp_path, now=NOW)
    addresses = [lake().address(file.key) for file in manifest.current(table="events")]
    place = f"s3://events/{tmp_path.name}/events/edition=K2030/day=2030-07-14/"
    assert addresses[0].startswith(place)
    with duckdb.connect() as connection:
        lake().register(connection)
        found = connection.read_parquet(addresses).aggregate("count(*), min(person)").fetchall()
    assert found == [(3, 7)]


def test_files_that_nobody_counts_are_found_and_removed_files_go(tmp_path: Path) -> None:
    write(tmp_path, "abc")
    compacting.compact(log=tmp_path, now=NOW)
    keys = {*lake().every_key()}
    assert keys == {
        file.key for table in ("events", ids.TABLE) for file in manifest.current(table=table)
    }
    manifest.commit(added=(), removed=manifest.current(table="events"), now=NOW)
    manifest.sweep(now=NOW, at_once=True)
    assert {*lake().every_key()} == {key for key in keys if key.startswith("ids/")}
