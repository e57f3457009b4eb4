"""Where packages and live segments are kept: a folder, or any S3-compatible store. No Django.

Keys: `packages/<package>/<rung>/<file>`, `live/<session>/<rung>/<file>`. What is published is
whole: on disk by one rename, on S3 because `WHOLE` is written last and rows come after it.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from typing_extensions import override

from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from obstore.store import S3Store

PACKAGES, LIVE = "packages", "live"
WHOLE = "facts.json"
"""The last file of a package to be written: where it is, all others are."""
_CACHE = "public, max-age=31536000, immutable"
_TYPES = {
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
    ".json": "application/json",
}


class Store(Protocol):
    """Keys are relative, with `/` between their parts, and come from our own rows."""

    def publish(self, package_id: UUID, folder: Path) -> None:
        """Take a finished folder; afterwards the package is there whole. Repeating is harmless."""

    def remove(self, package_id: UUID) -> None:
        """Delete a package; nothing where there is none."""

    def whole(self, package_id: UUID) -> bytes | None:
        """The package's `facts.json` where it is there whole."""

    def put_live(self, session_id: UUID, name: str, data: bytes) -> None:
        """Write one live file (`<rung>/<file>`), visible only when it is whole."""

    def remove_live(self, session_id: UUID, names: list[str] | None = None) -> None:
        """Delete some files of a live session, or all of it."""

    def put_picture(self, key: str, data: bytes) -> None:
        """Replace a picture of a package, at once."""

    def local_path(self, key: str) -> Path | None:
        """Where the file is on our disk (it may not exist); None where the store is elsewhere."""

    def read_now(self, key: str) -> bytes | None:
        """A file's bytes, waiting; None where there is none."""

    async def read(self, key: str) -> bytes | None:
        """A file's bytes; None where there is none."""


@dataclass(frozen=True, slots=True)
class DiskStore(Store):
    """A folder. Half-made packages are made beside it, in `work_folder`, on the same disk."""

    root: Path

    @override
    def publish(self, package_id: UUID, folder: Path) -> None:
        target = self.root / PACKAGES / str(package_id)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target / WHOLE).exists():
            _to_disk(folder)
            folder.rename(target)
            _sync_folder(target.parent)

    @override
    def remove(self, package_id: UUID) -> None:
        shutil.rmtree(self.root / PACKAGES / str(package_id), ignore_errors=True)

    @override
    def whole(self, package_id: UUID) -> bytes | None:
        return self.read_now(f"{PACKAGES}/{package_id}/{WHOLE}")

    @override
    def put_live(self, session_id: UUID, name: str, data: bytes) -> None:
        self._write(self.root / LIVE / str(session_id) / name, data)

    @override
    def put_picture(self, key: str, data: bytes) -> None:
        self._write(self.root / key, data)

    @override
    def remove_live(self, session_id: UUID, names: list[str] | None = None) -> None:
        folder = self.root / LIVE / str(session_id)
        if names is None:
            shutil.rmtree(folder, ignore_errors=True)
            return
        for name in names:
            (folder / name).unlink(missing_ok=True)

    @override
    def local_path(self, key: str) -> Path | None:
        return self.root / key

    @override
    def read_now(self, key: str) -> bytes | None:
        try:
            return (self.root / key).read_bytes()
        except OSError:
            return None

    @override
    async def read(self, key: str) -> bytes | None:
        """From the page cache as a rule; servers rather send the file of `local_path`."""
        return self.read_now(key)

    @staticmethod
    def _write(target: Path, data: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}")
        fresh.write_bytes(data)
        fresh.replace(target)


@dataclass(frozen=True, slots=True)
class S3(Store):
    """A bucket. Segments never change, so anything may cache them for ever."""

    bucket: S3Store

    @override
    def publish(self, package_id: UUID, folder: Path) -> None:
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != WHOLE]
        for path in [*sorted(files), folder / WHOLE]:
            self._put(f"{PACKAGES}/{package_id}/{path.relative_to(folder).as_posix()}", path)
        shutil.rmtree(folder)

    @override
    def remove(self, package_id: UUID) -> None:
        self.bucket.delete(f"{PACKAGES}/{package_id}/{WHOLE}")
        self._remove_all(f"{PACKAGES}/{package_id}/")

    @override
    def whole(self, package_id: UUID) -> bytes | None:
        return self.read_now(f"{PACKAGES}/{package_id}/{WHOLE}")

    @override
    def put_live(self, session_id: UUID, name: str, data: bytes) -> None:
        self._put(f"{LIVE}/{session_id}/{name}", data)

    @override
    def put_picture(self, key: str, data: bytes) -> None:
        self._put(key, data)

    @override
    def remove_live(self, session_id: UUID, names: list[str] | None = None) -> None:
        if names is None:
            self._remove_all(f"{LIVE}/{session_id}/")
        elif names:
            self.bucket.delete([f"{LIVE}/{session_id}/{name}" for name in names])

    @override
    def local_path(self, key: str) -> Path | None:
        return None

    @override
    def read_now(self, key: str) -> bytes | None:
        try:
            return bytes(self.bucket.get(key).bytes())
        except FileNotFoundError:
            return None

    @override
    async def read(self, key: str) -> bytes | None:
        try:
            found = await self.bucket.get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    def _put(self, key: str, data: Path | bytes) -> None:
        kind = _TYPES.get(Path(key).suffix, "application/octet-stream")
        self.bucket.put(key, data, attributes={"Content-Type": kind, "Cache-Control": _CACHE})

    def _remove_all(self, prefix: str) -> None:
        for found in self.bucket.list(prefix):
            self.bucket.delete([one["path"] for one in found])


@lru_cache(maxsize=1)
def store() -> Store:
    """The store this process runs with (KOTINOS_CHANNEL_STORE)."""
    return open_store(environment().channel_store, endpoint=environment().s3_endpoint)


def open_store(place: str, *, endpoint: str = "") -> Store:
    """A store in a folder or at `s3://bucket/prefix`; credentials are read from AWS_*."""
    if not place.startswith("s3://"):
        return DiskStore(Path(place).absolute())
    from obstore.store import S3Store  # noqa: PLC0415 - its library is large; most need it never

    config: Any = {"endpoint": endpoint} if endpoint else {}
    options: Any = {"allow_http": endpoint.startswith("http://")}
    return S3(S3Store.from_url(place, config=config, client_options=options))


def work_folder() -> Path:
    """Where packages are made; on the store's own disk, so that publishing is one rename."""
    kept = store().local_path("packages.new")
    return kept if kept is not None else environment().data / "channel" / "packages.new"


def upload_folder() -> Path:
    """Where uploads wait; always our own disk."""
    return environment().data.absolute() / "uploads"


def _to_disk(folder: Path) -> None:
    """A rename must not overtake what it names: after a power cut it would be there, empty."""
    for path in _everything(folder):
        _sync_folder(path)


def _everything(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*"))
    yield folder


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
