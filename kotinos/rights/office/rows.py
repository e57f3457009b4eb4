"""What the pages of this folder show: typed rows, with every name already looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from kotinos.kernel.mapview import MapView, Territory


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant in a list. `territory` is the text in which it was written."""

    id: UUID
    number: str
    grantor: str
    grantee: str
    property: str
    property_code: str
    acts: tuple[StrOrPromise, ...]
    outlets: tuple[StrOrPromise, ...]
    territory: str
    starts_at: datetime | None
    ends_at: datetime | None
    exclusivity: str
    delay_minutes: int
    quota_units: int | None
    state: str
    state_name: StrOrPromise


@dataclass(frozen=True, slots=True)
class StateLine:
    """Something that happened to a grant: signed, suspended, lifted, terminated."""

    at: datetime
    what: StrOrPromise
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DutyLine:
    kind: StrOrPromise
    percent: str
    owed_to: str
    note: str


@dataclass(frozen=True, slots=True)
class GrantDetail:
    """All of one grant. `chain` is its ancestors, root first; `below` what was granted from it."""

    row: GrantRow
    chain: tuple[GrantRow, ...]
    below: tuple[GrantRow, ...]
    duties: tuple[DutyLine, ...]
    states: tuple[StateLine, ...]
    may_sublicense: bool
    note: str
    quota_used: int | None


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """An overlap in words, ready to be read before signing."""

    number: str
    holder: str
    properties: tuple[str, ...]
    acts: tuple[StrOrPromise, ...]
    outlets: tuple[StrOrPromise, ...]
    territories: tuple[Territory, ...]
    territory_text: str
    from_at: datetime | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class EffectView:
    """What a change would open and close for one act through one outlet, over all works touched."""

    act: StrOrPromise
    outlet: StrOrPromise
    map: MapView
    gained: int
    lost: int
    works_touched: int
    works_gaining: int
    works_losing: int
    titles: tuple[str, ...]
    served_count: int
    served_money: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.gained and not self.lost


@dataclass(frozen=True, slots=True)
class SellerLine:
    """One seller's part of a clearance."""

    seller: str
    seller_id: UUID
    territory_text: str
    territories: tuple[Territory, ...]
    until_at: datetime | None
    delay_minutes: int
    law: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log with the actor's name."""

    at: datetime
    who: str
    verb: str
    subject: str
    detail: str
