"""Write keys are made and revoked: whose events come by which, and how many a second."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.insight.keys import PAGES
from kotinos.insight.models import WriteKey
from kotinos.kernel import changelog

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.games.contracts import Organisation

SUBJECT = "write-key"
NAME_CHARACTERS_MAX = 64
RATE_MAX = 50_000
_NAME = re.compile(r"[a-z0-9](-?[a-z0-9])*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Made:
    """The key itself is told now and never again."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class NotMade:
    """`reason`: name (it cannot be one), taken, or rate."""

    reason: str


def full_name(name: str, organisation: Organisation | None) -> str:
    """What events of a key say they come from: an organisation's code first, so that two
    organisations never count on one line of the ledger.
    """
    return f"{organisation.code.lower()}-{name}" if organisation else name


def make_key(
    *,
    edition: str,
    organisation: Organisation | None,
    name: str,
    events_per_s_max: int,
    actor: UUID,
    now: datetime,
) -> Made | NotMade:
    """Make a key. A name that a living key of the edition has is taken."""
    full = full_name(name, organisation)
    if not _NAME.fullmatch(name) or len(full) > NAME_CHARACTERS_MAX:
        return NotMade("name")
    if not 1 <= events_per_s_max <= RATE_MAX:
        return NotMade("rate")
    key = f"wk_{secrets.token_hex(20)}"
    with transaction.atomic():
        # The pages' key is there before any other: who holds its row makes keys alone.
        found = list(WriteKey.objects.select_for_update().filter(edition_id=edition).order_by("id"))
        if full == PAGES or any(each.name == full and not each.revoked_at for each in found):
            return NotMade("taken")
        WriteKey.objects.create(
            key=key,
            name=full,
            edition_id=edition,
            organisation_id=organisation.id if organisation else None,
            events_per_s_max=events_per_s_max,
            made_at=now,
        )
        _record("made", full, organisation.id if organisation else None, actor, now)
    return Made(full, key)


def revoke_key(*, key_id: UUID, mine: frozenset[UUID] | None, actor: UUID, now: datetime) -> bool:
    """End a key of one of these organisations (None: of any); False where there is none.

    Collectors know of it within two seconds.
    """
    with transaction.atomic():
        keys = WriteKey.objects.select_for_update().filter(id=key_id, revoked_at=None)
        row = keys.exclude(name=PAGES).first()
        if row is None or (mine is not None and row.organisation_id not in mine):
            return False
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        _record("revoked", row.name, row.organisation_id, actor, now)
    return True


def _record(verb: str, name: str, organisation: UUID | None, actor: UUID, now: datetime) -> None:
    changelog.record(
        actor=actor,
        organisation=organisation,
        verb=f"write key {verb}",
        subject_kind=SUBJECT,
        subject=name,
        now=now,
    )
