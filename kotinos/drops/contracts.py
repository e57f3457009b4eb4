"""What others may hold of drops. Frozen, and no Django.

Words: a *drop* is a scheduled sale of scarce *offers* (products) behind a waiting room; its
*floor* is what the fast lane knows of the drops that matter now; a *pulse* is what one process
saw of one drop in one second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kotinos.kernel.languages import pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

MASK_BYTES = 32


class DropState(StrEnum):
    """What people have decided about a drop; the clock decides the rest (`Phase`)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Phase(StrEnum):
    """Where a drop stands at a moment."""

    DRAFT = "draft"
    COMING = "coming"
    OPEN = "open"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class VariantView:
    """One thing a buyer can have. `location_ids`: the seller's places, where any is free first.

    The order is the same for all and moves only when a place has nothing left, so that a key
    that is sent again asks of the same place.
    """

    id: UUID
    sku: str
    label: str  # "M / Home", or "" when there is one variant.
    options: tuple[tuple[str, str], ...]
    weight_grams: int
    location_ids: tuple[UUID, ...]

    @property
    def location_id(self) -> UUID | None:
        """Where it is sold from; None where the seller never had any."""
        return self.location_ids[0] if self.location_ids else None


@dataclass(frozen=True, slots=True)
class OfferView:
    """One product of a drop with all its variants, in the seller's order."""

    product_id: UUID
    handle: str
    work_id: UUID
    property_set_id: UUID
    titles: Mapping[str, str]  # by language
    variants: tuple[VariantView, ...]

    def title(self, language: str) -> str:
        return pick(self.titles, language) or self.handle


@dataclass(frozen=True, slots=True)
class DropView:
    """A drop as it stands. `territory_mask` is the text's meaning at the opening, as an int."""

    id: UUID
    slug: str
    names: Mapping[str, str]  # by language
    texts: Mapping[str, str]  # by language
    seller_id: UUID
    room_id: UUID
    opens_at: datetime
    closes_at: datetime
    territory: str
    territory_mask: int
    units_per_buyer: int
    hold_seconds: int
    rehearsal_of: UUID | None
    state: DropState
    offers: tuple[OfferView, ...] = field(repr=False)

    def name(self, language: str) -> str:
        return pick(self.names, language) or self.slug

    def text(self, language: str) -> str:
        return pick(self.texts, language)

    @property
    def is_rehearsal(self) -> bool:
        return self.rehearsal_of is not None

    @property
    def variants(self) -> tuple[VariantView, ...]:
        """Every variant of every offer."""
        return tuple(variant for offer in self.offers for variant in offer.variants)

    def offer_of(self, variant_id: UUID) -> OfferView | None:
        """The offer a variant belongs to; None where the drop does not sell it."""
        for offer in self.offers:
            if any(variant.id == variant_id for variant in offer.variants):
                return offer
        return None

    def variant(self, variant_id: UUID) -> VariantView | None:
        """The variant; None where the drop does not sell it."""
        return next((each for each in self.variants if each.id == variant_id), None)

    def sells_in(self, bit: int) -> bool:
        """Whether the drop is for the territory of this bit; rights are asked separately."""
        return bool(self.territory_mask >> bit & 1)

    def phase(self, now: datetime) -> Phase:
        """Where the drop stands at this moment."""
        match self.state:
            case DropState.DRAFT:
                return Phase.DRAFT
            case DropState.WITHDRAWN:
                return Phase.WITHDRAWN
            case DropState.ENDED:
                return Phase.OVER
            case DropState.PUBLISHED if now < self.opens_at:
                return Phase.COMING
            case DropState.PUBLISHED:
                return Phase.OPEN if now < self.closes_at else Phase.OVER


@dataclass(frozen=True, slots=True)
class FloorSignals:
    """What the conductor of a drop's room must know; measured over all processes.

    Rates and latencies are of the last `SIGNAL_SECONDS` whole seconds. Latencies are of requests
    that write (hold, order), in milliseconds; 0 where there was none. How many people are inside
    the room knows better: it is told who has got units (`Floor.take_done`).
    """

    units_free: int
    completions_per_s: float  # orders placed
    refusals_per_s: float
    errors_per_s: float
    p50_ms: float
    p99_ms: float


SIGNAL_SECONDS = 5
ERROR_CODES = frozenset({"busy", "error"})
"""Refusals that are the installation's fault, not the rules'."""
