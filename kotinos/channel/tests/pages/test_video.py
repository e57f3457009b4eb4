"""The pages of videos, as a reader's browser asks for them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from django.test import Client

from kotinos.channel import models
from kotinos.channel.actions.cues import put_cue
from kotinos.channel.actions.tracks import put_track
from kotinos.channel.tests.desk.world import World, drafted, filmed, shown

if TYPE_CHECKING:
    from uuid import UUID


VTT = """WEBVTT

1
00:00:01.000 --> 00:00:03.500
The <b>first</b> lane &amp; the water

00:00:04.000 --> 00:00:06.000 line:80%
She turns
in the lead
"""


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode())


def test_a_video_has_a_player_a_transcript_chapters_and_what_can_be_bought(world: World) -> None:
    programme_id = _with_everything(world, "final")
    page = get("/en-ke/channel/video/final/")
    assert 'data-ask="/fast/channel/play/video/final?place=en-ke"' in page
    assert f'data-subject="v:{programme_id}"' in page
    assert "The first lane &amp; the water" in page
    assert "She turns in the lead" in page
    assert "Warm-up" in page
    assert 'value="channel:final:' in page
    assert "Swim-Cap" in page


def test_a_page_depends_on_its_address_alone(world: World) -> None:
    _with_everything(world, "final-1")
    for path in ("", "videos/", "video/final-1/", "guide/", "watch/global-one/"):
        answer = Client().get(f"/en-ke/channel/{path}")
        assert answer.status_code == 200, path
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
        assert "cookie" not in answer.get("Vary", "").lower()


def test_no_page_carries_a_script_or_a_style_of_its_own(world: World) -> None:
    _with_everything(world, "final-2")
    for path in ("", "videos/", "video/final-2/", "guide/", "watch/global-one/"):
        page = get(f"/en-ke/channel/{path}")
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), path
        for tag in re.findall(r"<script[^>]*>", page):
            assert " src=" in tag or "application/" in tag, tag


def test_where_it_is_not_cleared_the_page_says_why_and_where_it_is(world: World) -> None:
    _with_everything(world, "final-3")
    page = get("/en-us/channel/video/final-3/")
    assert 'data-state="refused"' in page
    assert "kotinos-player" not in page
    assert "Kenya" in page
    assert 'action="/en-us/tell-me/channel:final-3/"' in page
    assert "/beacon/refusal?token=" in page


def test_lists_show_only_what_is_cleared(world: World) -> None:
    shown(world, "relay")
    assert "/channel/video/relay/" in get("/en-ke/channel/videos/")
    assert "/channel/video/relay/" not in get("/en-us/channel/videos/")


def test_a_draft_has_no_page(world: World) -> None:
    filmed(world, "unfinished")
    drafted(world, "unfilmed")
    get("/en-ke/channel/video/unfinished/", status=404)
    get("/en-ke/channel/video/unfilmed/", status=404)
    assert "unfinished" not in get("/en-ke/channel/videos/")


def test_a_programme_of_another_edition_says_so(world: World) -> None:
    shown(world, "only-global")
    page = get("/zh-hans-jp/channel/video/only-global/")
    assert 'data-state="refused"' in page


def test_a_delayed_territory_sees_it_after_the_delay(world: World) -> None:
    programme_id = shown(world, "late", occurred_at=world.now)
    found = models.Programme.objects.get(id=programme_id)
    assert found.occurred_at is not None
    assert "/channel/video/late/" in get("/fr-fr/channel/videos/")


def test_cues_are_public_json_with_prices_of_the_place(world: World) -> None:
    _with_everything(world, "final-4")
    body = json.loads(get("/en-ke/channel/video/final-4/cues.json"))
    (cue,) = body["cues"]
    (product,) = cue["products"]
    assert cue["at_ms"] == 5000
    assert product["handle"] == "swim-cap"
    assert product["variants"][0]["currency"] == "EUR"
    assert product["via"] == f"channel:final-4:{cue['id']}:5000"


def test_a_product_that_may_not_be_sold_here_is_no_cue(world: World) -> None:
    _with_everything(world, "final-5")
    assert json.loads(get("/en-jp/channel/video/final-5/cues.json"))["cues"] == []
    assert "seenrail" not in get("/en-jp/channel/video/final-5/")


def test_the_schema_names_the_regions_it_may_be_shown_in(world: World) -> None:
    _with_everything(world, "final-6")
    page = get("/en-ke/channel/video/final-6/")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "VideoObject"
    assert set(data["regionsAllowed"].split(",")) == {"KE", "JP", "FR"}
    assert data["duration"] == "PT1M0S"


def test_the_list_can_be_narrowed_and_searched(world: World) -> None:
    shown(world, "swim-heats")
    shown(world, "jump-lesson", kind="lesson", sport="athletics")
    lessons = get("/en-ke/channel/videos/?kind=lesson")
    assert "jump-lesson" in lessons
    assert "swim-heats" not in lessons
    assert "swim-heats" in get("/en-ke/channel/videos/?q=heat")
    assert "Nothing matches" in get("/en-ke/channel/videos/?q=%25&kind=interview")


def test_the_sitemap_names_what_may_be_shown_here(world: World) -> None:
    shown(world, "mapped")
    assert "/en-ke/channel/video/mapped/" in get("/en-ke/channel/sitemap.xml")
    assert "mapped" not in get("/en-us/channel/sitemap.xml")


def _with_everything(world: World, code: str) -> UUID:
    programme_id = shown(world, code)
    for kind, text in (
        ("subtitles", VTT),
        ("chapters", "WEBVTT\n\n00:00.000 --> 00:10.000\nWarm-up\n"),
    ):
        put_track(programme_id=programme_id, kind=kind, language="en", text=text, now=world.now)
    put_cue(
        programme_id=programme_id,
        at_ms=5000,
        seconds=10,
        words={"en": "The winner's cap"},
        product_ids=[world.products["swim-cap"]],
        now=world.now,
    )
    return programme_id


def test_only_pages_of_video_may_play_and_none_may_write_scripts_or_styles(world: World) -> None:
    del world
    policy = Client().get("/en-ke/channel/")["Content-Security-Policy"]
    assert "media-src 'self' blob: data:" in policy
    assert "unsafe" not in policy
    assert "media-src" not in Client().get("/en-ke/shop/")["Content-Security-Policy"]


def test_a_wish_may_be_about_a_video(world: World) -> None:
    shown(world, "wished")
    form = {"email": "ann@example.org"}
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    answer = Client().post("/en-us/tell-me/channel:wished/", form, headers=own)
    assert answer.status_code == 200
    assert "can be shown in" in answer.content.decode()
    unknown = Client().post("/en-us/tell-me/channel:none/", form, headers=own)
    assert unknown.status_code == 422
