"""Starts the cage, waits, and makes sure that it ends: one question a person, a few at once.

What is started is the script kotinos.insight.console.cage.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc

from kotinos.insight.console import shelf
from kotinos.insight.console.contracts import (
    SQL_CHARACTERS_MAX,
    Bounds,
    Busy,
    Forbidden,
    Moved,
    Outcome,
    Stopped,
    Told,
    Wrong,
)
from kotinos.insight.lake import manifest
from kotinos.insight.lake.store import Folder, lake
from kotinos.insight.tables import TABLES
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from uuid import UUID

AT_ONCE = 2
PATIENCE_S = 5.0
GRACE_S = 3.0
SPARE_BYTES = 4_000_000  # of a stream beyond its columns
_CAGE = Path(__file__).with_name("cage.py")


def ask(
    sql: str, *, person: UUID, organisation: UUID | None, bounds: Bounds, now: datetime
) -> Outcome:
    """Answer one SELECT over an organisation's own rows; `organisation` None: over all rows."""
    if not sql.strip():
        return Forbidden("empty")
    if len(sql) > SQL_CHARACTERS_MAX:
        return Wrong(f"A question has at most {SQL_CHARACTERS_MAX} characters.")
    with ExitStack() as held:
        if not held.enter_context(_alone(person)):
            return Busy(is_own=True)
        if not held.enter_context(_slot()):
            return Busy(is_own=False)
        request, as_of, since = _request(organisation, now)
        said = _caged({"sql": sql, **request}, bounds)
    return _outcome(said, as_of, since)


def _request(
    organisation: UUID | None, now: datetime
) -> tuple[dict[str, Any], datetime, date | None]:
    """What the cage may open: a copy of the organisation's rows, or the files of the lake.

    A lake that is far away is copied for operators too: the cage has no network.
    """
    store = lake()
    if organisation is not None or not isinstance(store, Folder):
        copy = shelf.copy_of(organisation, now=now)
        return {"database": str(copy.path)}, copy.as_of, copy.since
    files = {
        name: [store.address(file.key) for file in manifest.current(table=name)] for name in TABLES
    }
    views = [shelf.view_of(TABLES[name], paths) for name, paths in files.items()]
    paths = [path for mine in files.values() for path in mine]
    roots = [str(store.root.absolute())]
    return {"database": "", "views": views, "paths": paths, "roots": roots}, now, None


def _caged(request: dict[str, Any], bounds: Bounds) -> bytes:
    """All that the cage says within its time and its bytes; empty where it was ended."""
    limits = {
        "seconds_max": bounds.seconds_max,
        "memory_mb": bounds.memory_mb,
        "rows_max": bounds.rows_max,
        "bytes_max": bounds.bytes_max,
        "parent": os.getpid(),
    }
    with tempfile.TemporaryDirectory(prefix="kotinos-console-") as place:
        child = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(_CAGE)],
            cwd=place,
            env={"HOME": place, "TMPDIR": place, "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = threading.Timer(bounds.seconds_max + GRACE_S, _kill, [child])
        end.start()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.write(json.dumps({**request, **limits}).encode())
            return child.stdout.read(bounds.bytes_max + SPARE_BYTES)
        finally:
            end.cancel()
            _kill(child)
            child.wait()
            child.stdout.close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End it and whatever it began."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _outcome(said: bytes, as_of: datetime, since: date | None) -> Outcome:
    head, _, rows = said.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        return Stopped("time")  # it was ended: by the clock, or by the kernel's limits
    match told["outcome"]:
        case "answer":
            with pyarrow.ipc.open_stream(pa.py_buffer(rows)) as stream:
                table = stream.read_all()
            return Told(table, told["cut"], told["took_ms"], as_of, since)
        case "wrong":
            return Wrong(told["text"])
        case "forbidden":
            return Forbidden(told["text"])
        case "time" | "memory":
            return Stopped(told["outcome"])
        case _:
            return Moved()


def _locks() -> Path:
    place = environment().data / "insight" / "console-locks"
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextmanager
def _alone(person: UUID) -> Iterator[bool]:
    """Whether this person has no other question running."""
    with (_locks() / f"{person}.lock").open("w") as file:
        yield _taken(file.fileno())


@contextmanager
def _slot() -> Iterator[bool]:
    """Whether one of the few places of this machine was free within `PATIENCE_S`."""
    until = time.monotonic() + PATIENCE_S
    with ExitStack() as held:
        files = [
            held.enter_context((_locks() / f"slot-{number}.lock").open("w"))
            for number in range(AT_ONCE)
        ]
        while time.monotonic() < until:
            for file in files:
                if _taken(file.fileno()):
                    yield True
                    return
            time.sleep(0.05)
        yield False


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
