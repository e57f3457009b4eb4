"""The channel over HTTP: what may be played, playlists, segments, words, and what was watched.

* `GET /fast/channel/play/{video|linear|live}/<code>?place=en-jp`: where to play it from, or why not
* `GET /fast/channel/{on-demand|linear|live}/...m3u8?t=`: playlists, the same bytes for everybody
* `GET /fast/channel/{media|loops|live-media}/...?t=`: segments; the token never enters a cache key
* `GET /fast/channel/gate`: 204 or 403 for the address in `X-Original-URI`, for an edge that asks
* `GET /fast/channel/{subtitles|tracks|pictures}/...`: public words and pictures
* `POST /fast/channel/beats`: what players tell; `/fast/channel/uploads`: see `uploads`
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from kotinos.channel.contracts import INIT_FILE, NotShown
from kotinos.channel.fast import Missing, Wanted
from kotinos.fastlane import paths
from kotinos.fastlane.beats import read_beats, rows_of
from kotinos.fastlane.paths import Forbidden, NotFound, Problem
from kotinos.insight.fast import NoRoomError
from kotinos.kernel import clock
from kotinos.kernel.environment import environment
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.channel.fast import Pass, Playback, Screen, Segments

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Lane = Callable[[Scope, Receive, Send], Awaitable[None]]
Door = Callable[[list[str], Scope], Awaitable["Answer"]]
Keep = Callable[[list[list[Any]]], Awaitable[None]]
PREFIX = "/fast/channel/"
_PLAYLIST = (b"content-type", b"application/vnd.apple.mpegurl")
_JSON = (b"content-type", b"application/json")
_OPEN = (b"access-control-allow-origin", b"*")
_PRIVATE = (b"cache-control", b"private, no-store")
_SECONDS = (b"cache-control", b"public, max-age=1, s-maxage=1")
_MINUTE = (b"cache-control", b"public, max-age=60")
_FOR_EVER = (b"cache-control", b"public, max-age=31536000, immutable")
_NO_MORE_THAN_MP4 = (b"x-content-type-options", b"nosniff")
_KINDS = {
    "m4s": b"video/iso.segment",
    "mp4": b"video/mp4",
    "vtt": b"text/vtt; charset=utf-8",
    "webp": b"image/webp",
    "jpg": b"image/jpeg",
}
_LISTED = {"type": "http.response.start", "status": 200, "headers": (_PLAYLIST, _SECONDS)}
OPENS_MAX = 20_000
_encode = msgspec.json.Encoder().encode
Header = tuple[bytes, bytes]


class ChannelDoors:
    """An ASGI application of its own: no framework between wire and memory."""

    def __init__(
        self, screen: Screen, *, segments: Segments, uploads: Lane, keep: Keep | None = None
    ) -> None:
        """`keep` takes what players tell as rows of the lake, and returns when they are kept."""
        self._screen = screen
        self._keep = keep
        self._segments = segments
        self._uploads = uploads
        self._opens: dict[bytes, tuple[str, float]] = {}
        self._territory_header = environment().territory_header.lower().encode()
        self._doors: dict[str, Door] = {
            "linear": self._linear,
            "media": self._media,
            "loops": self._loops,
            "live-media": self._live_media,
            "on-demand": self._on_demand,
            "live": self._live,
            "play": self._play,
            "subtitles": self._subtitles,
            "tracks": self._tracks,
            "pictures": self._pictures,
            "gate": self._gate,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        name, *words = path[len(PREFIX) :].split("/")
        if name == "uploads":
            await self._uploads(scope, receive, send)
            return
        if name == "linear" and scope["method"] == "GET":
            kept = self._kept(path, scope["query_string"])
            if kept is not None:
                await send(_LISTED)
                await send({"type": "http.response.body", "body": kept})
                return
        try:
            if name == "beats":
                answer = await self._beats(scope, receive)
            else:
                answer = await self._door(name, scope)(words, scope)
        except Problem as problem:
            answer = _told(problem)
        except Missing:
            answer = _told(NotFound())
        except (PoolTimeout, OperationalError, NoRoomError):
            answer = _told(Problem(503, "busy"))
        await answer.send(send, head=scope["method"] == "HEAD")

    def _door(self, name: str, scope: Scope) -> Door:
        if scope["method"] not in {"GET", "HEAD"}:
            raise Problem(405, "method")
        door = self._doors.get(name)
        if door is None:
            raise NotFound
        return door

    async def _linear(self, words: list[str], scope: Scope) -> Answer:
        code, territory, dvr, file = paths.stream(words)
        now = clock.now()
        held = self._held(scope, now)
        if held.subject != f"c:{code}" or held.territory != territory:
            raise Forbidden
        bit = self._screen.bit(territory)
        name = paths.name(file, "m3u8")
        packages = self._screen.shelf.packages
        if name == "master":
            text = self._screen.schedule.master(code, packages)
            return Answer.of(text, _PLAYLIST, _MINUTE)
        if bit is None or not paths.is_rung(name):
            raise NotFound
        listed = self._screen.schedule.playlist(
            code, territory, bit, name, dvr=dvr, packages=packages, now_s=now.timestamp()
        )
        if listed is not None:
            self._screen.schedule.keep(scope["path"], listed)
            if len(self._opens) >= OPENS_MAX:
                self._opens.clear()
            opens = f"{PREFIX}linear/{code}/{territory}/"
            self._opens[scope["query_string"]] = opens, held.expires_at.timestamp()
        return Answer.of(listed, _PLAYLIST, _SECONDS)

    def _kept(self, path: str, query: bytes) -> bytes | None:
        """A linear playlist from memory, for a token that has opened one of its channel before."""
        opens, until_s = self._opens.get(query, ("/nothing", 0.0))
        now_s = time.time()
        if now_s >= until_s or not path.startswith(opens):
            return None
        return self._screen.schedule.kept(path, now_s)

    async def _live(self, words: list[str], scope: Scope) -> Answer:
        code, delay, dvr, file = paths.stream(words)
        now = clock.now()
        held = self._held(scope, now)
        if held.subject != f"l:{code}" or str(held.delay_minutes) != delay:
            raise Forbidden
        name = paths.name(file, "m3u8")
        if name == "master":
            return Answer.of(self._screen.on_air.master(code), _PLAYLIST, _MINUTE)
        text = self._screen.on_air.playlist(
            code, name, delay_minutes=held.delay_minutes, dvr=dvr, now=now
        )
        return Answer.of(text, _PLAYLIST, _SECONDS)

    async def _on_demand(self, words: list[str], scope: Scope) -> Answer:
        package_id, file = paths.two(words)
        held = self._held(scope, clock.now())
        if held.subject != f"p:{package_id}":
            raise Forbidden
        text = await self._screen.shelf.on_demand(paths.uuid(package_id), paths.name(file, "m3u8"))
        return Answer.of(text, _PLAYLIST, _MINUTE)

    async def _media(self, words: list[str], scope: Scope) -> Answer:
        package_id, folder, file = paths.three(words)
        thing = paths.uuid(package_id)
        number = None if file == INIT_FILE else paths.number(paths.name(file, "m4s"))
        held = self._held(scope, clock.now())
        if not self._screen.may_fetch_package(held, thing, number):
            raise Forbidden
        return await self._file(f"packages/{thing}/{paths.folder(folder)}/{file}", file)

    async def _loops(self, words: list[str], scope: Scope) -> Answer:
        package_id, folder, file = paths.three(words)
        thing, number = paths.uuid(package_id), paths.number(paths.name(file, "m4s"))
        held = self._held(scope, clock.now())
        if not self._screen.may_fetch_package(held, thing, None):
            raise Forbidden
        package = await self._screen.shelf.package(thing)
        if package is None:
            raise NotFound
        data = await self._segments.looped(package, paths.folder(folder), number)
        return Answer.of(data, _kind(file), _FOR_EVER, _OPEN)

    async def _live_media(self, words: list[str], scope: Scope) -> Answer:
        session_id, folder, file = paths.three(words)
        session = paths.uuid(session_id)
        number, pair = None, file.startswith("pair-")
        if file != INIT_FILE:
            number = paths.number(paths.name(file.removeprefix("pair-"), "m4s")) + pair
        now = clock.now()
        if not self._screen.may_fetch_live(self._held(scope, now), session, number, now=now):
            raise Forbidden
        base = f"live/{session}/{paths.folder(folder)}"
        if pair and number is not None:
            data = await self._segments.pair(base, number - 1)
            return Answer.of(data, _kind(file), _FOR_EVER, _OPEN)
        return await self._file(f"{base}/{file}", file)

    async def _file(self, key: str, file: str) -> Answer:
        found = await self._segments.file(key)
        if isinstance(found, str):
            return Answer(200, (_kind(file), _FOR_EVER, _OPEN), path=found)
        return Answer.of(found, _kind(file), _FOR_EVER, _OPEN)

    async def _play(self, words: list[str], scope: Scope) -> Answer:
        kind, code = paths.two(words)
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=8)
        place = Place.parse(query.get("place", [""])[0])
        ask = {
            "video": self._screen.play_video,
            "linear": self._screen.play_linear,
            "live": self._screen.play_live,
        }.get(kind)
        if place is None or ask is None:
            raise NotFound
        now = clock.now()
        wanted = Wanted(place.language, self._territory(scope) or place.territory)
        match await ask(code, wanted, now=now):
            case None:
                raise NotFound
            case NotShown() as refused:
                said: dict[str, object] = {
                    "verdict": "refuse",
                    "reason": refused.reason,
                    "opens_at": refused.opens_at,
                    "territory": wanted.territory,
                }
            case playback:
                said = _played(playback, now)
        return Answer.of(_encode(said), _JSON, _PRIVATE)

    async def _subtitles(self, words: list[str], _scope: Scope) -> Answer:
        if words == ["none.vtt"]:
            return Answer.of(b"WEBVTT\n", _kind("none.vtt"), _FOR_EVER)
        programme_id, language, file = paths.three(words)
        text = await self._screen.shelf.subtitles(
            paths.uuid(programme_id),
            language,
            paths.number(paths.name(file, "vtt")),
            now_s=clock.now().timestamp(),
        )
        return Answer.of(text, _kind(file), _MINUTE, _OPEN)

    async def _tracks(self, words: list[str], _scope: Scope) -> Answer:
        programme_id, file = paths.two(words)
        kind, _, language = paths.name(file, "vtt").partition("-")
        text = await self._screen.shelf.track(
            paths.uuid(programme_id), kind, language, now_s=clock.now().timestamp()
        )
        return Answer.of(text, _kind(file), _MINUTE, _OPEN)

    async def _pictures(self, words: list[str], _scope: Scope) -> Answer:
        """Posters and storyboards are public: they are what a refusal shows as well."""
        package_id, file = paths.two(words)
        name, _, kind = file.partition(".")
        if kind not in {"webp", "jpg", "vtt"} or not name.replace("-", "").isalnum():
            raise NotFound
        return await self._file(f"packages/{paths.uuid(package_id)}/{file}", file)

    async def _gate(self, _words: list[str], scope: Scope) -> Answer:
        """For an edge that keeps segments: may whoever sent this address have it?

        What there is not is refused: an edge that finds it under another spelling keeps it.
        """
        asked = urlsplit(dict(scope["headers"]).get(b"x-original-uri", b"").decode("latin-1"))
        name, *words = asked.path.removeprefix(PREFIX).split("/")
        door = self._doors.get(name)
        if door is None or name in {"gate", "play"}:
            raise Forbidden
        try:
            answer = await door(words, {**scope, "query_string": asked.query.encode("latin-1")})
        except (NotFound, Missing):
            raise Forbidden from None
        return Answer(204, (_PRIVATE,)) if answer.status == 200 else answer  # noqa: PLR2004

    async def _beats(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            raise Problem(405, "method")
        beats = await read_beats(receive)
        if beats is None:
            raise Problem(422, "malformed")
        now_s = clock.now().timestamp()
        minute = int(now_s) // 60
        place = Place.parse(beats.place)
        territory = self._territory(scope) or (place.territory if place else "")
        if self._screen.bit(territory) is None:
            raise Problem(422, "malformed")
        if self._keep is not None and beats.events:
            received = int(now_s * 1_000_000)
            await self._keep(rows_of(beats, territory=territory, received=received))
        for event in beats.events:
            self._screen.watched.note(
                beats.subject, territory, event.kind, seconds=event.seconds, minute=minute
            )
        return Answer(204, (_PRIVATE,))

    def _held(self, scope: Scope, now: datetime) -> Pass:
        query: bytes = scope["query_string"]
        token = query[2:] if query.startswith(b"t=") else _token_among(query)
        held = self._screen.gate.read(token.decode("latin-1"), now=now)
        if held is None:
            raise Forbidden
        return held

    def _territory(self, scope: Scope) -> str | None:
        """Where the edge says the viewer is; None where no edge is trusted to say it."""
        if not self._territory_header:
            return None
        said = dict(scope["headers"]).get(self._territory_header, b"")
        return said.decode("latin-1").upper()[:2] or "ZZ"


class Answer:
    """A whole answer, or a file that the server sends by itself."""

    __slots__ = ("body", "headers", "path", "status")

    def __init__(
        self, status: int, headers: tuple[Header, ...], body: bytes = b"", path: str = ""
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.path = path

    @classmethod
    def of(cls, body: bytes | str | None, *headers: Header) -> Answer:
        """The content as an answer; raises the problem "not found" where there is none."""
        if body is None:
            raise NotFound
        return cls(200, headers, body.encode() if isinstance(body, str) else body)

    async def send(self, send: Send, *, head: bool) -> None:
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        if self.path and not head:
            await send({"type": "http.response.pathsend", "path": self.path})
        else:
            await send({"type": "http.response.body", "body": b"" if head else self.body})


def _told(problem: Problem) -> Answer:
    headers = [_JSON, _PRIVATE]
    if problem.status == 503:  # noqa: PLR2004 - Service Unavailable
        headers.append((b"retry-after", b"2"))
    return Answer(problem.status, tuple(headers), _encode({"error": problem.code}))


def _played(playback: Playback, now: datetime) -> dict[str, object]:
    life = playback.expires_at - now
    return {
        "verdict": "show",
        "src": playback.src,
        "dvr_src": playback.dvr_src,
        "live": playback.live,
        "delay_minutes": playback.delay_minutes,
        "expires_at": playback.expires_at,
        "renew_seconds": int(life.total_seconds() * 2 / 3),
        "now_ms": int(now.timestamp() * 1000),
    }


def _token_among(query: bytes) -> bytes:
    return next((part[2:] for part in query.split(b"&") if part.startswith(b"t=")), b"")


def _kind(file: str) -> Header:
    return b"content-type", _KINDS.get(file.rpartition(".")[2], b"application/octet-stream")
