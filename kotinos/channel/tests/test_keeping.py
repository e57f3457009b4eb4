"""A week's plan is cut into parts of days, without a gap and without an overlap."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from kotinos.channel.actions.keeping import parts

MONDAY = datetime(2030, 7, 15, tzinfo=timezone.utc)
WEEK = [
    {"name": "night", "hour": 0},
    {"name": "morning", "hour": 6, "kinds": {"lesson": 2}},
    {"name": "weekend", "hour": 9, "days": [5, 6]},
    {"name": "evening", "hour": 18},
]


@given(st.integers(0, 14 * 24 * 60), st.integers(1, 4 * 24 * 60))
def test_parts_follow_each_other_from_beginning_to_end(begin: int, minutes: int) -> None:
    from_at = MONDAY + timedelta(minutes=begin)
    until_at = from_at + timedelta(minutes=minutes)
    found = list(parts(WEEK, from_at=from_at, until_at=until_at))
    assert found[0].from_at == from_at
    assert found[-1].until_at == until_at
    for before, after in itertools.pairwise(found):
        assert before.until_at == after.from_at
        assert before.from_at < before.until_at


def test_a_part_for_the_weekend_is_not_every_days() -> None:
    def names(day: int) -> list[str]:
        at = MONDAY + timedelta(days=day)
        return [part.rule.name for part in parts(WEEK, from_at=at, until_at=at + timedelta(days=1))]

    assert names(0) == ["night", "morning", "evening"]
    assert names(5) == ["night", "morning", "weekend", "evening"]


def test_a_part_says_what_it_shows_and_how_often() -> None:
    at = MONDAY + timedelta(hours=7)
    (part,) = parts(WEEK, from_at=at, until_at=at + timedelta(hours=1))
    assert part.rule.kinds == {"lesson": 2}


def test_a_channel_without_a_plan_shows_everything() -> None:
    at = MONDAY + timedelta(hours=23)
    found = list(parts([{"hour": 0}], from_at=at, until_at=at + timedelta(hours=3)))
    assert [part.rule.kinds for part in found] == [{}, {}]
