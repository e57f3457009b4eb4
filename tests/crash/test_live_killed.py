"""Encoder and supervisor are killed, or stand still, while somebody sends: live comes back.

The sender starts again whenever it is cut off, as encoders do. SRT is the hard case: a sender
only notices after five seconds of silence that the other side has died.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from kotinos.channel.live import sources
from kotinos.channel.live.encoding import SEGMENT_SECONDS
from kotinos.channel.models import LiveSession
from kotinos.channel.tests.desk.world import build_world
from kotinos.channel.tests.live.stage import (
    House,
    busy,
    crew,
    listened,
    segments,
    sessions,
    wait_for,
)
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.chaos_parts import Database
    from kotinos.channel.live.terms import Source
    from kotinos.channel.tests.live.stage import Crew

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
BACK_SECONDS_MAX = 10.0
AWAY_SECONDS = 12
"""Longer than after which a session counts as dead."""


@contextmanager
def _sending(people: Crew, source: Source) -> Iterator[None]:
    """A sender that begins again, until the end."""
    over = threading.Event()

    def again() -> None:
        while not over.is_set():
            people.send(source).wait()
            over.wait(0.3)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        people.go_home()
        thread.join(10)


def _encoders(house: House) -> list[int]:
    """The ffmpeg processes a supervisor has started (proc(5): the fourth field is the parent)."""
    assert house.process is not None
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text().rpartition(")")
            if int(rest.split()[1]) == house.process.pid and "ffmpeg" in name:
                found.append(int(path.parent.name))
    return found


def _back(source: Source, before: int) -> float:
    """Seconds until a new session has its first segment; never is there more than one open."""
    began = time.monotonic()
    while time.monotonic() - began < BACK_SECONDS_MAX * 1.2 * busy():
        assert LiveSession.objects.filter(source=source.id, ended_at=None).count() <= 1
        if len(sessions(source)) > before:
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(f"not back after {time.monotonic() - began:.0f} s")


def test_live_comes_back_whatever_is_killed(transactional_db: None, tmp_path: Path) -> None:
    del transactional_db
    source = listened(build_world(tmp_path), "arena", records=False)
    houses = [House(tmp_path / f"house-{number}.log") for number in range(2)]
    for house in houses:
        house.start()
    took: dict[str, float] = {}
    try:
        with crew() as people, _sending(people, source):
            wait_for(lambda: segments(source) >= 2, 20, why="never on air")
            for blow in ("encoder killed", "encoder stopped", "supervisor killed"):
                time.sleep(random.uniform(0, 2))
                before = len(sessions(source))
                _strike(blow, houses)
                took[blow] = _back(source, before)
        sources.stop_source(source_id=source.id, now=clock.now())
        wait_for(lambda: all(each.ended_at for each in sessions(source)), 20, why="left open")
    finally:
        for house in houses:
            house.kill(signal.SIGTERM)
        connection.close()
    print({blow: round(seconds, 1) for blow, seconds in took.items()})
    assert len(sessions(source)) >= 4


def test_a_signal_is_not_cut_while_the_database_is_away(
    transactional_db: None, tmp_path: Path, database: Database
) -> None:
    """Its segments are written down late, and nobody takes it for dead."""
    del transactional_db
    source = listened(build_world(tmp_path), "arena", records=False)
    house = House(tmp_path / "house.log")
    house.start()
    try:
        with crew() as people, _sending(people, source):
            wait_for(lambda: segments(source) >= 2, 20, why="never on air")
            database.kill()
            time.sleep(AWAY_SECONDS)
            database.restart()
            connection.close()
            least = 2 + AWAY_SECONDS // SEGMENT_SECONDS
            wait_for(lambda: segments(source) >= least, 20, why="not written down")
            time.sleep(3)
            (session,) = sessions(source)
            assert session.ended_at is None
    finally:
        house.kill(signal.SIGTERM)


def _strike(blow: str, houses: list[House]) -> None:
    """Exactly one of two supervisors listens; hit it, or what it started."""
    (leader,) = [house for house in houses if house.process and _encoders(house)]
    (encoder,) = _encoders(leader)
    if blow == "supervisor killed":
        leader.kill(signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{encoder}").exists(), 3, why="the encoder lives on")
    else:
        os.kill(encoder, signal.SIGKILL if blow == "encoder killed" else signal.SIGSTOP)
