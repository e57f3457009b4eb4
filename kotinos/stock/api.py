"""The door of stock."""

from __future__ import annotations

from kotinos.stock.actions import (
    count,
    expire,
    hold,
    ledger_gap,
    open_location,
    receive,
    release,
    take,
)
from kotinos.stock.contracts import (
    Count,
    EndKind,
    Held,
    HeldLine,
    HoldLine,
    HoldOutcome,
    HoldOver,
    LocationRow,
    NotHeld,
    Receipt,
    ShortLine,
    SoldOut,
    Taken,
    TakeOutcome,
)
from kotinos.stock.queries import available, available_by_owner, holds_of, locations
from kotinos.stock.statements import (
    expire_holds,
    hold_units,
    receive_units,
    release_holds,
    take_holds,
)

__all__ = [
    "Count",
    "EndKind",
    "Held",
    "HeldLine",
    "HoldLine",
    "HoldOutcome",
    "HoldOver",
    "LocationRow",
    "NotHeld",
    "Receipt",
    "ShortLine",
    "SoldOut",
    "TakeOutcome",
    "Taken",
    "available",
    "available_by_owner",
    "count",
    "expire",
    "expire_holds",
    "hold",
    "hold_units",
    "holds_of",
    "ledger_gap",
    "locations",
    "open_location",
    "receive",
    "receive_units",
    "release",
    "release_holds",
    "take",
    "take_holds",
]
