"""What every action of the editors shares: who may, the line in the change log, the news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kotinos.channel import models
from kotinos.channel.results import NotFound, NotYours
from kotinos.games import api as games
from kotinos.kernel import changelog, pagecache

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

EDITOR = games.RoleName.CATALOGUE
"""The role of an editor: whoever looks after what an organisation offers."""
PROGRAMME, CHANNEL = "programme", "linear-channel"
CACHE_TAG = "channel"


def may_edit(*, organisation_id: UUID, by: UUID | None, now: datetime) -> bool:
    """Whether a person is an editor of an organisation; the command line (None) is of all."""
    return by is None or games.may(
        person_id=by, organisation_id=organisation_id, role=EDITOR, now=now
    )


def programme_of(
    programme_id: UUID, *, by: UUID | None, now: datetime
) -> models.Programme | NotFound | NotYours:
    """A programme's row, locked, for somebody who may change it."""
    rows = models.Programme.objects.select_for_update(of=("self",))
    row = rows.filter(id=programme_id).first()
    if row is None:
        return NotFound(PROGRAMME)
    if not may_edit(organisation_id=row.organisation_id, by=by, now=now):
        return NotYours(row.organisation_id)
    return row


def channel_of(
    channel_id: UUID, *, by: UUID | None, now: datetime
) -> models.LinearChannel | NotFound | NotYours:
    """A linear channel, locked, for an editor of its edition's licensee.

    Schedules of one channel are therefore written one after the other; what only refers to the
    channel does not wait.
    """
    rows = models.LinearChannel.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("edition").filter(id=channel_id).first()
    if row is None:
        return NotFound(CHANNEL)
    if not may_edit(organisation_id=row.edition.licensee_id, by=by, now=now):
        return NotYours(row.edition.licensee_id)
    return row


def foreign_edition(codes: Iterable[str], *, by: UUID | None, now: datetime) -> NotYours | None:
    """The licensee of the first of these editions for which the person does not act."""
    for edition in models.Edition.objects.filter(code__in=list(codes)).order_by("code"):
        if not may_edit(organisation_id=edition.licensee_id, by=by, now=now):
            return NotYours(edition.licensee_id)
    return None


def record_programme(
    verb: str,
    row: models.Programme,
    *,
    by: UUID | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the line, and let no cache keep what was."""
    _record(verb, row.organisation_id, PROGRAMME, row.code, by=by, now=now, detail=detail)


def record_channel(
    verb: str,
    row: models.LinearChannel,
    *,
    by: UUID | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """The same for a linear channel and its schedule."""
    _record(verb, row.edition.licensee_id, CHANNEL, row.code, by=by, now=now, detail=detail)


def _record(
    verb: str,
    organisation_id: UUID,
    kind: str,
    subject: str,
    *,
    by: UUID | None,
    now: datetime,
    detail: dict[str, Any] | None,
) -> None:
    changelog.record(
        actor=by,
        organisation=organisation_id,
        verb=verb,
        subject_kind=kind,
        subject=subject,
        detail=detail,
        now=now,
    )
    pagecache.changed(CACHE_TAG)
