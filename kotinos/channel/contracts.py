"""The words of the channel: frozen values that both lanes and every other package may use.

Time is cut into **ticks** of four seconds counted from the Unix epoch. Every segment of every
package is exactly one tick long, so the media sequence number of a linear channel *is* its tick:
it depends on the clock alone, whatever is scheduled (docs/decisions/0009).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

TICK_SECONDS = 4
LADDER = {"v720": (1280, 720), "v480": (854, 480), "v240": (426, 240)}
"""Folders of a package's pictures with their sizes; every package has all of them."""
MAIN_AUDIO, DESCRIPTION = "a", "d"
INIT_FILE, SEGMENT_FILE = "init.mp4", "{:05d}.m4s"
LOCKED_TICKS = 4
"""How far ahead of the clock a schedule is closed to editors, so that every process has read it."""
HOLDBACK_SECONDS = 8
"""How long after a tick's end it is listed: what is live has arrived by then, everywhere."""


class Step(StrEnum):
    """Where a programme stands in the editors' workflow; each step is a row with who and when."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a programme is."""

    HIGHLIGHTS = "highlights"
    MAGAZINE = "magazine"
    INTERVIEW = "interview"
    LESSON = "lesson"
    CEREMONY = "ceremony"
    EVENT = "event"
    SLATE = "slate"


@dataclass(frozen=True, slots=True)
class Rung:
    """One encoding of a package: its folder and what a playlist says of it (bits per second)."""

    name: str
    codecs: str
    bandwidth: int
    average: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A published package: `ticks` segments of each rung. Audio segments differ a little in
    length (whole AAC frames); `audio_us` says each one's microseconds. `content_ms` is the length
    before it was filled up to a whole tick with its last picture and silence.
    """

    id: UUID
    programme_id: UUID
    ticks: int
    content_ms: int
    frames_per_second: int
    pictures: tuple[Rung, ...]
    sounds: tuple[Rung, ...]
    audio_us: tuple[int, ...]

    @property
    def names(self) -> frozenset[str]:
        """Its folders: three pictures, the main sound, and the description where there is one."""
        return frozenset(rung.name for rung in (*self.pictures, *self.sounds))


@dataclass(frozen=True, slots=True)
class Shown:
    """It may be played, `delay_minutes` after it happens; `until` is when that may change."""

    until: datetime | None = None
    delay_minutes: int = 0


@dataclass(frozen=True, slots=True)
class NotShown:
    """It may not, there and then. `reason` is not-cleared, not-yet, delayed, unpublished or
    withdrawn; the page says it in full.
    """

    reason: str
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """What a playback token says: which thing may be fetched, for which territory.

    `subject` is `p:<package id>`, `c:<linear channel code>` or `l:<live source code>`.
    """

    subject: str
    edition: str
    territory: str
    expires_at: datetime
    delay_minutes: int = 0


def tick_at(instant: datetime) -> int:
    """The tick that contains an instant."""
    return int(instant.timestamp()) // TICK_SECONDS


def instant_of(tick: int) -> datetime:
    """When a tick begins."""
    return datetime.fromtimestamp(tick * TICK_SECONDS, timezone.utc)


def ticks_for(length: timedelta) -> int:
    """How many ticks a length needs; a part of one counts as one."""
    return -(-int(length.total_seconds() * 1000) // (TICK_SECONDS * 1000))


def lock_tick(now: datetime) -> int:
    """The first tick of a schedule that may still be changed."""
    return tick_at(now) + LOCKED_TICKS
