"""A programme to package for, and what its jobs look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.channel.ingest import leases
from kotinos.channel.models import LiveSession, LiveSource, Programme
from kotinos.games import api as games
from kotinos.kernel import clock

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID


def programme(code: str = "swim") -> Programme:
    """A programme of an organisation of its own."""
    kind = games.OrganisationKind.LICENSEE
    owner = games.ensure_organisation(code="CAST", kind=kind, name="Cast")
    return Programme.objects.create(
        code=code,
        kind="highlights",
        titles={"en": "Swim"},
        organisation_id=owner,
        created_at=clock.now(),
    )


def asked(path: Path, code: str = "swim") -> UUID:
    """A job for a new programme."""
    return leases.ask(
        programme_id=programme(code).id,
        kind="package",
        path=path,
        upload_id=None,
        now=clock.now(),
    )


def on_air(*, speed: float = 1.0) -> LiveSession:
    """A live signal whose encoder runs at a speed."""
    now = clock.now()
    source = LiveSource.objects.create(
        code="stadium",
        programme=programme("stadium"),
        protocol="srt",
        port=9000,
        key="k" * 20,
        enabled_from=now,
    )
    facts = {"health": {"speed": speed}}
    return LiveSession.objects.create(source=source, began_at=now, seen_at=now, facts=facts)
