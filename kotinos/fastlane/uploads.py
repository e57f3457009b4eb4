"""Resumable uploads over HTTP: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

Extensions: creation, termination, expiration, checksum. A body is written as it arrives, never
held whole; an offset is told only when its bytes are on the disk. Who may send says the signed
token in `Kotinos-Upload`, made by the editors' desk for one programme.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.channel.fast import Full, Uploads, read_upload_pass
from kotinos.kernel import clock
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from pathlib import Path

    from kotinos.channel.fast import UploadPass, UploadState, Writing
    from kotinos.kernel.fast import Pool

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

PREFIX = "/fast/channel/uploads"
VERSION = b"1.0.0"
PIECE_BYTES_MAX = 64_000_000
KEPT_EVERY_BYTES = 8_000_000
BUFFER_BYTES = 1_000_000
IDLE_SECONDS_MAX = 30.0
AT_ONCE_MAX = 8
METADATA_BYTES_MAX = 4_096
_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_PIECE = b"application/offset+octet-stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, an error's word where it is one, and headers."""

    status: int
    error: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(slots=True)
class _Piece:
    """One PATCH while it arrives."""

    state: UploadState
    writing: Writing
    room: int
    digest: Any = None
    buffer: bytearray = field(default_factory=bytearray)
    kept: int = 0
    gone: bool = False

    async def take(self, data: bytes) -> bool:
        """Bytes of the body; False where there are more than were to come."""
        if len(data) > self.room:
            return False
        self.room -= len(data)
        self.buffer += data
        if self.digest is not None:
            self.digest.update(data)
        if len(self.buffer) >= BUFFER_BYTES:
            await self.flush()
        return True

    async def flush(self) -> None:
        data, self.buffer = bytes(self.buffer), bytearray()
        await asyncio.to_thread(self.writing.write, data)


class UploadDoors:
    """An ASGI application for the addresses under `PREFIX`."""

    def __init__(
        self, pool: Pool, folder: Path, *, idle_seconds_max: float = IDLE_SECONDS_MAX
    ) -> None:
        self._uploads = Uploads(pool, folder)
        self._idle_seconds_max = idle_seconds_max
        self._at_once_left = AT_ONCE_MAX
        self._size_max = environment().upload_gigabytes_max * 1_000_000_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except (OperationalError, PoolTimeout):
            answer = Answer(503, "busy", ((b"retry-after", b"5"),))
        if answer is not None:
            await _send(send, answer)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer | None:
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            return self._capabilities()
        if headers.get(b"tus-resumable") != VERSION:
            return Answer(412, "version", ((b"tus-version", VERSION),))
        token = headers.get(b"kotinos-upload", b"").decode("latin-1")
        given = read_upload_pass(token, now=clock.now())
        if given is None:
            return Answer(403, "token")
        rest = scope["path"][len(PREFIX) :].strip("/")
        if not rest:
            return await self._create(headers, given) if scope["method"] == "POST" else _WRONG
        try:
            upload_id = UUID(rest)
        except ValueError:
            return _NOT_FOUND
        return await self._one(scope["method"], upload_id, given, headers, receive)

    def _capabilities(self) -> Answer:
        return Answer(
            204,
            headers=(
                (b"tus-version", VERSION),
                (b"tus-max-size", str(self._size_max).encode()),
                (b"tus-extension", b"creation,termination,expiration,checksum"),
                (b"tus-checksum-algorithm", ",".join(_HASHES).encode()),
            ),
        )

    async def _create(self, headers: dict[bytes, bytes], given: UploadPass) -> Answer:
        size = _number(headers.get(b"upload-length"))
        if not size:
            return Answer(400, "upload-length")
        if size > self._size_max:
            return Answer(413, "too-large")
        name = _file_name(headers.get(b"upload-metadata", b""))
        if name is None:
            return Answer(400, "upload-metadata")
        begun = await self._uploads.begin(given, name=name, size=size, now=clock.now())
        if begun is None:
            return Answer(404, "programme")
        if isinstance(begun, Full):
            return Answer(507, "no-space")
        place = (b"location", f"{PREFIX}/{begun.id}".encode())
        return Answer(201, headers=(place, (b"upload-offset", b"0"), _expires(begun)))

    async def _one(
        self,
        method: str,
        upload_id: UUID,
        given: UploadPass,
        headers: dict[bytes, bytes],
        receive: Receive,
    ) -> Answer | None:
        if method == "DELETE":
            return Answer(204) if await self._uploads.forget(upload_id, given) else _NOT_FOUND
        state = await self._uploads.state(upload_id, given, now=clock.now())
        if state is None:
            return _NOT_FOUND
        if method == "HEAD":
            return Answer(200, headers=(*_offset(state, state.received), _NO_STORE))
        refused = _WRONG if method != "PATCH" else _refused(state, headers)
        if refused is None and not self._at_once_left:
            refused = Answer(503, "busy", ((b"retry-after", b"5"),))
        if refused is not None:
            return refused
        self._at_once_left -= 1
        try:
            return await self._append(state, given, headers, receive)
        finally:
            self._at_once_left += 1

    async def _append(
        self,
        state: UploadState,
        given: UploadPass,
        headers: dict[bytes, bytes],
        receive: Receive,
    ) -> Answer | None:
        checksum = _checksum(headers.get(b"upload-checksum"))
        if checksum is None:
            return Answer(400, "checksum")
        algorithm, wanted = checksum
        try:
            writing = await self._uploads.open(state, given)
        except FileNotFoundError:
            return Answer(410, "gone")
        if writing is None:
            return Answer(423, "locked")
        digest = _HASHES[algorithm](usedforsecurity=False) if algorithm else None
        room = min(PIECE_BYTES_MAX, state.size - state.received)
        piece = _Piece(state, writing, room, digest, kept=state.received)
        try:
            refused = await self._receive(piece, receive)
            await piece.flush()
            if digest is not None and (refused or not _same(digest, wanted)):
                writing.begin_at(state.received)
                return refused or Answer(460, "checksum")
            return await self._kept(piece, refused)
        except OSError:
            return Answer(507, "no-space")
        finally:
            writing.close()

    async def _kept(self, piece: _Piece, refused: Answer | None) -> Answer:
        """What came is acknowledged, also where the rest did not come."""
        if piece.writing.offset > piece.kept:
            await self._keep(piece)
        if piece.gone:
            return _NOT_FOUND
        return refused or Answer(204, headers=_offset(piece.state, piece.writing.offset))

    async def _keep(self, piece: _Piece) -> None:
        kept = await self._uploads.keep(piece.state, piece.writing, now=clock.now())
        piece.kept, piece.gone = piece.writing.offset, not kept

    async def _receive(self, piece: _Piece, receive: Receive) -> Answer | None:
        """Write the body as it comes; what stopped it before its end, else None."""
        while True:
            try:
                message = await asyncio.wait_for(receive(), self._idle_seconds_max)
            except TimeoutError:
                return Answer(408, "too-slow")
            if message["type"] == "http.disconnect":
                return Answer(400, "ended-early")
            if not await piece.take(message.get("body", b"")):
                return Answer(413, "too-large")
            fresh = piece.writing.offset - piece.kept
            if piece.digest is None and fresh >= KEPT_EVERY_BYTES:
                await self._keep(piece)
            if not message.get("more_body"):
                return None


_NOT_FOUND, _WRONG = Answer(404, "not-found"), Answer(405, "method")
_NO_STORE = (b"cache-control", b"no-store")


def _refused(state: UploadState, headers: dict[bytes, bytes]) -> Answer | None:
    """What can be said of a PATCH before its body."""
    if headers.get(b"content-type") != _PIECE:
        return Answer(415, "content-type")
    if state.finished_at is not None or _number(headers.get(b"upload-offset")) != state.received:
        return Answer(409, "offset", _offset(state, state.received))
    length = headers.get(b"content-length")
    if length is not None:
        size = _number(length)
        if size is None or size > min(PIECE_BYTES_MAX, state.size - state.received):
            return Answer(413, "too-large")
    return None


def _number(text: bytes | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) <= len("1000000000000000") else None


def _file_name(metadata: bytes) -> str | None:
    """The name among `key base64, ...`; "" where none is given, None where it cannot be read."""
    if len(metadata) > METADATA_BYTES_MAX:
        return None
    for pair in metadata.split(b","):
        key, _, value = pair.strip().partition(b" ")
        if key == b"filename":
            with suppress(binascii.Error, UnicodeDecodeError):
                return base64.b64decode(value, validate=True).decode()
            return None
    return ""


def _checksum(header: bytes | None) -> tuple[str, bytes] | None:
    """The algorithm and what it must give; ("", b"") where none is asked for, None: unknown."""
    if header is None:
        return "", b""
    algorithm, _, value = header.decode("latin-1").partition(" ")
    if algorithm not in _HASHES:
        return None
    try:
        return algorithm, base64.b64decode(value, validate=True)
    except binascii.Error:
        return None


def _same(digest: Any, wanted: bytes) -> bool:
    return hmac.compare_digest(digest.digest(), wanted)


def _offset(state: UploadState, received: int) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"upload-offset", str(received).encode()),
        (b"upload-length", str(state.size).encode()),
        _expires(state),
    )


def _expires(state: UploadState) -> tuple[bytes, bytes]:
    return (b"upload-expires", format_datetime(state.expires_at, usegmt=True).encode())


async def _send(send: Send, answer: Answer) -> None:
    body = f'{{"error":"{answer.error}"}}'.encode() if answer.error else b""
    headers = [(b"tus-resumable", VERSION), *answer.headers]
    if body:
        headers.append((b"content-type", b"application/json"))
    headers.append((b"content-length", str(len(body)).encode()))
    if answer.status == 204:  # noqa: PLR2004 - No Content has no length either
        headers.pop()
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
