"""Collecting on a disk that is full, or may not be written, or has been damaged."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from bench import collect_world
from bench.chaos_parts import App, free_ports
from bench.insight_chaos import look
from bench.insight_senders import Told
from kotinos.insight.collect import frames
from kotinos.insight.collect.frames import Frame, Packed, pack
from kotinos.insight.collect.log import NoRoomError, SegmentLog
from kotinos.insight.lake import following
from kotinos.kernel import clock
from tests.insight.collecting import collected, forget_settings, new_ids
from tests.insight.small_disk import family, small_disk
from tests.races.site import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.insight.small_disk import Disk

NOBODY = 65534
BATCH = 10
WAIT_SECONDS_MAX = 15.0
RECEIVED = 1_900_000_000_000_000


@dataclass
class Sender:
    """Sends batches to a collector by HTTP and remembers which ids it acknowledged."""

    port: int
    key: str
    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def send(self) -> tuple[int, str]:
        """The status and Retry-After of one batch."""
        ids = [str(uuid4()) for _ in range(BATCH)]
        batch = [
            {"type": "track", "event": "Seen", "messageId": each, "anonymousId": "a"}
            for each in ids
        ]
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(
            *("POST", "/v1/batch", json.dumps({"batch": batch})),
            {"Authorization": f"Basic {basic}", "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()
        (self.acknowledged if answer.status == 200 else self.refused).update(ids)
        assert answer.status == 200 or body["code"] == "no-room", body
        return answer.status, answer.headers.get("Retry-After", "")

    def until(self, status: int) -> str:
        """Send until it says so; Retry-After."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while (said := self.send())[0] != status:
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said[1]


@contextmanager
def _collecting(disk: Disk, log: Path) -> Iterator[tuple[App, Sender]]:
    key = collect_world.prepare()
    (port,) = free_ports(1)
    app = App(port, log, child_environment() | {"KOTINOS_DATA": str(disk.folder)})
    try:
        app.start()
        app.wait()
        yield app, Sender(port, key)
    finally:
        app.kill()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_said_so_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", megabytes=96) as disk,
        _collecting(disk, tmp_path / "server.log") as (app, sender),
    ):
        print(f"the disk is {disk.name}")
        sender.until(200)
        for _ in range(3):
            disk.fill(*family(app.number))
            assert int(sender.until(503)) >= 1
            assert sender.send()[0] == 503, "it says so every time"
            disk.free()
            sender.until(200)
        app.kill()
        _take_all(disk.folder / "insight" / "log")
        found = look(Told(sent=sender.acknowledged, acknowledged=sender.acknowledged))
    assert (found.missing, found.twice) == (frozenset(), 0)
    assert found.strange == frozenset(), "what was refused was not taken"
    assert len(sender.refused) >= 60
    stands = collect_world.balance()
    assert stands.queryable == len(sender.acknowledged)


def _take_all(log: Path) -> None:
    """Until nothing is left; who was killed lets go of its segment a moment later."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while any(log.iterdir()):
        assert time.monotonic() < deadline, list(log.iterdir())
        following.round_of(log=log)


def test_a_write_that_fails_half_way_leaves_nothing_of_it_behind(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=2) as disk:
        whole = asyncio.run(_write_until_it_is_full(disk))
        segments = [path for path in disk.folder.iterdir() if path.suffix != ""]
        found = [frame.columns[0][0] for path in segments for frame in frames.read(path)]
        assert sorted(found) == sorted(whole)
        for path in segments:
            assert frames.whole_bytes(path) == path.stat().st_size, "no torn tail"


def _frame(number: int, *, size: int) -> Packed:
    return pack(Frame("events", "e", "", "s", RECEIVED, 1, [[number], RECEIVED, "x" * size]))


async def _write_until_it_is_full(disk: Disk) -> list[int]:
    """Numbers of the rows that were acknowledged, some of them after there was room again."""
    log, whole = SegmentLog(disk.folder, free_bytes_min=0), []
    await log.append(_frame(0, size=1000))
    whole.append(0)
    disk.fill()
    for number in range(1, 20):
        with pytest.raises(NoRoomError):
            await log.append(_frame(number, size=300_000))
    disk.free()
    for number in range(20, 24):
        await log.append(_frame(number, size=100_000))
        whole.append(number)
    await log.close()
    return whole


def test_who_hangs_up_keeps_nobody_from_being_told(tmp_path: Path) -> None:
    async def collect() -> None:
        log = SegmentLog(tmp_path, free_bytes_min=0)
        senders = [asyncio.create_task(log.append(_frame(n, size=100))) for n in range(6)]
        await asyncio.sleep(0)  # the first is on its way, the others wait for the next group
        for sender in senders[:4]:
            sender.cancel()
        ends = await asyncio.wait_for(asyncio.gather(*senders, return_exceptions=True), 10)
        assert ends[4:] == [None, None]
        await asyncio.wait_for(log.append(_frame(6, size=100)), 10)
        await log.close()

    asyncio.run(collect())
    found = [frame.columns[0][0] for path in tmp_path.iterdir() for frame in frames.read(path)]
    assert sorted(found) == list(range(7)), "what was handed over is kept, whoever left"


def test_a_folder_that_may_not_be_written_is_said_so_until_it_may(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    tmp_path.chmod(0o755)

    async def collect() -> None:
        log = SegmentLog(folder, free_bytes_min=0)
        with _as_nobody(folder), pytest.raises(NoRoomError, match="ermission"):
            await log.append(_frame(1, size=100))
        await log.append(_frame(2, size=100))
        await log.close()

    asyncio.run(collect())
    (path,) = folder.iterdir()
    assert [frame.columns[0][0] for frame in frames.read(path)] == [2]


@contextmanager
def _as_nobody(folder: Path) -> Iterator[None]:
    """As a user who may read the folder and no more; root could write anything."""
    folder.chmod(0o555)
    user = os.geteuid()
    if not user:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


@pytest.mark.django_db(transaction=True)
def test_a_lake_without_room_keeps_the_log_until_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    with small_disk(tmp_path / "disk", megabytes=2) as disk:
        monkeypatch.setenv("KOTINOS_LAKE", str(disk.folder / "lake"))
        forget_settings()
        try:
            ids = set(collected(log, [(clock.now(), new_ids(500))]))
            disk.fill()
            with pytest.raises(OSError, match=r"space|large"):
                following.round_of(log=log)
            disk.free()
            assert following.round_of(log=log) == 500
            assert following.round_of(log=log) == 0
            found = look(Told(sent=ids, acknowledged=ids))
        finally:
            monkeypatch.undo()
            forget_settings()
    assert (found.rows, found.missing, found.twice) == (500, frozenset(), 0)
