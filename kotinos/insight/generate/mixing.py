"""Numbers that look like chance and never repeat, and their hexadecimal text, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from kotinos.insight.generate.world import Array

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def mixed(numbers: Array, salt: int) -> Array:
    """Map each number to another of 64 bits, no two to the same one.

    The finalizer of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
    generators"): a bijection, so distinct numbers stay distinct.
    """
    z = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def hexadecimal(numbers: Array) -> pa.Array:
    """Return the 16 hexadecimal digits of each number, as an Arrow column of texts."""
    octets = numbers.astype(">u8").view(np.uint8).reshape(-1, 8)
    digits = np.empty((len(octets), 16), dtype=np.uint8)
    digits[:, 0::2] = _HEX[octets >> 4]
    digits[:, 1::2] = _HEX[octets & 15]
    offsets = np.arange(len(octets) + 1, dtype=np.int32) * 16
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(digits.tobytes())]
    return pa.Array.from_buffers(pa.string(), len(octets), buffers)


def words(prefix: str, count: int, salt: int) -> tuple[str, ...]:
    """Return ids of things, the same for the same prefix, count and salt."""
    return tuple(f"{prefix}{value:016x}" for value in mixed(np.arange(count), salt).tolist())
