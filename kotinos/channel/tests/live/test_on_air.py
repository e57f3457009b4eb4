"""A real sender, a real encoder: what comes in is on air within seconds, and ends for sure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from kotinos.channel.live.places import live_folder
from kotinos.channel.tests.live.stage import (
    crew,
    housed,
    listened,
    segments,
    send_until_heard,
    sessions,
    wait_for,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kotinos.channel.tests.desk.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ON_AIR_SECONDS_MAX = 10.0


@pytest.mark.parametrize("protocol", ["srt", "rtmp"])
def test_a_signal_is_on_air_within_ten_seconds(
    committed_world: World, tmp_path: Path, protocol: str
) -> None:
    source = listened(committed_world, "arena", protocol)
    with housed(tmp_path), crew() as people:
        send_until_heard(people, source, rate=30, gop_seconds=4)
        began = time.monotonic()
        wait_for(lambda: segments(source) >= 3, ON_AIR_SECONDS_MAX)
        assert time.monotonic() - began < ON_AIR_SECONDS_MAX
        (session,) = sessions(source)
        assert session.facts["frames_per_second"] == 30
        assert session.ended_at is None
        people.go_home()
        wait_for(lambda: sessions(source)[0].ended_at, 10)
    assert (live_folder() / str(session.id) / "v720" / "init.mp4").is_file()
