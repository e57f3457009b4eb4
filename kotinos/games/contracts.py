"""What other packages may hold in their hands. Frozen, and no Django."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kotinos.games import territory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID


class OrganisationKind(StrEnum):
    IOC = "ioc"
    OCOG = "ocog"
    NOC = "noc"
    LICENSEE = "licensee"
    BROADCASTER = "broadcaster"
    SELLER = "seller"
    CONSORTIUM = "consortium"
    PLATFORM = "platform"


class RoleName(StrEnum):
    """What a person may do for an organisation. An operator may do everything, everywhere."""

    RIGHTS_MANAGER = "rights-manager"
    CATALOGUE = "catalogue"
    ORDERS = "orders"
    VIEWER = "viewer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    code: str
    kind: OrganisationKind
    name: str


@dataclass(frozen=True, slots=True)
class Noc:
    """A national committee: its three-letter code, its organisation, its usual currency."""

    code: str
    organisation_id: UUID
    association: str
    currency: str


@dataclass(frozen=True, slots=True)
class Edition:
    code: str
    name: str
    organisation_id: UUID
    host: str
    starts_on: date
    ends_on: date
    timezone: str
    theme: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Role:
    organisation_id: UUID
    name: RoleName


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role with the person and the organisation spelt out, for people who administer them."""

    id: UUID
    person_id: UUID
    email: str
    organisation_id: UUID
    organisation: str
    name: RoleName
    since: datetime


@dataclass(frozen=True, slots=True)
class HomeSpan:
    """From one instant until another (None: no end) this territory is this committee's home."""

    noc: str
    territory: str
    start: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SetSpan:
    """From one instant until another a named set of territories has this text."""

    name: str
    text: str
    start: datetime
    until: datetime | None


@dataclass(frozen=True)
class Atlas:
    """Territories, homes and named sets as they were known at one moment. Pure and immutable.

    A set of territories is a Python int: bit `bits[code]` stands for the territory.
    """

    bits: Mapping[str, int]
    homes: tuple[HomeSpan, ...] = ()
    sets: tuple[SetSpan, ...] = ()
    _masks: dict[tuple[str, datetime | None], int] = field(default_factory=dict, compare=False)

    @cached_property
    def world(self) -> int:
        """Every territory there is."""
        return sum(1 << bit for bit in self.bits.values())

    @cached_property
    def boundaries(self) -> tuple[datetime, ...]:
        """Every instant at which a home or a named set changes, in order."""
        spans: Iterable[HomeSpan | SetSpan] = (*self.homes, *self.sets)
        instants = {instant for span in spans for instant in (span.start, span.until)}
        return tuple(sorted(instant for instant in instants if instant is not None))

    def mask(self, text: str, at: datetime) -> int:
        """The territories a text names at an instant: `WORLD,-CA`, `HOME(KEN)`, `EEA`, `JP,FR`.

        Raises TerritoryTextError with the place of the fault and the nearest known word.
        """
        key = (text, self._era(at))
        if key not in self._masks:
            self._masks[key] = territory.parse(text, self, at)
        return self._masks[key]

    def home_mask(self, noc: str, at: datetime) -> int:
        """The territories that are this committee's home at an instant."""
        return self._union(
            span.territory for span in self.homes if span.noc == noc and _in(span, at)
        )

    def home_noc(self, code: str, at: datetime) -> str | None:
        """The committee whose home this territory is at an instant; None where it is nobody's."""
        for span in self.homes:
            if span.territory == code and _in(span, at):
                return span.noc
        return None

    def set_text(self, name: str, at: datetime) -> str | None:
        """The text of a named set at an instant; None where it has none then."""
        for span in self.sets:
            if span.name == name and _in(span, at):
                return span.text
        return None

    def codes(self, mask: int) -> tuple[str, ...]:
        """The codes in a mask, in alphabetical order."""
        return tuple(sorted(code for code, bit in self.bits.items() if mask >> bit & 1))

    def text(self, mask: int) -> str:
        """The shortest text a person reads easily: a list, or the world less a list."""
        return territory.write(mask, self)

    def _union(self, codes: Iterable[str]) -> int:
        mask = 0
        for code in codes:
            mask |= 1 << self.bits[code]
        return mask

    def _era(self, at: datetime) -> datetime | None:
        """The last boundary not after the instant: between two boundaries nothing changes."""
        count = bisect_right(self.boundaries, at)
        return self.boundaries[count - 1] if count else None


def _in(span: HomeSpan | SetSpan, at: datetime) -> bool:
    return span.start <= at and (span.until is None or at < span.until)
