"""Segments: what many fetch at once from memory, the rest from disk or the store elsewhere."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from kotinos.channel import boxes
from kotinos.channel.contracts import INIT_FILE, LADDER, SEGMENT_FILE, TICK_SECONDS

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.channel.contracts import PackageFacts
    from kotinos.channel.store import Store

KEPT_BYTES_MAX = 96_000_000
FILE_BYTES_MAX = 4_000_000
"""A larger file is not kept: the server sends it from disk in pieces."""


class Missing(Exception):  # noqa: N818 - what it is
    """There is no such file."""


class Segments:
    """Reads the store; keeps what was asked for last, up to a bound."""

    def __init__(self, store: Store, *, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._store = store
        self._bytes_max = bytes_max
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._timescales: dict[tuple[UUID, str], int] = {}

    async def file(self, key: str) -> bytes | str:
        """A file's bytes, or for a large one on our disk its path. Raises Missing."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        path = self._store.local_path(key)
        if path is not None:
            try:
                if path.stat().st_size > FILE_BYTES_MAX:
                    return str(path)
            except OSError:
                raise Missing(key) from None
        data = await self._store.read(key)
        if data is None:
            raise Missing(key)
        self._keep(key, data)
        return data

    async def pair(self, base: str, number: int) -> bytes:
        """Two live segments as one: a CMAF segment may hold several fragments."""
        parts = [await self._bytes_of(f"{base}/{SEGMENT_FILE.format(number + n)}") for n in (0, 1)]
        return b"".join(parts)

    async def looped(self, package: PackageFacts, folder: str, number: int) -> bytes:
        """Segment `number` of a package played over and over: the same pictures, a later time.

        Whole rounds are added to the segment's own time. A round is whole audio frames only when
        the package has an even number of ticks (375 frames of 1,024 samples are eight seconds).
        """
        base = f"packages/{package.id}/{folder}"
        rounds, inside = divmod(number, package.ticks)
        data = await self._bytes_of(f"{base}/{SEGMENT_FILE.format(inside)}")
        if rounds == 0:
            return data
        unit = self._timescales.get((package.id, folder))
        if unit is None:
            unit = boxes.timescale(await self._bytes_of(f"{base}/{INIT_FILE}"))
            self._timescales[package.id, folder] = unit
        seconds = rounds * package.ticks * TICK_SECONDS
        assert folder in LADDER or seconds * unit % 1024 == 0, "an even number of ticks"
        return boxes.moved(data, by=seconds * unit)

    async def _bytes_of(self, key: str) -> bytes:
        found = await self.file(key)
        if isinstance(found, bytes):
            return found
        data = await self._store.read(key)
        if data is None:
            raise Missing(key)
        return data

    def _keep(self, key: str, data: bytes) -> None:
        self._kept[key] = data
        self._bytes += len(data)
        while self._bytes > self._bytes_max:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
