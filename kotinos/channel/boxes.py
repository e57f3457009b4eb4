"""The one number of a CMAF segment that we rewrite: when it begins (ISO/IEC 14496-12, `tfdt`)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 8  # bytes: how long the box is, and its kind
_U32, _U64 = struct.Struct(">I"), struct.Struct(">Q")
_FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"}


def moved(segment: bytes, *, by: int) -> bytes:
    """The segment, beginning `by` units of its track's timescale later.

    Raises ValueError where no `tfdt` stands where one must, or its time no longer fits.
    """
    data = bytearray(segment)
    places = [start for name, start, _ in boxes(segment) if name == b"tfdt"]
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
    for name, start, _ in boxes(init):
        if name == b"mdhd":
            at = start + (20 if init[start] == 1 else 12)
            return int(_U32.unpack_from(init, at)[0])
    raise ValueError("no mdhd: not an initialisation segment")


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Every box, those inside others too: its kind, and where its content begins and ends."""
    end = len(data) if end is None else end
    while start + HEAD <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        stop = start + size
        if size < HEAD or stop > end:
            return  # the media data itself may be cut off: we are given a segment's first bytes
        yield kind, start + HEAD, stop
        if kind in _FOLDERS:
            yield from boxes(data, start + HEAD, stop)
        start = stop
