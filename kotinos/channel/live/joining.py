"""Make a package of live segments: two follow each other in one file, and time begins at nought.

A CMAF segment may hold several fragments (ISO/IEC 23000-19, 7.3.2.3), so nothing is encoded.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kotinos.channel.boxes import HEAD, moved
from kotinos.channel.contracts import (
    INIT_FILE,
    LADDER,
    MAIN_AUDIO,
    SEGMENT_FILE,
    TICK_SECONDS,
    PackageFacts,
    Rung,
)
from kotinos.channel.facts import facts_json
from kotinos.channel.ingest import boxes, stills
from kotinos.channel.ingest.faults import Bad, Fault
from kotinos.channel.ingest.packaging import Made, Order
from kotinos.channel.ingest.running import Order as Word
from kotinos.channel.ingest.running import Stopped
from kotinos.channel.live import recording
from kotinos.channel.live.encoding import RUNGS, sample_count
from kotinos.channel.live.places import segment_key
from kotinos.channel.store import WHOLE, store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kotinos.channel.ingest.running import Beat
    from kotinos.channel.live.recording import Piece

_KEPT = (b"moof", b"mdat")


@dataclass(slots=True)
class _Written:
    """One rung as it grows; lengths in its timescale's units, sizes in bytes."""

    scale: int
    lengths: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def end(self) -> int:
        return sum(self.lengths)


def make(order: Order, *, folder: Path, beat: Beat) -> Made | Bad:
    """Fill an empty folder with the package of a recording; `order.path` is not looked at."""
    pieces = recording.pieces_of(order.programme_id)
    if not pieces:
        return Bad(Fault.NO_FILE, "nothing of the signal is left")
    try:
        written, frames = _write(pieces, folder, beat)
    except FileNotFoundError as error:
        return Bad(Fault.NO_FILE, f"{error} is gone")
    except (boxes.BoxError, ValueError) as error:
        return Bad(Fault.DAMAGED, str(error))
    ticks = len(written[MAIN_AUDIO].lengths)
    bad = stills.draw(folder, ticks=ticks, poster=order.poster)
    return bad or _described(order, folder, written, frames // TICK_SECONDS)


def _write(pieces: Sequence[Piece], folder: Path, beat: Beat) -> tuple[dict[str, _Written], int]:
    """Every tick of every rung; and how many pictures a tick has."""
    inits = recording.inits(pieces[0].session_id)
    written = {rung: _Written(boxes.timescale(inits[rung])) for rung in RUNGS}
    for rung, data in inits.items():
        (folder / rung).mkdir(parents=True)
        (folder / rung / INIT_FILE).write_bytes(data)
    total, frames = sum(piece.ticks for piece in pieces), 0
    for piece in pieces:
        for tick in range(piece.ticks):
            for rung in RUNGS:
                frames = _write_tick(piece, tick, folder / rung, written[rung]) or frames
            if beat(len(written[MAIN_AUDIO].lengths) * 99 // total) is Word.STOP:
                raise Stopped
    return written, frames


def _write_tick(piece: Piece, tick: int, folder: Path, written: _Written) -> int:
    """One tick of one rung; how many pictures it has, 0 for sound."""
    numbers = (piece.first + 2 * tick, piece.first + 2 * tick + 1)
    halves = [_read(piece, folder.name, number) for number in numbers]
    start, _ = boxes.times(halves[0])
    length = sum(boxes.times(half)[1] for half in halves)
    if folder.name in LADDER and length != TICK_SECONDS * written.scale:
        raise boxes.BoxError(f"{folder.name} {numbers} is not one tick long")
    data = b"".join(moved(fragment(half), by=written.end - start) for half in halves)
    (folder / SEGMENT_FILE.format(len(written.lengths))).write_bytes(data)
    written.lengths.append(length)
    written.sizes.append(len(data))
    return 0 if folder.name == MAIN_AUDIO else sum(sample_count(half) for half in halves)


def _read(piece: Piece, rung: str, number: int) -> bytes:
    key = segment_key(piece.session_id, rung, number)
    data = store().read_now(key)
    if data is None:
        raise FileNotFoundError(key)
    return data


def fragment(segment: bytes) -> bytes:
    """The `moof` and `mdat` of a segment: an index of the single file would be wrong now."""
    kept, at = [], 0
    while at + HEAD <= len(segment):
        size, kind = struct.unpack_from(">I4s", segment, at)
        if size < HEAD or at + size > len(segment):
            raise boxes.BoxError("cut off")
        if kind in _KEPT:
            kept.append(segment[at : at + size])
        at += size
    return b"".join(kept)


def _described(
    order: Order, folder: Path, written: dict[str, _Written], frames_per_second: int
) -> Made:
    sound = written[MAIN_AUDIO]
    ticks = len(sound.lengths)
    facts = PackageFacts(
        id=order.package_id,
        programme_id=order.programme_id,
        ticks=ticks,
        content_ms=ticks * TICK_SECONDS * 1000,
        frames_per_second=frames_per_second,
        pictures=tuple(_rung(folder / rung, written[rung], LADDER[rung]) for rung in LADDER),
        sounds=(_rung(folder / MAIN_AUDIO, sound, (0, 0)),),
        audio_us=tuple(length * 1_000_000 // sound.scale for length in sound.lengths),
    )
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    said: dict[str, Any] = {"ticks": ticks, "bytes": size, "facts": facts_json(facts)}
    (folder / WHOLE).write_text(json.dumps(said), encoding="utf-8")
    return Made(facts, size)


def _rung(folder: Path, written: _Written, size: tuple[int, int]) -> Rung:
    return Rung(
        name=folder.name,
        codecs=boxes.codec((folder / INIT_FILE).read_bytes()),
        bandwidth=max(written.sizes) * 8 // TICK_SECONDS,
        average=sum(written.sizes) * 8 // (TICK_SECONDS * len(written.sizes)),
        width=size[0],
        height=size[1],
    )
