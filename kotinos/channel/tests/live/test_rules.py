"""What needs no sender: the gate against nonsense, signs of life, what is swept, what is joined."""

from __future__ import annotations

import asyncio
import http.client
import os
import random
import struct
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from kotinos.channel.contracts import MAIN_AUDIO
from kotinos.channel.ingest import leases
from kotinos.channel.live import amf, recording, rtmp, sessions, sources, sweeping
from kotinos.channel.live.encoding import RUNGS
from kotinos.channel.live.gate import Gate
from kotinos.channel.live.places import bring_to_store, live_folder
from kotinos.channel.live.signs import Signs
from kotinos.channel.models import Job, LiveSegment, LiveSession, LiveSource, Programme
from kotinos.channel.results import Saved
from kotinos.channel.store import open_store
from kotinos.channel.tests.desk.world import drafted
from kotinos.channel.tests.live.stage import free_port
from kotinos.kernel.ids import new_id
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.tests.desk.world import World

STREAM = (
    "  Stream #0:0[0x100]: Video: h264 (High), yuv420p(tv, bt709), 1280x720 [SAR 1:1], 50 fps, 50"
)


def source(world: World, code: str = "arena", **more: object) -> UUID:
    given = {"protocol": "srt", **more}
    saved = sources.add_source(
        code=code,
        programme_id=drafted(world, code),
        now=world.now,
        **given,  # type: ignore[arg-type]  # a test may give what it likes
    )
    assert isinstance(saved, Saved), saved
    return saved.id


def session(source_id: UUID, began_at: datetime, segments: int, *, look: bytes = b"i") -> UUID:
    """A session that is over, with files that are none but stand where they should."""
    session_id = new_id()
    until = began_at + timedelta(seconds=2 * segments)
    row = LiveSession.objects.create(
        id=session_id, source_id=source_id, began_at=began_at, seen_at=until, ended_at=until
    )
    numbers = range(segments)
    sessions.add_segments(session_id=row.id, began_at=began_at, numbers=numbers, now=until)
    for rung in RUNGS:
        folder = live_folder() / str(session_id) / rung
        folder.mkdir(parents=True)
        (folder / "init.mp4").write_bytes(look)
        for number in numbers:
            (folder / f"{number:05d}.m4s").write_bytes(b"s")
    return session_id


def files(session_id: UUID) -> list[str]:
    folder: Path = live_folder() / str(session_id) / MAIN_AUDIO
    return sorted(path.stem for path in folder.glob("*.m4s"))


def test_signs_tell_size_pace_losses_and_key_pictures() -> None:
    signs = Signs()
    for line in (
        "Input #0, mpegts, from 'srt'",
        STREAM,
        "  Stream #0:1: Audio: aac (LC)",
        "Output #",
    ):
        signs.hear_error(line, at=100.0, unix=1001.0)
    signs.hear_error("12:00/SRT: RCV-DROPPED 7 packet(s). Packet seqno", at=101.0, unix=1002.0)
    signs.hear("#tb 0: 1/90000", at=100.0, unix=0.0)
    for step in range(100):
        key = "" if step % 50 == 0 else ", F=0x0"
        line = f"0, {step * 3600}, {step * 3600}, 3600, 10000, 0x0{key}"
        signs.hear(line, at=100.0 + step / 25, unix=0.0)
    for step in range(20):
        signs.hear(f"out_time_us={step * 400_000}", at=100.0 + step / 2, unix=1000.0 + step / 2)
    health = signs.health(at=104.0)
    assert (health["width"], health["height"], health["fps"]) == (1280, 720, 50.0)
    assert (health["gop_s"], health["dropped"], health["sound"]) == (2.0, 7, True)
    assert health["bitrate"] == pytest.approx(2_000_000, rel=0.1)
    assert health["speed"] == pytest.approx(0.8, abs=0.02)
    assert signs.began_unix == pytest.approx(1000.1)


@pytest.mark.parametrize("seed", range(20))
def test_nonsense_at_the_gate_of_rtmp_is_turned_away(seed: int) -> None:
    """Random bytes after a right handshake: an end within bounds, never a hang or a crash."""
    dice = random.Random(seed)

    async def talk() -> None:
        reader, ours = asyncio.StreamReader(), _Nowhere()
        hello = bytes([3]) + bytes(rtmp.HANDSHAKE_BYTES) * 2
        reader.feed_data(hello + dice.randbytes(dice.randint(1, 60_000)))
        reader.feed_eof()
        wire = rtmp.Wire(reader, ours)  # type: ignore[arg-type]  # only write is called
        await wire.shake_hands()
        with pytest.raises((rtmp.RtmpError, EOFError)):
            await _read_all(wire)

    asyncio.run(asyncio.wait_for(talk(), 5))


async def _read_all(wire: rtmp.Wire) -> None:
    while True:
        message = await wire.read()
        if message.kind == rtmp.COMMAND:
            rtmp.command_of(message)


class _Nowhere:
    def write(self, data: bytes) -> None:
        del data


def test_a_message_that_would_fill_the_memory_is_refused() -> None:
    async def talk() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(bytes([3]) + bytes(3) + b"\xff\xff\xff" + bytes([9]) + bytes(4))
        with pytest.raises(rtmp.RtmpError):
            await rtmp.Wire(reader, _Nowhere()).read()  # type: ignore[arg-type]  # as above

    asyncio.run(talk())


def test_commands_are_read_as_they_are_written() -> None:
    said = ["publish", 4.0, None, {"app": "live", "level": 1.0}, "a key"]
    assert amf.read_all(amf.write(*said)) == said
    with pytest.raises(amf.AmfError):
        amf.read_all(amf.write("cut")[:-1])
    with pytest.raises(amf.AmfError):
        amf.read_all(b"\x0a\x00\x00\x00\x01" * 50)


def test_a_caller_that_says_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kotinos.channel.live.gate.GREETING_SECONDS_MAX", 0.3)

    async def call() -> None:
        gate = Gate(host="127.0.0.1", port=free_port(1), key="k" * 24)
        await gate.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
        assert await asyncio.wait_for(reader.read(), 3) == b""
        writer.close()
        await gate.close()

    asyncio.run(call())


def test_flv_keeps_times_beyond_three_bytes() -> None:
    tag = rtmp.flv_tag(rtmp.Message(rtmp.VIDEO, 0x12345678, b"abc"))
    assert tag[:11] == b"\x09\x00\x00\x03\x34\x56\x78\x12\x00\x00\x00"
    assert struct.unpack(">I", tag[-4:]) == (14,)


def test_old_segments_go_but_not_those_to_be_recorded(world: World) -> None:
    began = world.now - sweeping.KEPT_AT_LEAST - timedelta(minutes=15)
    kept = session(source(world), began, 600)
    swept = session(source(world, "pool", records=False, dvr_minutes=1), began, 600)
    sweeping.sweep(now=world.now)
    assert len(files(kept)) == LiveSegment.objects.filter(session=kept).count() == 600
    # What may still be shown late stays; 15 of its 20 minutes are older than that.
    assert LiveSegment.objects.filter(session=swept).count() == 150
    assert files(swept)[0] == "00450"
    sweeping.sweep(now=world.now + timedelta(hours=13))
    assert not LiveSegment.objects.exists()
    assert not (live_folder() / str(kept)).exists()


def test_folders_that_never_became_a_session_go_after_a_while(world: World) -> None:
    stray, young = (live_folder() / str(new_id()) for _ in range(2))
    for folder in (stray, young):
        folder.mkdir(parents=True)
    os.utime(stray, (0, 0))
    sweeping.sweep(now=world.now)
    assert not stray.exists()
    assert young.exists()


def test_a_store_elsewhere_gets_every_segment_before_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = ThreadedMotoServer(port=0)
    server.start()
    try:
        _host, port = server.get_host_and_port()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        wire = http.client.HTTPConnection("127.0.0.1", port)
        wire.request("PUT", "/videos")
        assert wire.getresponse().read() is not None
        wire.close()
        kept, session_id = (
            open_store("s3://videos/x", endpoint=f"http://127.0.0.1:{port}"),
            new_id(),
        )
        for rung in RUNGS:
            folder = live_folder(kept) / str(session_id) / rung
            folder.mkdir(parents=True)
            for name in ("init.mp4", "00000.m4s", "00001.m4s"):
                (folder / name).write_bytes(name.encode())
        for _ in range(2):  # told twice, where the database was away in between
            bring_to_store(session_id=session_id, numbers=[0], to=kept)
        assert kept.read_now(f"live/{session_id}/v720/init.mp4") == b"init.mp4"
        assert kept.read_now(f"live/{session_id}/a/00000.m4s") == b"00000.m4s"
        assert kept.read_now(f"live/{session_id}/a/00001.m4s") is None
        assert sorted(path.name for path in folder.iterdir()) == ["00001.m4s", "init.mp4"]
    finally:
        server.stop()


def test_short_gaps_are_joined_long_ones_and_other_encodings_are_not(world: World) -> None:
    source_id, began = source(world), world.now - timedelta(hours=3)
    first = session(source_id, began, 11)
    second = session(source_id, began + timedelta(minutes=2), 4)
    other = session(source_id, began + timedelta(minutes=4), 4, look=b"another rate")
    later = session(source_id, began + timedelta(hours=1), 6)
    session(source_id, began + timedelta(hours=2), 1)
    LiveSource.objects.filter(id=source_id).update(enabled_until=None)
    soon = began + timedelta(hours=2, seconds=30)
    assert recording.ask_due(now=soon) == 0  # it may come back
    assert recording.ask_due(now=world.now) == 3
    assert recording.ask_due(now=world.now) == 0
    programmes = list(
        Programme.objects.filter(code__contains="-recording-").order_by("occurred_at")
    )
    day = f"arena-recording-{began:%Y-%m-%d}"
    assert [row.code for row in programmes] == [day, f"{day}-2", f"{day}-3"]
    assert all(row.properties == ["GAMES"] and row.published_from is None for row in programmes)
    found = [[p.session_id for p in recording.pieces_of(row.id)] for row in programmes]
    assert found == [[first, second], [other], [later]]
    assert [piece.ticks for piece in recording.pieces_of(programmes[0].id)] == [5, 2]
    assert Job.objects.filter(kind=recording.RECORD).count() == 3
    assert leases.take(holder="a test", now=world.now, kind=recording.RECORD) is not None


def test_a_session_never_begins_before_the_end_of_the_one_before(world: World) -> None:
    source_id = source(world)
    session(source_id, world.now - timedelta(seconds=19), 10)  # its clock ran ahead by a second
    session_id = new_id()
    for _ in range(2):  # told twice is told once
        began_at = sessions.begin_session(
            session_id=session_id, source_id=source_id, began_at=world.now, facts={}, now=world.now
        )
        assert began_at == world.now + timedelta(seconds=1)
    assert OutboxEvent.objects.filter(kind=sessions.LIVE_BEGAN).count() == 1


def test_a_session_that_nobody_sees_alive_is_ended_when_it_was_last_seen(world: World) -> None:
    source_id, session_id = source(world), new_id()
    sessions.begin_session(
        session_id=session_id, source_id=source_id, began_at=world.now, facts={}, now=world.now
    )
    soon, late = (world.now + timedelta(seconds=seconds) for seconds in (9, 30))
    assert sessions.end_dead_sessions(now=soon) == 0
    assert sessions.beat(session_id=session_id, health={}, now=soon)
    assert sessions.end_dead_sessions(now=late) == 1
    assert LiveSession.objects.get(id=session_id).ended_at == soon
    assert not sessions.beat(session_id=session_id, health={}, now=late)
