"""The words every other package may use about rights: questions, outcomes and facts.

Pure values, no Django. Territory masks and use masks are plain ints; see `Act`, `Outlet` and
`use_bit` for the bit numbers, which are stored in the database and therefore never change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

OUTLETS_PER_ACT = 8


class Act(Enum):
    """A leaf of the tree of controlled acts; `bit` is stored and never changes."""

    MAKE = ("make", 0)
    SELL = ("sell", 1)
    SHIP = ("ship", 2)
    ADVERTISE = ("advertise", 3)
    SHOW_LIVE = ("show/live", 4)
    SHOW_DELAYED = ("show/delayed", 5)
    SHOW_VOD = ("show/vod", 6)
    SHOW_CLIP = ("show/clip", 7)
    USE_WORD = ("use-word", 8)
    SELL_TICKET = ("sell/ticket", 9)
    SELL_PACKAGE = ("sell/package", 10)
    RESELL_TICKET = ("resell/ticket", 11)

    def __init__(self, text: str, bit: int) -> None:
        self.text = text
        self.bit = bit


class Outlet(Enum):
    """The channel through which an act reaches people; `bit` is stored and never changes."""

    OWN_SHOP = ("own-shop", 0)
    MARKETPLACE = ("marketplace", 1)
    LIVE_SALE = ("live-sale", 2)
    FREE_TO_AIR = ("free-to-air", 3)
    PAY = ("pay", 4)
    INTERNET = ("internet", 5)
    MOBILE = ("mobile", 6)
    RESELLER = ("reseller", 7)

    def __init__(self, text: str, bit: int) -> None:
        self.text = text
        self.bit = bit


def use_bit(act: Act, outlet: Outlet) -> int:
    """Return the bit number (0..95) of one act through one outlet."""
    return act.bit * OUTLETS_PER_ACT + outlet.bit


def uses_mask(acts: Iterable[Act], outlets: Iterable[Outlet]) -> int:
    """Return the mask of every combination of the acts with the outlets."""
    outlet_bits = 0
    for outlet in outlets:
        outlet_bits |= 1 << outlet.bit
    mask = 0
    for act in acts:
        mask |= outlet_bits << act.bit * OUTLETS_PER_ACT
    return mask


class Reason(StrEnum):
    """Why the answer is no: a closed list, one line of documentation each (`REASON_DOCS`)."""

    NO_GRANT = "no-grant"
    TERRITORY = "territory"
    NOT_YET = "not-yet"
    ENDED = "ended"
    ACT = "act"
    OUTLET = "outlet"
    HELD_BY_OTHER = "held-by-other"
    NO_CONSENT = "no-consent"
    SUSPENDED = "suspended"
    QUOTA_SPENT = "quota-spent"
    DELAYED = "delayed"
    PROHIBITED = "prohibited"
    PARENT_LOST = "parent-lost"


REASON_DOCS: dict[Reason, str] = {
    Reason.NO_GRANT: "No signed grant gives this seller anything on the property.",
    Reason.TERRITORY: "The seller's grant does not reach this territory.",
    Reason.NOT_YET: "The seller's grant begins later (also an embargo).",
    Reason.ENDED: "The seller's grant has run out or was terminated.",
    Reason.ACT: "The seller's grant allows other acts, not this one.",
    Reason.OUTLET: "The seller's grant allows the act, but through other outlets.",
    Reason.HELD_BY_OTHER: "Another party holds this exclusively (or solely) here and now.",
    Reason.NO_CONSENT: "The destination's committee has not admitted foreign committees' goods.",
    Reason.SUSPENDED: "The seller's grant is suspended for the time being.",
    Reason.QUOTA_SPENT: "The units that the grant, or one above it, allows are used up.",
    Reason.DELAYED: "The grant asks for a delay after the event that has not passed.",
    Reason.PROHIBITED: "The owner forbids this here, whatever grants say.",
    Reason.PARENT_LOST: "The grant it rests on no longer holds for this, so neither does it.",
}


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


# --- facts ------------------------------------------------------------------------------------


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


# --- questions and outcomes -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """May this seller do this with all these properties, there and then?

    `occurred_at` is when the event shown happened; without it a delayed grant clears nothing,
    because nobody can say that the delay has passed.
    """

    seller_id: UUID
    property_ids: tuple[UUID, ...]
    act: Act
    outlet: Outlet
    territory: str
    at: datetime
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """Yes, on this chain of grants (root first, property after property).

    `until` is the first instant at which the answer may differ (chain, delay or law), None if
    never. `consents` are the destination committees' consents it rests on; their shares stand
    among the duties. `law` names the rule above the contracts that it rests on, if one.
    """

    until: datetime | None
    chain: tuple[UUID, ...]
    duties: tuple[Duty, ...] = ()
    consents: tuple[UUID, ...] = ()
    law: Law | None = None
    delay_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Nearest:
    """What would come closest to a yes: the moment it opens, and who is cleared there now."""

    opens_at: datetime | None = None
    seller_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """No, for one reason. `blocking_id` is the grant, consent or prohibition behind it."""

    reason: Reason
    property_id: UUID
    blocking_id: UUID | None = None
    nearest: Nearest | None = None


Decision = Cleared | Refused


@dataclass(frozen=True, slots=True)
class Clearance:
    """One compiled row: in [from_at, until_at) these uses are cleared in this mask.

    `properties` is the sorted property set; `uses` a mask of `use_bit`s; `mask` a territory
    mask. A territory's run of one outcome is one row, so `until_at` is the decision's `until`.
    """

    properties: tuple[UUID, ...]
    seller_id: UUID
    uses: int
    from_at: datetime | None
    until_at: datetime | None
    mask: int
    delay_minutes: int
    chain: tuple[UUID, ...]
    law: Law | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The exact overlap of a draft with a signed grant that keeps it out (or is kept out)."""

    grant_id: UUID
    property_ids: tuple[UUID, ...]
    acts: tuple[Act, ...]
    outlets: tuple[Outlet, ...]
    territories: tuple[str, ...]
    window: Window


@dataclass(frozen=True, slots=True)
class ExclusiveRow:
    """One row of the table that carries the exclusion constraint (rule 4).

    No two rows of different grantees may share scope and property and overlap in acts, outlets,
    territories and window. Bit sets are masks; `ranges` in `conflicts` turns them into runs.
    """

    grant_id: UUID
    grantee_id: UUID
    scope_id: UUID | None
    property_id: UUID
    acts: int
    outlets: int
    territories: int
    window: Window


@dataclass(frozen=True, slots=True)
class Excess:
    """One way in which a child would exceed its parent: "territory: exceeds parent by BE, LU"."""

    dimension: str
    detail: str

    def __str__(self) -> str:
        """Return the line shown at signing."""
        return f"{self.dimension}: exceeds parent by {self.detail}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation; `subject_id` is the grant, consent or prohibition it names."""

    kind: str
    sentence: str
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in the reader's words, and the same for machines.

    `since`..`until` is the time for which the outcome holds around the question's moment;
    `cleared_mask` the territories in which the same question is cleared at that moment.
    """

    sentence: str
    since: datetime | None
    until: datetime | None
    steps: tuple[Step, ...]
    cleared_mask: int
    machine: dict[str, object]
