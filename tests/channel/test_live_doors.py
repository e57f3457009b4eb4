"""Live over HTTP: at once, half an hour late, and inside a linear channel; invented segments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.channel import api as channel
from kotinos.channel.actions.ruling import rule_slots
from kotinos.channel.contracts import INIT_FILE, SEGMENT_FILE, Pass, instant_of, tick_at
from kotinos.channel.models import LinearChannel, LiveSegment, LiveSession, LiveSource, Slot
from kotinos.channel.playout import last_listed
from kotinos.channel.store import store
from kotinos.channel.tests.clips import packaged
from kotinos.channel.tests.desk.world import World, build_world, drafted
from kotinos.kernel.ids import new_id
from kotinos.rights import api as rights
from tests.channel.stage import Viewer, addresses, watch

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)
MINUTES = 40
COUNT = MINUTES * 30 + 90  # three minutes to spare: a machine may be slow
RUNGS = ("v720", "v480", "v240", "a")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = build_world(tmp_path)
    terms = rights.GrantTerms(
        grantor="IOC",
        grantee="CAST",
        property="GAMES",
        acts="show/delayed",
        outlets="internet",
        territory="US",
        delay_minutes=30,
    )
    drafted_grant = rights.draft_grant(terms=terms, now=world.now - timedelta(days=1))
    assert isinstance(drafted_grant, rights.Drafted)
    rights.sign(grant_id=drafted_grant.grant_id, now=world.now - timedelta(days=1))
    return world


def _on_air(world: World) -> tuple[LiveSource, UUID]:
    """A source that has been on air for forty minutes; each segment's bytes are its number."""
    programme_id = drafted(world, "final", kind="event")
    began_at = world.now - timedelta(minutes=MINUTES)
    source = LiveSource.objects.create(
        code="final-live",
        programme_id=programme_id,
        protocol="srt",
        port=1,
        key="k" * 16,
        enabled_from=began_at,
    )
    channel.publish(programme_id=programme_id, now=world.now - timedelta(hours=1))
    facts = packaged(programme_id=drafted(world, "as-rungs"), now=world.now)
    rungs = {
        kind: [
            {
                "name": rung.name,
                "codecs": rung.codecs,
                "bandwidth": 1,
                "average": 1,
                "width": 16,
                "height": 9,
            }
            for rung in part
            if rung.name in RUNGS
        ]
        for kind, part in (("pictures", facts.pictures), ("sounds", facts.sounds))
    }
    session = LiveSession.objects.create(
        source=source, began_at=began_at, seen_at=world.now, facts=rungs
    )
    _fill(session.id, began_at)
    LinearChannel.objects.update(slate_elsewhere_id=facts.id, slate_pause_id=facts.id)
    return source, session.id


def _fill(session_id: UUID, began_at: datetime) -> None:
    LiveSegment.objects.bulk_create(
        LiveSegment(
            session_id=session_id,
            number=number,
            starts_at=began_at + timedelta(seconds=2 * number),
            duration_ms=2000,
            available_at=began_at + timedelta(seconds=2 * number + 3),
        )
        for number in range(COUNT)
    )
    for rung in RUNGS:
        store().put_live(session_id, f"{rung}/{INIT_FILE}", b"init")
        for number in range(COUNT):
            store().put_live(session_id, f"{rung}/{SEGMENT_FILE.format(number)}", b"%d;" % number)


def _schedule(world: World, source: LiveSource, from_tick: int) -> None:
    """A live item that an editor had put into the channel before it began."""
    slot = Slot.objects.create(
        channel_id=world.channels["global"],
        from_tick=from_tick,
        until_tick=from_tick + 1_000,
        programme_id=source.programme_id,
        source=source,
        placed_at=world.now,
    )
    rule_slots([slot.id], now=instant_of(from_tick) - timedelta(minutes=5))


def _number(address: str) -> int:
    return int(
        address.split("?", maxsplit=1)[0]
        .rsplit("/", maxsplit=1)[-1]
        .removeprefix("pair-")
        .split(".")[0]
    )


def test_a_delayed_territory_sees_the_same_segments_half_an_hour_later(world: World) -> None:
    _, session_id = _on_air(world)

    async def story(viewer: Viewer) -> None:
        numbers = {}
        for place in ("en-fr", "en-us"):
            played = await viewer.play("live/final-live", place)
            assert played["verdict"] == "show"
            master = await viewer.get(played["src"])
            for url in addresses(master.text, played["src"]):
                listed = await viewer.get(url)
                assert listed.status == 200, url
                assert listed.text.count("#EXTINF") == 8
                last = addresses(listed.text, url)[-1]
                assert (await viewer.get(last)).body == b"%d;" % _number(last)
            numbers[place] = _number(last)
            dvr = await viewer.get(played["dvr_src"].replace("master", "v240"))
            assert dvr.text.count("#EXTINF") == numbers[place] + 1
        began_ms = (world.now - timedelta(minutes=MINUTES)).timestamp() * 1000
        segments = (played["now_ms"] - began_ms) / 2000
        assert numbers["en-fr"] == pytest.approx(segments - 1, abs=3)
        assert numbers["en-us"] == pytest.approx(segments - 1 - 30 * 30, abs=3)
        late = await viewer.play("live/final-live", "en-us")
        token = late["src"].split("?")[1]
        base = f"/fast/channel/live-media/{session_id}/v240"
        early = numbers["en-us"] + 2
        assert (await viewer.get(f"{base}/{early:05d}.m4s?{token}")).status == 403
        assert (await viewer.get(f"{base}/pair-{early - 1}.m4s?{token}")).status == 403
        assert (await viewer.get(f"{base}/pair-10.m4s?{token}")).body == b"10;11;"
        at_once = late["src"].replace("/30/", "/0/")
        assert (await viewer.get(at_once)).status == 403

    watch(story)


def test_a_linear_channel_shows_live_at_once_and_late(world: World) -> None:
    source, session_id = _on_air(world)
    began = tick_at(world.now - timedelta(minutes=MINUTES))
    _schedule(world, source, began + 2)

    async def story(viewer: Viewer) -> None:
        seen = {}
        for place in ("en-fr", "en-us"):
            played = await viewer.play("linear/global-one", place)
            url = played["src"].replace("master", "a")
            listed = await viewer.get(url)
            last = addresses(listed.text, url)[-1]
            number = _number(last)
            assert f"/live-media/{session_id}/a/pair-" in last
            assert (await viewer.get(last)).body == b"%d;%d;" % (number, number + 1)
            seen[place] = number
        assert seen["en-fr"] - seen["en-us"] == 30 * 30
        token = played["src"].split("?")[1]
        early = f"/fast/channel/live-media/{session_id}/a/pair-{seen['en-us'] + 2}.m4s?{token}"
        assert (await viewer.get(early)).status == 403

    watch(story)


def test_what_was_not_there_in_time_is_a_pause_for_everybody(world: World) -> None:
    """A process that asks later must not answer otherwise."""
    source, session_id = _on_air(world)
    began = tick_at(world.now - timedelta(minutes=MINUTES))
    _schedule(world, source, began + 2)
    late = last_listed(world.now.timestamp()) - 5
    number = round((late * 4 - (world.now - timedelta(minutes=MINUTES)).timestamp()) / 2)
    segment = LiveSegment.objects.filter(session_id=session_id, number=number)
    segment.update(available_at=world.now)

    async def story(viewer: Viewer) -> None:
        played = await viewer.play("linear/global-one", "en-fr")
        text = (await viewer.get(played["dvr_src"].replace("master", "v240"))).text
        text = text.partition(f"pair-{number - 2}.m4s")[2]
        assert text.count("/loops/") == 1
        assert f"pair-{number}.m4s" not in text
        assert f"pair-{number + 2}.m4s" in text

    watch(story)


def test_a_silent_source_is_off_the_air(world: World) -> None:
    _on_air(world)

    async def story(viewer: Viewer) -> None:
        listed = viewer.screen.on_air.numbers(
            "final-live", delay_minutes=0, now=world.now + timedelta(minutes=5)
        )
        assert listed == []
        held = Pass(f"l:{new_id()}", "global", "FR", world.now + timedelta(hours=1))
        assert not viewer.screen.may_fetch_live(held, new_id(), 0, now=world.now)

    watch(story)
