"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
import time
from uuid import UUID

_VERSION_7 = 0x7000
_VARIANT = 0x8000000000000000


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits.

    Ids made in different milliseconds sort by time, so an index grows at its right edge.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = (milliseconds & 0xFFFFFFFFFFFF) << 16 | _VERSION_7 | random >> 68
    low = _VARIANT | random & 0x3FFFFFFFFFFFFFFF
    return UUID(int=high << 64 | low)
