"""Timed text of programmes: subtitles and chapters, one WebVTT text for each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.contracts import SUBTITLE_LANGUAGES
from kotinos.channel.results import BadTerms, NotFound, NotYours, Problem, Removed, Saved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

KINDS = ("subtitles", "chapters")
TEXT_LENGTH_MAX = 1_000_000
SIGNATURE = "WEBVTT"


@transaction.atomic
def put_track(
    *,
    programme_id: UUID,
    kind: str,
    language: str,
    text: str,
    now: datetime,
    by: UUID | None = None,
) -> Saved | BadTerms | NotFound | NotYours:
    """Make this the programme's track of that kind and language."""
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    clean = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    problems = tuple(_problems(kind, language, clean))
    if problems:
        return BadTerms(problems)
    track, created = row.tracks.update_or_create(
        kind=kind, language=language, defaults={"text": clean, "changed_at": now}
    )
    detail = {"kind": kind, "language": language}
    record_programme("track written", row, by=by, now=now, detail=detail)
    return Saved(track.id, created)


def _problems(kind: str, language: str, text: str) -> Iterator[Problem]:
    if kind not in KINDS:
        yield Problem("kind", "Subtitles or chapters.")
    if language not in SUBTITLE_LANGUAGES:
        yield Problem("language", f"One of {', '.join(SUBTITLE_LANGUAGES)}.")
    if len(text) > TEXT_LENGTH_MAX:
        yield Problem("text", f"At most {TEXT_LENGTH_MAX:,} characters.")
    elif not text.startswith(SIGNATURE):
        yield Problem("text", "WebVTT begins with the line WEBVTT.")
    elif "-->" not in text:
        yield Problem("text", "There is no cue in it: a line like 00:01.000 --> 00:04.000.")
    elif "\x00" in text:
        yield Problem("text", "This is no text.")


@transaction.atomic
def remove_track(
    *, programme_id: UUID, kind: str, language: str, now: datetime, by: UUID | None = None
) -> Removed | NotFound | NotYours:
    """Take a track away."""
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    track = row.tracks.filter(kind=kind, language=language).first()
    if track is None:
        return NotFound("track")
    track_id = track.id
    track.delete()
    detail = {"kind": kind, "language": language}
    record_programme("track removed", row, by=by, now=now, detail=detail)
    return Removed(track_id)
