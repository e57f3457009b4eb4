"""Where the lake's files are: a folder, or any S3-compatible store. No Django.

A file is there whole or not at all, and never changes: on disk it is written beside its place,
brought to the disk and renamed; an object store shows an object only when all of it has come.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from typing_extensions import override

from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    from obstore.store import S3Store
    from pyarrow import Buffer

_REMOTE = "s3://"


class Store(Protocol):
    """Keys are relative, with `/` between their parts, and come from our own rows."""

    def write(self, key: str, data: Buffer) -> None:
        """Put a file there, durably."""

    def read(self, key: str) -> bytes:
        """All of a file; FileNotFoundError where there is none."""

    def delete(self, key: str) -> None:
        """Remove a file; nothing where there is none."""

    def every_key(self) -> Iterator[str]:
        """Every file there is, counted or not."""

    def address(self, key: str) -> str:
        """What DuckDB and Spark call the file."""

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let a connection read addresses of this store."""


@dataclass(frozen=True, slots=True)
class Folder(Store):
    root: Path

    @override
    def write(self, key: str, data: Buffer) -> None:
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}")
        with fresh.open("wb") as file:
            file.write(data)
            os.fsync(file.fileno())
        fresh.replace(target)
        self._to_disk(target.parent)

    @override
    def read(self, key: str) -> bytes:
        return (self.root / key).read_bytes()

    @override
    def delete(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)

    @override
    def every_key(self) -> Iterator[str]:
        for path in self.root.rglob("*"):
            if path.is_file():
                yield path.relative_to(self.root).as_posix()

    @override
    def address(self, key: str) -> str:
        return str(self.root.absolute() / key)

    @override
    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Nothing to do: DuckDB reads files."""

    @staticmethod
    def _to_disk(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class Bucket(Store):
    bucket: S3Store
    name: str
    prefix: str

    @override
    def write(self, key: str, data: Buffer) -> None:
        self.bucket.put(self.prefix + key, data.to_pybytes())

    @override
    def read(self, key: str) -> bytes:
        return bytes(self.bucket.get(self.prefix + key).bytes())

    @override
    def delete(self, key: str) -> None:
        self.bucket.delete(self.prefix + key)

    @override
    def every_key(self) -> Iterator[str]:
        for part in self.bucket.list(prefix=self.prefix or None):
            for found in part:
                yield str(found["path"])[len(self.prefix) :]

    @override
    def address(self, key: str) -> str:
        return f"{_REMOTE}{self.name}/{self.prefix}{key}"

    @override
    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        from obstore.fsspec import FsspecStore  # noqa: PLC0415 - only where the lake is remote

        config, options = _options()
        connection.register_filesystem(FsspecStore("s3", config=config, client_options=options))


@lru_cache(maxsize=1)
def lake() -> Store:
    """The lake of this installation: `KOTINOS_LAKE`."""
    place = environment().lake
    if not place.startswith(_REMOTE):
        return Folder(Path(place))
    from obstore.store import S3Store  # noqa: PLC0415 - only where the lake is remote

    name, _, prefix = place[len(_REMOTE) :].partition("/")
    prefix = f"{prefix.rstrip('/')}/" if prefix else ""
    config, options = _options()
    return Bucket(S3Store(name, config=config, client_options=options), name, prefix)


def _options() -> tuple[Any, Any]:
    endpoint = environment().s3_endpoint
    plain = endpoint.startswith("http://")
    return ({"endpoint": endpoint} if endpoint else {}), {"allow_http": plain}
