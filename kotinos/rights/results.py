"""What the actions answer. Outcomes are values: a page shows them, an import reports them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.contracts import Conflict, Decision, Excess


@dataclass(frozen=True, slots=True)
class NotYours:
    """The person is no rights manager of the organisation that would have to act."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing has this id, number or code."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of what was handed in."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class BadTerms:
    """What was handed in cannot stand as it is; every problem found, not only the first."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A grant in writing, not signed by anybody."""

    grant_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed by these parties now. `works` is how many works' clearance was compiled again."""

    grant_id: UUID
    parties: tuple[str, ...]
    in_force: bool
    works: int


@dataclass(frozen=True, slots=True)
class NotGiven:
    """The grantor has no power to give this: neither owner nor allowed to sublicense it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Exceeds:
    """The grant would reach beyond its parent, in these ways exactly."""

    excesses: tuple[Excess, ...]


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The grant would overlap exclusives already signed, exactly here."""

    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing was to be done, and why: already signed, already lifted, never suspended."""

    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Done. `id` is the row that says so; `works` as in `Signed`."""

    id: UUID
    works: int


@dataclass(frozen=True, slots=True)
class QuotaSpent:
    """Nothing was spent: these grants have too few units left."""

    grant_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class QuotaTaken:
    """The units are spent; a repeat of the same key spends nothing more."""

    is_repeat: bool


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision on record: what an order line points to."""

    id: UUID
    decision: Decision


DraftOutcome = Drafted | BadTerms | NotYours | NotFound | Unchanged
SignOutcome = Signed | NotGiven | Exceeds | Conflicting | NotYours | NotFound | Unchanged
ChangeOutcome = Changed | Unchanged | NotYours | NotFound | BadTerms
