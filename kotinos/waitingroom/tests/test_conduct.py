"""How far the conductor calls, whatever people and machine do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kotinos.waitingroom import decide
from kotinos.waitingroom.contracts import RANKS, Serving, Signals
from kotinos.waitingroom.tests.crowd import OPENS_MS, ROOM, Crowd

OPEN_SECOND = OPENS_MS // 1000
PROMPT = (1.0,)
NEVER = (None,)
ROUNDING = 1.5  # half a person where the draw is cut, and one where a second is

delays = st.one_of(st.none(), st.floats(0.0, 12.0))
crowds = st.builds(
    Crowd,
    drawn=st.integers(0, 3000),
    arrivals=st.dictionaries(
        st.integers(OPEN_SECOND, OPEN_SECOND + 40), st.integers(1, 200), max_size=20
    ),
    units_free=st.integers(0, 300),
    comes_after_s=st.lists(delays, min_size=1, max_size=5).map(tuple),
    buys_after_s=st.lists(delays, min_size=1, max_size=5).map(tuple),
)


@given(crowds)
@settings(max_examples=60, deadline=None)
def test_never_more_people_are_inside_than_units_are_free(crowd: Crowd) -> None:
    """For people who come within the grace, if they come; and the line never moves back."""
    crowd.play(60)
    assert crowd.most_inside <= ROUNDING


@given(st.integers(0, 80), st.integers(1, 20), st.integers(0, 40))
@settings(max_examples=12, deadline=None)
def test_people_who_do_not_come_do_not_freeze_the_line(
    drawn: int, units: int, arrived: int
) -> None:
    arrivals = {OPEN_SECOND + 1: arrived} if arrived else {}
    crowd = Crowd(drawn, arrivals, units, NEVER, NEVER)
    rounds = (drawn + arrived) // units + 2
    crowd.play(min(3600, 2 * rounds * decide.GRACE_MS / 1000))
    assert len(crowd.called) >= min(drawn + arrived, rounds * units // 2)


def test_a_short_line_is_called_at_once() -> None:
    crowd = Crowd(3, {OPEN_SECOND + 20: 1}, 100, PROMPT, NEVER)
    crowd.play(1.75)
    assert len(crowd.called) == 3
    crowd.play(20.5, from_s=1.75)
    assert len(crowd.called) == 4


def test_a_pause_stops_and_is_not_made_up_for() -> None:
    crowd = Crowd(100_000, {}, 100_000, PROMPT, NEVER)
    crowd.play(10)
    stopped = len(crowd.called)
    crowd.pause(paused=True)
    crowd.play(60, from_s=10)
    assert len(crowd.called) == stopped
    crowd.pause(paused=False)
    crowd.play(1, from_s=70)
    assert stopped < len(crowd.called) <= stopped + 1.5 * ROOM.rate_max_per_s


@given(st.floats(0.05, 1.0))
@settings(max_examples=25, deadline=None)
def test_the_slow_lever_scales_the_pace(factor: float) -> None:
    full = Crowd(100_000, {}, 100_000, PROMPT, NEVER)
    slow = Crowd(100_000, {}, 100_000, PROMPT, NEVER, serving=Serving(slow_factor=factor))
    full.play(20)
    slow.play(20)
    assert len(slow.called) == pytest.approx(len(full.called) * factor, abs=2)


def test_the_rate_grows_by_a_tenth_a_second_and_halves_when_answers_are_late() -> None:
    crowd = Crowd(1_000_000, {}, 1_000_000, PROMPT, NEVER)
    crowd.play(10)
    grown = crowd.serving.rate_per_s
    assert grown == pytest.approx(decide.RATE_START_PER_S * 1.1**9.75, rel=0.02)
    crowd.play(2, from_s=10, p99_ms=900.0)
    assert crowd.serving.rate_per_s == pytest.approx(grown / 4, rel=0.1)
    crowd.play(120, from_s=12)
    assert crowd.serving.rate_per_s == ROOM.rate_max_per_s


@given(st.floats(0, 1e6), st.floats(0, 1e4), st.floats(0, 100), st.floats(0.1, 1e4))
def test_the_rate_stays_between_its_ends(
    rate: float, p99_ms: float, errors: float, most: float
) -> None:
    signals = Signals(units_free=1, p99_ms=p99_ms, errors_per_s=errors)
    got = decide.next_rate(rate, signals, seconds=0.25, most=most)
    assert min(decide.RATE_MIN_PER_S, most) <= got <= most


def test_nobody_is_called_before_the_opening_or_after_the_end() -> None:
    crowd = Crowd(100, {}, 100, PROMPT, NEVER)
    crowd.play(60, from_s=-60)
    assert crowd.serving.drawn_upto == 0
    over = replace(ROOM, closes_at=ROOM.opens_at + timedelta(seconds=1))
    crowd = Crowd(100, {}, 100, PROMPT, NEVER, room=over)
    crowd.play(60, from_s=1)
    assert crowd.serving.drawn_upto == 0


def test_those_drawn_go_before_all_who_came_later() -> None:
    crowd = Crowd(500, {OPEN_SECOND + 1: 500}, 10_000, PROMPT, NEVER)
    for quarter in range(400):
        crowd.play(0.25, from_s=quarter / 4)
        if crowd.serving.drawn_upto < RANKS:
            assert crowd.serving.arrived_upto_ms == 0
    assert len(crowd.called) == 1000


def test_a_conductor_that_slept_does_not_call_in_one_burst() -> None:
    crowd = Crowd(100_000, {}, 100_000, PROMPT, NEVER)
    crowd.play(30)
    before = len(crowd.called)
    crowd.step(OPENS_MS + 600_000)
    assert len(crowd.called) - before <= ROOM.rate_max_per_s + 1
