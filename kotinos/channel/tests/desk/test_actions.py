"""What editors do to programmes, step by step, and what they may not do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kotinos.channel import models
from kotinos.channel.actions.cues import put_cue, remove_cue
from kotinos.channel.actions.programmes import put_programme, set_editions
from kotinos.channel.actions.tracks import put_track, remove_track
from kotinos.channel.actions.workflow import (
    publish,
    publish_due,
    schedule_publication,
    send_back,
    send_to_review,
    step_of,
    withdraw,
)
from kotinos.channel.contracts import Step
from kotinos.channel.queries.products import buyable_mask, products, search_products
from kotinos.channel.results import (
    BadTerms,
    NothingToShow,
    NotNow,
    NotYours,
    Removed,
    Saved,
    Stepped,
)
from kotinos.channel.tests.desk.world import World, drafted, filmed, person, shown
from kotinos.kernel.models import OutboxEvent

VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nHello\n\n"


def events(kind: str) -> list[Any]:
    rows = OutboxEvent.objects.filter(kind=f"channel.programme-{kind}").order_by("id")
    return [row.payload for row in rows]


def test_a_programme_is_written_as_a_draft_with_its_work(world: World) -> None:
    programme_id = drafted(world, "race", nocs=["ken"], synopses={"en": " Fast. "})
    row = models.Programme.objects.get(id=programme_id)
    assert (row.titles, row.nocs, row.synopses) == ({"en": "Race"}, ["KEN"], {"en": "Fast."})
    assert step_of(programme_id, now=world.now) is Step.DRAFT
    assert row.published_from is None
    again = drafted(world, "race", sport="athletics")
    assert again == programme_id
    assert row.steps.count() == 1


def test_every_problem_is_said_beside_its_field(world: World) -> None:
    answer = put_programme(
        code="Not a code",
        kind="opera",
        titles={"en": " "},
        organisation_id=world.organisations["CAST"],
        properties=["NOBODYS"],
        editions=["mars"],
        nocs=["KENYA"],
        now=world.now,
    )
    assert isinstance(answer, BadTerms)
    fields = {problem.field for problem in answer.problems}
    assert fields == {"code", "kind", "titles", "properties", "editions", "nocs"}
    assert not models.Programme.objects.exists()


def test_steps_follow_each_other_with_columns_and_news(world: World) -> None:
    programme_id, now = filmed(world, "race"), world.now
    assert isinstance(send_to_review(programme_id=programme_id, now=now), Stepped)
    assert isinstance(send_back(programme_id=programme_id, now=now, note="Louder"), Stepped)
    soon = now + timedelta(hours=1)
    done = schedule_publication(programme_id=programme_id, at=soon, now=now)
    assert done == Stepped(programme_id, Step.SCHEDULED, soon)
    row = models.Programme.objects.get(id=programme_id)
    assert (row.published_from, row.published_until) == (soon, None)
    assert step_of(programme_id, now=soon) is Step.PUBLISHED
    assert (publish_due(now=now), publish_due(now=soon), publish_due(now=soon)) == (0, 1, 0)
    assert [event["code"] for event in events("published")] == ["race"]
    later = soon + timedelta(hours=1)
    assert isinstance(withdraw(programme_id=programme_id, now=later), Stepped)
    row.refresh_from_db()
    assert row.published_until == later
    assert len(events("withdrawn")) == 1
    names = [step.name for step in row.steps.order_by("at", "id")]
    assert names == ["draft", "review", "draft", "scheduled", "published", "withdrawn"]
    assert isinstance(publish(programme_id=programme_id, now=later), Stepped)
    row = models.Programme.objects.get(id=programme_id)
    assert (row.published_from, row.published_until) == (later, None)


def test_a_step_that_does_not_follow_is_refused(world: World) -> None:
    programme_id = filmed(world, "race")
    assert withdraw(programme_id=programme_id, now=world.now) == NotNow(programme_id, Step.DRAFT)
    empty = drafted(world, "empty")
    assert publish(programme_id=empty, now=world.now) == NothingToShow(empty)
    far = schedule_publication(
        programme_id=programme_id, at=world.now - timedelta(days=1), now=world.now
    )
    assert isinstance(far, BadTerms)


def test_another_organisations_programme_is_not_theirs_to_change(world: World) -> None:
    programme_id, stranger = shown(world, "race"), person(world, "ZHCAST")
    owner, now = NotYours(world.organisations["CAST"]), world.now
    assert withdraw(programme_id=programme_id, now=now, by=stranger) == owner
    track: dict[str, Any] = {"kind": "subtitles", "language": "en", "text": VTT}
    assert put_track(programme_id=programme_id, now=now, by=stranger, **track) == owner
    ids = [world.products["gold-pin"]]
    assert (
        put_cue(programme_id=programme_id, at_ms=0, product_ids=ids, now=now, by=stranger) == owner
    )
    given: dict[str, Any] = {"code": "race", "kind": "event", "titles": {"en": "Mine"}}
    for organisation in ("CAST", "ZHCAST"):
        answer = put_programme(
            organisation_id=world.organisations[organisation],
            properties=["GAMES"],
            now=now,
            by=stranger,
            **given,
        )
        assert answer == owner


def test_a_licensee_fills_its_own_edition_and_no_other(world: World) -> None:
    programme_id, zh = shown(world, "race"), person(world, "ZHCAST")
    taken = set_editions(programme_id=programme_id, add=["zh"], now=world.now, by=zh)
    assert taken == Saved(programme_id)
    out = set_editions(programme_id=programme_id, remove=["global"], now=world.now, by=zh)
    assert out == NotYours(world.organisations["CAST"])
    row = models.Programme.objects.get(id=programme_id)
    assert row.editions == ["global", "zh"]


def test_tracks_are_webvtt_one_for_each_kind_and_language(world: World) -> None:
    programme_id = drafted(world, "race")
    given: dict[str, Any] = {"programme_id": programme_id, "kind": "subtitles", "language": "fr"}
    first = put_track(**given, text="\ufeffWEBVTT\r\n" + VTT[7:], now=world.now)
    again = put_track(**given, text=VTT, now=world.now)
    assert isinstance(first, Saved)
    assert again == Saved(first.id)
    assert models.Track.objects.get().text == VTT
    for bad in ("hello", "WEBVTT\n"):
        assert isinstance(put_track(**given, text=bad, now=world.now), BadTerms)
    assert isinstance(remove_track(**given, now=world.now), Removed)


def test_a_cue_holds_products_in_order_and_says_where_they_sell(world: World) -> None:
    programme_id = filmed(world, "race", ticks=15)
    ids = [world.products["gold-pin"], world.products["swim-cap"]]
    saved = put_cue(
        programme_id=programme_id, at_ms=4000, words={"en": "Caps"}, product_ids=ids, now=world.now
    )
    assert isinstance(saved, Saved)
    moved = put_cue(
        programme_id=programme_id,
        cue_id=saved.id,
        at_ms=8000,
        product_ids=ids[::-1],
        now=world.now,
    )
    assert moved == Saved(saved.id)
    cue = models.Cue.objects.get()
    assert [each.product_id for each in cue.products.order_by("position")] == ids[::-1]
    (found,) = products(ids=ids[:1])
    assert found.title == "Gold-Pin"
    assert buyable_mask(found, at=world.now) == 0b0101  # Kenya and France
    assert [each.handle for each in search_products(text="CAP")] == ["swim-cap"]
    outside = put_cue(programme_id=programme_id, at_ms=61_000, product_ids=ids, now=world.now)
    assert isinstance(outside, BadTerms)
    assert remove_cue(programme_id=programme_id, cue_id=saved.id, now=world.now) == Removed(
        saved.id
    )
