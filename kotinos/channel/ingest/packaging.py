"""From a file to a whole package in a folder: probe, one run of ffmpeg, measure, pictures.

No Django and no database: whoever calls it says when to go on, and publishes what it leaves.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.channel.contracts import (
    DESCRIPTION,
    INIT_FILE,
    LADDER,
    MAIN_AUDIO,
    SEGMENT_FILE,
    TICK_SECONDS,
    PackageFacts,
    Rung,
)
from kotinos.channel.facts import facts_json
from kotinos.channel.ingest import boxes, ffmpeg, ladder, running, stills
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.probe import probe
from kotinos.channel.store import WHOLE

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.ingest.looking import Source
    from kotinos.channel.ingest.running import Beat

THREADS_MAX = 4
_HEAD_BYTES = 65_536
_AUDIO_SLACK_US = 25_000  # a segment of sound ends with a whole AAC frame, 21.3 ms


@dataclass(frozen=True, slots=True)
class Order:
    """What to package: `package_id` and `programme_id` go into the facts."""

    package_id: UUID
    programme_id: UUID
    path: Path
    poster: Path | None
    seconds_max: int


@dataclass(frozen=True, slots=True)
class Made:
    """A whole package in a folder, its facts and its size."""

    facts: PackageFacts
    bytes: int


def make(order: Order, *, folder: Path, beat: Beat) -> Made | Bad:
    """Fill an empty folder with a package. `running.Stopped` when told to stop."""
    source = probe(order.path, seconds_max=order.seconds_max)
    if isinstance(source, Bad):
        return source
    ticks = ladder.ticks_of(source.content_ms)
    for rung in ladder.rungs_of(source):
        (folder / rung).mkdir(parents=True)
    command = ladder.command(
        source,
        path=order.path.resolve(),
        program=ffmpeg.binary(),
        threads=min(THREADS_MAX, os.cpu_count() or 1),
    )
    total_ms = ticks * TICK_SECONDS * 1000
    bad = running.run(command, folder=folder, total_ms=total_ms, beat=beat)
    bad = bad or _tidy(folder, ladder.rungs_of(source), ticks)
    bad = bad or stills.draw(folder, ticks=ticks, poster=order.poster)
    return bad or _measure(order, source, folder, ticks)


def _tidy(folder: Path, rungs: list[str], ticks: int) -> Bad | None:
    """As many segments everywhere as ticks: what ffmpeg leaves of sound beyond them goes."""
    for rung in rungs:
        (folder / rung / ladder.PLAYLIST).unlink()
        (folder / rung / SEGMENT_FILE.format(ticks)).unlink(missing_ok=True)
        found = sum(1 for _ in (folder / rung).glob("*.m4s"))
        if found != ticks:
            return Bad(Fault.DAMAGED, f"{rung} has {found} segments of {ticks}")
    return None


def _measure(order: Order, source: Source, folder: Path, ticks: int) -> Made | Bad:
    """Read back what was written: every segment where it must be and as long as it must be."""
    try:
        audio_us = _lengths_us(folder / MAIN_AUDIO, ticks)
        exact = [_lengths_us(folder / rung, ticks) for rung in LADDER]
    except (OSError, ValueError) as error:
        return Bad(Fault.INTERRUPTED, f"not whole: {error}")
    if any(length != TICK_SECONDS * 1_000_000 for lengths in exact for length in lengths):
        return Bad(Fault.INTERRUPTED, "a segment is not one tick long")
    sounds = [rung for rung in (MAIN_AUDIO, DESCRIPTION) if (folder / rung).is_dir()]
    facts = PackageFacts(
        id=order.package_id,
        programme_id=order.programme_id,
        ticks=ticks,
        content_ms=min(source.content_ms, ticks * TICK_SECONDS * 1000),
        frames_per_second=ladder.whole_rate(source.rate),
        pictures=tuple(_rung(folder / rung, ticks, LADDER[rung]) for rung in LADDER),
        sounds=tuple(_rung(folder / rung, ticks, (0, 0)) for rung in sounds),
        audio_us=tuple(audio_us),
    )
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    said: dict[str, Any] = {"ticks": ticks, "bytes": size, "facts": facts_json(facts)}
    (folder / WHOLE).write_text(json.dumps(said), encoding="utf-8")
    return Made(facts, size)


def _lengths_us(rung: Path, ticks: int) -> list[int]:
    """Microseconds of each segment; BoxError where one does not begin where the last ended."""
    scale = boxes.timescale((rung / INIT_FILE).read_bytes())
    lengths, end = [], 0
    for number in range(ticks):
        with (rung / SEGMENT_FILE.format(number)).open("rb") as file:
            start, length = boxes.times(file.read(_HEAD_BYTES))
        off_us = abs(start * 1_000_000 // scale - number * TICK_SECONDS * 1_000_000)
        if start != end or off_us > _AUDIO_SLACK_US:
            raise boxes.BoxError(f"{rung.name} {number} begins at {start}, not {end}")
        end = start + length
        lengths.append(length * 1_000_000 // scale)
    return lengths


def _rung(rung: Path, ticks: int, size: tuple[int, int]) -> Rung:
    """What playlists say of it, measured: the heaviest segment, and all of them."""
    sizes = [(rung / SEGMENT_FILE.format(number)).stat().st_size for number in range(ticks)]
    return Rung(
        name=rung.name,
        codecs=boxes.codec((rung / INIT_FILE).read_bytes()),
        bandwidth=max(sizes) * 8 // TICK_SECONDS,
        average=sum(sizes) * 8 // (TICK_SECONDS * ticks),
        width=size[0],
        height=size[1],
    )
