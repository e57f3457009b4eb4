"""Segments of the log after a power cut, a fault of the disk, or a clock that jumped."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from bench import collect_world
from bench.insight_chaos import look
from bench.insight_senders import Told
from kotinos.insight.collect import frames
from kotinos.insight.collect.frames import OPEN, SEALED, Frame, pack
from kotinos.insight.collect.log import SegmentLog
from kotinos.insight.lake import compacting, segments
from tests.insight.collecting import collected, new_ids

if TYPE_CHECKING:
    from pathlib import Path

RECEIVED = 1_900_000_000_000_000
ROWS = 5
NOON = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def _frames(number: int) -> list[Frame]:
    return [
        Frame("events", "e", "", "s", RECEIVED, ROWS, [[f"{each}-{row}" for row in range(ROWS)]])
        for each in range(number)
    ]


def _segment(folder: Path, written: list[Frame]) -> bytes:
    """The bytes of a segment as a process writes it, one group commit for each frame."""

    async def write() -> None:
        log = SegmentLog(folder, free_bytes_min=0)
        for frame in written:
            await log.append(pack(frame))
        await log.close()

    asyncio.run(write())
    (path,) = folder.glob(f"*{SEALED}")
    return path.read_bytes()


def test_a_segment_cut_at_any_byte_keeps_every_frame_before_the_cut(tmp_path: Path) -> None:
    written = _frames(3)
    whole = _segment(tmp_path / "log", written)
    path = tmp_path / f"1-1{OPEN}"
    ends = [len(frames.MAGIC)]
    for frame in written:
        ends.append(ends[-1] + len(pack(frame).data))
    assert ends[-1] == len(whole)
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        there = sum(end <= cut for end in ends[1:])
        assert list(frames.read(path)) == written[:there], f"cut at {cut}"
        assert frames.count(path) == there * ROWS


def test_a_flipped_bit_takes_its_own_frame_and_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written, chance = _frames(3), random.Random(5)
    whole = _segment(tmp_path / "log", written)
    path = tmp_path / f"1-1{SEALED}"
    at, sizes = len(frames.MAGIC), [len(pack(frame).data) for frame in written]
    path.write_bytes(b"#" + whole[1:])
    assert list(frames.read(path)) == written, "even where its own name is damaged"
    for number, size in enumerate(sizes):
        others = written[:number] + written[number + 1 :]
        for place in range(at, at + size):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged)
            caplog.clear()
            assert list(frames.read(path)) == others, f"flipped in byte {place}"
            between = number < len(written) - 1  # else it is the end, as a kill leaves it
            assert (f"{size} bytes before byte {at + size} are damaged" in caplog.text) == between
        at += size


@pytest.mark.django_db(transaction=True)
def test_a_torn_segment_of_a_killed_process_is_taken_once_as_far_as_it_is_whole(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    ids = collected(log, [(NOON, new_ids(10)), (NOON, new_ids(10))])
    (sealed,) = log.glob(f"*{SEALED}")
    torn = sealed.with_suffix(OPEN)
    torn.write_bytes(sealed.read_bytes()[:-3])
    sealed.unlink()
    assert segments.backlog(log) == {torn.stem: 10}
    assert segments.seal_orphans(log) == 1
    assert compacting.compact(log=log, now=NOON) == 10
    assert compacting.compact(log=log, now=NOON) == 0
    found = look(Told(sent=set(ids), acknowledged=set(ids[:10])))
    assert (found.rows, found.missing, found.twice) == (10, frozenset(), 0)
    assert collect_world.balance(log).accepted == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [NOON, NOON.replace(hour=23, minute=30)])
def test_a_clock_that_jumps_an_hour_either_way_loses_and_doubles_nothing(
    tmp_path: Path, start: datetime
) -> None:
    log = tmp_path / "log"
    again = new_ids(10)  # sent before each jump and, as after a lost answer, after it
    clocks = [start, start + HOUR, start, start - HOUR, start]
    batches = [
        (instant, [*again, *new_ids(40)]) for instant in clocks for _ in range(20)
    ]  # more than comes in a second, so that limits are met on the way
    told: set[str] = set()
    for part in range(0, len(batches), 10):
        told.update(collected(log, batches[part : part + 10]))
        compacting.compact(log=log, now=batches[part][0])
    sent = {each for _, ids in batches for each in ids}
    assert len(told) > 2000
    found = look(Told(sent=sent, acknowledged=told))
    assert (found.missing, found.twice, found.strange) == (frozenset(), 0, frozenset())
    stands = collect_world.balance(log)
    assert stands.is_even
    assert (stands.queryable, stands.backlog) == (len(told), 0)
    assert stands.duplicates == stands.accepted - len(told) > 0
