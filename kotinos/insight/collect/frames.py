"""The form of a segment of the log: frames with their length, their checksum and their rows.

    KLOG1 and a line end, then for each frame:  length u32 | crc32 u32 | rows u32 | payload

all little-endian; the checksum is of `rows` and payload (CRC-32, ISO 3309). A payload is msgpack
of a `Frame`. A frame counts when it is there whole; after the first that is not nothing counts,
because nothing after it was ever acknowledged.
"""

from __future__ import annotations

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
PAYLOAD_BYTES_MAX = 64_000_000
_HEAD = struct.Struct("<III")
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
    return Packed(_HEAD.pack(len(payload), check, frame.rows) + payload, frame.rows)


def read(path: Path) -> Iterator[Frame]:
    """The frames of a segment that are there whole, in the order they were written."""
    for payload, _ in _payloads(path):
        yield _decoder.decode(payload)


def count(path: Path) -> int:
    """How many rows a segment holds; 0 where it is gone."""
    try:
        return sum(rows for _, rows in _payloads(path))
    except FileNotFoundError:
        return 0


def whole_bytes(path: Path) -> int:
    """How long the part of a segment is that is there whole."""
    return len(MAGIC) + sum(_HEAD.size + len(payload) for payload, _ in _payloads(path))


def _payloads(path: Path) -> Iterator[tuple[bytes, int]]:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            length, check, rows = _HEAD.unpack(head)
            if length > PAYLOAD_BYTES_MAX:
                return
            payload = file.read(length)
            if len(payload) < length or crc32(payload, crc32(_ROWS.pack(rows))) != check:
                return
            yield payload, rows
