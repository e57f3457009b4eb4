"""What a buyer in a drop asks for, and what they are told. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.money import Money


class Code(StrEnum):
    """Why a wish was not granted. docs/reference/refusal-reasons.md has the words."""

    UNKNOWN = "unknown-drop"
    TOO_EARLY = "too-early"
    CLOSED = "closed"
    SOLD_OUT = "sold-out"
    SHORT = "short"  # some are left, fewer than asked for
    LIMIT = "limit"  # the buyer would have more than one may have
    RIGHTS = "rights"  # not cleared there, or no longer
    HOLD_OVER = "hold-over"  # the key's units went back: begin again with a fresh key
    INVALID = "invalid"  # `fields` says what and why


@dataclass(frozen=True, slots=True)
class HoldWish:
    """Units of one variant, for somebody admitted. `key` is the buyer's own, for repeats.

    `is_first`: the buyer says that this key was never sent before, so a sold-out answer may come
    from memory; without that word the database is asked what the key already has.
    """

    drop_id: UUID
    identity: str
    key: UUID
    variant_id: UUID
    units: int
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class OrderWish:
    """All that an order needs. What was set aside under the same key is used for it."""

    hold: HoldWish
    territory: str
    language: str
    email: str
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HotHeld:
    """Set aside until then. `again`: it already was, under this key."""

    expires_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class HotPlaced:
    """The order stands. Its units are held until `hold_until`; paying confirms it.

    `path` is the signed address of its page.
    """

    order_id: UUID
    path: str
    number: str
    intent_id: UUID
    total: Money
    hold_until: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class HotNoticed:
    """A provider's word is on record. Confirmed: its order was, by this word."""

    again: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class HotRefused:
    """Nothing is held and nothing was written. `units_free` is what is left, where known."""

    code: Code
    units_free: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)


HoldAnswer = HotHeld | HotRefused
OrderAnswer = HotPlaced | HotRefused
