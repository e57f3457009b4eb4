"""Files that arrive piece by piece: what is acknowledged is on the disk and in the database.

The row's `received` is the truth: whatever the file has beyond it was never acknowledged, and is
overwritten. No Django: the fast lane receives.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.kernel import fast, tokens
from kotinos.kernel.ids import new_id
from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kotinos.kernel.fast import Pool

PURPOSE = "channel.upload"
PASS_HOURS = 24
KEPT = timedelta(hours=24)
NAME_LENGTH_MAX = 200
SPARE_BYTES = 1_000_000_000
"""So much of the disk stays free of uploads."""
_PACKAGE = "kotinos.channel"


@dataclass(frozen=True, slots=True)
class UploadPass:
    """Somebody may send files for a programme."""

    programme_id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class UploadState:
    """How far a file has come."""

    id: UUID
    size: int
    received: int
    begun_at: datetime
    finished_at: datetime | None

    @property
    def expires_at(self) -> datetime:
        return self.begun_at + KEPT


@dataclass(frozen=True, slots=True)
class Full:
    """There is no room on the disk for all that was promised to us."""


def sign_pass(*, programme_id: UUID, person_id: UUID | None, now: datetime) -> str:
    """A token that lets its bearer send files for a programme for a day."""
    payload = {"programme": str(programme_id), "person": str(person_id) if person_id else ""}
    expires_at = now + timedelta(hours=PASS_HOURS)
    return tokens.sign(purpose=PURPOSE, payload=payload, expires_at=expires_at)


def read_pass(token: str, *, now: datetime) -> UploadPass | None:
    """What a token allows; None where it is not ours or too old."""
    match tokens.read(purpose=PURPOSE, token=token, now=now):
        case tokens.Valid(payload=said):
            person = said["person"]
            return UploadPass(UUID(said["programme"]), UUID(person) if person else None)
        case _:
            return None


def clean_name(name: str) -> str:
    """The last part of a file's name, without what cannot be read; never a path of ours."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:NAME_LENGTH_MAX]


class Writing:
    """A file being written from an offset on; one at a time for each upload, in any process."""

    def __init__(self, path: Path) -> None:
        """Waits for nobody: BlockingIOError while somebody else writes it."""
        self.offset = 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            self.close()
            raise

    def begin_at(self, offset: int) -> None:
        """What stands behind the offset was never acknowledged; FileNotFoundError where what
        stands before it is gone.
        """
        if os.fstat(self._file).st_size < offset:
            raise FileNotFoundError("the file is shorter than what was acknowledged")
        os.ftruncate(self._file, offset)
        os.lseek(self._file, offset, os.SEEK_SET)
        self.offset = offset

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            written = os.write(self._file, view)
            view = view[written:]
            self.offset += written

    def to_disk(self) -> int:
        """Every byte so far survives a power cut; how many there are."""
        os.fsync(self._file)
        return self.offset

    def close(self) -> None:
        os.close(self._file)


class Uploads:
    """Uploads of one installation, as one process of the fast lane sees them."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool = pool
        self._folder = folder

    async def begin(
        self, given: UploadPass, *, name: str, size: int, now: datetime
    ) -> UploadState | Full | None:
        """A new upload; None where its programme is gone, Full where the disk would be."""
        upload_id = new_id()
        async with self._pool.connection() as conn:
            found = await fast.run(
                conn,
                _begin,
                upload=upload_id,
                programme=given.programme_id,
                person=given.person_id,
                name=clean_name(name),
                size=size,
                now=now,
            )
            if not found:
                return None
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
            if free - found[0] - size < SPARE_BYTES:
                await fast.run(conn, _forget, upload=upload_id, programme=given.programme_id)
                return Full()
        return UploadState(upload_id, size, 0, now, None)

    async def state(
        self, upload_id: UUID, given: UploadPass, *, now: datetime
    ) -> UploadState | None:
        """How far it has come; None where there is none, it is another's, or it is too old."""
        async with self._pool.connection() as conn:
            found = await fast.run(conn, _read, upload=upload_id, programme=given.programme_id)
        if not found or (found[0].finished_at is None and now >= found[0].expires_at):
            return None
        return found[0]

    async def open(self, state: UploadState, given: UploadPass) -> Writing | None:
        """Go on writing it; None while somebody else does, or just did. FileNotFoundError where
        the file is gone, though its row is not.
        """
        with suppress(BlockingIOError):
            writing = Writing(self._folder / str(state.id))
            try:
                if await self.state(state.id, given, now=state.begun_at) == state:
                    writing.begin_at(state.received)
                    return writing
            except BaseException:
                writing.close()
                raise
            writing.close()
        return None

    async def keep(self, state: UploadState, writing: Writing, *, now: datetime) -> bool:
        """Acknowledge what was written; with the last byte the job is asked for. False: gone."""
        received = await asyncio.to_thread(writing.to_disk)
        async with self._pool.connection() as conn:
            if received == state.size:
                jobs = await fast.run(
                    conn, _finish, upload=state.id, job=new_id(), note=new_id(), now=now
                )
                return bool(jobs)
            return bool(await fast.run(conn, _grow, upload=state.id, received=received))

    async def forget(self, upload_id: UUID, given: UploadPass) -> bool:
        """Take an unfinished upload back; False where there is none."""
        async with self._pool.connection() as conn:
            gone = await fast.run(conn, _forget, upload=upload_id, programme=given.programme_id)
        if gone:
            (self._folder / str(upload_id)).unlink(missing_ok=True)
        return bool(gone)


def _state(row: Mapping[str, Any]) -> UploadState:
    return UploadState(row["id"], row["size"], row["received"], row["begun_at"], row["finished_at"])


_begin: Statement[int] = Statement.load(
    _PACKAGE, "begin_upload.sql", lambda row: int(row["outstanding"])
)
_read: Statement[UploadState] = Statement.load(_PACKAGE, "read_upload.sql", _state)
_grow: Statement[int] = Statement.load(_PACKAGE, "grow_upload.sql", lambda row: row["received"])
_finish: Statement[UUID] = Statement.load(_PACKAGE, "finish_upload.sql", lambda row: row["job_id"])
_forget: Statement[UUID] = Statement.load(_PACKAGE, "forget_upload.sql", lambda row: row["id"])
