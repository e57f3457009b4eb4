"""Who changed what, and when: one line for every change a person or a command makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.kernel.models import Change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


def record(
    *,
    actor: UUID | None,
    organisation: UUID | None,
    verb: str,
    subject_kind: str,
    subject: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one line in the caller's transaction: change and line stand or fall together."""
    Change.objects.create(
        at=now,
        actor_id=actor,
        organisation_id=organisation,
        verb=verb,
        subject_kind=subject_kind,
        subject=subject,
        detail=detail or {},
    )


def history(*, subject_kind: str, subject: str, rows_max: int = 100) -> Sequence[Change]:
    """The lines about one thing, newest first."""
    lines = Change.objects.filter(subject_kind=subject_kind, subject=subject)
    return list(lines.order_by("-at")[:rows_max])
