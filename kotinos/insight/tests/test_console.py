"""The console answers what may be asked, and no trick reaches anything else."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from kotinos.insight.console import running, shelf
from kotinos.insight.console.contracts import (
    Bounds,
    Busy,
    Forbidden,
    Outcome,
    Stopped,
    Told,
    Wrong,
)
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.lake.store import lake
from kotinos.insight.tables import EVENTS, SALES
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 7, 20, 12, tzinfo=timezone.utc)
OURS, THEIRS = UUID(int=1), UUID(int=2)
SECRET = "Their-Secret-Scarf"
QUICK = Bounds(seconds_max=3, memory_mb=256, bytes_max=1_000_000)
SECONDS_MAX = 12


@pytest.fixture(autouse=True)
def rows() -> Iterator[str]:
    """Three sales and events of ours, one of theirs; the address of a file with theirs."""
    files = [_write(OURS, "Our Scarf", 3), _write(THEIRS, SECRET, 1)]
    yield files[1]
    shelf.forget()


def _write(organisation: UUID, product: str, number: int) -> str:
    instant = NOW.replace(tzinfo=None)
    common = {
        "edition": "K2030",
        "day": instant.date(),
        "organisation": str(organisation),
        "occurred_at": instant,
        "received_at": instant,
        "product": product,
    }
    sold = [{**common, "id": str(uuid4()), "units": 2, "minor": 500} for _ in range(number)]
    seen = [{**common, "id": str(uuid4()), "person": 77, "properties": SECRET} for _ in sold]
    added = [
        *manifest.write_rows(table=SALES, rows=arrow_rows(SALES, sold)),
        *manifest.write_rows(table=EVENTS, rows=arrow_rows(EVENTS, seen)),
    ]
    manifest.commit(added=added, now=NOW)
    return lake().address(added[0].key)


def ask(sql: str, *, organisation: UUID | None = OURS, bounds: Bounds = QUICK) -> Outcome:
    return running.ask(sql, person=uuid4(), organisation=organisation, bounds=bounds, now=NOW)


def told(sql: str, *, organisation: UUID | None = OURS) -> pa.Table:
    outcome = ask(sql, organisation=organisation)
    assert isinstance(outcome, Told), outcome
    return outcome.table


def test_an_analyst_sees_the_rows_of_their_organisation() -> None:
    found = told("SELECT product, sum(units) AS units, sum(minor) AS minor FROM sales GROUP BY 1")
    assert found.to_pylist() == [{"product": "Our Scarf", "units": 6, "minor": 1500}]


def test_an_operator_sees_all_rows_and_who_they_are_of() -> None:
    found = told("SELECT count(*) AS n, min(person) AS p FROM events", organisation=None)
    assert found.to_pylist() == [{"n": 4, "p": 77}]


def test_columns_that_tell_people_apart_are_not_there_for_an_organisation() -> None:
    for column in ("person", "visitor", "network", "properties"):
        assert isinstance(ask(f"FROM events SELECT {column}"), Wrong)
    names = told("SELECT * FROM events LIMIT 0").column_names
    assert "product" in names
    assert not {"person", "visitor", "network", "properties"} & set(names)


def test_an_error_is_said_in_the_engines_words() -> None:
    outcome = ask("SELECT nonsense FROM sales")
    assert isinstance(outcome, Wrong)
    assert "nonsense" in outcome.message


def test_values_of_every_kind_come_back() -> None:
    found = told(
        "SELECT [1, 2] AS l, {'a': 1} AS s, INTERVAL 3 DAY AS i, uuid() AS u, NULL AS n, 1.5 AS d,"
        " 'x'::BLOB AS b, TIME '12:00' AS t, map {1: 2} AS m, 2::HUGEINT AS h, 1 AS a, 2 AS a"
    )
    assert found.num_rows == 1
    assert len(set(found.column_names)) == 12


def test_many_rows_are_cut_and_that_is_said() -> None:
    outcome = ask("SELECT * FROM range(100000)", bounds=Bounds(rows_max=100))
    assert isinstance(outcome, Told)
    assert (outcome.table.num_rows, outcome.cut) == (100, "rows")
    outcome = ask("SELECT repeat('x', 100000) FROM range(1000)")
    assert isinstance(outcome, Told)
    assert outcome.cut == "bytes"
    assert outcome.table.nbytes <= QUICK.bytes_max


def test_one_person_asks_one_question_at_a_time() -> None:
    me = uuid4()
    with running._alone(me) as free:
        assert free
        outcome = running.ask("SELECT 1", person=me, organisation=OURS, bounds=QUICK, now=NOW)
    assert outcome == Busy(is_own=True)


def test_a_copy_follows_the_lake_and_forgetting_deletes_it() -> None:
    assert told("SELECT count(*) AS n FROM sales").to_pylist() == [{"n": 3}]
    _write(OURS, "Our Cap", 2)
    later = NOW + timedelta(minutes=2)
    outcome = running.ask(
        "SELECT count(*) AS n FROM sales",
        person=uuid4(),
        organisation=OURS,
        bounds=QUICK,
        now=later,
    )
    assert isinstance(outcome, Told)
    assert outcome.table.to_pylist() == [{"n": 5}]
    assert len(list(shelf.root().rglob("*.duckdb"))) == 1
    shelf.forget()
    assert list(shelf.root().rglob("*.duckdb")) == []


DOORS = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd', sep='|')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_ndjson_objects('/proc/self/environ')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_text('/proc/self/cmdline')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/**')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('{theirs}')",
    "SELECT * FROM '{theirs}'",
    "SELECT * FROM parquet_metadata('{theirs}')",
    "SELECT * FROM parquet_schema('{theirs}')",
    "SELECT * FROM parquet_kv_metadata('{theirs}')",
    "SELECT * FROM read_blob('{lake}/**')",
    "SELECT * FROM read_parquet('{lake}/*/*/*/*.parquet')",
    "SELECT * FROM query('FROM read_parquet(''{theirs}'')')",
    "SELECT * FROM query_table('{theirs}')",
    "SELECT * FROM read_text('http://127.0.0.1:1/')",
    "SELECT * FROM read_parquet('s3://bucket/{theirs}')",
    "ATTACH '{theirs}' AS other",
    "ATTACH 'fresh.duckdb' AS other",
    "ATTACH 'dbname=kotinos' AS pg (TYPE postgres)",
    "SELECT * FROM postgres_scan('host=/tmp', 'public', 'insight_hash_key')",
    "SELECT * FROM sqlite_scan('/tmp/x', 'y')",
    "COPY sales TO '{lake}/out.parquet'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE 'somewhere'",
    "IMPORT DATABASE 'somewhere'",
    "SET enable_external_access = true",
    "SET GLOBAL lock_configuration = false",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL spatial FROM 'http://127.0.0.1:1'",
    "USE system",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE MACRO f(x) AS x",
    "CREATE SECRET s (TYPE s3)",
    "INSERT INTO sales SELECT * FROM sales",
    "DELETE FROM sales",
    "DROP TABLE sales",
    "UPDATE sales SET units = 0",
    "PREPARE p AS SELECT 1",
    "EXPLAIN ANALYZE COPY sales TO '/tmp/out'",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY sales TO '/tmp/out'",
    "SELECT getenv('KOTINOS_SECRET')",
    "SELECT * FROM os",
    "SELECT * FROM sys",
    "SELECT * FROM request",
    "SELECT load_aws_credentials()",
    "SELECT * FROM duckdb_extensions()",
    "",
    ";",
    "-- nothing",
]
EVERYTHING_TOLD = [
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_tables()",
    "SELECT * FROM duckdb_columns()",
    "SELECT * FROM duckdb_views()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM pg_catalog.pg_tables",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT * FROM pragma_storage_info('sales')",
    "SELECT * FROM pragma_metadata_info()",
    "SUMMARIZE sales",
    "SHOW ALL TABLES",
    "DESCRIBE sales",
    "SELECT current_setting('secret_directory'), current_setting('home_directory')",
    "SELECT * FROM events UNION ALL BY NAME SELECT * FROM sales",
    "SELECT * FROM which_secret('s3://x', 's3')",
]
BOMBS = [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
    "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t) SELECT count(s) FROM t",
    "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c",
    "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b",
    "SELECT length(repeat('x', 4000000000))",
    "SELECT repeat('x', 900000000) || repeat('y', 900000000)",
    "SELECT list_sort(range(1000000000))",
    "SELECT array_agg(range) FROM range(1000000000)",
    "SELECT string_agg(md5(range::VARCHAR), '') FROM range(100000000)",
    "SELECT * FROM generate_series(1, 100000000000) ORDER BY random()",
    "SELECT count(DISTINCT md5(range::VARCHAR)) FROM range(1000000000)",
    "SELECT regexp_matches(repeat('a', 10000000), '(a*)*(a*)*(a*)*b') FROM range(10000)",
    "SELECT regexp_extract_all(repeat('ab', 10000000), '(.*)(.*)(.*)') FROM range(1000)",
    "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))",
    "SELECT jaro_winkler_similarity(repeat('a', 400000), repeat('ab', 200000))",
    "SELECT factorial(33) * 1000 FROM range(10000000000)",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT " + "1 + " * 4000 + "1",
    "SELECT sleep_ms(100000)",
    "SELECT error('x') FROM range(10)",
    "SELECT lpad('', 2000000000, 'x')",
    "SELECT count(*) FROM (SELECT unnest(range(2000000000)))",
]


@pytest.mark.parametrize("attack", DOORS)
def test_every_door_is_shut(attack: str, rows: str) -> None:
    sql = attack.replace("{theirs}", rows).replace("{lake}", environment().lake)
    outcome = ask(sql)
    assert isinstance(outcome, Forbidden | Wrong), outcome
    assert SECRET not in str(outcome)
    assert "root:" not in str(outcome)
    assert os.environ["KOTINOS_SECRET"] not in str(outcome)


@pytest.mark.parametrize("attack", EVERYTHING_TOLD)
def test_whatever_the_engine_tells_nothing_of_others_is_in_it(attack: str) -> None:
    outcome = ask(attack)
    everything = str(outcome.table.to_pylist() if isinstance(outcome, Told) else outcome)
    for secret in (SECRET, str(THEIRS), os.environ["KOTINOS_SECRET"], "postgresql://"):
        assert secret not in everything


@pytest.mark.parametrize("attack", BOMBS)
def test_every_bomb_is_bounded(attack: str) -> None:
    began = time.monotonic()
    outcome = ask(attack)
    assert time.monotonic() - began < SECONDS_MAX
    assert isinstance(outcome, Stopped | Wrong | Told), outcome
    if isinstance(outcome, Told):
        assert outcome.table.nbytes <= QUICK.bytes_max


def test_an_operators_question_opens_the_lake_and_nothing_else(rows: str) -> None:
    assert told(f"FROM read_parquet('{rows}')", organisation=None).num_rows == 1
    for sql in ("SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/*')"):
        assert isinstance(ask(sql, organisation=None), Forbidden)


def test_no_process_and_no_folder_is_left_behind() -> None:
    before = set(_places())
    assert isinstance(ask(BOMBS[0]), Stopped)
    assert set(_places()) <= before
    assert _children() == []


def _places() -> list[str]:
    return [str(path) for path in Path(gettempdir()).glob("kotinos-console-*")]


def _children() -> list[str]:
    """Command lines of cages that this process has begun and that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_text()
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if "console/cage.py" in command and int(parent) == os.getpid():
            found.append(command)
    return found
