"""The frame of every change of the book: one writer at a time, and all that follows from it.

The book is taken first, so that whoever compiles has seen everything committed before; the news
(change log, outbox, page caches, compiled answers) is part of the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.games import api as games
from kotinos.kernel import changelog, outbox, pagecache, rich
from kotinos.rights import models, statements
from kotinos.rights.compiling import recompile_properties

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

RIGHTS_CHANGED = "rights.changed"


def take_book(now: datetime) -> datetime:
    """Wait until no other transaction is changing the book; ours until this one ends.

    Returns the moment of the change, which every action then takes for its `now`: now, or just
    after the last change where clocks disagree. What is known at a moment never changes later.
    """
    return rich.run_one(statements.take_book, now=now)


def may_act(*, actor: UUID | None, organisation_id: UUID, now: datetime) -> bool:
    """Whether the actor manages rights for an organisation; None is the command line, which may."""
    return actor is None or games.may(
        person_id=actor,
        organisation_id=organisation_id,
        role=games.RoleName.RIGHTS_MANAGER,
        now=now,
    )


def record(
    *,
    actor: UUID | None,
    organisation_id: UUID | None,
    verb: str,
    subject_kind: str,
    subject: object,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Who did what: the change log's line."""
    changelog.record(
        actor=actor,
        organisation=organisation_id,
        verb=verb,
        subject_kind=subject_kind,
        subject=str(subject),
        detail=detail,
        now=now,
    )


def settle_grants(
    *, grant_ids: Collection[UUID], now: datetime, cause: str, subject: object
) -> int:
    """`settle` for grants: only those whom they, or grants below them, serve are compiled."""
    rows = models.Grant.objects.filter(
        id__in=[each for each, _ in rich.run(statements.grants_below, grants=list(grant_ids))]
    ).values_list("grantee_id", "property_id")
    grantees = {grantee for grantee, _ in rows}
    members = {member for pool, member in games.memberships() if pool in grantees}
    return settle(
        property_ids={each for _, each in rows},
        seller_ids=grantees | members,
        now=now,
        cause=cause,
        subject=subject,
    )


def settle(
    *,
    property_ids: Collection[UUID] | None,
    now: datetime,
    cause: str,
    subject: object,
    seller_ids: Collection[UUID] | None = None,
) -> int:
    """Compile what these properties (None: all) touch and tell the world; the works touched."""
    works = recompile_properties(property_ids=property_ids, seller_ids=seller_ids, now=now)
    payload = {"cause": cause, "subject": str(subject), "works": works}
    outbox.publish(kind=RIGHTS_CHANGED, payload=payload, now=now)
    pagecache.changed("rights")
    return works
