"""What a fragment of ISO BMFF (ISO/IEC 14496-12) says of itself: its time, its length, its codec.

We read only what our own ffmpeg wrote, and still never past the bytes that are there.
"""

from __future__ import annotations

import struct

from kotinos.channel.boxes import boxes, timescale

__all__ = ["BoxError", "boxes", "codec", "times", "timescale"]
_DURATION_GIVEN, _OFFSET_GIVEN, _FLAGS_GIVEN = 0x100, 0x1, 0x4
_DEFAULT_DURATION = 0x8


class BoxError(ValueError):
    """The bytes are not what a segment is."""


def codec(init: bytes) -> str:
    """The codec as RFC 6381 writes it: H.264 with its profile and level, or AAC."""
    at = init.find(b"avcC")
    if at > 0:
        return f"avc1.{init[at + 5 : at + 8].hex()}"
    if b"mp4a" in init:
        return "mp4a.40.2"
    raise BoxError("neither H.264 nor AAC")


def times(head: bytes) -> tuple[int, int]:
    """When a segment begins and how long it is, in its timescale's units."""
    start, length, default = None, 0, 0
    for kind, at, _ in boxes(head):
        flags = int.from_bytes(head[at + 1 : at + 4], "big")
        if kind == b"tfhd":
            default = _default_duration(head, at, flags)
        elif kind == b"tfdt" and start is None:
            wide = head[at] == 1
            start = int(struct.unpack_from(">Q" if wide else ">I", head, at + 4)[0])
        elif kind == b"trun":
            length += _run_length(head, at, flags, default)
    if start is None:
        raise BoxError("no fragment")
    return start, length


def _default_duration(head: bytes, at: int, flags: int) -> int:
    place = at + 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    return int(struct.unpack_from(">I", head, place)[0]) if flags & _DEFAULT_DURATION else 0


def _run_length(head: bytes, at: int, flags: int, default: int) -> int:
    (count,) = struct.unpack_from(">I", head, at + 4)
    if not flags & _DURATION_GIVEN:
        return int(count) * default
    place = at + 8 + 4 * bool(flags & _OFFSET_GIVEN) + 4 * bool(flags & _FLAGS_GIVEN)
    step = 4 * (flags >> 8 & 0xF).bit_count()
    return sum(struct.unpack_from(">I", head, place + number * step)[0] for number in range(count))
