"""A real sender, a real encoder: what comes in is on air within seconds, and ends for sure."""

from __future__ import annotations

import io
import socket
import threading
import time
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import pytest
from av.container import InputContainer

from kotinos.channel.actions.workflow import step_of
from kotinos.channel.contracts import Step
from kotinos.channel.facts import package_facts
from kotinos.channel.ingest import leases, worker
from kotinos.channel.live import recording, sources
from kotinos.channel.models import LiveSegment, Package, Programme
from kotinos.channel.store import store
from kotinos.channel.tests.live.stage import (
    busy,
    crew,
    housed,
    listened,
    seen,
    segments,
    send_until_heard,
    sessions,
    wait_for,
)
from kotinos.kernel import clock
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.channel.contracts import PackageFacts
    from kotinos.channel.live.terms import Source
    from kotinos.channel.tests.desk.world import World
    from kotinos.channel.tests.live.stage import Crew

pytestmark = pytest.mark.django_db(transaction=True)
ON_AIR_SECONDS_MAX = 10.0


def refused(people: Crew, source: Source) -> bool:
    """Whether a sender is turned away."""
    return people.send(source).wait(15 * busy()) != 0


def is_over(source: Source) -> bool:
    return all(session.ended_at for session in sessions(source))


def wrong(source: Source) -> Source:
    return type(source)(source.id, source.code, source.protocol, source.port, "not-the-key-at-all")


def test_a_signal_is_on_air_with_its_key_alone_and_becomes_a_video(
    committed_world: World, tmp_path: Path
) -> None:
    source = listened(committed_world, "arena")
    with housed(tmp_path), crew() as people:
        time.sleep(1)
        assert refused(people, wrong(source))
        send_until_heard(people, source, rate=24, gop_seconds=4)
        heard = time.monotonic()
        wait_for(lambda: segments(source) >= 3, ON_AIR_SECONDS_MAX)
        assert time.monotonic() - heard < ON_AIR_SECONDS_MAX * busy()
        assert refused(people, source)
        (session,) = sessions(source)
        wait_for(lambda: sessions(source)[0].facts["health"]["gop_s"], 8)
        health = sessions(source)[0].facts["health"]
        assert (health["width"], health["height"], health["fps"]) == (640, 360, 24.0)
        assert health["gop_s"] == pytest.approx(4.0)
        assert health["bitrate"] > 100_000
        newest = LiveSegment.objects.filter(session=session).latest("number")
        late = newest.available_at - newest.starts_at
        assert timedelta(seconds=1.5) < late < timedelta(seconds=6 * busy())
        sources.rotate_key(source_id=source.id, now=clock.now())
        wait_for(lambda: is_over(source), 10)
        source = seen("arena")
        send_until_heard(people, source, rate=24)
        wait_for(lambda: len(sessions(source)) == 2, ON_AIR_SECONDS_MAX)
        wait_for(lambda: LiveSegment.objects.filter(session=sessions(source)[1]).count() > 2, 10)
        sources.stop_source(source_id=source.id, now=clock.now())
        wait_for(lambda: is_over(source), 10)
        wait_for(lambda: sessions(source)[1].recorded_id, 5)
    kinds = OutboxEvent.objects.filter(kind__startswith="channel.live-").order_by("id")
    assert [event.kind[13:] for event in kinds] == ["began", "ended", "began", "ended"]
    assert_recorded(source)


def assert_recorded(source: Source) -> None:
    """One programme in draft, one package of both sessions, whole and without a gap."""
    now = clock.now()
    (programme,) = Programme.objects.filter(code__startswith="arena-recording-")
    assert step_of(programme.id, now=now) is Step.DRAFT
    assert programme.occurred_at == sessions(source)[0].began_at
    assert recording.ask_due(now=now) == 0
    lease = leases.take(holder="a test", now=now, kind=recording.RECORD)
    assert lease is not None
    assert worker.work(lease, stop=threading.Event(), yields_to_live=False) is None
    package = Package.objects.get(programme=programme)
    facts = package_facts(
        {"id": package.id, "programme_id": programme.id, "ticks": package.ticks}
        | {"facts": package.facts}
    )
    pairs = [
        LiveSegment.objects.filter(session=session).count() // 2 for session in sessions(source)
    ]
    assert facts.ticks == sum(pairs) > 1
    assert facts.frames_per_second == 24
    assert len(facts.audio_us) == facts.ticks
    assert_plays(facts)
    assert store().read_now(f"packages/{package.id}/poster-640.webp")


def assert_plays(facts: PackageFacts) -> None:
    """Every picture is there, each a 24th of a second after the last; a tick is a segment."""
    for rung in ("v720", "v240", "a"):
        names = ["init.mp4", *(f"{number:05d}.m4s" for number in range(facts.ticks))]
        parts = [store().read_now(f"packages/{facts.id}/{rung}/{name}") for name in names]
        with av.open(io.BytesIO(b"".join(part for part in parts if part))) as container:
            assert isinstance(container, InputContainer)
            stream = container.streams[0]
            assert stream.time_base is not None
            times = [float((f.pts or 0) * stream.time_base) for f in container.decode(stream)]
        steps = [after - before for before, after in pairwise(times)]
        assert max(steps) < 0.05
        assert min(steps) > 0.01
        if rung != "a":
            assert len(times) == facts.ticks * 4 * 24
        assert times[-1] == pytest.approx(facts.ticks * 4, abs=0.08)


def test_the_gate_of_rtmp_lets_one_with_the_key_in_and_waits_for_nobody(
    committed_world: World, tmp_path: Path
) -> None:
    """The signal has no sound: it becomes silence, at the sender's second attempt at the latest."""
    source = listened(committed_world, "studio", "rtmp", records=False)
    with housed(tmp_path), crew() as people, socket.socket() as silent:
        wait_for(lambda: silent.connect_ex(("127.0.0.1", source.port)) == 0, 10)
        assert refused(people, wrong(source))
        began = time.monotonic()
        while not segments(source):
            send_until_heard(people, source, has_sound=False)
            assert time.monotonic() - began < 2 * ON_AIR_SECONDS_MAX * busy()
            time.sleep(2)
        assert refused(people, source)
        wait_for(lambda: segments(source) >= 2, 10)
        people.go_home()
        wait_for(lambda: is_over(source), 10)
    assert len(sessions(source)) == 1
