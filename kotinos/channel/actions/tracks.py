"""Timed text of programmes: subtitles and chapters, one WebVTT text for each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.channel.actions.frame import programme_of, record_programme
from kotinos.channel.results import BadTerms, NotFound, NotYours, Problem, Removed, Saved
from kotinos.channel.timedtext import BYTES_MAX, BadTrack, TrackText, read_track
from kotinos.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

KINDS = ("subtitles", "chapters")
PROBLEMS = {
    "too-large": f"At most {BYTES_MAX // 1_000_000} MB of text, please.",
    "encoding": "This is no text in UTF-8.",
    "no-cues": "There is no cue in it: a line like 00:01.000 --> 00:04.000, and what is said.",
    "too-many-cues": "There are too many cues in it.",
    "order": "Cues stand in the order of their beginnings, and end after they begin.",
    "time": "This is no time: write 00:01.000 --> 00:04.000.",
    "line-too-long": "A line is too long.",
}
"""What is wrong with a text, by the codes of `timedtext.BadTrack`."""


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
    """Make this the programme's track; SubRip may be given too, WebVTT is kept."""
    row = programme_of(programme_id, by=by, now=now)
    if isinstance(row, NotFound | NotYours):
        return row
    read = read_track(text.encode())
    problems = tuple(_problems(kind, language, read))
    if problems or isinstance(read, BadTrack):
        return BadTerms(problems)
    track, created = row.tracks.update_or_create(
        kind=kind, language=language, defaults={"text": read.text, "changed_at": now}
    )
    detail = {"kind": kind, "language": language}
    record_programme("track written", row, by=by, now=now, detail=detail)
    return Saved(track.id, created)


def _problems(kind: str, language: str, read: TrackText | BadTrack) -> Iterator[Problem]:
    if kind not in KINDS:
        yield Problem("kind", "Subtitles or chapters.")
    if language not in LANGUAGES:
        yield Problem("language", f"One of {', '.join(LANGUAGES)}.")
    if isinstance(read, BadTrack):
        where = f" (line {read.line})" if read.line else ""
        yield Problem("text", PROBLEMS[read.code] + where)


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
