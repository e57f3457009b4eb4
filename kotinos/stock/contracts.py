"""What others may hold of stock. Units are whole things; ids of variants are opaque here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class HoldLine(NamedTuple):
    """Units of one variant wanted together with the other lines of a hold.

    Without a location the stock of `organisation_id` (or, without that, anybody's) is used: from
    one location where one has enough, else from several.
    """

    variant_id: UUID
    location_id: UUID | None
    units: int
    organisation_id: UUID | None = None


class EndKind(StrEnum):
    """How a hold ended. An open hold has none."""

    RELEASED = "released"
    EXPIRED = "expired"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class HeldLine:
    hold_id: UUID
    variant_id: UUID
    location_id: UUID
    units: int


@dataclass(frozen=True, slots=True)
class Held:
    """All lines are set aside until `expires_at`. `again`: the key had already been served."""

    lines: tuple[HeldLine, ...]
    expires_at: datetime
    again: bool = False

    @property
    def hold_ids(self) -> tuple[UUID, ...]:
        return tuple(line.hold_id for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that could not be had, with what was free of it at that moment."""

    variant_id: UUID
    units: int
    units_free: int


@dataclass(frozen=True, slots=True)
class SoldOut:
    """Nothing is held. `lines` are those that were short."""

    lines: tuple[ShortLine, ...]


@dataclass(frozen=True, slots=True)
class HoldOver:
    """The key was served before and its hold has ended: buy again under a new key."""

    kind: EndKind


HoldOutcome = Held | SoldOut | HoldOver


@dataclass(frozen=True, slots=True)
class Taken:
    """The units have left. `again`: they had left before under this key."""

    lines: tuple[HeldLine, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Nothing left: no hold of this key is open. `kind` says how it ended, None: never existed."""

    kind: EndKind | None


TakeOutcome = Taken | NotHeld


@dataclass(frozen=True, slots=True)
class Receipt:
    """Units that arrive at a location. The key makes a repeat harmless."""

    key: UUID
    variant_id: UUID
    location_id: UUID
    units: int


@dataclass(frozen=True, slots=True)
class Count:
    """Someone counted `units` on hand. The key makes a repeat harmless."""

    key: UUID
    variant_id: UUID
    location_id: UUID
    units: int


@dataclass(frozen=True, slots=True)
class LocationRow:
    id: UUID
    organisation_id: UUID
    code: str
    name: str
    territory: str
