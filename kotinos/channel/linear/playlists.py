"""HLS playlists as text (RFC 8216bis): the same for everybody, tokens stand outside.

Every address ends in `?t={$t}`: the player puts in the token its own address was called with
(EXT-X-DEFINE:QUERYPARAM), so a playlist may be kept by any cache that leaves `t` out of its key.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kotinos.channel.contracts import (
    DESCRIPTION,
    INIT_FILE,
    LADDER,
    MAIN_AUDIO,
    TICK_SECONDS,
    Rung,
    instant_of,
)
from kotinos.channel.linear.timeline import DAY_TICKS, LIVE_SEGMENT_SECONDS, Live, Recorded, Slate
from kotinos.kernel.languages import OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.channel.contracts import PackageFacts
    from kotinos.channel.linear.timeline import Piece
    from kotinos.channel.onair import Listed

ROOT = "/fast/channel"
_TOKEN = "?t={$t}"  # noqa: S105 - where a player puts one
_HEAD = '#EXTM3U\n#EXT-X-VERSION:11\n#EXT-X-DEFINE:QUERYPARAM="t"\n'
_TARGET = f"#EXT-X-TARGETDURATION:{TICK_SECONDS}\n"
_VIDEO = f"#EXTINF:{TICK_SECONDS},\n"
SUBTITLES = "s-"


def master(
    pictures: Sequence[Rung],
    sounds: Sequence[Rung],
    *,
    sound_language: str,
    subtitles: Sequence[str],
) -> str:
    """The rungs to choose from, their sounds and subtitles; `{name}.m3u8` beside this one."""
    lines = [_HEAD, "#EXT-X-INDEPENDENT-SEGMENTS\n"]
    for rung in sounds:
        described = rung.name == DESCRIPTION
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",'
            f'NAME="{"Audio description" if described else "Sound"}",'
            f'LANGUAGE="{sound_language}",AUTOSELECT={"NO" if described else "YES"},'
            f"DEFAULT={'NO' if described else 'YES'},"
            + ('CHARACTERISTICS="public.accessibility.describes-video",' if described else "")
            + f'CHANNELS="2",URI="{rung.name}.m3u8{_TOKEN}"\n'
        )
    lines += [
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="{OWN_NAMES.get(code, code)}",'
        f'LANGUAGE="{_bcp47(code)}",AUTOSELECT=YES,DEFAULT=NO,'
        f'URI="{SUBTITLES}{code}.m3u8{_TOKEN}"\n'
        for code in subtitles
    ]
    sound = max(sounds, key=lambda rung: rung.bandwidth)
    for rung in pictures:
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={rung.bandwidth + sound.bandwidth},"
            f"AVERAGE-BANDWIDTH={rung.average + sound.average},"
            f'RESOLUTION={rung.width}x{rung.height},CODECS="{rung.codecs},{sound.codecs}",'
            f'AUDIO="sound"{",SUBTITLES=" + chr(34) + "text" + chr(34) if subtitles else ""}\n'
            f"{rung.name}.m3u8{_TOKEN}\n"
        )
    return "".join(lines)


def on_demand(package: PackageFacts, name: str) -> str:
    """A whole package in one rung, one sound, or one language of subtitles."""
    head = f"{_HEAD}{_TARGET}#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n"
    body = _recorded(package, name, Recorded(package.programme_id, package.id, 0), package.ticks)
    return f"{head}{''.join(body)}#EXT-X-ENDLIST\n"


def linear(
    pieces: Iterable[Piece],
    name: str,
    *,
    packages: Mapping[UUID, PackageFacts],
    slate_of: Callable[[Slate], PackageFacts | None],
) -> str:
    """What pieces show, from the first one's tick on, in one rung, sound or language.

    The media sequence number is the tick, the discontinuity number the count of changes before:
    neither depends on the rung, nor on when one asks.
    """
    lines: list[str] = []
    for piece in pieces:
        if lines:
            lines.append("#EXT-X-DISCONTINUITY\n")
        else:
            lines.append(
                f"{_HEAD}{_TARGET}#EXT-X-MEDIA-SEQUENCE:{piece.from_tick}\n"
                f"#EXT-X-DISCONTINUITY-SEQUENCE:{piece.changes}\n"
            )
        lines.append(_world_time(piece.from_tick))
        lines += _lines(piece, name, packages, slate_of)
    return "".join(lines)


def live(listed: Sequence[Listed], name: str) -> str:
    """A live source's segments in one rung: sessions joined, short silences marked as gaps."""
    head = listed[0]
    lines = [
        f"{_HEAD}#EXT-X-TARGETDURATION:{LIVE_SEGMENT_SECONDS}\n",
        f"#EXT-X-MEDIA-SEQUENCE:{head.sequence}\n",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{head.session.earlier}\n",
    ]
    at = head.sequence
    for part in listed:
        if part is not head:
            silent = max(part.sequence - at, 0)
            lines += [f"#EXT-X-GAP\n#EXTINF:{LIVE_SEGMENT_SECONDS},\n{ROOT}/nothing.m4s\n"] * silent
            lines.append("#EXT-X-DISCONTINUITY\n")
            at += silent
        lines += _session_lines(part, name)
        at += part.last - part.first + 1
    return "".join(lines)


def _session_lines(part: Listed, name: str) -> Iterator[str]:
    base = f"{ROOT}/live-media/{part.session.id}/{name}"
    yield f'#EXT-X-MAP:URI="{base}/{INIT_FILE}{_TOKEN}"\n'
    seconds = part.first * LIVE_SEGMENT_SECONDS
    yield _stamp(part.session.began_at + timedelta(seconds=seconds))
    for number in range(part.first, part.last + 1):
        yield f"#EXTINF:{LIVE_SEGMENT_SECONDS},\n{base}/{number:05d}.m4s{_TOKEN}\n"


def rungs_of(facts: Mapping[str, Any]) -> tuple[list[Rung], list[Rung]]:
    """Pictures and sounds as a live session's facts name them."""
    return [Rung(**rung) for rung in facts["pictures"]], [Rung(**rung) for rung in facts["sounds"]]


def highest(ladders: Iterable[Sequence[Rung]]) -> list[Rung]:
    """Rungs of one name made one: what a player must be ready for."""
    best: dict[str, Rung] = {}
    for ladder in ladders:
        for rung in ladder:
            known = best.get(rung.name)
            if known is None or rung.bandwidth > known.bandwidth:
                best[rung.name] = rung
    return [best[name] for name in (*LADDER, MAIN_AUDIO, DESCRIPTION) if name in best]


def _lines(
    piece: Piece,
    name: str,
    packages: Mapping[UUID, PackageFacts],
    slate_of: Callable[[Slate], PackageFacts | None],
) -> Iterable[str]:
    ticks = piece.until_tick - piece.from_tick
    match piece.content:
        case Recorded() as content if content.package_id in packages:
            return _recorded(packages[content.package_id], name, content, ticks)
        case Live() as content:
            return _live(content, name, ticks)
        case content:
            slate = slate_of(content if isinstance(content, Slate) else Slate(elsewhere=False))
            return _gap(ticks) if slate is None else _slate(slate, name, piece.from_tick, ticks)


def _recorded(package: PackageFacts, name: str, at: Recorded, ticks: int) -> list[str]:
    numbers = range(at.first, at.first + ticks)
    if name.startswith(SUBTITLES):
        base = f"{ROOT}/subtitles/{at.programme_id}/{name.removeprefix(SUBTITLES)}"
        return [f"{_VIDEO}{base}/{number:05d}.vtt{_TOKEN}\n" for number in numbers]
    folder = _folder(package, name)
    base = f"{ROOT}/media/{package.id}/{folder}"
    head = f'#EXT-X-MAP:URI="{base}/{INIT_FILE}{_TOKEN}"\n'
    if folder in LADDER:
        return [head, *[f"{_VIDEO}{base}/{number:05d}.m4s{_TOKEN}\n" for number in numbers]]
    us = package.audio_us
    return [
        head,
        *[f"{_sound_length(us[number])}{base}/{number:05d}.m4s{_TOKEN}\n" for number in numbers],
    ]


def _folder(package: PackageFacts, name: str) -> str:
    """The rung asked for; a description that a package does not have is its main sound."""
    return name if name in LADDER or name in package.names else MAIN_AUDIO


def _slate(package: PackageFacts, name: str, from_tick: int, ticks: int) -> Iterator[str]:
    """A package of an even number of ticks, over and over: each segment is dated anew, by the
    time since midnight, which no piece goes beyond.
    """
    if name.startswith(SUBTITLES):
        yield from _no_words(ticks)
        return
    folder = _folder(package, name)
    base = f"{ROOT}/loops/{package.id}/{folder}"
    yield f'#EXT-X-MAP:URI="{ROOT}/media/{package.id}/{folder}/{INIT_FILE}{_TOKEN}"\n'
    first = from_tick % DAY_TICKS
    for number in range(first, first + ticks):
        us = package.audio_us[number % package.ticks]
        yield f"{_VIDEO if folder in LADDER else _sound_length(us)}{base}/{number}.m4s{_TOKEN}\n"


def _live(content: Live, name: str, ticks: int) -> Iterator[str]:
    """Two of a session's segments make one tick: a CMAF segment may hold several fragments."""
    if name.startswith(SUBTITLES):
        yield from _no_words(ticks)
        return
    folder = name if name in LADDER else MAIN_AUDIO
    base = f"{ROOT}/live-media/{content.session_id}/{folder}"
    yield f'#EXT-X-MAP:URI="{base}/{INIT_FILE}{_TOKEN}"\n'
    for number in range(content.first, content.first + 2 * ticks, 2):
        yield f"{_VIDEO}{base}/pair-{number}.m4s{_TOKEN}\n"


def _no_words(ticks: int) -> Iterator[str]:
    for _ in range(ticks):
        yield f"{_VIDEO}{ROOT}/subtitles/none.vtt{_TOKEN}\n"


def _gap(ticks: int) -> Iterator[str]:
    """Nothing to show at all: a channel without slates says so honestly."""
    for _ in range(ticks):
        yield f"#EXT-X-GAP\n{_VIDEO}{ROOT}/nothing.m4s\n"


@lru_cache(maxsize=64)
def _sound_length(us: int) -> str:
    return f"#EXTINF:{us / 1_000_000:.6f},\n"


@lru_cache(maxsize=4_096)
def _world_time(tick: int) -> str:
    at = instant_of(tick)
    return f"#EXT-X-PROGRAM-DATE-TIME:{at:%Y-%m-%dT%H:%M:%S}.000Z\n"


def _stamp(at: datetime) -> str:
    return f"#EXT-X-PROGRAM-DATE-TIME:{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z\n"


def _bcp47(code: str) -> str:
    return {"zh-hans": "zh-Hans"}.get(code, code)
