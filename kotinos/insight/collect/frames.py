"""The form of a segment of the log: frames with their length, their checksum and their rows.

    KLOG1 and a line end, then for each frame:  mark | length u32 | crc32 u32 | rows u32 | payload

all little-endian; the checksum is of `rows` and payload (CRC-32, ISO 3309). A payload is msgpack
of a `Frame`. A frame counts when it is there whole. One that is not is the torn end of what was
never acknowledged, or damage: then those after it count all the same, found by their mark, which
no text that a stranger sends can hold, because it is not UTF-8.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"KLOG1\n"
NEW, OPEN, SEALED = ".new", ".open", ".sealed"
_log = logging.getLogger("kotinos.insight")
_MARK = b"\xff\xfe\xffK"
_HEAD = struct.Struct("<4sIII")
_ROWS = struct.Struct("<I")


class Frame(msgspec.Struct, array_like=True, gc=False):
    """Rows of one table that came together, as columns; `received`: microseconds since 1970.

    A column is a list with a value for each row, or the one value that all rows have.
    """

    table: str
    edition: str
    organisation: str
    source: str
    received: int
    rows: int
    columns: list[Any]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Frame)


@dataclass(frozen=True, slots=True)
class Packed:
    """A frame as it stands in a segment, and how many rows it has."""

    data: bytes
    rows: int


def pack(frame: Frame) -> Packed:
    """The bytes of a frame."""
    payload = _encoder.encode(frame)
    check = crc32(payload, crc32(_ROWS.pack(frame.rows)))
    return Packed(_HEAD.pack(_MARK, len(payload), check, frame.rows) + payload, frame.rows)


def read(path: Path) -> Iterator[Frame]:
    """The frames of a segment that are there whole, in the order they were written.

    What is damaged between them is logged: it had been acknowledged, and is lost.
    """
    end = len(MAGIC)
    for at, payload, _ in _payloads(path):
        if at > end:
            _log.error("%s: %d bytes before byte %d are damaged", path.name, at - end, at)
        end = at + _HEAD.size + len(payload)
        yield _decoder.decode(payload)


def count(path: Path) -> int:
    """How many rows a segment holds; 0 where it is gone."""
    try:
        return sum(rows for _, _, rows in _payloads(path))
    except FileNotFoundError:
        return 0


def whole_bytes(path: Path) -> int:
    """How long the part of a segment is that is there whole."""
    return len(MAGIC) + sum(_HEAD.size + len(payload) for _, payload, _ in _payloads(path))


def _payloads(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Where each whole frame begins, its payload and its rows."""
    data = path.read_bytes()
    at = data.find(_MARK)
    while at >= 0:
        found = _whole_at(data, at)
        if found is not None:
            yield at, *found
        at = data.find(_MARK, at + (1 if found is None else _HEAD.size + len(found[0])))


def _whole_at(data: bytes, at: int) -> tuple[bytes, int] | None:
    """The payload and rows of a frame; None where it is not whole."""
    start = at + _HEAD.size
    if start > len(data):
        return None
    _, length, check, rows = _HEAD.unpack_from(data, at)
    payload = data[start : start + length]
    if len(payload) < length or crc32(payload, crc32(_ROWS.pack(rows))) != check:
        return None
    return payload, rows
