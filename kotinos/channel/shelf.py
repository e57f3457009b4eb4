"""What is known of packages and their words: immutable facts kept, texts kept for a while."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.channel import statements, timedtext
from kotinos.channel.contracts import TICK_SECONDS
from kotinos.channel.linear import playlists
from kotinos.kernel import fast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.channel.contracts import PackageFacts
    from kotinos.channel.timedtext import CueText
    from kotinos.kernel.fast import Pool

PACKAGES_KEPT_MAX = 20_000
WORDS_KEPT_MAX = 2_000
WORDS_SECONDS = 30.0
NO_WORDS = b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n"


@dataclass(frozen=True, slots=True)
class _Words:
    """The cues of a track, in order, and until when they are taken for true."""

    cues: tuple[CueText, ...]
    text: str
    good_until_s: float


class Shelf:
    """Packages and tracks, read when they are first asked for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._packages: dict[UUID, PackageFacts] = {}
        self._words: dict[tuple[UUID, str, str], _Words] = {}

    @property
    def packages(self) -> Mapping[UUID, PackageFacts]:
        """Every package known so far."""
        return self._packages

    async def want(self, conn: AsyncConnection[Any], ids: Iterable[UUID]) -> None:
        """Know these packages from now on."""
        missing = [each for each in ids if each not in self._packages]
        if not missing:
            return
        if len(self._packages) > PACKAGES_KEPT_MAX:
            self._packages.clear()
        for facts in await fast.run(conn, statements.read_packages, ids=missing):
            self._packages[facts.id] = facts

    async def package(self, package_id: UUID) -> PackageFacts | None:
        """One package; None where there is none of that id."""
        if package_id not in self._packages:
            async with self._pool.connection() as conn:
                await self.want(conn, [package_id])
        return self._packages.get(package_id)

    async def on_demand(self, package_id: UUID, name: str) -> str | None:
        """A playlist of a whole package: `master`, a rung, a sound, or `s-<language>`."""
        package = await self.package(package_id)
        if package is None:
            return None
        if name == "master":
            async with self._pool.connection() as conn:
                languages = await fast.run_one(
                    conn, statements.track_languages, programme=package.programme_id
                )
            return playlists.master(
                package.pictures, package.sounds, sound_language="und", subtitles=languages
            )
        if name not in package.names and not name.startswith(playlists.SUBTITLES):
            return None
        return playlists.on_demand(package, name)

    async def track(
        self, programme_id: UUID, kind: str, language: str, *, now_s: float
    ) -> str | None:
        """A whole track as WebVTT; None where there is none."""
        words = await self._track(programme_id, kind, language, now_s)
        return words.text or None

    async def subtitles(
        self, programme_id: UUID, language: str, number: int, *, now_s: float
    ) -> bytes:
        """The cues that are seen during one tick of a programme, timed from its beginning."""
        words = await self._track(programme_id, "subtitles", language, now_s)
        start_ms = number * TICK_SECONDS * 1000
        end_ms = start_ms + TICK_SECONDS * 1000
        last = bisect_left(words.cues, end_ms, key=lambda cue: cue.start_ms)
        seen = [cue for cue in words.cues[:last] if cue.end_ms > start_ms]
        return NO_WORDS + timedtext.text_of(seen).encode()

    async def _track(self, programme_id: UUID, kind: str, language: str, now_s: float) -> _Words:
        key = (programme_id, kind, language)
        known = self._words.get(key)
        if known is not None and now_s < known.good_until_s:
            return known
        async with self._pool.connection() as conn:
            texts = await fast.run(
                conn,
                statements.read_track,
                programme=programme_id,
                kind=kind,
                language=language,
            )
        text = texts[0] if texts else ""
        if len(self._words) >= WORDS_KEPT_MAX:
            self._words.clear()
        words = _Words(tuple(timedtext.cues(text)) if text else (), text, now_s + WORDS_SECONDS)
        self._words[key] = words
        return words
