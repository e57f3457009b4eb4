"""Segments dated anew: the pictures stay, the time moves."""

from __future__ import annotations

import struct

import pytest

from kotinos.channel import boxes


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def _segment(time: int, *, wide: bool) -> bytes:
    number = struct.pack(">Q" if wide else ">I", time)
    tfdt = _box(b"tfdt", bytes([wide, 0, 0, 0]) + number)
    return _box(b"styp", b"cmfs") + _box(b"moof", _box(b"traf", tfdt)) + _box(b"mdat", b"tfdt!")


@pytest.mark.parametrize("wide", [False, True], ids=["32-bit", "64-bit"])
def test_a_segment_begins_later(wide: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert boxes.moved(_segment(7, wide=wide), by=90_000) == _segment(90_007, wide=wide)


def test_every_fragment_of_a_segment_moves() -> None:
    two = _segment(0, wide=True) + _segment(100, wide=True)
    assert boxes.moved(two, by=5) == _segment(5, wide=True) + _segment(105, wide=True)


def test_what_is_no_segment_is_refused() -> None:
    for nonsense in (b"", b"nonsense", _box(b"moof", b""), b"\xff" * 64):
        with pytest.raises(ValueError, match="not a segment"):
            boxes.moved(nonsense, by=1)
    with pytest.raises(ValueError, match="does not fit"):
        boxes.moved(_segment(2**32 - 1, wide=False), by=1)
    with pytest.raises(ValueError, match="not an initialisation"):
        boxes.timescale(_segment(0, wide=True))


def test_the_timescale_is_read() -> None:
    narrow = _box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 48_000, 0))
    wide = _box(b"mdhd", struct.pack(">IQQIQ", 1 << 24, 0, 0, 12_800, 0))
    for content, units in ((narrow, 48_000), (wide, 12_800)):
        assert boxes.timescale(_box(b"moov", _box(b"trak", _box(b"mdia", content)))) == units
