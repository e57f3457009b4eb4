"""What every action on drops shares: who may, the line in the change log, the news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.drops import models, queries
from kotinos.games import api as games
from kotinos.kernel import changelog, outbox, pagecache

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.contracts import DropView

DROPS_CHANGED = "drops.changed"
SUBJECT = "drop"


def may_manage(*, seller_id: UUID, actor: UUID | None, now: datetime) -> bool:
    """Whether a person looks after a seller's catalogue; the command line (None) may."""
    return actor is None or games.may(
        person_id=actor, organisation_id=seller_id, role=games.RoleName.CATALOGUE, now=now
    )


def locked(drop_id: UUID) -> models.Drop | None:
    """The drop's row, so that two changes of one drop follow each other."""
    return models.Drop.objects.select_for_update().filter(id=drop_id).first()


def view(drop_id: UUID) -> DropView:
    """The drop as it is within this transaction; it exists."""
    found = queries.drop_by_id(drop_id)
    assert found is not None, drop_id
    return found


def record(
    verb: str,
    row: models.Drop,
    *,
    actor: UUID | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the line, tell the others, let no cache keep what was."""
    changelog.record(
        actor=actor,
        organisation=row.seller_id,
        verb=verb,
        subject_kind=SUBJECT,
        subject=row.slug,
        detail=detail,
        now=now,
    )
    payload = {
        "drop": str(row.id),
        "slug": row.slug,
        "verb": verb,
        "organisation": str(row.seller_id),
    }
    outbox.publish(kind=DROPS_CHANGED, payload=payload, now=now)
    pagecache.changed("drops")
