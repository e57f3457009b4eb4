"""Handles met before in a file, in memory that does not grow with the file."""

from __future__ import annotations

import hashlib

_BITS = 25  # 2**25 bits are 4 MiB: of 100,000 handles about one in a million is wrongly known.
_HASHES = 3


class Seen:
    """A Bloom filter: never forgets a handle, very rarely remembers one it has not met."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def meet(self, handle: str) -> bool:
        """Whether the handle was met before; from now on it is."""
        digest = hashlib.blake2b(
            handle.encode("utf-8", "replace"), digest_size=4 * _HASHES
        ).digest()
        known = True
        for start in range(0, len(digest), 4):
            place = int.from_bytes(digest[start : start + 4], "big") >> (32 - _BITS)
            bit = 1 << (place & 7)
            known = known and bool(self._bits[place >> 3] & bit)
            self._bits[place >> 3] |= bit
        return known
