"""The SQL of showing bound to readers, for either lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.channel.facts import package_facts
from kotinos.channel.linear.ruling import Ruled
from kotinos.channel.linear.timeline import SlotRow
from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.contracts import PackageFacts

PACKAGE = "kotinos.channel"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A linear channel, and from where its changes are counted."""

    id: UUID
    code: str
    edition: str
    licensee_id: UUID
    languages: tuple[str, ...]
    slate_elsewhere_id: UUID | None
    slate_pause_id: UUID | None
    checkpoint_tick: int
    checkpoint_changes: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session; `segments` are numbers with the instant at which each was there."""

    id: UUID
    source_id: UUID
    source: str
    programme_id: UUID
    began_at: datetime
    ended_at: datetime | None
    facts: dict[str, Any]
    dvr_minutes: int
    earlier: int
    segments: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class VideoRow:
    """A programme in the edition of a language; without a package there is nothing to play."""

    programme_id: UUID
    edition: str
    licensee_id: UUID
    occurred_at: datetime | None
    published_from: datetime | None
    published_until: datetime | None
    package_id: UUID | None
    ticks: int | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A live source in the edition of a language."""

    source_id: UUID
    programme_id: UUID
    edition: str
    licensee_id: UUID
    published_from: datetime | None
    published_until: datetime | None
    enabled_from: datetime
    enabled_until: datetime | None


@dataclass(frozen=True, slots=True)
class ClearedRow:
    """A use is cleared in [from_at, until_at), after a delay."""

    from_at: datetime | None
    until_at: datetime | None
    delay_minutes: int


def _slot(row: Mapping[str, Any]) -> SlotRow:
    rulings = tuple(
        Ruled(
            tick,
            int.from_bytes(bytes.fromhex(show), "little"),
            tuple((minutes, int(mask, 16)) for minutes, mask in delays),
        )
        for tick, show, delays in row["rulings"]
    )
    return SlotRow(**{**row, "rulings": rulings})


def _session(row: Mapping[str, Any]) -> SessionRow:
    left = {name: row[name] for name in row if name not in {"numbers", "there_s"}}
    return SessionRow(**left, segments=tuple(zip(row["numbers"], row["there_s"], strict=True)))


read_channels: Statement[ChannelRow] = Statement.load(
    PACKAGE,
    "read_channels.sql",
    lambda row: ChannelRow(**{**row, "languages": tuple(row["languages"])}),
)
read_slots: Statement[SlotRow] = Statement.load(PACKAGE, "read_slots.sql", _slot)
read_packages: Statement[PackageFacts] = Statement.load(PACKAGE, "read_packages.sql", package_facts)
read_sessions: Statement[SessionRow] = Statement.load(PACKAGE, "read_sessions.sql", _session)
find_video: Statement[VideoRow] = Statement.load(
    PACKAGE, "find_video.sql", lambda row: VideoRow(**row)
)
find_source: Statement[SourceRow] = Statement.load(
    PACKAGE, "find_source.sql", lambda row: SourceRow(**row)
)
clearance_of: Statement[ClearedRow] = Statement.load(
    PACKAGE, "clearance_of.sql", lambda row: ClearedRow(**row)
)
read_track: Statement[str] = Statement.load(PACKAGE, "read_track.sql", lambda row: row["text"])
track_languages: Statement[tuple[str, ...]] = Statement.load(
    PACKAGE, "track_languages.sql", lambda row: tuple(row["languages"])
)
write_checkpoint: Statement[int] = Statement.load(
    PACKAGE, "write_checkpoint.sql", lambda row: row["tick"]
)
add_watching: Statement[str] = Statement.load(
    PACKAGE, "add_watching.sql", lambda row: row["subject"]
)
