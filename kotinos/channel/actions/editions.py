"""Editions of the channel and their linear channels: data that operators and commands put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from kotinos.channel import models
from kotinos.channel.actions.frame import may_edit, record_channel
from kotinos.channel.results import BadTerms, NotYours, Problem, Saved
from kotinos.kernel import pagecache

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID


@transaction.atomic
def put_edition(
    *,
    code: str,
    names: Mapping[str, str],
    languages: Collection[str],
    licensee_id: UUID,
    home_territory: str,
    is_default: bool = False,
    look: Mapping[str, Any] | None = None,
) -> Saved | BadTerms:
    """Make the edition of this code what is given. `Saved.id` is its licensee's: it has a code.

    A default edition takes the place of the one before.
    """
    claimed = models.Edition.objects.exclude(code=code).filter(languages__overlap=list(languages))
    if claimed.exists():
        return BadTerms((Problem("languages", "Another edition has one of these languages."),))
    if is_default:
        models.Edition.objects.exclude(code=code).update(is_default=False)
    _row, created = models.Edition.objects.update_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "languages": list(languages),
            "licensee_id": licensee_id,
            "home_territory": home_territory,
            "is_default": is_default,
            "look": dict(look or {}),
        },
    )
    pagecache.changed("channel")
    return Saved(licensee_id, created)


@transaction.atomic
def put_linear_channel(
    *,
    code: str,
    edition: str,
    names: Mapping[str, str],
    now: datetime,
    position: int = 0,
    slate_elsewhere_id: UUID | None = None,
    slate_pause_id: UUID | None = None,
    by: UUID | None = None,
) -> Saved | BadTerms | NotYours:
    """Make the linear channel of this code what is given; the slates are packages."""
    found = models.Edition.objects.filter(code=edition).first()
    if found is None:
        return BadTerms((Problem("edition", f"There is no edition {edition!r}."),))
    row = models.LinearChannel.objects.select_related("edition").filter(code=code).first()
    for each in (found, row.edition if row else found):
        if not may_edit(organisation_id=each.licensee_id, by=by, now=now):
            return NotYours(each.licensee_id)
    slates = {each for each in (slate_elsewhere_id, slate_pause_id) if each}
    if models.Package.objects.filter(id__in=slates).count() != len(slates):
        return BadTerms((Problem("slates", "A slate is a package that is there."),))
    given = {
        "edition": found,
        "names": dict(names),
        "position": position,
        "slate_elsewhere_id": slate_elsewhere_id,
        "slate_pause_id": slate_pause_id,
    }
    saved, created = models.LinearChannel.objects.update_or_create(
        code=code, defaults=given, create_defaults={**given, "created_at": now}
    )
    record_channel("created" if created else "changed", saved, by=by, now=now)
    return Saved(saved.id, created)
