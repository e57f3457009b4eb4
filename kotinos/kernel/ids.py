"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
import time
from threading import Lock
from uuid import UUID

_VERSION = 7 << 76
_VARIANT = 2 << 62
_LOW_BITS = 62
_LOW = (1 << _LOW_BITS) - 1
_RANDOM_BITS = 74

_lock = Lock()
_last = 0  # 48 bits of milliseconds and 74 bits of randomness, as one number that only grows


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Ids of one process sort in the order they were made, also within a millisecond (RFC 9562
    section 6.2, method 2: the random part is counted up by a random step).
    """
    global _last  # noqa: PLW0603 - the order is a promise of the whole process
    random = os.urandom(10)
    fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | int.from_bytes(random, "big") >> 6
    with _lock:
        _last = max(fresh, _last + 1 + int.from_bytes(random[:4], "big"))
        number = _last
    low = number & _LOW
    middle = number >> _LOW_BITS & 0xFFF
    return UUID(int=number >> _RANDOM_BITS << 80 | _VERSION | middle << 64 | _VARIANT | low)
