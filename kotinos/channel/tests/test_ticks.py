"""Ticks: the clock that sequence numbers are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from kotinos.channel.contracts import TICK_SECONDS, instant_of, tick_at, ticks_for

NOON = datetime(2030, 7, 20, 12, tzinfo=timezone.utc)


def test_a_tick_begins_where_it_says() -> None:
    tick = tick_at(NOON)
    assert instant_of(tick) == NOON
    assert tick_at(NOON + timedelta(seconds=TICK_SECONDS - 0.001)) == tick
    assert tick_at(NOON + timedelta(seconds=TICK_SECONDS)) == tick + 1


def test_a_part_of_a_tick_needs_a_whole_one() -> None:
    assert [ticks_for(timedelta(seconds=s)) for s in (0.001, 4, 4.001, 8)] == [1, 1, 2, 2]
