"""The linear channels in memory: timelines made of rows, and the playlists made of timelines."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import dropwhile
from typing import TYPE_CHECKING

from kotinos.channel import statements
from kotinos.channel.contracts import HOLDBACK_SECONDS, TICK_SECONDS, tick_at
from kotinos.channel.linear import playlists
from kotinos.channel.linear.timeline import SEGMENTS_PER_TICK, Live, Recorded, Slate, Timeline
from kotinos.kernel import fast
from kotinos.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.channel.contracts import PackageFacts
    from kotinos.channel.linear.timeline import LiveRun, Piece, SlotRow
    from kotinos.channel.statements import ChannelRow

WINDOW_TICKS = 15
"""What the short playlist lists: one minute."""
DVR_TICKS = 900
"""What the long one lists: one hour."""
KEPT_TICKS = DVR_TICKS + 60
AHEAD_TICKS = 900
CHECKPOINT_TICKS = 225
"""A checkpoint every quarter of an hour: counting starts there, not at the channel's first day."""
Ranges = dict["UUID", list[tuple[int, int]]]


@dataclass(slots=True)
class _Playing:
    """One channel: the rows it was made of, and its timeline."""

    row: ChannelRow
    slots: tuple[SlotRow, ...]
    runs: tuple[LiveRun, ...]
    timeline: Timeline
    texts: dict[tuple[str, str, bool], bytes] = field(default_factory=dict)
    ranges: dict[int, Ranges] = field(default_factory=dict)


class Schedule:
    """Every linear channel as of the last tick."""

    def __init__(self) -> None:
        self._playing: dict[str, _Playing] = {}
        self._listed = 0
        self._by_path: dict[str, bytes] = {}

    async def read(
        self, conn: AsyncConnection[Any], *, runs: Sequence[LiveRun], now: datetime
    ) -> None:
        """Read the rows again; a timeline is made anew only where they have changed."""
        at = tick_at(now)
        playing = {}
        for row in await fast.run(conn, statements.read_channels, tick=at - KEPT_TICKS):
            slots = await fast.run(
                conn,
                statements.read_slots,
                channel=row.id,
                from_tick=row.checkpoint_tick,
                until_tick=at + AHEAD_TICKS,
            )
            playing[row.code] = self._made(row, tuple(slots), runs)
        if any(self._playing.get(code) is not made for code, made in playing.items()):
            self._by_path.clear()
        self._playing = playing

    async def write_checkpoints(self, conn: AsyncConnection[Any], *, now: datetime) -> None:
        """Fix the count of changes at the last round tick that nothing can change any more."""
        tick = (tick_at(now) - KEPT_TICKS) // CHECKPOINT_TICKS * CHECKPOINT_TICKS
        for playing in self._playing.values():
            if playing.row.checkpoint_tick < tick and playing.slots:
                await fast.run(
                    conn,
                    statements.write_checkpoint,
                    channel=playing.row.id,
                    tick=tick,
                    changes=playing.timeline.changes_at(tick),
                )

    def channel(self, code: str) -> ChannelRow | None:
        """The channel of this code."""
        playing = self._playing.get(code)
        return playing.row if playing else None

    def package_ids(self) -> set[UUID]:
        """Every package that a playlist may name."""
        ids: set[UUID | None] = set()
        for playing in self._playing.values():
            ids |= {slot.package_id for slot in playing.slots}
            ids |= {playing.row.slate_elsewhere_id, playing.row.slate_pause_id}
        return {package_id for package_id in ids if package_id is not None}

    def master(self, code: str, packages: Mapping[UUID, PackageFacts]) -> str | None:
        """The rungs of a channel: what all packages have, at the highest rate among them."""
        playing = self._playing.get(code)
        if playing is None:
            return None
        mine = {slot.package_id for slot in playing.slots}
        mine |= {playing.row.slate_elsewhere_id, playing.row.slate_pause_id}
        known = [packages[each] for each in mine if each is not None and each in packages]
        if not known:
            return None
        return playlists.master(
            playlists.highest([package.pictures for package in known]),
            playlists.highest([package.sounds for package in known]),
            sound_language="und",
            subtitles=[code for code in LANGUAGES if _speaks(playing.row, code)],
        )

    def playlist(
        self,
        code: str,
        territory: str,
        bit: int,
        name: str,
        *,
        dvr: bool,
        packages: Mapping[UUID, PackageFacts],
        now_s: float,
    ) -> bytes | None:
        """The playlist of one rung as of an instant; kept until the next tick is listed."""
        playing = self._playing.get(code)
        if playing is None:
            return None
        self._forget_before(last_listed(now_s))
        key = (territory, name, dvr)
        text = playing.texts.get(key)
        if text is None:
            pieces = self._pieces(playing, bit, DVR_TICKS if dvr else WINDOW_TICKS)
            text = playing.texts[key] = self.built(playing, pieces, name, packages).encode()
        return text

    def kept(self, path: str, now_s: float) -> bytes | None:
        """The playlist that an address had for somebody else, while no further tick is listed."""
        return self._by_path.get(path) if last_listed(now_s) == self._listed else None

    def keep(self, path: str, text: bytes) -> None:
        """Remember it, until a tick is listed or a row changes."""
        self._by_path[path] = text

    def built(
        self,
        playing: _Playing,
        pieces: Sequence[Piece],
        name: str,
        packages: Mapping[UUID, PackageFacts],
    ) -> str:
        """The text of some pieces in one rung."""
        row = playing.row

        def slate_of(slate: Slate) -> PackageFacts | None:
            chosen = row.slate_elsewhere_id if slate.elsewhere else row.slate_pause_id
            return packages.get(chosen) if chosen else None

        # A channel without slates has nothing to show in a pause: begin after it, not with it.
        shown = dropwhile(
            lambda piece: isinstance(piece.content, Slate) and slate_of(piece.content) is None,
            pieces,
        )
        return playlists.linear(list(shown) or pieces, name, packages=packages, slate_of=slate_of)

    def lists(self, code: str, bit: int, thing: UUID, number: int | None) -> bool:
        """Whether a channel lists a package or session, or that segment of it, for a territory."""
        playing = self._playing.get(code)
        if playing is None:
            return False
        if thing in {playing.row.slate_elsewhere_id, playing.row.slate_pause_id}:
            return True
        ranges = playing.ranges.get(bit)
        if ranges is None:
            ranges = playing.ranges[bit] = _ranges(self._pieces(playing, bit, DVR_TICKS))
        return any(
            number is None or first <= number < until for first, until in ranges.get(thing, ())
        )

    def _pieces(self, playing: _Playing, bit: int, ticks: int) -> list[Piece]:
        until = self._listed + 1
        return list(playing.timeline.pieces(bit, from_tick=until - ticks, until_tick=until))

    def _made(
        self, row: ChannelRow, slots: tuple[SlotRow, ...], runs: Sequence[LiveRun]
    ) -> _Playing:
        sources = {slot.source_id for slot in slots}
        mine = tuple(run for run in runs if run.source_id in sources)
        known = self._playing.get(row.code)
        if known is not None and (known.row, known.slots, known.runs) == (row, slots, mine):
            return known
        timeline = Timeline.of(
            slots, from_tick=row.checkpoint_tick, changes_before=row.checkpoint_changes, runs=mine
        )
        return _Playing(row, slots, mine, timeline)

    def _forget_before(self, listed: int) -> None:
        if listed != self._listed:
            self._listed = listed
            self.forget()

    def forget(self) -> None:
        """Make every text anew when it is next asked for."""
        self._by_path.clear()
        for playing in self._playing.values():
            playing.texts.clear()
            playing.ranges.clear()


def last_listed(now_s: float) -> int:
    """The last tick that is listed at an instant (seconds since the epoch)."""
    return int(now_s - HOLDBACK_SECONDS) // TICK_SECONDS - 1


def _speaks(row: ChannelRow, language: str) -> bool:
    return language in row.languages


def _ranges(pieces: Sequence[Piece]) -> Ranges:
    """What each package or session shows in some pieces, as ranges of segment numbers."""
    ranges: Ranges = {}
    for piece in pieces:
        ticks = piece.until_tick - piece.from_tick
        match piece.content:
            case Recorded(package_id=thing, first=first):
                ranges.setdefault(thing, []).append((first, first + ticks))
            case Live(session_id=thing, first=first):
                ranges.setdefault(thing, []).append((first, first + ticks * SEGMENTS_PER_TICK))
            case Slate():
                pass
    return ranges
