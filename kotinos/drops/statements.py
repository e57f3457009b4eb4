"""The SQL of drops bound to readers, for either lane."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kotinos.drops.contracts import DropState, DropView, OfferView, VariantView
from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = "kotinos.drops"
_STRONGEST_FIRST = (DropState.WITHDRAWN, DropState.ENDED, DropState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class FreeRow:
    """Units of one variant at one place of a drop's seller."""

    drop_id: UUID
    variant_id: UUID
    location_id: UUID
    free: int
    held: int


@dataclass(frozen=True, slots=True)
class RecentPulse:
    """One process in one second, of the last few."""

    orders: int
    refused: dict[str, int]
    latency: dict[str, int]


@dataclass(frozen=True, slots=True)
class RecentRow:
    """What was seen of one drop in the last seconds."""

    drop_id: UUID
    recent: tuple[RecentPulse, ...]


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product as one seller has it."""

    product_id: UUID
    handle: str
    work_id: UUID
    title: str
    offered: bool
    units_free: int


@dataclass(frozen=True, slots=True)
class PulseStep:
    """What all processes saw in one step of time; units are those at its end."""

    second: int
    arrivals: int
    admissions: int
    holds: int
    orders: int
    refused: tuple[dict[str, int], ...]
    latency: tuple[dict[str, int], ...]
    units_free: int
    units_held: int


@dataclass(frozen=True, slots=True)
class PulseSum:
    """All that was seen of a drop; peaks are of one second, seconds are Unix time."""

    arrivals: int
    admissions: int
    holds: int
    orders: int
    arrivals_peak: int
    orders_peak: int
    first_second: int | None
    last_second: int | None
    sold_out_second: int | None
    refused: dict[str, int]
    latency: dict[str, int]


@dataclass(frozen=True, slots=True)
class StockLine:
    """Units of one variant on the drop's shelves; `sold` left since the opening."""

    variant_id: UUID
    sku: str
    free: int
    held: int
    sold: int


def _json(value: Any) -> Any:
    """JSON arrives parsed on the fast lane and as text on Django's connection."""
    return json.loads(value) if isinstance(value, str) else value


def _drop(row: Mapping[str, Any]) -> DropView:
    return DropView(
        id=row["id"],
        slug=row["slug"],
        names=_json(row["names"]),
        texts=_json(row["texts"]),
        seller_id=row["seller_id"],
        room_id=row["room_id"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        territory=row["territory"],
        territory_mask=int.from_bytes(bytes(row["territory_mask"]), "little"),
        units_per_buyer=row["units_per_buyer"],
        hold_seconds=row["hold_seconds"],
        rehearsal_of=row["rehearsal_of_id"],
        state=_state(row["states"]),
        offers=tuple(_offer(offer) for offer in _json(row["offers"]) or ()),
    )


def _state(names: Sequence[str]) -> DropState:
    return next((state for state in _STRONGEST_FIRST if state in names), DropState.DRAFT)


def _offer(offer: Mapping[str, Any]) -> OfferView:
    return OfferView(
        product_id=UUID(offer["product"]),
        handle=offer["handle"],
        work_id=UUID(offer["work"]),
        property_set_id=UUID(offer["set"]),
        titles=offer["titles"] or {},
        variants=tuple(_variant(*variant) for variant in offer["variants"] or ()),
    )


def _variant(
    number: str, sku: str, options: list[list[str]], weight_grams: int, locations: list[str]
) -> VariantView:
    return VariantView(
        id=UUID(number),
        sku=sku,
        label=" / ".join(value for _, value in options),
        options=tuple((name, value) for name, value in options),
        weight_grams=weight_grams,
        location_ids=tuple(UUID(location) for location in locations),
    )


def _recent(row: Mapping[str, Any]) -> RecentRow:
    pulses = tuple(RecentPulse(*pulse) for pulse in _json(row["recent"]))
    return RecentRow(row["drop_id"], pulses)


def _step(row: Mapping[str, Any]) -> PulseStep:
    lists = {name: tuple(_json(row[name]) or ()) for name in ("refused", "latency")}
    return PulseStep(**{**row, **lists})


def _sum(row: Mapping[str, Any]) -> PulseSum:
    return PulseSum(**{**row, "refused": _json(row["refused"]), "latency": _json(row["latency"])})


read_drops: Statement[DropView] = Statement.load(PACKAGE, "read_drops.sql", _drop)
free_units: Statement[FreeRow] = Statement.load(
    PACKAGE,
    "free_units.sql",
    lambda row: FreeRow(
        row["drop_id"], row["variant_id"], row["location_id"], row["free"], row["held"]
    ),
)
flush_pulses: Statement[None] = Statement.load(PACKAGE, "flush_pulses.sql", lambda _row: None)
recent_pulses: Statement[RecentRow] = Statement.load(PACKAGE, "recent_pulses.sql", _recent)
reserved_variants: Statement[tuple[UUID, str]] = Statement.load(
    PACKAGE, "reserved_variants.sql", lambda row: (row["variant_id"], row["slug"])
)
find_products: Statement[FoundProduct] = Statement.load(
    PACKAGE,
    "find_products.sql",
    lambda row: FoundProduct(
        row["product_id"],
        row["handle"],
        row["work_id"],
        row["title"],
        row["offered"],
        row["units_free"],
    ),
)
search_products: Statement[str] = Statement.load(
    PACKAGE, "search_products.sql", lambda row: str(row["handle"])
)
limited_grants: Statement[tuple[UUID, str]] = Statement.load(
    PACKAGE, "limited_grants.sql", lambda row: (row["work_id"], row["number"])
)
overlapping_drops: Statement[tuple[UUID, str]] = Statement.load(
    PACKAGE, "overlapping_drops.sql", lambda row: (row["product_id"], row["slug"])
)
read_pulses: Statement[PulseStep] = Statement.load(PACKAGE, "read_pulses.sql", _step)
sum_pulses: Statement[PulseSum] = Statement.load(PACKAGE, "sum_pulses.sql", _sum)
buyers_of_drop: Statement[tuple[int, int]] = Statement.load(
    PACKAGE, "buyers_of_drop.sql", lambda row: (row["units"], row["buyers"])
)
taken_of_drop: Statement[tuple[int, int]] = Statement.load(
    PACKAGE, "taken_of_drop.sql", lambda row: (row["second"], row["orders"])
)
stock_of_drop: Statement[StockLine] = Statement.load(
    PACKAGE, "stock_of_drop.sql", lambda row: StockLine(**row)
)
