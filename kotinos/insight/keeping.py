"""Answers kept on disk, bounded in size; and in memory while they are looked at.

A file is one answer, or one day of an answer, with what it was computed from (`version`) and when.
Files of an edition lie in a folder named by a word that changes when they are forgotten: what was
being computed at that moment lands beside it and is never read.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa

from kotinos.insight.contracts import Answer
from kotinos.insight.tables import Column
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

BYTES_MAX = 512 * 1024 * 1024
ROWS_IN_MEMORY_MAX = 400_000
WRITES_BETWEEN_SWEEPS = 50
_META = b"kotinos"
_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
    "instant": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Part:
    """An answer, or a day of one: computed at `as_of` from files of that `version`."""

    version: str
    as_of: datetime
    answer: Answer


def root() -> Path:
    return environment().data / "insight" / "results"


def folder(edition: str) -> Path:
    """Where an edition's answers lie from now until they are forgotten."""
    home = root() / _safe(edition)
    word = home / "word"
    try:
        return home / word.read_text(encoding="ascii")
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), word.open("x", encoding="ascii") as file:
            file.write(uuid4().hex)
        return home / word.read_text(encoding="ascii")


def forget(edition: str) -> None:
    """Nothing that was kept of an edition, or is being computed, is shown from now on."""
    home = root() / _safe(edition)
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / f"word.{uuid4().hex}"
    fresh.write_text(uuid4().hex, encoding="ascii")
    fresh.replace(home / "word")
    current = folder(edition)
    with _memory.lock:
        _memory.clear()
    for path in home.iterdir():
        if path.is_dir() and path != current:
            shutil.rmtree(path, ignore_errors=True)


def name(*parts: object) -> str:
    """A file's name for what an answer depends on."""
    text = json.dumps([str(part) for part in parts])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def read(path: Path) -> Part | None:
    """What is kept there; None where nothing is, or it cannot be read."""
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    found = _memory.get(path, changed_ns)
    if found is None:
        try:
            found = _load(path)
        except (OSError, pa.ArrowInvalid, KeyError, ValueError):
            return None
        _memory.put(path, changed_ns, found)
    return found


def write(path: Path, part: Part) -> None:
    """Keep it: whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    table = _table(part)
    with pa.OSFile(str(fresh), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    fresh.replace(path)
    _memory.count_write()


def _table(part: Part) -> pa.Table:
    answer = part.answer
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in answer.columns])
    columns = list(zip(*answer.rows, strict=True)) or [()] * len(answer.columns)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    meta = {
        "version": part.version,
        "as_of": part.as_of.isoformat(),
        "metric": answer.metric,
        "took_ms": answer.took_ms,
        "columns": [[each.name, each.kind, each.sentence] for each in answer.columns],
    }
    return pa.table(arrays, schema=schema.with_metadata({_META: json.dumps(meta)}))


def _load(path: Path) -> Part:
    with pa.OSFile(str(path), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    meta: dict[str, Any] = json.loads((table.schema.metadata or {})[_META])
    columns = tuple(Column(*each) for each in meta["columns"])
    values = [_python(table.column(index)) for index in range(table.num_columns)]
    rows = tuple(zip(*values, strict=True)) if values else ()
    # The file system may not note who reads, so the sweep is told here.
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    answer = Answer(meta["metric"], columns, rows, meta["took_ms"])
    return Part(meta["version"], datetime.fromisoformat(meta["as_of"]), answer)


def _python(column: Any) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        micros = column.cast(pa.int64()).to_pylist()
        return [None if each is None else _instant(each) for each in micros]
    found: list[Any] = column.to_pylist()
    return found


def _instant(micros: int) -> datetime:
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest)


def _safe(edition: str) -> str:
    return "".join(each if each.isalnum() or each in "-_" else "_" for each in edition) or "_"


class _Memory:
    """The parts last looked at, by path; a file that has changed is read again."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._parts: OrderedDict[Path, tuple[int, Part]] = OrderedDict()
        self._rows = 0
        self._writes = 0

    def clear(self) -> None:
        self._parts.clear()
        self._rows = 0

    def get(self, path: Path, changed_ns: int) -> Part | None:
        with self.lock:
            found = self._parts.get(path)
            if found is None or found[0] != changed_ns:
                return None
            self._parts.move_to_end(path)
            return found[1]

    def put(self, path: Path, changed_ns: int, part: Part) -> None:
        with self.lock:
            if path in self._parts:
                self._rows -= _weight(self._parts.pop(path)[1])
            self._parts[path] = (changed_ns, part)
            self._rows += _weight(part)
            while self._rows > ROWS_IN_MEMORY_MAX and len(self._parts) > 1:
                _path, (_ns, gone) = self._parts.popitem(last=False)
                self._rows -= _weight(gone)

    def count_write(self) -> None:
        self._writes += 1
        if self._writes % WRITES_BETWEEN_SWEEPS == 1:
            sweep()


def _weight(part: Part) -> int:
    return len(part.answer.rows) + 1


def sweep(bytes_max: int = BYTES_MAX) -> int:
    """Delete what was not asked for longest until the rest fits; how many files went."""
    found = []
    for path in root().rglob("*.arrow"):
        with suppress(FileNotFoundError):
            seen = path.stat()
            found.append((max(seen.st_atime_ns, seen.st_mtime_ns), seen.st_size, path))
    total, gone = sum(size for _ns, size, _path in found), 0
    for _ns, size, path in sorted(found, key=lambda each: each[0]):
        if total <= bytes_max:
            break
        path.unlink(missing_ok=True)
        total, gone = total - size, gone + 1
    return gone


_memory = _Memory()
