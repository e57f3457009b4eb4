"""Answers one question of somebody's own making, in a process that can do nothing else.

Started as a script by `running`, with no environment: it reads a request on its standard input,
shuts every door behind itself, and writes one line of JSON and an Arrow stream. Nobody trusts the
SQL, and nobody has to trust DuckDB alone: the process sees no network, may open only the files it
was given (Landlock, where the kernel has it), and has limits that the kernel keeps.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
import threading
import time
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.ipc

ADDRESS_SPACE_BYTES_MAX = 2_500_000_000  # much of it is only reserved
SPILL_BYTES_MAX = 1_000_000_000
FILES_MAX = 512
BATCH_ROWS = 2_048
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
# landlock(7): numbers of the system calls are the same on every architecture.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION, _LANDLOCK_NETWORK_SINCE = 1, 4
_LANDLOCK_READ, _LANDLOCK_ALL, _LANDLOCK_TCP = (1 << 2) | (1 << 3), (1 << 13) - 1, (1 << 2) - 1
_LOCKED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
_libc = ctypes.CDLL(None, use_errno=True)


class Unfit(Exception):  # noqa: N818 - an answer, not a fault
    """Why a question is not answered: a kind and what to tell."""


def main() -> None:
    """Read, shut the doors, answer."""
    request = json.loads(sys.stdin.buffer.read())
    _bound(request)
    try:
        connection = _opened(request)
        _confine(request)
        said, table = _answer(connection, request)
    except Unfit as unfit:
        kind, text = unfit.args
        said, table = {"outcome": kind, "text": text}, None
    except MemoryError:
        said, table = {"outcome": "memory", "text": ""}, None
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    if table is not None:
        with pyarrow.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
            stream.write_table(table)
    sys.stdout.buffer.flush()
    os._exit(0)  # whatever threads the question has left behind end here


def _bound(request: dict[str, Any]) -> None:
    """The kernel's limits, and the parent's death is ours."""
    seconds = int(request["seconds_max"])
    for name, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES_MAX),
        (resource.RLIMIT_CPU, 2 * seconds + 5),
        (resource.RLIMIT_FSIZE, SPILL_BYTES_MAX),
        (resource.RLIMIT_NOFILE, FILES_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _libc.prctl(_PR_SET_DUMPABLE, 0)
    if os.getppid() != request["parent"]:
        os._exit(1)  # it died before the lines above
    os.nice(10)


def _opened(request: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A connection that sees its tables; from its lock on, no setting can be changed."""
    spill = os.path.join(os.getcwd(), "spill")  # noqa: PTH109, PTH118 - no Path is needed here
    config: dict[str, str | bool | int | float | list[str]] = {
        **_LOCKED,
        "memory_limit": f"{request['memory_mb']}MB",
        "threads": 2,
        "temp_directory": spill,
        "max_temp_directory_size": f"{SPILL_BYTES_MAX // 1_000_000}MB",
    }
    try:
        if request["database"]:
            connection = duckdb.connect(request["database"], read_only=True, config=config)
        else:
            connection = duckdb.connect(":memory:", config=config)
            for statement in request["views"]:
                connection.execute(statement)
            connection.execute("SET allowed_paths = ?", [request["paths"]])
    except duckdb.Error as error:
        raise Unfit("moved", type(error).__name__) from None
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _confine(request: dict[str, Any]) -> None:
    """From here on only these files can be opened and no connection be made (landlock(7)),
    whatever DuckDB is talked into.
    """
    if sys.platform != "linux":
        return
    pa.set_memory_pool(pa.system_memory_pool())
    version = _libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return  # an older kernel: the other walls stand
    handled = struct.pack("<Q", _LANDLOCK_ALL)
    if version >= _LANDLOCK_NETWORK_SINCE:
        handled += struct.pack("<Q", _LANDLOCK_TCP)
    ruleset = _libc.syscall(_LANDLOCK_CREATE, handled, len(handled), 0)
    readable = [request["database"]] if request["database"] else request["roots"]
    for path, rights in (*((each, _LANDLOCK_READ) for each in readable), (".", _LANDLOCK_ALL)):
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = rights if os.path.isdir(path) else rights & 1 << 2  # noqa: PTH112 - as above
        _libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("<Qi", allowed, handle), 0)
        os.close(handle)
    _libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)


def _answer(
    connection: duckdb.DuckDBPyConnection, request: dict[str, Any]
) -> tuple[dict[str, Any], pa.Table]:
    began = time.perf_counter()
    stop = threading.Timer(request["seconds_max"], connection.interrupt)
    stop.daemon = True
    stop.start()
    try:
        table, cut = _rows(connection, _checked(connection, request["sql"]), request)
    except duckdb.InterruptException:
        raise Unfit("time", "") from None
    except duckdb.OutOfMemoryException:
        raise Unfit("memory", "") from None
    except duckdb.PermissionException:
        raise Unfit("forbidden", "files") from None
    except duckdb.IOException:
        raise Unfit("moved", "") from None
    except (duckdb.Error, pa.ArrowException, UnicodeDecodeError) as error:
        raise Unfit("wrong", str(error)[:2_000]) from None
    took_ms = round((time.perf_counter() - began) * 1000)
    return {"outcome": "answer", "cut": cut, "took_ms": took_ms}, table


def _checked(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """One statement that only reads; Unfit otherwise."""
    statements = connection.extract_statements(sql)
    if not statements:
        raise Unfit("forbidden", "empty")
    if len(statements) > 1:
        raise Unfit("forbidden", "many")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise Unfit("forbidden", statements[0].type.name)
    return str(statements[0].query)


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, request: dict[str, Any]
) -> tuple[pa.Table, str]:
    """The first rows, and what they were cut by: rows, bytes, or nothing."""
    reader = connection.sql(sql).to_arrow_reader(BATCH_ROWS)
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    cut = ""
    for batch in reader:
        plain = _plain(batch)
        rows, size = rows + plain.num_rows, size + plain.nbytes
        kept.append(plain)
        if rows > request["rows_max"] or size > request["bytes_max"]:
            cut = "rows" if rows > request["rows_max"] else "bytes"
            break
    if not kept:
        kept = [_plain(pa.RecordBatch.from_pylist([], schema=reader.schema))]
    if cut == "bytes":
        kept = kept[:-1] or [kept[0].slice(0, 0)]
    return pa.Table.from_batches(kept).slice(0, request["rows_max"]), cut


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns that CSV, Parquet and a page can all hold: what is nested becomes text."""
    names = [f"{name}_{at}" if name in batch.schema.names[:at] else name
             for at, name in enumerate(batch.schema.names)]  # fmt: skip
    return pa.RecordBatch.from_arrays([_simple(column) for column in batch.columns], names)


def _simple(column: pa.Array) -> pa.Array:
    kind, types = column.type, pa.types
    if types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind):
        return column
    if types.is_string(kind) or types.is_timestamp(kind) or types.is_date(kind):
        return column
    if types.is_decimal(kind):
        return column
    texts = [None if value is None else str(value) for value in column.to_pylist()]
    return pa.array(texts, pa.string())


main()
