"""The one number of a CMAF segment that we rewrite: when it begins (ISO/IEC 14496-12, `tfdt`)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct(">I4s")
_U32, _U64 = struct.Struct(">I"), struct.Struct(">Q")
_CONTAINERS = {b"moof", b"traf", b"moov", b"trak", b"mdia"}


def moved(segment: bytes, *, by: int) -> bytes:
    """The segment, beginning `by` units of its track's timescale later.

    Raises ValueError where no `tfdt` stands where one must, or its time no longer fits.
    """
    data = bytearray(segment)
    places = [start for name, start, _ in _boxes(segment, 0, len(segment)) if name == b"tfdt"]
    if not places:
        raise ValueError("no tfdt: not a segment")
    for start in places:
        wide = data[start] == 1
        number = _U64 if wide else _U32
        (time,) = number.unpack_from(data, start + 4)
        try:
            number.pack_into(data, start + 4, time + by)
        except struct.error as error:
            raise ValueError("the time does not fit") from error
    return bytes(data)


def timescale(init: bytes) -> int:
    """Units in a second of the first track of an initialisation segment (`mdhd`)."""
    for name, start, _ in _boxes(init, 0, len(init)):
        if name == b"mdhd":
            at = start + (20 if init[start] == 1 else 12)
            return int(_U32.unpack_from(init, at)[0])
    raise ValueError("no mdhd: not an initialisation segment")


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Every box that matters, as (name, start of its content, its end), containers opened."""
    while start + 8 <= end:
        size, name = _HEADER.unpack_from(data, start)
        if size < _HEADER.size or start + size > end:
            return
        if name in _CONTAINERS:
            yield from _boxes(data, start + 8, start + size)
        else:
            yield name, start + 8, start + size
        start += size
