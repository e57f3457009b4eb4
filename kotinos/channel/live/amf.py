"""AMF 0, the little language inside RTMP commands (Adobe, AMF0 specification, 2007)."""

from __future__ import annotations

import struct
from typing import Any

_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED = 0, 1, 2, 3, 5, 6
_MAP, _END, _LIST, _LONG_STRING = 8, 9, 10, 12
DEPTH_MAX = 8


class AmfError(ValueError):
    """The bytes are not AMF 0, or nest deeper than any sender's do."""


def read_all(data: bytes) -> list[Any]:
    """Every value, in order; AmfError where one cannot be read."""
    values, at = [], 0
    try:
        while at < len(data):
            value, at = _read(data, at, 0)
            values.append(value)
    except (struct.error, IndexError) as error:
        raise AmfError("cut off") from error
    return values


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > DEPTH_MAX:
        raise AmfError("too deep")
    kind, at = data[at], at + 1
    if kind == _NUMBER:
        return struct.unpack_from(">d", data, at)[0], at + 8
    if kind == _BOOLEAN:
        return bool(data[at]), at + 1
    if kind in {_STRING, _LONG_STRING}:
        return _text(data, at, wide=kind == _LONG_STRING)
    if kind in {_NULL, _UNDEFINED}:
        return None, at
    return _read_many(data, at, kind, depth)


def _read_many(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind == _LIST:
        (count,) = struct.unpack_from(">I", data, at)
        at, values = at + 4, []
        for _ in range(count):
            value, at = _read(data, at, depth + 1)
            values.append(value)
        return values, at
    if kind not in {_OBJECT, _MAP}:
        raise AmfError(f"kind {kind}")
    at += 4 if kind == _MAP else 0  # how many, as a hint only
    found: dict[str, Any] = {}
    while True:
        name, at = _text(data, at, wide=False)
        if not name and data[at] == _END:
            return found, at + 1
        found[name], at = _read(data, at, depth + 1)


def _text(data: bytes, at: int, *, wide: bool) -> tuple[str, int]:
    (length,) = struct.unpack_from(">I" if wide else ">H", data, at)
    start = at + (4 if wide else 2)
    if start + length > len(data):
        raise AmfError("cut off")
    return data[start : start + length].decode("utf-8", "replace"), start + length


def write(*values: Any) -> bytes:
    """Numbers, texts, None and flat objects."""
    return b"".join(_write(value) for value in values)


def _write(value: Any) -> bytes:
    if value is None:
        return bytes([_NULL])
    if isinstance(value, str):
        return bytes([_STRING]) + _name(value)
    if isinstance(value, dict):
        inside = b"".join(_name(name) + _write(each) for name, each in value.items())
        return bytes([_OBJECT]) + inside + b"\0\0" + bytes([_END])
    return bytes([_NUMBER]) + struct.pack(">d", value)


def _name(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data
