"""Live sessions in memory: which segments there are, and their playlists.

A source's own playlist counts segments by the clock as well, two seconds each: the sequence
number of a session's segment is its number plus the half tick its session began in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from kotinos.channel.contracts import HOLDBACK_SECONDS, LADDER, MAIN_AUDIO
from kotinos.channel.linear import playlists
from kotinos.channel.linear.timeline import LIVE_SEGMENT_SECONDS, LiveRun, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from kotinos.channel.statements import SessionRow

LIVE_SEGMENTS = 8
"""What the short playlist lists: sixteen seconds."""
GAP_SEGMENTS_MAX = 60
"""A longer silence starts the playlist anew; a shorter one is marked as a gap in it."""
LATE_SECONDS = 2.0
"""A segment must be there so long before its tick is listed, or every process may not know it."""
OFF_AIR_AFTER = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Listed:
    """Segments of one session that are listed now: numbers [first, last]."""

    session: SessionRow
    first: int
    last: int

    @property
    def sequence(self) -> int:
        """The media sequence number of `first`."""
        return self.first + _shift(self.session)


class OnAir:
    """What is live, as of the last tick."""

    def __init__(self) -> None:
        self._sessions: dict[str, list[SessionRow]] = {}
        self._by_id: dict[UUID, SessionRow] = {}
        self._runs: tuple[LiveRun, ...] = ()
        self._runs_of: dict[UUID, tuple[SessionRow, list[LiveRun]]] = {}

    def learn(self, sessions: Iterable[SessionRow]) -> None:
        """Take over what the database says; sessions come in the order they began."""
        by_source: dict[str, list[SessionRow]] = {}
        runs_of: dict[UUID, tuple[SessionRow, list[LiveRun]]] = {}
        for session in sessions:
            by_source.setdefault(session.source, []).append(session)
            known = self._runs_of.get(session.id)
            same = known is not None and known[0].segments == session.segments
            runs_of[session.id] = known if known and same else (session, _runs(session))
        self._sessions = by_source
        self._by_id = {row.id: row for rows in by_source.values() for row in rows}
        self._runs_of = runs_of
        self._runs = tuple(run for _, runs in runs_of.values() for run in runs)

    def runs(self) -> tuple[LiveRun, ...]:
        """For the linear channels: what was there in time."""
        return self._runs

    def session(self, session_id: UUID) -> SessionRow | None:
        """A session of the last hours."""
        return self._by_id.get(session_id)

    def numbers(self, source: str, *, delay_minutes: int, now: datetime) -> list[Listed]:
        """Every segment that may be seen so many minutes after it happened, oldest first.

        Only the last stretch of sessions without a long silence between them; empty when the
        source has been silent for long.
        """
        seen_until = now - timedelta(minutes=delay_minutes)
        listed: list[Listed] = []
        for session in reversed(self._sessions.get(source, [])):
            found = _listed(session, seen_until)
            if found is None:
                continue
            if listed and listed[-1].sequence - (found.last + _shift(session)) > GAP_SEGMENTS_MAX:
                break
            listed.append(found)
        listed.reverse()
        if not listed or _end(listed[-1]) + OFF_AIR_AFTER < seen_until:
            return []
        return listed

    def listed(
        self,
        source: str,
        session_id: UUID,
        number: int | None,
        *,
        delay_minutes: int,
        now: datetime,
    ) -> bool:
        """Whether a segment of a session belongs to a source and may be seen by now."""
        session = self._by_id.get(session_id)
        if session is None or session.source != source:
            return False
        found = _listed(session, now - timedelta(minutes=delay_minutes))
        return found is not None and (number is None or number <= found.last)

    def master(self, source: str) -> str | None:
        """The rungs of the youngest session."""
        sessions = self._sessions.get(source)
        if not sessions:
            return None
        pictures, sounds = playlists.rungs_of(sessions[-1].facts)
        return playlists.master(pictures, sounds, sound_language="und", subtitles=())

    def playlist(
        self, source: str, name: str, *, delay_minutes: int, dvr: bool, now: datetime
    ) -> str | None:
        """The last seconds, or with `dvr` everything there is, in one rung."""
        listed = self.numbers(source, delay_minutes=delay_minutes, now=now)
        if not listed or name not in {*LADDER, MAIN_AUDIO}:
            return None
        return playlists.live(_last(listed, LIVE_SEGMENTS) if not dvr else listed, name)


def _runs(session: SessionRow) -> list[LiveRun]:
    segments = [
        (number, datetime.fromtimestamp(there_s, timezone.utc))
        for number, there_s in session.segments
    ]
    return runs_of(
        session.source_id,
        session.id,
        began_at=session.began_at,
        segments=segments,
        holdback_seconds=HOLDBACK_SECONDS - LATE_SECONDS,
    )


def _shift(session: SessionRow) -> int:
    return round(session.began_at.timestamp() / LIVE_SEGMENT_SECONDS)


def _listed(session: SessionRow, seen_until: datetime) -> Listed | None:
    """A session's segments that had ended by an instant (its own clock), without a hole."""
    if not session.segments:
        return None
    ended = int((seen_until - session.began_at).total_seconds() // LIVE_SEGMENT_SECONDS) - 1
    first, last = session.segments[0][0], session.segments[-1][0]
    if seen_until < session.began_at:
        return None
    last = min(last, ended) if _delayed(session, seen_until) else last
    return Listed(session, first, last) if last >= first else None


def _delayed(session: SessionRow, seen_until: datetime) -> bool:
    """Whether segments are there that must not be seen yet; what is live comes as it comes."""
    return seen_until.timestamp() < session.segments[-1][1]


def _end(listed: Listed) -> datetime:
    seconds = (listed.last + 1) * LIVE_SEGMENT_SECONDS
    return listed.session.began_at + timedelta(seconds=seconds)


def _last(listed: Sequence[Listed], segments: int) -> list[Listed]:
    """The youngest so many segments."""
    kept: list[Listed] = []
    for part in reversed(listed):
        if segments <= 0:
            break
        first = max(part.first, part.last - segments + 1)
        kept.append(Listed(part.session, first, part.last))
        segments -= part.last - first + 1
    kept.reverse()
    return kept
