"""What a national committee says about foreign committees' goods in its home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kotinos.games import api as games
from kotinos.rights import models
from kotinos.rights.actions.frame import may_act, record, settle, take_book
from kotinos.rights.facts import NOC_EMBLEM, ConsentPolicy
from kotinos.rights.results import BadTerms, Changed, NotFound, NotYours, Problem, Unchanged

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import ChangeOutcome

BASIS_POINTS_MAX = 10_000


@transaction.atomic
def give_consent(
    *,
    noc: str,
    policy: str,
    now: datetime,
    listed: Collection[str] = (),
    share_basis_points: int = 0,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    actor: UUID | None = None,
) -> ChangeOutcome:
    """The committee's policy from `starts_at` (default: now) on; the latest start rules."""
    said_at, now = now, take_book(now)
    said = ConsentTerms(
        noc=noc,
        policy=policy,
        listed=listed,
        share_basis_points=share_basis_points,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    outcome = give_consent_held(said=said, now=now, actor=actor, said_at=said_at)
    if not isinstance(outcome, Changed):
        return outcome
    return Changed(outcome.id, settle_consents(noc=noc, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTerms:
    """What a committee says. Without `starts_at` it says so from the moment of saying it."""

    noc: str
    policy: str
    listed: Collection[str] = ()
    share_basis_points: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def give_consent_held(
    *, said: ConsentTerms, now: datetime, actor: UUID | None, said_at: datetime | None = None
) -> ChangeOutcome:
    """As `give_consent`, inside a transaction that holds the book and settles afterwards."""
    start = said.starts_at or said_at or now
    committee = games.noc(said.noc)
    if committee is None:
        return NotFound("noc", said.noc)
    if not may_act(actor=actor, organisation_id=committee.organisation_id, now=now):
        return NotYours(committee.organisation_id)
    problems = _problems(said.policy, said.listed, said.share_basis_points, start, said.ends_at)
    if problems:
        return BadTerms(tuple(problems))
    terms = {
        "noc": committee.code,
        "policy": said.policy,
        "listed": sorted(set(said.listed)),
        "share_basis_points": said.share_basis_points,
        "ends_at": said.ends_at,
    }
    if _stands(terms, starts_at=said.starts_at, now=now):
        return Unchanged(f"{said.noc} has said so")
    row = models.Consent.objects.create(
        **terms,
        starts_at=start,
        organisation_id=committee.organisation_id,
        person_id=actor,
        recorded_at=now,
    )
    record(
        actor=actor,
        organisation_id=committee.organisation_id,
        verb="consent",
        subject_kind="consent",
        subject=committee.code,
        detail={"policy": said.policy, "listed": terms["listed"]},
        now=now,
    )
    return Changed(row.id, 0)


@transaction.atomic
def revoke_consent(
    *, consent_id: UUID, now: datetime, at: datetime | None = None, actor: UUID | None = None
) -> ChangeOutcome:
    """Take a consent back from `at` on; the one before it rules again, if there was one."""
    at, now = at or now, take_book(now)
    row = models.Consent.objects.select_for_update().filter(id=consent_id).first()
    if row is None:
        return NotFound("consent", str(consent_id))
    if not may_act(actor=actor, organisation_id=row.organisation_id, now=now):
        return NotYours(row.organisation_id)
    if models.ConsentRevocation.objects.filter(consent=row).exists():
        return Unchanged("revoked already")
    models.ConsentRevocation.objects.create(consent=row, person_id=actor, at=at, recorded_at=now)
    record(
        actor=actor,
        organisation_id=row.organisation_id,
        verb="revoke",
        subject_kind="consent",
        subject=row.noc,
        now=now,
    )
    return Changed(row.id, settle_consents(noc=row.noc, now=now))


def _stands(terms: dict[str, Any], *, starts_at: datetime | None, now: datetime) -> bool:
    """Whether the committee has said this with this start; without a start, whether it rules."""
    rows = models.Consent.objects.filter(noc=terms["noc"], revocation__isnull=True)
    if starts_at is not None:
        return rows.filter(**terms, starts_at=starts_at).exists()
    ruling = rows.filter(starts_at__lte=now).order_by("starts_at", "recorded_at", "id").last()
    return ruling is not None and all(
        getattr(ruling, name) == value for name, value in terms.items()
    )


def settle_consents(*, noc: str, now: datetime) -> int:
    """A consent changes what every other committee's emblem may do: compile all of those."""
    emblems = models.Property.objects.filter(kind=NOC_EMBLEM).values_list("id", flat=True)
    return settle(property_ids=list(emblems), now=now, cause="consent", subject=noc)


def _problems(
    policy: str,
    listed: Collection[str],
    share_basis_points: int,
    start: datetime,
    ends_at: datetime | None,
) -> list[Problem]:
    problems: list[Problem] = []
    if policy not in set(ConsentPolicy):
        problems.append(Problem("policy", f"{policy!r} is none of {', '.join(ConsentPolicy)}"))
    if bool(listed) != (policy == ConsentPolicy.LISTED):
        problems.append(Problem("listed", "belongs to the policy listed, and to no other"))
    known = {noc.code for noc in games.nocs()} if listed else set()
    problems += [
        Problem("listed", f"{code!r} is no national committee")
        for code in sorted(set(listed) - known)
    ]
    if not 0 <= share_basis_points <= BASIS_POINTS_MAX:
        problems.append(Problem("share", f"is not between 0 and {BASIS_POINTS_MAX} basis points"))
    if ends_at is not None and ends_at <= start:
        problems.append(Problem("until", "is not after the beginning"))
    return problems
