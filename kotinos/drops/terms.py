"""What somebody wants a drop to be, what may be wrong with it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView

PROBLEMS = {
    "slug": (
        "Use lower-case letters, digits and hyphens, at most 80, beginning with a letter; "
        "new, beside and search are taken."
    ),
    "slug-taken": "There is a drop called %(detail)s.",
    "name": "Give it a name in English of at most 80 characters.",
    "text-long": "At most 2,000 characters, please; %(detail)s has more.",
    "seller": "There is no seller %(detail)s.",
    "order": "It must close after it opens.",
    "long": "A drop lasts at most 90 days.",
    "past": "It would be over already.",
    "limit": "Between 1 and 20 units for each buyer.",
    "hold": "Buyers have between 30 seconds and an hour to pay.",
    "territory": "%(detail)s",
    "nowhere": "This text names no territory.",
    "no-offers": "Name at least one product.",
    "many-offers": "A drop has at most 20 products.",
    "twice": "%(detail)s is named twice.",
    "unknown-product": "There is no product %(detail)s.",
    "not-offered": "The seller does not offer %(detail)s.",
    "no-stock": "Nothing of %(detail)s is free on the seller's shelves.",
    "not-cleared": "The seller may sell and ship %(detail)s in none of these territories then.",
    "quota": (
        "%(detail)s. A quota is counted one sale at a time, which a drop cannot wait for: "
        "sell it the ordinary way, or have the quota lifted from the grant."
    ),
    "overlap": "%(detail)s.",
    "too-late": "This can no longer be changed: people wait for what was announced.",
}
"""Every problem by its code, in words. `detail` is what the problem is about."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field. `code` is one of `PROBLEMS`."""

    field: str
    code: str
    detail: str = ""

    @property
    def message(self) -> str:
        return PROBLEMS[self.code] % {"detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTerms:
    """A drop as a person describes it. `seller` is a code, `products` are handles in order."""

    slug: str
    names: Mapping[str, str]
    seller: str
    products: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)
    territory: str = "WORLD"
    units_per_buyer: int = 2
    hold_seconds: int = 600
    guests_allowed: bool = True


@dataclass(frozen=True, slots=True)
class Scheduled:
    """It is written down. `warnings` stand in the way of publishing it."""

    drop: DropView
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The drop as it is now."""

    drop: DropView


@dataclass(frozen=True, slots=True)
class BadTerms:
    """Nothing happened; every problem found, not only the first."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NotYours:
    """The person has no catalogue role in the organisation that sells."""

    seller_id: UUID


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing happened, because it cannot from this state."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """There is no such drop."""


Outcome = Scheduled | Changed | BadTerms | NotYours | Unchanged | NotFound
