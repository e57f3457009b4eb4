"""A committee with no staff opens its team's goods: home only, then some countries, the world."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.games import api as games
from kotinos.rights import models
from kotinos.rights.actions.consents import give_consent
from kotinos.rights.actions.frame import may_act
from kotinos.rights.actions.grants import draft_grant
from kotinos.rights.actions.signing import sign
from kotinos.rights.actions.states import terminate
from kotinos.rights.facts import NOC_EMBLEM, ConsentPolicy
from kotinos.rights.results import (
    BadTerms,
    Changed,
    Drafted,
    NotFound,
    NotYours,
    Problem,
    Signed,
    Unchanged,
)
from kotinos.rights.terms import GrantTerms

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.results import SignOutcome

NOTE = "open"
NUMBER = "OPEN-"


class Reach(StrEnum):
    """How far a committee's goods may go."""

    HOME_ONLY = "home-only"
    LISTED = "listed"
    WORLD = "world"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTerms:
    """The committee's own conditions. `consent` None leaves its policy for foreign goods alone."""

    acts: str = "sell, ship, advertise"
    outlets: str = "own-shop, marketplace"
    duties: str = ""
    consent: str | None = None
    consent_listed: tuple[str, ...] = ()
    share_basis_points: int = 0


def open_noc(
    *,
    noc: str,
    reach: str,
    now: datetime,
    territories: Collection[str] = (),
    terms: OpenTerms | None = None,
    actor: UUID | None = None,
) -> SignOutcome | BadTerms:
    """Write and sign the committee's grant to itself for its emblem, in place of the one before.

    All of it or nothing: where the consent policy is refused, the grant does not stand either.
    """
    wanted = terms or OpenTerms()
    with transaction.atomic():
        savepoint = transaction.savepoint()
        outcome = _open(noc, reach, territories, wanted, now=now, actor=actor)
        if isinstance(outcome, Signed):
            transaction.savepoint_commit(savepoint)
        else:
            transaction.savepoint_rollback(savepoint)
        return outcome


def _open(
    noc: str,
    reach: str,
    territories: Collection[str],
    terms: OpenTerms,
    *,
    now: datetime,
    actor: UUID | None,
) -> SignOutcome | BadTerms:
    committee = games.noc(noc)
    if committee is None:
        return NotFound("noc", noc)
    if not may_act(actor=actor, organisation_id=committee.organisation_id, now=now):
        return NotYours(committee.organisation_id)
    emblem = _emblem(committee.code)
    if emblem is None:
        return NotFound("emblem of", committee.code)
    territory = _territory(committee.code, reach, territories)
    if isinstance(territory, BadTerms):
        return territory
    if terms.consent is not None:
        consented = _consent(committee.code, terms, now=now, actor=actor)
        if consented is not None:
            return consented
    (owner,) = games.organisations(ids=(committee.organisation_id,))
    grant = GrantTerms(
        grantor=owner.code,
        grantee=owner.code,
        property=emblem.code,
        acts=terms.acts,
        outlets=terms.outlets,
        territory=territory,
        duties=terms.duties,
        note=f"{NOTE}: {reach}",
        number=_number(committee.code),
    )
    return _replace(grant, committee.organisation_id, now=now, actor=actor)


def _replace(
    grant: GrantTerms, organisation_id: UUID, *, now: datetime, actor: UUID | None
) -> SignOutcome | BadTerms:
    drafted = draft_grant(terms=grant, now=now, actor=actor)
    if not isinstance(drafted, Drafted):
        return drafted
    fresh = models.Grant.objects.get(id=drafted.grant_id)
    former = _former(organisation_id)
    if any(_says_the_same(row, fresh) for row in former):
        fresh.delete()
        return Unchanged(f"{grant.grantor} is open like this")
    for row in former:
        outcome = terminate(grant_id=row.id, now=now, reason="replaced by a new reach", actor=actor)
        assert isinstance(outcome, Changed), outcome
    return sign(grant_id=fresh.id, now=now, actor=actor)


def _emblem(noc: str) -> models.Property | None:
    """The committee's emblem; its first one where it has several."""
    emblems = models.Property.objects.filter(kind=NOC_EMBLEM, home_noc=noc)
    return emblems.order_by("recorded_at", "id").first()


def _territory(noc: str, reach: str, territories: Collection[str]) -> str | BadTerms:
    if bool(territories) != (reach == Reach.LISTED):
        return BadTerms((Problem("territories", "belong to the reach listed, and to no other"),))
    match reach:
        case Reach.HOME_ONLY:
            return f"HOME({noc})"
        case Reach.LISTED:
            return ",".join([f"HOME({noc})", *territories])
        case Reach.WORLD:
            return "WORLD"
        case _:
            return BadTerms((Problem("reach", f"{reach!r} is none of {', '.join(Reach)}"),))


def _consent(
    noc: str, terms: OpenTerms, *, now: datetime, actor: UUID | None
) -> BadTerms | NotYours | NotFound | None:
    outcome = give_consent(
        noc=noc,
        policy=terms.consent or ConsentPolicy.HOME_ONLY,
        listed=terms.consent_listed,
        share_basis_points=terms.share_basis_points,
        now=now,
        actor=actor,
    )
    return outcome if isinstance(outcome, BadTerms | NotYours | NotFound) else None


def _former(organisation_id: UUID) -> list[models.Grant]:
    """The grants this action wrote and that stand; grants written by hand are left alone."""
    rows = models.Grant.objects.filter(
        grantor=organisation_id,
        grantee=organisation_id,
        number__startswith=NUMBER,
        termination__isnull=True,
        signatures__isnull=False,
    )
    return list(rows.order_by("id"))


def _says_the_same(one: models.Grant, other: models.Grant) -> bool:
    names = ("property_id", "acts", "outlets", "territory", "duties")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _number(noc: str) -> str:
    count = models.Grant.objects.filter(number__startswith=f"{NUMBER}{noc}-").count()
    return f"{NUMBER}{noc}-{count + 1}"
