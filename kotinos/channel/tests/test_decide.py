"""May it be shown: the rule, as editors and lawyers would put it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from kotinos.channel.contracts import NotShown, Shown, instant_of, tick_at
from kotinos.channel.decide import decide_live, decide_published, decide_recorded
from kotinos.channel.linear.ruling import Ruled, Span, rule_live, rule_recorded

NOW = datetime(2030, 7, 20, 12, tzinfo=timezone.utc)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TICK = tick_at(NOW)


@dataclass(frozen=True)
class Row:
    from_at: datetime | None = None
    until_at: datetime | None = None
    delay_minutes: int = 0


def test_a_recording_waits_for_its_window_and_its_delay() -> None:
    ask: dict[str, Any] = {"occurred_at": NOW - MINUTE, "now": NOW}
    assert decide_recorded([Row(until_at=NOW + HOUR)], **ask) == Shown(NOW + HOUR)
    assert decide_recorded([Row(NOW + HOUR)], **ask) == NotShown("not-yet", NOW + HOUR)
    assert decide_recorded([Row(delay_minutes=30)], **ask) == NotShown("delayed", NOW + 29 * MINUTE)
    assert decide_recorded([Row(delay_minutes=1)], **ask) == Shown(None)
    assert decide_recorded([], **ask) == NotShown("not-cleared")
    unknown: dict[str, Any] = {"occurred_at": None, "now": NOW}
    assert decide_recorded([Row(delay_minutes=30)], **unknown) == NotShown("not-cleared")


def test_what_is_live_takes_the_shortest_delay() -> None:
    plain, half_an_hour = Row(), Row(delay_minutes=30)
    assert decide_live([plain], [half_an_hour], now=NOW) == Shown(None, 0)
    assert decide_live([], [half_an_hour, Row(delay_minutes=45)], now=NOW) == Shown(None, 30)
    assert decide_live([], [plain], now=NOW) == NotShown("not-cleared")
    assert decide_live([Row(NOW + HOUR)], [], now=NOW) == NotShown("not-yet", NOW + HOUR)


def test_editors_have_the_first_word() -> None:
    def asked(published_from: datetime | None, published_until: datetime | None) -> object:
        return decide_published(
            published_from=published_from, published_until=published_until, now=NOW
        )

    assert asked(None, None) == NotShown("unpublished")
    assert asked(NOW + HOUR, None) == NotShown("not-yet", NOW + HOUR)
    assert asked(NOW - HOUR, NOW) == NotShown("withdrawn")
    assert asked(NOW, NOW + HOUR) is None


def test_a_slot_is_ruled_to_the_safe_side() -> None:
    """A grant that ends within a tick ends before it; one that begins within it, after it."""
    second = timedelta(seconds=1)
    spans = [Span(0b01, NOW + second, NOW + 15 * second), Span(0b10)]
    assert rule_recorded(spans, from_tick=TICK, until_tick=TICK + 10, occurred_at=None) == [
        Ruled(TICK, 0b10),
        Ruled(TICK + 1, 0b11),
        Ruled(TICK + 3, 0b10),
    ]
    assert instant_of(TICK + 3) <= NOW + 15 * second


def test_a_delay_opens_a_slot_in_its_middle() -> None:
    spans = [Span(0b1, delay_minutes=1)]
    ruled = rule_recorded(
        spans, from_tick=TICK, until_tick=TICK + 30, occurred_at=NOW - timedelta(seconds=20)
    )
    assert ruled == [Ruled(TICK, 0), Ruled(TICK + 10, 0b1)]


def test_a_live_slot_knows_who_sees_it_later() -> None:
    live, delayed = [Span(0b001)], [Span(0b011, delay_minutes=30), Span(0b100)]
    assert rule_live(live, delayed, from_tick=TICK, until_tick=TICK + 9) == [
        Ruled(TICK, 0b001, ((30, 0b010),))
    ]
