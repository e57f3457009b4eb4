"""The doors of the channel: who is shown what, and that a pass opens nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.channel import api as channel
from kotinos.channel.actions.ruling import rule_all
from kotinos.channel.contracts import tick_at
from kotinos.channel.linear.timeline import DAY_TICKS
from kotinos.channel.models import LinearChannel, Slot, Watching
from kotinos.channel.playout import last_listed
from kotinos.channel.results import Placed
from kotinos.channel.tests.clips import packaged
from kotinos.channel.tests.desk.world import World, build_world, drafted
from kotinos.insight.lake.columns import logged
from kotinos.insight.tables import WATCHING
from kotinos.kernel import clock
from kotinos.rights import api as rights
from kotinos.rights.models import Grant
from tests.channel.stage import Viewer, addresses, watch

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from kotinos.channel.contracts import PackageFacts

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = timedelta(minutes=10)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_world(tmp_path)


def _film(world: World, code: str) -> PackageFacts:
    programme_id = drafted(world, code)
    facts = packaged(programme_id=programme_id, now=world.now)
    channel.publish(programme_id=programme_id, now=world.now)
    return facts


def _slates(world: World) -> PackageFacts:
    facts = packaged(programme_id=drafted(world, "slate", kind="slate"), now=world.now)
    LinearChannel.objects.update(slate_elsewhere_id=facts.id, slate_pause_id=facts.id)
    return facts


def _place(world: World, programme_id: UUID, from_tick: int) -> None:
    """A slot that an editor placed ten minutes ago."""
    placed = channel.place_slot(
        channel_id=world.channels["global"],
        from_tick=from_tick,
        programme_id=programme_id,
        now=world.now - BEFORE,
    )
    assert isinstance(placed, Placed), placed


def test_a_video_plays_here_and_not_there(world: World) -> None:
    film = _film(world, "swim-final")
    channel.put_track(
        programme_id=film.programme_id,
        kind="subtitles",
        language="fr",
        text="WEBVTT\n\n00:01.000 --> 00:05.500\nBonjour\n",
        now=world.now,
    )

    async def story(viewer: Viewer) -> None:
        refused = await viewer.play("video/swim-final", "en-us")
        assert (refused["verdict"], refused["reason"]) == ("refuse", "not-cleared")
        played = await viewer.play("video/swim-final", "en-fr")
        assert played["verdict"] == "show"
        master = await viewer.get(played["src"])
        assert master.headers["content-type"] == "application/vnd.apple.mpegurl"
        assert played["src"].split("t=")[1] not in master.text
        for url in addresses(master.text, played["src"]):
            playlist = await viewer.get(url)
            assert playlist.status == 200, url
            assert playlist.text.count("#EXTINF") == film.ticks
            for part in addresses(playlist.text, url):
                got = await viewer.get(part)
                assert got.status == 200, part
                assert len(got.body) > 10
        words = await viewer.get(
            f"/fast/channel/subtitles/{film.programme_id}/fr/00001.vtt?{played['src'][-9:]}"
        )
        assert "00:00:01.000 --> 00:00:05.500\nBonjour" in words.text

    watch(story)


def test_a_pass_opens_one_thing_in_one_territory_for_a_while(world: World) -> None:
    film, other = _film(world, "swim-final"), _film(world, "swim-heat")

    async def story(viewer: Viewer) -> None:
        played = await viewer.play("video/swim-final", "en-fr")
        token = played["src"].split("?")[1]
        base = "/fast/channel"
        mine = f"{base}/media/{film.id}/v240/00000.m4s"
        theirs = f"{base}/media/{other.id}/v240/00000.m4s"
        assert (await viewer.get(f"{mine}?{token}")).status == 200
        for url in (
            mine,
            f"{mine}?t=",
            f"{mine}?{token}x",
            f"{mine}?t={'a' * 5000}",
            f"{theirs}?{token}",
            f"{base}/on-demand/{other.id}/master.m3u8?{token}",
            f"{base}/linear/global-one/FR/v240.m3u8?{token}",
            f"{base}/live/one/0/v240.m3u8?{token}",
        ):
            assert (await viewer.get(url)).status == 403, url
        gate = f"{base}/gate"
        assert (await viewer.get(gate, x_original_uri=f"{mine}?{token}")).status == 204
        assert (await viewer.get(gate, x_original_uri=f"{theirs}?{token}")).status == 403
        assert (await viewer.get(gate)).status == 403

    watch(story)


def test_nonsense_is_met_with_a_plain_answer(world: World) -> None:
    film = _film(world, "swim-final")

    async def story(viewer: Viewer) -> None:
        played = await viewer.play("video/swim-final", "en-fr")
        token = played["src"].split("?")[1]
        for path in (
            "", "/", "nothing", "play", "play/video", "play/video/none?place=en-fr",
            "play/video/swim-final", "play/video/swim-final?place=zz", "play/x/x?place=en-fr",
            f"media/{film.id}/v240/../../x.m4s?{token}", f"media/{film.id}/v9/00000.m4s?{token}",
            f"media/{film.id}/v240/99999.m4s?{token}", f"media/nonsense/v240/00000.m4s?{token}",
            f"media/{film.id}/v240/init.mp4.m4s?{token}", f"on-demand/{film.id}/v9.m3u8?{token}",
            f"loops/{film.id}/v240/{'9' * 30}.m4s?{token}", "pictures/x/../../secret.webp",
            f"pictures/{film.id}/..webp", f"subtitles/{film.programme_id}/fr/x.vtt",
            f"tracks/{film.programme_id}/subtitles-xx.vtt", "linear/global-one", "linear/a/b/c/d/e",
        ):  # fmt: skip
            got = await viewer.get(f"/fast/channel/{path}")
            assert got.status in {403, 404}, (path, got.status, got.body[:80])
        assert (await viewer.send("POST", "/fast/channel/play/video/x", b"", {})).status == 405
        poster = f"/fast/channel/pictures/{film.id}/poster-320.webp"
        assert (await viewer.get(poster)).status == 200

    watch(story)


def test_a_linear_channel_shows_a_slate_elsewhere_and_keeps_world_time(world: World) -> None:
    film, slate = _film(world, "swim-final"), _slates(world)
    last = last_listed(world.now.timestamp())
    _place(world, film.programme_id, last - 5)
    _place(world, film.programme_id, last - 5 + film.ticks)

    async def story(viewer: Viewer) -> None:
        texts = {}
        for place in ("en-fr", "en-us"):
            played = await viewer.play("linear/global-one", place)
            assert (await viewer.get(played["src"])).status == 200
            url = played["src"].replace("master", "v240")
            texts[place] = (await viewer.get(url)).text
            for part in addresses(texts[place], url):
                assert (await viewer.get(part)).status == 200, part
        assert (await viewer.get(url.replace("v240", "s-xx"))).status == 404
        again = await viewer.get(url)
        assert again.text == texts[place]
        assert (await viewer.get(url.replace("/US/", "/FR/"))).status == 403
        heads = [
            re.findall(r"#EXT-X-(?:MEDIA|DISCONTINUITY)-SEQUENCE:\d+|#EXT-X-PROGRAM.*", text)
            for text in texts.values()
        ]
        assert heads[0] == heads[1]
        assert f"/media/{film.id}/v240/00000.m4s" in texts["en-fr"]
        assert str(film.id) not in texts["en-us"]
        assert f"/loops/{slate.id}/v240/{(last - 5) % DAY_TICKS}.m4s" in texts["en-us"]

    watch(story)


def test_a_linear_pass_opens_only_what_has_been_listed(world: World) -> None:
    film, coming = _film(world, "swim-final"), _film(world, "swim-heat")
    _slates(world)
    last = last_listed(world.now.timestamp())
    _place(world, film.programme_id, last - film.ticks)
    _place(world, coming.programme_id, last + 40)

    async def story(viewer: Viewer) -> None:
        tokens = {}
        for place in ("en-fr", "en-us"):
            played = await viewer.play("linear/global-one", place)
            await viewer.get(played["src"].replace("master", "v240"))
            tokens[place] = played["src"].split("?")[1]
        segment = f"/fast/channel/media/{film.id}/v240/00000.m4s"
        assert (await viewer.get(f"{segment}?{tokens['en-fr']}")).status == 200
        assert (await viewer.get(f"{segment}?{tokens['en-us']}")).status == 403
        later = f"/fast/channel/media/{coming.id}/v240/00000.m4s"
        assert (await viewer.get(f"{later}?{tokens['en-fr']}")).status == 403

    watch(story)


def test_a_suspended_grant_ends_a_running_slot(world: World) -> None:
    """From the running tick on the slate is shown; what was ruled before stays as it was."""
    film = _film(world, "swim-final")
    now_tick = tick_at(world.now)
    _place(world, film.programme_id, now_tick - 1)
    slot = Slot.objects.get()
    seen = list(slot.rulings.values_list("from_tick", "show"))
    grant = Grant.objects.get(grantee__code="CAST", acts__contains=["show/vod"])
    rights.suspend(grant_id=grant.id, reason="dispute", now=world.now)
    assert rule_all(now=world.now) == 1
    rulings = list(slot.rulings.order_by("from_tick").values_list("from_tick", "show"))
    assert rulings[:-1] == seen
    assert rulings[-1] == (now_tick, bytes(32))
    assert rule_all(now=world.now) == 0


def test_what_is_watched_is_summed_and_nonsense_is_not(world: World) -> None:
    film = _film(world, "swim-final")
    good = (
        b'{"place":"en-fr","subject":"v:%s","events":[{"kind":"start","at_ms":0},'
        b'{"kind":"beat","at_ms":10000,"seconds":10},{"kind":"stall","at_ms":11000}]}'
        % str(film.programme_id).encode()
    )

    async def story(viewer: Viewer) -> None:
        url = "/fast/channel/beats"
        for _ in range(2):
            assert (await viewer.send("POST", url, good, {})).status == 204
        for bad in (b"", b"{", b"[]", good.replace(b"en-fr", b"en-zz"), b"x" * 20_000):
            assert (await viewer.send("POST", url, bad, {})).status == 422, bad[:40]
        assert len(viewer.watching) == 6
        await viewer.screen.tick(now=clock.now())

    watch(story)
    row = Watching.objects.get()
    assert (row.territory, row.starts, row.seconds, row.stalls) == ("FR", 2, 20, 2)


def test_each_event_of_a_player_goes_to_the_lake_with_its_view(world: World) -> None:
    film = _film(world, "swim-final")
    body = (
        b'{"place":"en-fr","subject":"v:%s","view":"%s","events":[{"kind":"start"},'
        b'{"kind":"beat","at_ms":10000,"seconds":3600}]}'
    )
    subject = str(film.programme_id).encode()

    async def story(viewer: Viewer) -> None:
        for view, status in ((b"0123-aZ", 204), (b"", 204), (b"x" * 37, 422), (b"a b", 422)):
            sent = await viewer.send("POST", "/fast/channel/beats", body % (subject, view), {})
            assert sent.status == status, view
        first, second, *without = (dict(zip(columns, row, strict=True)) for row in viewer.watching)
        assert (second["view"], second["subject"]) == ("0123-aZ", f"v:{film.programme_id}")
        assert (second["kind"], second["position_ms"], second["seconds"]) == ("beat", 10_000, 60)
        assert (first["territory"], [row["view"] for row in without]) == ("FR", ["", ""])
        assert first["id"] != second["id"]
        assert abs(second["occurred_at"] / 1_000_000 - clock.now().timestamp()) < 60

    columns = logged(WATCHING)
    watch(story)
