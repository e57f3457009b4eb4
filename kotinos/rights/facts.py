"""What the book holds: properties, grants with their states, consents, prohibitions.

Every fact has valid time (`window`) and recorded time (`known`); both are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kotinos.rights.acts import Act, Outlet, uses_mask

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class Exclusivity(StrEnum):
    """Whom a grant keeps out: everybody, everybody but the grantor, nobody."""

    EXCLUSIVE = "exclusive"
    SOLE = "sole"
    NON_EXCLUSIVE = "non-exclusive"


class ConsentPolicy(StrEnum):
    """Which foreign committees' goods a destination committee admits."""

    HOME_ONLY = "home-only"
    LISTED = "listed"
    WORLD = "world"


class DutyKind(StrEnum):
    """What the permitted party owes in return."""

    ROYALTY = "royalty"
    APPROVAL = "approval"
    LABEL = "label"
    FREE_TO_AIR = "free-to-air"
    REPORT = "report"
    SHARE = "share"
    CONDITION = "condition"


class Law(StrEnum):
    """Rules above the contracts; each is off unless the book enables it."""

    EEA_PASSIVE_SALES = "eea-passive-sales"


NOC_EMBLEM = "noc-emblem"
"""The property kind whose foreign sale needs the destination committee's consent (rule 5)."""

CONSENT_ACTS = (Act.SELL, Act.SHIP, Act.ADVERTISE)
"""The acts for which rule 5 asks for that consent."""


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open valid time [from_at, until_at); None is open on that side. Always aware."""

    from_at: datetime | None = None
    until_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Return whether the instant lies inside."""
        return (self.from_at is None or self.from_at <= at) and not self.ended(at)

    def ended(self, at: datetime) -> bool:
        """Return whether the instant lies at or after the end."""
        return self.until_at is not None and self.until_at <= at

    def edges(self) -> tuple[datetime, ...]:
        """Return the instants at which the window opens and closes."""
        return tuple(edge for edge in (self.from_at, self.until_at) if edge is not None)


@dataclass(frozen=True, slots=True)
class Known:
    """Recorded time: from when the installation knew a fact, and until when it held it true."""

    recorded_at: datetime
    retracted_at: datetime | None = None

    def at(self, as_of: datetime) -> bool:
        """Return whether the fact stood on record at that instant."""
        return self.recorded_at <= as_of and (
            self.retracted_at is None or as_of < self.retracted_at
        )


@dataclass(frozen=True, slots=True)
class Property:
    """Something protected. `home_noc` is set for kind `noc-emblem` and names its committee."""

    id: UUID
    code: str
    kind: str
    owner_id: UUID
    parent_id: UUID | None = None
    home_noc: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed for a permission.

    `source_id` is the grant or consent that imposes it. `basis_points` belongs to royalty and
    share (10,000 = the whole); `note` is the words of the contract.
    """

    kind: DutyKind
    source_id: UUID
    owed_to_id: UUID | None = None
    basis_points: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's signature. `signed_at` ranks equal grants; `known` says when it counts."""

    party_id: UUID
    signed_at: datetime
    known: Known


@dataclass(frozen=True, slots=True)
class Suspension:
    """A pause of a grant. Lifting retracts the row and records one whose window ends."""

    id: UUID
    window: Window
    known: Known


@dataclass(frozen=True, slots=True)
class Termination:
    """The early end of a grant, from `at` on."""

    id: UUID
    at: datetime
    known: Known


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission from grantor to grantee on a property's subtree.

    It permits nothing until both parties have signed (one signature if they are the same).
    An embargo is simply the start of the window. `territory` is territory text. A unit spent
    counts against the grant and every grant above it. `uses` is derived from acts x outlets.
    """

    id: UUID
    grantor_id: UUID
    grantee_id: UUID
    property_id: UUID
    acts: tuple[Act, ...]
    outlets: tuple[Outlet, ...]
    territory: str
    window: Window
    known: Known
    parent_id: UUID | None = None
    delay_minutes: int = 0
    exclusivity: Exclusivity = Exclusivity.NON_EXCLUSIVE
    quota_units: int | None = None
    duties: tuple[Duty, ...] = ()
    may_sublicense: bool = False
    signatures: tuple[Signature, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    terminations: tuple[Termination, ...] = ()
    uses: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Derive `uses` once: the engine asks for it at every decision."""
        object.__setattr__(self, "uses", uses_mask(self.acts, self.outlets))


@dataclass(frozen=True, slots=True)
class Consent:
    """A destination committee's policy towards goods with foreign committees' emblems.

    The latest one in force (by window start, then record, then id) is the committee's policy.
    `listed` holds NOC codes, used by the policy `listed` only.
    """

    id: UUID
    noc: str
    organisation_id: UUID
    policy: ConsentPolicy
    window: Window
    known: Known
    listed: frozenset[str] = frozenset()
    share_basis_points: int = 0


@dataclass(frozen=True, slots=True)
class Prohibition:
    """An owner's "never here", which beats every grant. `seller_id` None forbids everybody."""

    id: UUID
    issuer_id: UUID
    property_id: UUID
    acts: tuple[Act, ...]
    outlets: tuple[Outlet, ...]
    territory: str
    window: Window
    known: Known
    seller_id: UUID | None = None
    uses: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Derive `uses` once, as for grants."""
        object.__setattr__(self, "uses", uses_mask(self.acts, self.outlets))


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """Units spent under one grant (negative: given back). One row per grant of the chain."""

    grant_id: UUID
    units: int
    recorded_at: datetime
