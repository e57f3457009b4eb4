"""How many different people, in 16 KB whatever their number (HyperLogLog, Flajolet et al. 2007).

The library counts the first few thousand exactly; beyond, its error is 0.8 % (one sigma).
"""

from __future__ import annotations

from typing import Any

from datasketches import hll_sketch, hll_union, tgt_hll_type

LG_K = 14
PARTS = ("drawn", "arrived")  # who joined before the opening, and who came after it


def part_of(*, drawn: bool) -> str:
    """The part of a room's sketches that counts somebody."""
    return PARTS[0] if drawn else PARTS[1]


class Sketch:
    """Identities seen. Merging two says how many different ones both saw."""

    def __init__(self, body: bytes | None = None) -> None:
        self._sketch: Any = (
            hll_sketch(LG_K, tgt_hll_type.HLL_8) if body is None else hll_sketch.deserialize(body)
        )
        self.is_dirty = False  # somebody was added since it was last written down

    def add(self, identity: str) -> None:
        self._sketch.update(identity)
        self.is_dirty = True

    def people(self) -> float:
        """The estimate."""
        return float(self._sketch.get_estimate())

    def merge(self, body: bytes) -> None:
        """Also everybody in a sketch that another process wrote."""
        union = hll_union(LG_K)
        union.update(self._sketch)
        union.update(hll_sketch.deserialize(body))
        self._sketch = union.get_result(tgt_hll_type.HLL_8)

    def body(self) -> bytes:
        """What `merge` takes."""
        return bytes(self._sketch.serialize_compact())
