"""Does the channel play? Asked over HTTP as a player asks, from the page down to one segment.

Just after a first start the films are still being made: one waits for the first of them.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kotinos.channel.contracts import TICK_SECONDS
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[[str], tuple[int, bytes]]

PROGRAMME, CHANNEL, PLACE = "javelin-final", "kotinos-one", "en-jp"
FIRST_PACKAGE_SECONDS_MAX = 150.0
LOOK_SECONDS = 1.0
SEGMENT_BYTES_MIN = 1000
LEAD_TICKS_MAX = 4
"""How far the last segment of a linear playlist may be from the tick that runs."""
_OK = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What one address answered; `fault` is empty where it was as it should be."""

    address: str
    fault: str = ""


def ask_channel(ask: Ask, *, wait_seconds: float = FIRST_PACKAGE_SECONDS_MAX) -> Iterator[Seen]:
    """Yield what each address said. `ask` gives status and body of a path."""
    pages = f"/{PLACE}/channel"
    yield _page(ask, f"{pages}/", f"channel/watch/{CHANNEL}/")
    answer = _play(ask, f"/fast/channel/play/video/{PROGRAMME}?place={PLACE}", wait_seconds)
    yield answer[0]
    if answer[0].fault:
        return
    yield _page(ask, f"{pages}/video/{PROGRAMME}/", "kotinos-player")
    yield from _stream(ask, answer[1])
    answer = _play(ask, f"/fast/channel/play/linear/{CHANNEL}?place={PLACE}", LOOK_SECONDS)
    yield answer[0]
    if not answer[0].fault:
        yield from _stream(ask, answer[1], linear=True)
    yield _page(ask, f"{pages}/guide/{CHANNEL}.xml", "<programme ")


def _page(ask: Ask, path: str, word: str) -> Seen:
    status, body = ask(path)
    if status == _OK and word.encode() in body:
        return Seen(path)
    return Seen(
        path, f"status {status}, {word!r} {'found' if word.encode() in body else 'missing'}"
    )


def _play(ask: Ask, path: str, wait_seconds: float) -> tuple[Seen, str]:
    """Ask until it may be shown; the address of its playlist."""
    deadline = time.monotonic() + wait_seconds
    while True:
        said = _json(ask(path)[1])
        if said.get("verdict") == "show":
            return Seen(path), str(said["src"])
        if time.monotonic() > deadline:
            return Seen(path, f"not shown: {said.get('reason', 'no answer')}"), ""
        time.sleep(LOOK_SECONDS)


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _stream(ask: Ask, src: str, *, linear: bool = False) -> Iterator[Seen]:
    """The master, one rung's playlist, and the last of its segments."""
    folder, query = urlsplit(src).path.rpartition("/")[0], urlsplit(src).query
    yield _page(ask, src, "v720.m3u8")
    path = f"{folder}/v240.m3u8?{query}"
    status, body = ask(path)
    text = body.decode(errors="replace")
    fault = "" if status == _OK and "#EXTINF" in text else f"status {status}, no segments"
    yield Seen(path, fault or (_out_of_time(text) if linear else ""))
    segments = [line for line in text.splitlines() if line and not line.startswith("#")]
    if segments:
        address = segments[-1].replace("{$t}", query.removeprefix("t="))
        status, body = ask(address)
        whole = status == _OK and len(body) > SEGMENT_BYTES_MIN and b"moof" in body[:200]
        yield Seen(address, "" if whole else f"status {status}, {len(body)} bytes, no fragment")


def _out_of_time(playlist: str) -> str:
    """The number of the last segment is the tick that runs, or one of its neighbours."""
    first = re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", playlist)
    if first is None:
        return "no sequence number"
    last = int(first[1]) + playlist.count("#EXTINF") - 1
    now = int(clock.now().timestamp()) // TICK_SECONDS
    return "" if abs(now - last) <= LEAD_TICKS_MAX else f"segment {last} while tick {now} runs"
