"""The segment log: what was collected is on the disk before anybody is told so.

One writer thread for each process. Whatever waits is written with one write and one fdatasync
(group commit); a segment is sealed by a rename when it is a second old, and the follower takes
it. A process that is killed leaves an open segment behind; its lock is gone with it, so that the
follower sees that it may take what is whole in it.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from kotinos.insight.collect.frames import MAGIC, NEW, OPEN, SEALED

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.insight.collect.frames import Packed

BUFFER_BYTES_MAX = 64_000_000
FREE_BYTES_MIN = 64_000_000
SEGMENT_SECONDS_MAX = 1.0
SEGMENT_BYTES_MAX = 32_000_000
LOOK_SECONDS = 0.5
_log = logging.getLogger("kotinos.insight")


class NoRoomError(Exception):
    """The disk is full or cannot be written, or too much waits for it already: try again later."""


class _Group:
    """What will be written with the same fdatasync, and who waits for it."""

    __slots__ = ("bytes", "parts", "waiters")

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.bytes = 0
        self.waiters: list[asyncio.Future[str | None]] = []

    def wait(self) -> asyncio.Future[str | None]:
        """Ends with the group: None, or why it is not on the disk."""
        waiter = asyncio.get_running_loop().create_future()
        self.waiters.append(waiter)
        return waiter


class SegmentLog:
    """The segments of this process, in `folder`."""

    def __init__(self, folder: Path, *, free_bytes_min: int = FREE_BYTES_MIN) -> None:
        self._folder = folder
        self._free_bytes_min = free_bytes_min
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="segment-log")
        self._group = _Group()
        self._waiting_bytes = 0
        self._writing: _Group | None = None
        self._file: _Segment | None = None
        self._looked_at = 0.0
        self._has_room = True

    async def append(self, packed: Packed) -> None:
        """Return when the frame is on the disk; NoRoomError where it is not and will not be."""
        size = len(packed.data)
        if self._waiting_bytes + size > BUFFER_BYTES_MAX:
            raise NoRoomError("too much waits for the disk")
        group = self._group
        group.parts.append(packed.data)
        group.bytes += size
        self._waiting_bytes += size
        waiter = group.wait()
        if self._writing is None:
            self._write()
        failed = await waiter
        if failed is not None:
            raise NoRoomError(failed)

    async def tick(self) -> None:
        """Seal a segment that is old enough although nothing more came."""
        if self._file is not None and self._writing is None:
            waiter = self._group.wait()
            self._write()
            await waiter

    async def close(self) -> None:
        """Write what waits, seal, and end the thread."""
        while self._writing is not None:
            await self._writing.wait()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._seal)
        self._thread.shutdown()

    def _write(self) -> None:
        """Give what waits to the thread, which has nothing to do."""
        group, self._group = self._group, _Group()
        loop = asyncio.get_running_loop()

        def work() -> None:
            failed: str | None = "the log's thread broke"
            try:
                failed = self._commit(group.parts)
            finally:
                loop.call_soon_threadsafe(self._written, group, failed)

        self._thread.submit(work)
        self._writing = group

    def _written(self, group: _Group, failed: str | None) -> None:
        """Tell those who wait for a group, once whoever came meanwhile is on the way."""
        self._writing = None
        self._waiting_bytes -= group.bytes
        if self._group.waiters:
            self._write()
        for waiter in group.waiters:
            if not waiter.done():  # whoever waited may have hung up
                waiter.set_result(failed)

    def _commit(self, parts: list[bytes]) -> str | None:
        """In the thread: all of a group to the disk, or nothing of it and why."""
        try:
            if parts:
                self._look_for_room()
                if self._file is None:
                    self._file = _Segment(self._folder)
                self._file.write(b"".join(parts))
            if self._file is not None and self._file.is_old():
                self._seal()
        except OSError as error:
            _log.warning("events cannot be written: %s", error)
            self._give_up()
            return str(error)
        return None

    def _look_for_room(self) -> None:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._has_room = shutil.disk_usage(self._folder).free >= self._free_bytes_min
            self._looked_at = now
        if not self._has_room:
            raise OSError(f"less than {self._free_bytes_min // 1_000_000} MB are free")

    def _seal(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.seal()

    def _give_up(self) -> None:
        """After a failed write nothing more goes into that segment: what is whole in it stays."""
        self._looked_at = 0.0
        if self._file is not None:
            file, self._file = self._file, None
            file.abandon()


class _Segment:
    """An open segment; the lock on it says that its process lives."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{os.getpid()}-{time.time_ns()}{OPEN}"
        fresh = self._path.with_suffix(NEW)
        self._handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            self._put(MAGIC)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            fresh.rename(self._path)  # locked before it has a name the follower looks at
            to_disk(folder)
        except OSError:
            fresh.unlink(missing_ok=True)
            self.abandon()
            raise
        self._begun_at = time.monotonic()
        self._whole = len(MAGIC)

    def write(self, data: bytes) -> None:
        """Append and bring to the disk; OSError where it could not, with nothing of it left."""
        try:
            self._put(data)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self._whole)
            raise
        self._whole += len(data)

    def is_old(self) -> bool:
        """Whether it is time for the follower to have it."""
        age = time.monotonic() - self._begun_at
        return age >= SEGMENT_SECONDS_MAX or self._whole >= SEGMENT_BYTES_MAX

    def seal(self) -> None:
        """Nothing more comes: the follower may take it."""
        try:
            self._path.rename(self._path.with_suffix(SEALED))
        finally:
            os.close(self._handle)

    def abandon(self) -> None:
        """Let it go as it is; the follower takes what is whole in it."""
        os.close(self._handle)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]


def to_disk(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
