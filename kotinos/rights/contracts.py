"""The words every other package may use about rights: one door to questions, outcomes, facts.

Pure values, no Django. Territory masks and use masks are plain ints; bit numbers are stored in
the database and therefore never change (`rights.acts`, `games.contracts.Atlas.bits`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kotinos.rights.acts import OUTLETS_PER_ACT, Act, Outlet, use_bit, uses_mask
from kotinos.rights.facts import (
    CONSENT_ACTS,
    NOC_EMBLEM,
    Consent,
    ConsentPolicy,
    Duty,
    DutyKind,
    Exclusivity,
    Grant,
    Known,
    Law,
    Prohibition,
    Property,
    QuotaUse,
    Signature,
    Suspension,
    Termination,
    Window,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

__all__ = [
    "CONSENT_ACTS",
    "NOC_EMBLEM",
    "OUTLETS_PER_ACT",
    "REASON_DOCS",
    "Act",
    "Clearance",
    "Cleared",
    "Conflict",
    "Consent",
    "ConsentPolicy",
    "Decision",
    "Duty",
    "DutyKind",
    "Excess",
    "ExclusiveRow",
    "Exclusivity",
    "Explanation",
    "Grant",
    "Known",
    "Law",
    "Nearest",
    "Outlet",
    "Prohibition",
    "Property",
    "Question",
    "QuotaUse",
    "Reason",
    "Refused",
    "Signature",
    "Step",
    "Suspension",
    "Termination",
    "Window",
    "use_bit",
    "uses_mask",
]


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
    """No, for one reason. `blocking_id` is the grant, consent or prohibition behind it.

    `property_id` is the property refused, None only for a question that names none.
    """

    reason: Reason
    property_id: UUID | None
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

    @property
    def text(self) -> str:
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
