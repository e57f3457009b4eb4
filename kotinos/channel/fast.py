"""The channel in the fast lane: one object in each process, whose memory follows the database.

Playlists are text made from memory; the only statements a viewer causes are those that ask
whether something may be played. No Django here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.channel import passes, statements
from kotinos.channel.contracts import NotShown, Pass, Shown
from kotinos.channel.decide import decide_live, decide_published, decide_recorded
from kotinos.channel.onair import OnAir
from kotinos.channel.playout import Schedule
from kotinos.channel.segments import Missing, Segments
from kotinos.channel.shelf import Shelf
from kotinos.channel.uploads import Full, UploadPass, Uploads, UploadState, Writing
from kotinos.channel.uploads import read_pass as read_upload_pass
from kotinos.channel.watching import Watched
from kotinos.games.statements import territory_bits
from kotinos.kernel import fast
from kotinos.rights.contracts import Act, Outlet, use_bit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.kernel.fast import Pool

__all__ = [
    "Full",
    "Missing",
    "Pass",
    "Playback",
    "Screen",
    "Segments",
    "UploadPass",
    "UploadState",
    "Uploads",
    "Wanted",
    "Writing",
    "read_upload_pass",
]
ROOT = "/fast/channel"


@dataclass(frozen=True, slots=True)
class Playback:
    """Where to play it from, and until when that address is good for."""

    src: str
    expires_at: datetime
    dvr_src: str | None = None
    live: bool = False
    delay_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who asks: the language of their page and the territory they are in."""

    language: str
    territory: str


class Screen:
    """What is shown where; one for each process, one event loop uses it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._bits: dict[str, int] = {}
        self.gate = passes.Gate()
        self.shelf = Shelf(pool)
        self.schedule = Schedule()
        self.on_air = OnAir()
        self.watched = Watched()

    async def tick(self, *, now: datetime) -> None:
        """Read schedules and live sessions, write what was watched. Every half second.

        Raises what the database raises; memory then stays as it was.
        """
        async with self._pool.connection() as conn:
            self._bits = await fast.run_one(conn, territory_bits)
            self.on_air.learn(await self._sessions(conn, now))
            await self.schedule.read(conn, runs=self.on_air.runs(), now=now)
            await self.shelf.want(conn, self.schedule.package_ids())
            await self.watched.flush(conn)

    async def lead(self, conn: AsyncConnection[object], *, now: datetime) -> None:
        """What one process does for all: remember how far the channels have come."""
        await self.schedule.write_checkpoints(conn, now=now)

    def bit(self, territory: str) -> int | None:
        """The bit of a territory, None where there is none of that code."""
        return self._bits.get(territory)

    async def play_video(
        self, code: str, wanted: Wanted, *, now: datetime
    ) -> Playback | NotShown | None:
        """Something on demand; None where the edition has nothing of that code."""
        async with self._pool.connection() as conn:
            rows = await fast.run(conn, statements.find_video, code=code, language=wanted.language)
            if not rows:
                return None
            video = rows[0]
            refused = decide_published(
                published_from=video.published_from, published_until=video.published_until, now=now
            )
            if refused is not None or video.package_id is None:
                return refused or NotShown("unpublished")
            rows_of_use = await self._cleared(
                conn, video, Act.SHOW_VOD, territory=wanted.territory, now=now
            )
        match decide_recorded(rows_of_use, occurred_at=video.occurred_at, now=now):
            case Shown():
                base = f"{ROOT}/on-demand/{video.package_id}"
                return _playback(base, f"p:{video.package_id}", video.edition, wanted, now=now)
            case refused:
                return refused

    async def play_linear(
        self, code: str, wanted: Wanted, *, now: datetime
    ) -> Playback | NotShown | None:
        """A round-the-clock channel: always to be seen, what is not cleared is a slate."""
        channel = self.schedule.channel(code)
        if channel is None or self.bit(wanted.territory) is None:
            return None
        base = f"{ROOT}/linear/{code}/{wanted.territory}"
        return _playback(base, f"c:{code}", channel.edition, wanted, now=now, dvr=True)

    async def play_live(
        self, code: str, wanted: Wanted, *, now: datetime
    ) -> Playback | NotShown | None:
        """A live source by itself, at once or with the delay the territory has."""
        async with self._pool.connection() as conn:
            rows = await fast.run(conn, statements.find_source, code=code, language=wanted.language)
            if not rows:
                return None
            source = rows[0]
            refused = decide_published(
                published_from=source.published_from,
                published_until=source.published_until,
                now=now,
            )
            if refused is not None:
                return refused
            verdict = await self._live_verdict(conn, source, wanted.territory, now)
        if isinstance(verdict, NotShown):
            return verdict
        delay = verdict.delay_minutes
        if not self.on_air.numbers(code, delay_minutes=delay, now=now):
            return NotShown("off-air")
        base = f"{ROOT}/live/{code}/{delay}"
        return _playback(base, f"l:{code}", source.edition, wanted, now=now, delay=delay, dvr=True)

    def may_fetch_package(self, held: Pass, package_id: UUID, number: int | None) -> bool:
        """Whether a pass opens a package, or one segment of it; None is its beginning."""
        kind, _, name = held.subject.partition(":")
        if kind == "p":
            return name == str(package_id)
        bit = self.bit(held.territory)
        if kind != "c" or bit is None:
            return False
        return self.schedule.lists(name, bit, package_id, number)

    def may_fetch_live(
        self, held: Pass, session_id: UUID, number: int | None, *, now: datetime
    ) -> bool:
        """The same for segments of a live session: none before the territory's delay is over."""
        kind, _, name = held.subject.partition(":")
        if kind == "l":
            return self.on_air.listed(
                name, session_id, number, delay_minutes=held.delay_minutes, now=now
            )
        bit = self.bit(held.territory)
        if kind != "c" or bit is None:
            return False
        return self.schedule.lists(name, bit, session_id, number)

    async def _sessions(
        self, conn: AsyncConnection[object], now: datetime
    ) -> list[statements.SessionRow]:
        since = now - timedelta(hours=3)
        return await fast.run(conn, statements.read_sessions, since=since)

    async def _live_verdict(
        self,
        conn: AsyncConnection[object],
        source: statements.SourceRow,
        territory: str,
        now: datetime,
    ) -> Shown | NotShown:
        live, delayed = [
            await self._cleared(conn, source, act, territory=territory, now=now)
            for act in (Act.SHOW_LIVE, Act.SHOW_DELAYED)
        ]
        return decide_live(live, delayed, now=now)

    async def _cleared(
        self,
        conn: AsyncConnection[object],
        thing: statements.VideoRow | statements.SourceRow,
        act: Act,
        *,
        territory: str,
        now: datetime,
    ) -> list[statements.ClearedRow]:
        bit = self.bit(territory)
        if bit is None:
            return []
        use = use_bit(act, Outlet.INTERNET)
        return await fast.run(
            conn,
            statements.clearance_of,
            work=thing.programme_id,
            seller=thing.licensee_id,
            use=use,
            bit=bit,
            now=now,
        )


def _playback(
    base: str,
    subject: str,
    edition: str,
    wanted: Wanted,
    *,
    now: datetime,
    delay: int = 0,
    dvr: bool = False,
) -> Playback:
    token = passes.issue(
        subject=subject,
        edition=edition,
        territory=wanted.territory,
        delay_minutes=delay,
        now=now,
    )
    return Playback(
        src=f"{base}/master.m3u8?t={token}",
        expires_at=now + timedelta(seconds=passes.PASS_SECONDS),
        dvr_src=f"{base}/dvr/master.m3u8?t={token}" if dvr else None,
        live=dvr,
        delay_minutes=delay,
    )
