"""The editors' pages, as the people who use them see them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kotinos.channel import models
from kotinos.channel.actions.cues import put_cue
from kotinos.channel.actions.schedule import place_slot
from kotinos.channel.actions.workflow import step_of
from kotinos.channel.contracts import Step, instant_of
from kotinos.channel.results import Placed
from kotinos.channel.tests.desk.world import World, at_desk, drafted, filmed, shown

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

HOME = "/office/channel/"
PARTS = ("", "edit/", "video/", "video/jobs/", "text/", "moments/", "reach/")


@pytest.fixture
def editor(world: World) -> Client:
    return at_desk(world)


def html(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[-2000:]
    text: str = answer.content.decode()
    return text


def programme(code: str) -> models.Programme:
    return models.Programme.objects.get(code=code)


def form(**more: Any) -> dict[str, Any]:
    return {
        "code": "race",
        "kind": "highlights",
        "title_en": "The race",
        "title_ar": "السباق",
        "properties": "GAMES",
        "editions": ["global"],
        "nocs": "ken jpn",
        "occurred_at": "2026-07-01T10:00",
        **more,
    }


def test_an_empty_library_says_what_to_do(editor: Client) -> None:
    assert "No programme yet" in html(editor.get(HOME))


def test_a_programme_is_written_changed_and_its_errors_stand_beside_fields(
    world: World, editor: Client
) -> None:
    given = form(organisation=str(world.organisations["CAST"]))
    bad = {**given, "title_en": "", "title_ar": "", "properties": "NOBODYS"}
    page = html(editor.post(f"{HOME}new/", bad), 422)
    assert "Give it a title" in page
    assert "is no known property" in page
    html(editor.post(f"{HOME}new/", given, follow=True))
    row = programme("race")
    assert (row.titles["ar"], row.nocs, row.editions) == ("السباق", ["JPN", "KEN"], ["global"])
    html(editor.post(f"{HOME}race/edit/", form(sport="sailing", editions=[]), follow=True))
    row = programme("race")
    assert (row.sport, row.editions) == ("sailing", [])
    taken = html(editor.post(f"{HOME}new/", given), 422)
    assert "There is a programme of this address" in taken


def test_every_page_of_a_programme_shows_at_any_step(world: World, editor: Client) -> None:
    drafted(world, "empty")
    shown(world, "race")
    for code in ("empty", "race"):
        for part in PARTS:
            html(editor.get(f"{HOME}{code}/{part}"))


def test_the_workflow_goes_by_buttons_and_keeps_its_history(world: World, editor: Client) -> None:
    programme_id = filmed(world, "race")
    html(editor.post(f"{HOME}race/step/", {"step": "review", "note": "Please look"}, follow=True))
    at = (world.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    html(editor.post(f"{HOME}race/step/", {"step": "scheduled", "at": at}, follow=True))
    assert step_of(programme_id, now=world.now) is Step.SCHEDULED
    html(editor.post(f"{HOME}race/step/", {"step": "published"}, follow=True))
    page = html(editor.get(f"{HOME}race/"))
    assert "Please look" in page
    assert "catalogue@cast.example" in page
    refused = html(editor.post(f"{HOME}race/step/", {"step": "draft"}, follow=True))
    assert "cannot be done from here" in refused


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=fin", {"final"}),
        ("step=draft", {"draft"}),
        ("step=published", {"final", "chess"}),
        ("packaged=no", {"draft"}),
        ("sport=chess", {"chess"}),
        ("noc=ken", {"final"}),
        ("edition=zh", {"chess"}),
        ("failing=1", {"draft"}),
        ("territory=US", set()),
        ("territory=JP", {"final", "chess"}),
        ("kind=lesson&q=nothing", set()),
    ],
)
def test_the_library_is_filtered(world: World, editor: Client, asked: str, found: set[str]) -> None:
    shown(world, "final", nocs=["KEN"])
    shown(world, "chess", sport="chess", editions=["global", "zh"])
    models.Job.objects.create(
        kind="package",
        programme_id=drafted(world, "draft", editions=[]),
        asked_at=world.now,
        ready_at=world.now,
        failed_at=world.now,
    )
    page = html(editor.get(f"{HOME}?{asked}"))
    rows = {code for code in ("final", "chess", "draft") if f"{HOME}{code}/" in page}
    assert rows == found


def test_many_are_changed_after_a_preview_and_taken_back(world: World, editor: Client) -> None:
    ids = [filmed(world, "one"), filmed(world, "two"), drafted(world, "three")]
    asked = {"action": "publish", "programme": ids}
    preview = html(editor.post(f"{HOME}bulk/", asked))
    assert "Publish 2 programmes now" in preview
    assert "It has no video yet." in preview
    assert step_of(ids[0], now=world.now) is Step.DRAFT
    done = html(editor.post(f"{HOME}bulk/", {**asked, "sure": "1"}, follow=True))
    assert "Done, for 2 programmes." in done
    assert [step_of(each, now=world.now) for each in ids] == [
        Step.PUBLISHED, Step.PUBLISHED, Step.DRAFT
    ]  # fmt: skip
    html(editor.post(f"{HOME}undo/", follow=True))
    assert step_of(ids[0], now=world.now) is Step.WITHDRAWN


def test_many_are_withdrawn_only_after_their_number_was_typed(world: World, editor: Client) -> None:
    ids = [shown(world, "one"), shown(world, "two")]
    asked = {"action": "withdraw", "programme": ids, "sure": "1"}
    html(editor.post(f"{HOME}bulk/", {**asked, "confirm": "3"}), 422)
    assert step_of(ids[0], now=world.now) is Step.PUBLISHED
    html(editor.post(f"{HOME}bulk/", {**asked, "confirm": "2"}, follow=True))
    assert step_of(ids[0], now=world.now) is Step.WITHDRAWN


def test_sports_and_editions_of_many_are_changed_and_restored(world: World, editor: Client) -> None:
    ids = [drafted(world, "one", sport="judo"), drafted(world, "two", sport="rugby")]
    asked = {"programme": ids, "sure": "1"}
    editor.post(f"{HOME}bulk/", {**asked, "action": "sport", "value-sport": "chess"})
    assert {row.sport for row in models.Programme.objects.all()} == {"chess"}
    editor.post(f"{HOME}undo/")
    assert [programme(code).sport for code in ("one", "two")] == ["judo", "rugby"]
    given = {**asked, "action": "remove-edition", "value-remove-edition": "global"}
    editor.post(f"{HOME}bulk/", given)
    assert programme("one").editions == []
    others = {**asked, "action": "add-edition", "value-add-edition": "zh"}
    assert "not yours to fill" in html(editor.post(f"{HOME}bulk/", others))


def test_tracks_are_written_in_place_or_as_a_file(world: World, editor: Client) -> None:
    drafted(world, "race")
    url, given = f"{HOME}race/text/", {"kind": "subtitles", "language": "ar"}
    bad = html(editor.post(url, {**given, "text": "hello"}), 422)
    assert "There is no cue in it" in bad
    assert "hello" in bad
    srt = SimpleUploadedFile("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nمرحبا\n".encode())
    html(editor.post(url, {**given, "file": srt}, follow=True))
    track = models.Track.objects.get()
    assert track.text.startswith("WEBVTT")
    assert "مرحبا" in html(editor.get(f"{url}?kind=subtitles&language=ar"))
    html(editor.post(url, {**given, "remove": "1"}, follow=True))
    assert not models.Track.objects.exists()


def test_moments_are_written_and_say_where_their_products_sell(
    world: World, editor: Client
) -> None:
    filmed(world, "race")
    found = html(editor.get(f"{HOME}search/?find=gold"))
    assert "2 territories" in found
    url, pin = f"{HOME}race/moments/", world.products["gold-pin"]
    given = {"at": "0:12", "seconds": "10", "product": [pin], "words-en": "The pin"}
    assert "Name at least one product" in html(editor.post(url, {**given, "product": []}), 422)
    page = html(editor.post(url, given, follow=True))
    assert "can be bought in 2 territories" in page
    cue = models.Cue.objects.get()
    assert (cue.at_ms, cue.seconds, cue.words) == (12_000, 10, {"en": "The pin"})
    html(editor.post(url, {**given, "cue": cue.id, "at": "15"}, follow=True))
    assert models.Cue.objects.get().at_ms == 15_000
    html(editor.post(url, {"cue": cue.id, "remove": "1"}, follow=True))
    assert not models.Cue.objects.exists()


def test_the_map_and_the_calendar_say_who_sees_it_and_why(world: World, editor: Client) -> None:
    shown(world, "race")
    page = html(editor.get(f"{HOME}race/reach/"))
    assert "3 territories see it now, 0 later, 1 not." in page
    assert "not in these days" in page
    asked = {"territory": "US", "act": "vod", "edition": "global"}
    answer = html(editor.get(f"{HOME}race/reach/why/", asked))
    assert "/office/rights/why/?work=" in answer
    assert "No" in answer


def schedule_url(world: World) -> str:
    at = instant_of(world.tick)
    return f"{HOME}schedule/global-one/{at.date()}/?hour={min(at.hour, 21)}&span=3&territory=US"


def placed(world: World, programme_id: UUID) -> Placed:
    found = place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick,
        programme_id=programme_id,
        now=world.now,
    )
    assert isinstance(found, Placed)
    return found


def test_the_timeline_shows_slots_gaps_and_what_a_territory_sees(
    world: World, editor: Client
) -> None:
    slot = placed(world, shown(world, "race"))
    page = html(editor.get(schedule_url(world)))
    assert f'data-slot="{slot.slot_id}"' in page
    assert 'class="c-fate slate"' in page
    assert "<em>3</em>" in page
    assert "Empty" in page
    one = html(editor.get(schedule_url(world).replace("/?", f"/{slot.slot_id}/?")))
    assert "Remove" in one


def test_a_slot_is_placed_moved_resized_and_removed_by_plain_forms(
    world: World, editor: Client
) -> None:
    race, url = shown(world, "race"), schedule_url(world)
    at = instant_of(world.tick).strftime("%Y-%m-%dT%H:%M:%S")
    given = {"do": "place", "item": f"programme:{race}", "at": at}
    assert "Placed" in html(editor.post(url, given, follow=True))
    slot = models.Slot.objects.get()
    assert slot.from_tick == world.tick
    refused = html(editor.post(url, given, follow=True))
    assert "Race has this time already" in refused
    move = {"do": "move", "slot": slot.id, "tick": world.tick + 30}
    assert "Moved" in html(editor.post(url, move, headers={"HX-Request": "true"}))
    size = {"do": "resize", "slot": slot.id, "length": "0:20"}
    assert "Changed" in html(editor.post(url, size, follow=True))
    slot.refresh_from_db()
    assert (slot.from_tick, slot.until_tick) == (world.tick + 30, world.tick + 35)
    early = {"do": "move", "slot": slot.id, "tick": 1}
    answer = editor.post(url, early, headers={"HX-Request": "true"})
    assert "Already published" in html(answer)
    editor.post(url, {"do": "remove", "slot": slot.id})
    assert not models.Slot.objects.exists()


def test_gaps_are_filled_after_a_preview_and_days_copied(world: World, editor: Client) -> None:
    shown(world, "race", ticks=900)
    shown(world, "swim", ticks=900)
    url = schedule_url(world).replace("span=3", "span=24").replace("hour=", "hour=0&was=")
    tomorrow = (world.now + timedelta(days=1)).date()
    url = url.replace(str(instant_of(world.tick).date()), str(tomorrow))
    given = {"do": "plan", "day": str(tomorrow), "how_much": "day", "apart": "0"}
    page = html(editor.post(url, given))
    assert "24 slots would be placed" in page
    assert not models.Slot.objects.exists()
    assert "24 slots placed." in html(editor.post(url, {**given, "do": "fill"}, follow=True))
    copy = {"do": "copy", "day": str(tomorrow), "to": str(tomorrow + timedelta(days=1))}
    assert "24 slots copied." in html(editor.post(url, copy, follow=True))
    only = {**given, "weight-lesson": "1", "day": str(tomorrow + timedelta(days=3))}
    assert "Nothing fits" in html(editor.post(url, only, follow=True))


def test_others_programmes_and_channels_are_not_there(world: World) -> None:
    programme_id = shown(world, "race")
    put_cue(
        programme_id=programme_id,
        at_ms=0,
        product_ids=[world.products["gold-pin"]],
        now=world.now,
    )
    stranger = at_desk(world, "ZHCAST")
    assert f"{HOME}race/" not in html(stranger.get(HOME))
    for part in PARTS:
        html(stranger.get(f"{HOME}race/{part}"), 404)
    html(stranger.get(schedule_url(world)), 404)
    html(stranger.post(f"{HOME}race/step/", {"step": "withdrawn"}), 404)
    # What their own edition shows they see, and leave as it is.
    programme("race").save()
    models.Programme.objects.filter(code="race").update(editions=["global", "zh"])
    html(stranger.get(f"{HOME}race/"))
    html(stranger.get(f"{HOME}race/edit/"), 404)
    for url, given in (
        ("step/", {"step": "withdrawn"}),
        ("text/", {"kind": "subtitles", "language": "en", "text": "WEBVTT"}),
        ("moments/", {"at": "1"}),
        ("edit/", form()),
        ("video/poster/", {}),
    ):
        html(stranger.post(f"{HOME}race/{url}", given), 404)
    looking = at_desk(world, "CAST", "viewer")
    html(looking.get(schedule_url(world)))
    html(looking.post(schedule_url(world), {"do": "remove"}), 404)
    html(at_desk(world, "CAST", "orders").get(HOME), 404)


def test_what_is_watched_now_stands_above_the_library(world: World, editor: Client) -> None:
    programme_id = shown(world, "race")
    models.Watching.objects.create(
        subject=f"v:{programme_id}",
        territory="KE",
        minute=int(world.now.timestamp()) // 60,
        seconds=600,
        starts=3,
    )
    page = html(editor.get(f"{HOME}watching/"))
    assert "<b>2</b>" in page
    assert "3 began" in page


def test_a_failed_job_is_tried_again_by_its_editors(world: World, editor: Client) -> None:
    programme_id = drafted(world, "race")
    job = models.Job.objects.create(
        kind="package",
        programme_id=programme_id,
        asked_at=world.now,
        ready_at=world.now,
        failed_at=world.now,
        reason="truncated",
    )
    assert "Try again" in html(editor.get(f"{HOME}race/video/jobs/"))
    html(editor.post(f"{HOME}race/video/jobs/{job.id}/", follow=True))
    job.refresh_from_db()
    assert job.failed_at is None
    page = html(editor.get(f"{HOME}race/video/"))
    assert 'data-token="' in page
    assert json.dumps("") not in page.split("data-token=")[1][:4]
