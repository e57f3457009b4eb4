"""Reads of drops as typed values."""

from __future__ import annotations

from kotinos.drops.queries.reading import (
    all_drops,
    drop,
    drop_by_id,
    drops,
    free_units,
    reserved_variants,
)

__all__ = [
    "all_drops",
    "drop",
    "drop_by_id",
    "drops",
    "free_units",
    "reserved_variants",
]
