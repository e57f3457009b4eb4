"""What editors do with live sources: add, change, start, stop, give a new key; and how they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.actions.programmes import CODE
from kotinos.channel.live.encoding import address
from kotinos.channel.live.terms import DEAD_AFTER, Source
from kotinos.channel.models import LiveSession, LiveSource, Programme
from kotinos.channel.results import BadTerms, NotFound, NotYours, Problem, Saved
from kotinos.kernel.environment import environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from uuid import UUID

PROTOCOLS = ("srt", "rtmp")
PORTS = range(1024, 65536)
FIRST_PORT = 9710
DVR_MINUTES = range(1, 12 * 60 + 1)
CODE_LENGTH_MAX = 40
RECORDINGS_SHOWN = 5
SOURCE = "live-source"
RESERVED = frozenset({"new", "states"})
"""Pages of the office stand there."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source as the office shows it; `health` as the encoder last said it, while on air."""

    id: UUID
    code: str
    programme_id: UUID
    programme_code: str
    titles: dict[str, str]
    organisation_id: UUID
    protocol: str
    port: int
    key: str
    address: str
    dvr_minutes: int
    records: bool
    is_enabled: bool
    enabled_until: datetime | None
    on_air_since: datetime | None
    health: dict[str, Any]
    last_ended_at: datetime | None
    recordings: tuple[tuple[Any, str], ...]  # id and code of a programme, latest first


@transaction.atomic
def add_source(
    *,
    code: str,
    programme_id: UUID,
    protocol: str,
    now: datetime,
    port: int | None = None,
    dvr_minutes: int = 120,
    records: bool = True,
    by: UUID | None = None,
) -> Saved | BadTerms | NotFound | NotYours:
    """Give a programme a source with a key of its own, not started yet; the next free port."""
    programme = programme_of(programme_id, by=by, now=now)
    if not isinstance(programme, Programme):
        return programme
    port = port or _next_port()
    source = LiveSource(
        code=code,
        programme=programme,
        protocol=protocol,
        port=port,
        key=_new_key(),
        dvr_minutes=dvr_minutes,
        records=records,
        enabled_from=now,
        enabled_until=now,
    )
    problems = (*_new_problems(source), *_problems(source))
    if problems:
        return BadTerms(problems)
    source.save()
    record_programme("source-added", programme, by=by, now=now, detail={"source": code})
    return Saved(source.id, created=True)


@transaction.atomic
def change_source(
    *,
    source_id: UUID,
    now: datetime,
    port: int,
    dvr_minutes: int,
    records: bool,
    by: UUID | None = None,
) -> Saved | BadTerms | NotFound | NotYours:
    """Change what may change; whoever sends is cut off only by another port."""
    source = _source_of(source_id, by=by, now=now)
    if not isinstance(source, LiveSource):
        return source
    source.port, source.dvr_minutes, source.records = port, dvr_minutes, records
    problems = tuple(_problems(source))
    if problems:
        return BadTerms(problems)
    source.save(update_fields=["port", "dvr_minutes", "records"])
    return _written("source-changed", source, by=by, now=now)


@transaction.atomic
def rotate_key(
    *, source_id: UUID, now: datetime, by: UUID | None = None
) -> Saved | NotFound | NotYours:
    """A new key; who sends with the old one is off within seconds."""
    source = _source_of(source_id, by=by, now=now)
    if not isinstance(source, LiveSource):
        return source
    source.key = _new_key()
    source.save(update_fields=["key"])
    return _written("source-key", source, by=by, now=now)


@transaction.atomic
def start_source(
    *, source_id: UUID, now: datetime, until: datetime | None = None, by: UUID | None = None
) -> Saved | NotFound | NotYours:
    """Listen from now on, for ever or until an instant."""
    source = _source_of(source_id, by=by, now=now)
    if not isinstance(source, LiveSource):
        return source
    source.enabled_from, source.enabled_until = now, until
    source.save(update_fields=["enabled_from", "enabled_until"])
    return _written("source-started", source, by=by, now=now)


@transaction.atomic
def stop_source(
    *, source_id: UUID, now: datetime, by: UUID | None = None
) -> Saved | NotFound | NotYours:
    """Listen no longer; who is on air is off within seconds, and is recorded."""
    source = _source_of(source_id, by=by, now=now)
    if not isinstance(source, LiveSource):
        return source
    source.enabled_until = now
    source.save(update_fields=["enabled_until"])
    return _written("source-stopped", source, by=by, now=now)


def sources(
    *, now: datetime, organisation_ids: Collection[UUID] | None = None
) -> tuple[SourceStatus, ...]:
    """Every source, or those of some organisations' programmes, by code."""
    ended = LiveSession.objects.filter(source=OuterRef("pk")).values("source")
    rows = LiveSource.objects.select_related("programme").annotate(
        last_ended_at=Subquery(ended.annotate(at=Max("ended_at")).values("at"))
    )
    if organisation_ids is not None:
        rows = rows.filter(programme__organisation__in=organisation_ids)
    return tuple(_status(row, now=now) for row in rows.order_by("code"))


def _status(row: Any, *, now: datetime) -> SourceStatus:
    sessions = LiveSession.objects.filter(source=row)
    on_air = sessions.filter(ended_at=None, seen_at__gt=now - DEAD_AFTER)
    session = on_air.order_by("-began_at").first()
    recorded = sessions.exclude(recorded=None).order_by("-began_at")
    recordings = dict.fromkeys(recorded.values_list("recorded_id", "recorded__code")[:20])
    seen = Source(row.id, row.code, row.protocol, row.port, row.key)
    return SourceStatus(
        id=row.id,
        code=row.code,
        programme_id=row.programme_id,
        programme_code=row.programme.code,
        titles=row.programme.titles,
        organisation_id=row.programme.organisation_id,
        protocol=row.protocol,
        port=row.port,
        key=row.key,
        address=address(seen, host=public_host()),
        dvr_minutes=row.dvr_minutes,
        records=row.records,
        is_enabled=_is_enabled(row, now=now),
        enabled_until=row.enabled_until,
        on_air_since=session.began_at if session else None,
        health=session.facts.get("health", {}) if session else {},
        last_ended_at=row.last_ended_at,
        recordings=tuple(recordings)[:RECORDINGS_SHOWN],
    )


def public_host() -> str:
    """What senders call this machine: where we listen, else the site's own first name."""
    host = environment().live_host
    return environment().hosts[0] if host in {"0.0.0.0", "::"} else host  # noqa: S104 - read only


def source_id_of(code: str) -> UUID | None:
    """The id of the source of a code."""
    found = LiveSource.objects.filter(code=code).values_list("id", flat=True)
    return found.first()


def _is_enabled(source: LiveSource, *, now: datetime) -> bool:
    until = source.enabled_until
    return source.enabled_from <= now and (until is None or until > now)


def _source_of(
    source_id: UUID, *, by: UUID | None, now: datetime
) -> LiveSource | NotFound | NotYours:
    """A source's row, locked after its programme's, for somebody who may change it."""
    found = LiveSource.objects.filter(id=source_id).values_list("programme_id", flat=True).first()
    if found is None:
        return NotFound(SOURCE)
    programme = programme_of(found, by=by, now=now)
    if not isinstance(programme, Programme):
        return programme
    rows = LiveSource.objects.select_for_update(of=("self",)).select_related("programme")
    return rows.get(id=source_id)


def _written(verb: str, source: LiveSource, *, by: UUID | None, now: datetime) -> Saved:
    record_programme(verb, source.programme, by=by, now=now, detail={"source": source.code})
    return Saved(source.id)


def _new_key() -> str:
    return secrets.token_urlsafe(18)  # SRT takes 10 to 79 characters


def _next_port() -> int:
    taken = set(LiveSource.objects.values_list("port", flat=True))
    return next(port for port in range(FIRST_PORT, PORTS.stop) if port not in taken)


def _new_problems(source: LiveSource) -> Iterator[Problem]:
    is_short = len(source.code) <= CODE_LENGTH_MAX
    if not (is_short and CODE.fullmatch(source.code)) or source.code in RESERVED:
        yield Problem(
            "code", f"Use lower-case letters, digits and hyphens, at most {CODE_LENGTH_MAX}."
        )
    elif LiveSource.objects.filter(code=source.code).exists():
        yield Problem("code", "Another source has this code.")
    if LiveSource.objects.filter(programme=source.programme_id).exists():
        yield Problem("programme", "This programme has a source already.")
    if source.protocol not in PROTOCOLS:
        yield Problem("protocol", "Choose SRT or RTMP.")


def _problems(source: LiveSource) -> Iterator[Problem]:
    if source.port not in PORTS:
        yield Problem("port", f"From {PORTS.start} to {PORTS.stop - 1}.")
    elif LiveSource.objects.filter(port=source.port).exclude(id=source.id).exists():
        yield Problem("port", "Another source listens there.")
    if source.dvr_minutes not in DVR_MINUTES:
        yield Problem("dvr_minutes", f"From {DVR_MINUTES.start} to {DVR_MINUTES.stop - 1}.")
