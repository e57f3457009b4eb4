"""The pages of what is on: round the clock, the guide, its feeds, events, the editions' homes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from kotinos.channel import models
from kotinos.channel.actions.editions import put_edition
from kotinos.channel.actions.schedule import place_slot
from kotinos.channel.contracts import TICK_SECONDS, instant_of, lock_tick
from kotinos.channel.grid import hours_of
from kotinos.channel.tests.desk.world import World, drafted, shown
from kotinos.channel.tests.pages.test_video import get
from kotinos.channel.zones import zone_of
from kotinos.kernel import clock

if TYPE_CHECKING:
    from uuid import UUID

SLOTS = 12
TICKS_AN_HOUR = 3600 // TICK_SECONDS


@pytest.fixture
def scheduled(world: World) -> datetime:
    """One-minute films on the global channel from the next full hour on; that hour."""
    films = [shown(world, "day-one"), shown(world, "day-two")]
    start = (lock_tick(world.now) // TICKS_AN_HOUR + 1) * TICKS_AN_HOUR
    for number in range(SLOTS):
        _place(world, films[number % 2], start + number * 15)
    return instant_of(start)


def _place(world: World, programme_id: UUID, from_tick: int) -> None:
    placed = place_slot(
        channel_id=world.channels["global"],
        from_tick=from_tick,
        programme_id=programme_id,
        now=world.now,
    )
    assert hasattr(placed, "slot_id"), placed


@pytest.fixture
def at_start(scheduled: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands ten seconds into the first film."""
    at = scheduled + timedelta(seconds=10)
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def test_now_and_next_are_json_until_the_next_slot(at_start: datetime, world: World) -> None:
    del world, at_start
    answer = Client().get("/en-ke/channel/watch/global-one/now.json")
    body = json.loads(answer.content)
    assert body["current"]["code"] == "day-one"
    assert body["now_ms"] - body["current"]["begins_ms"] == 10_000
    assert [entry["code"] for entry in body["next"]][:2] == ["day-two", "day-one"]
    assert answer["Cache-Control"].endswith("s-maxage=20")


def test_a_slot_that_is_not_cleared_says_why_in_short(at_start: datetime, world: World) -> None:
    del at_start, world
    body = json.loads(get("/en-us/channel/watch/global-one/now.json"))
    assert body["current"]["state"] == "refused"
    assert body["current"]["note"] == "only shown elsewhere"
    assert "only shown elsewhere" in get("/en-us/channel/guide/")


def test_the_page_of_a_channel_says_what_is_on(at_start: datetime, world: World) -> None:
    del at_start, world
    page = get("/en-ke/channel/watch/global-one/")
    assert "Day One" in page
    assert 'data-ask="/fast/channel/play/linear/global-one?place=en-ke"' in page
    assert '"@type":"BroadcastEvent"' in page
    assert "Watch from the start" in page


def test_the_guide_folds_what_repeats_within_an_hour(at_start: datetime, world: World) -> None:
    del world
    page = get(f"/en-ke/channel/guide/{at_start.astimezone(zone_of('KE')):%Y-%m-%d}/")
    assert "times this hour" in page
    assert "GMT+03:00" in page


def test_the_guide_is_xmltv_and_json_within_bounds(at_start: datetime, world: World) -> None:
    del world
    page = get("/en-ke/channel/guide/global-one.xml?hours=900")
    root = ET.fromstring(page)  # noqa: S314 - our own feed
    found = root.findall("programme")
    assert len(found) == SLOTS
    assert found[0].get("start") == f"{at_start - timedelta(seconds=10):%Y%m%d%H%M%S} +0000"
    assert found[0].findtext("title") == "Day One"
    body = json.loads(get("/en-ke/channel/guide/global-one.json"))
    assert len(body["slots"]) == SLOTS


def test_a_day_that_is_none_or_too_far_has_no_guide(world: World) -> None:
    del world
    for day in ("2030-13-01", "tomorrow", "1999-01-01"):
        get(f"/en-ke/channel/guide/{day}/", status=404)


def test_another_editions_channel_is_not_found(world: World) -> None:
    del world
    get("/en-ke/channel/watch/zh-one/", status=404)
    get("/zh-hans-jp/channel/watch/zh-one/")
    get("/en-ke/channel/watch/none/", status=404)


def test_a_day_has_as_many_hours_as_the_clocks_give_it() -> None:
    zone = zone_of("FR")
    for day, hours in ((29, 23), (28, 24)):
        start = datetime(2026, 3, day, tzinfo=zone)
        end = datetime(2026, 3, day + 1, tzinfo=zone)
        assert len(hours_of(start, end)) == hours
    assert zone_of("US") != timezone.utc


def test_an_event_is_before_on_air_and_over(world: World) -> None:
    programme_id = drafted(world, "court-live", kind="event")
    models.Programme.objects.filter(id=programme_id).update(published_from=world.now)
    source = models.LiveSource.objects.create(
        code="court",
        programme_id=programme_id,
        protocol="srt",
        port=9999,
        key="k" * 20,
        enabled_from=world.now,
    )
    page, state = "/en-ke/channel/live/court/", "/en-ke/channel/live/court/state.json"
    assert json.loads(get(state)) == {"state": "before"}
    assert "data-await" in get(page)
    session = models.LiveSession.objects.create(
        source=source, began_at=clock.now(), seen_at=clock.now()
    )
    assert json.loads(get(state)) == {"state": "on-air"}
    assert 'data-kind="live"' in get(page)
    session.ended_at = clock.now()
    session.save()
    assert json.loads(get(state)) == {"state": "over"}
    assert "The broadcast is over." in get(page)
    assert Client().get("/en-ke/channel/video/court-live/").status_code == 302


def test_an_edition_is_data_and_a_theme(world: World) -> None:
    shown(world, "for-all", editions=["global", "zh"])
    put_edition(
        code="zh",
        names={"en": "China", "zh-hans": "橄榄频道"},
        languages=["zh-hans"],
        licensee_id=world.organisations["ZHCAST"],
        home_territory="JP",
        look={
            "home": [{"rail": "kind", "value": "highlights", "titles": {"zh-hans": "精选"}}],
            "footer": {"zh-hans": ["备案号 0000"]},
            "licensee_line": {"zh-hans": "演示持权方"},
            "share": ["weibo", "wechat", "unknown"],
            "theme": {"field": "#5c1a1b", "leaf": "red;}body{display:none"},
        },
    )
    home = get("/zh-hans-jp/channel/")
    for text in ("橄榄频道", "精选", "备案号 0000", "演示持权方"):
        assert text in home, text
    assert "备案号" not in get("/en-ke/channel/")
    sheet = get(home.split('href="')[1 + _theme_at(home)].split('"')[0])
    assert sheet == ":root{--edition-field:#5c1a1b;}\n"
    assert "service.weibo.com" in get("/zh-hans-jp/channel/video/for-all/")
    assert get("/zh-hans-jp/channel/video/for-all/wechat.svg").startswith("<svg")


def _theme_at(page: str) -> int:
    parts = page.split('href="')[1:]
    return next(number for number, part in enumerate(parts) if "/channel/theme-" in part)
