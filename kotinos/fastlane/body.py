"""A request's body, whole before the rich lane hears of the request.

The rich lane has few threads. One that waits for a sender who never finishes is lost to everybody
else, so a body is read here, where waiting costs nothing, and never longer than its time.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]

FORM_BYTES_MAX = 1_000_000  # Django's own limit for forms, DATA_UPLOAD_MAX_MEMORY_SIZE
FORM_SECONDS_MAX = 10.0
UPLOAD_BYTES_MAX = 60_000_000  # the largest upload any page takes is a catalogue of 50 MB
UPLOAD_SECONDS_MAX = 180.0
UPLOADS_AT_ONCE_MAX = 8  # each may fill a temporary file
UPLOAD_PATHS = ("/office/",)
PART_BYTES = 65_536
TOO_SLOW, TOO_LARGE, GONE, BUSY = 408, 413, 400, 503


def bytes_max(path: str) -> int:
    """How long a body may be at this address: forms everywhere, files in the back office."""
    return UPLOAD_BYTES_MAX if path.startswith(UPLOAD_PATHS) else FORM_BYTES_MAX


class Bodies:
    """Reads bodies, some large ones at a time."""

    def __init__(
        self, *, form_seconds_max: float = FORM_SECONDS_MAX, uploads_max: int = UPLOADS_AT_ONCE_MAX
    ) -> None:
        self._form_seconds_max = form_seconds_max
        self._uploads_left = uploads_max

    @asynccontextmanager
    async def whole(
        self, receive: Receive, *, path: str, length: int | None
    ) -> AsyncIterator[Receive | int]:
        """The body as a lane receives it, or the status that refuses it.

        `length` is what the request says, None where it does not say: then it may be anything.
        """
        limit = bytes_max(path)
        is_form = limit == FORM_BYTES_MAX or (length is not None and length <= FORM_BYTES_MAX)
        if length is not None and length > limit:
            yield TOO_LARGE
        elif not is_form and not self._uploads_left:
            yield BUSY
        else:
            self._uploads_left -= not is_form
            seconds_max = self._form_seconds_max if is_form else UPLOAD_SECONDS_MAX
            try:
                with SpooledTemporaryFile(max_size=FORM_BYTES_MAX) as file:
                    refused = await _gather(receive, file, limit, seconds_max)
                    yield refused or _reader(file)
            finally:
                self._uploads_left += not is_form


async def _gather(receive: Receive, file: IO[bytes], limit: int, seconds_max: float) -> int:
    """Write the body into `file`; 0, or the status that refuses it."""
    try:
        async with asyncio.timeout(seconds_max):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return GONE
                file.write(message.get("body", b""))
                if file.tell() > limit:
                    return TOO_LARGE
                if not message.get("more_body"):
                    return 0
    except TimeoutError:
        return TOO_SLOW


def _reader(file: IO[bytes]) -> Receive:
    left = file.tell()
    file.seek(0)

    async def next_part() -> Message:
        nonlocal left
        part = file.read(PART_BYTES)
        left -= len(part)
        return {"type": "http.request", "body": part, "more_body": left > 0}

    return next_part
