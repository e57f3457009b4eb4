"""The door of drops."""

from __future__ import annotations

from kotinos.drops.contracts import (
    DropState,
    DropView,
    FloorSignals,
    OfferView,
    Phase,
    VariantView,
)
from kotinos.drops.queries.drops import (
    all_drops,
    drop,
    drop_by_id,
    drops,
    free_units,
    reserved_variants,
)

__all__ = [
    "DropState",
    "DropView",
    "FloorSignals",
    "OfferView",
    "Phase",
    "VariantView",
    "all_drops",
    "drop",
    "drop_by_id",
    "drops",
    "free_units",
    "reserved_variants",
]
