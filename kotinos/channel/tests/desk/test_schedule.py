"""Slots keep apart, keep to what nobody has seen, and are ruled as they are placed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kotinos.channel import models
from kotinos.channel.actions.filling import copy_slots, fill_gaps, plan_gaps
from kotinos.channel.actions.schedule import move_slot, place_slot, remove_slot, shorten_slot
from kotinos.channel.actions.workflow import publish, withdraw
from kotinos.channel.contracts import Step, instant_of, lock_tick
from kotinos.channel.filling import Plan, Rule
from kotinos.channel.queries import desk, guide
from kotinos.channel.results import (
    Copied,
    Filled,
    Gap,
    Locked,
    NotFound,
    NothingToShow,
    NotPublished,
    NotYours,
    Overlaps,
    Placed,
    Removed,
    TooLong,
)
from kotinos.channel.tests.desk.world import World, drafted, filmed, grant, person, shown
from kotinos.games import api as games

if TYPE_CHECKING:
    from uuid import UUID


def placed(world: World, programme_id: UUID, after: int = 0, channel: str = "global") -> Placed:
    found = place_slot(
        channel_id=world.channels[channel],
        from_tick=world.tick + after,
        programme_id=programme_id,
        now=world.now,
    )
    assert isinstance(found, Placed), found
    return found


def test_a_slot_takes_the_newest_package_whole_and_is_ruled_at_once(world: World) -> None:
    programme_id = shown(world, "race", ticks=15)
    newer = models.Package.objects.create(
        programme_id=programme_id, ticks=20, facts={}, ready_at=world.now + timedelta(minutes=1)
    )
    slot = models.Slot.objects.get(id=placed(world, programme_id).slot_id)
    assert (slot.package_id, slot.until_tick - slot.from_tick) == (newer.id, 20)
    ruling = slot.rulings.get()
    assert int.from_bytes(ruling.show, "little") == 0b0111  # everywhere but in the US


def test_an_overlap_names_the_other_slot(world: World) -> None:
    first = placed(world, shown(world, "race"))
    second = shown(world, "swim")
    met = place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick + 10,
        programme_id=second,
        now=world.now,
    )
    assert met == Overlaps(first.slot_id, "Race", first.from_tick, first.until_tick)
    beside = placed(world, second, after=15)
    moved = move_slot(slot_id=beside.slot_id, from_tick=world.tick + 14, now=world.now)
    assert isinstance(moved, Overlaps)
    assert moved.slot_id == first.slot_id
    assert models.Slot.objects.get(id=beside.slot_id).from_tick == world.tick + 15


def test_what_has_been_published_does_not_change(world: World) -> None:
    slot = placed(world, shown(world, "race"))
    now = instant_of(slot.from_tick + 3)
    lock = lock_tick(now)
    channel_id, programme_id = world.channels["global"], shown(world, "swim")
    refusals: list[object] = [
        place_slot(channel_id=channel_id, from_tick=lock - 1, programme_id=programme_id, now=now),
        move_slot(slot_id=slot.slot_id, from_tick=lock + 90, now=now),
        shorten_slot(slot_id=slot.slot_id, ticks=lock - 1 - slot.from_tick, now=now),
        remove_slot(slot_id=slot.slot_id, now=instant_of(slot.until_tick)),
    ]
    assert [type(each) for each in refusals] == [Locked] * 4
    cut = remove_slot(slot_id=slot.slot_id, now=now)
    assert cut == Placed(slot.slot_id, slot.from_tick, lock)


def test_a_slot_is_moved_resized_and_removed(world: World) -> None:
    slot = placed(world, shown(world, "race", ticks=15))
    moved = move_slot(slot_id=slot.slot_id, from_tick=world.tick + 5, now=world.now)
    assert moved == Placed(slot.slot_id, world.tick + 5, world.tick + 20)
    assert [r.from_tick for r in models.Ruling.objects.filter(slot=slot.slot_id)] == [
        world.tick + 5
    ]
    short = shorten_slot(slot_id=slot.slot_id, ticks=4, now=world.now)
    assert short == Placed(slot.slot_id, world.tick + 5, world.tick + 9)
    assert shorten_slot(slot_id=slot.slot_id, ticks=16, now=world.now) == TooLong(15)
    assert remove_slot(slot_id=slot.slot_id, now=world.now) == Removed(slot.slot_id)
    assert remove_slot(slot_id=slot.slot_id, now=world.now) == NotFound("slot")


def test_only_what_is_published_and_has_pictures_comes_on_air(world: World) -> None:
    channel_id = world.channels["global"]
    for programme_id, answer in (
        (filmed(world, "draft"), NotPublished),
        (drafted(world, "empty"), NothingToShow),
    ):
        found = place_slot(
            channel_id=channel_id,
            from_tick=world.tick,
            programme_id=programme_id,
            now=world.now,
        )
        assert isinstance(found, answer), found


def test_a_withdrawn_programme_turns_into_the_slate_where_it_is_scheduled(world: World) -> None:
    programme_id = shown(world, "race")
    slot = placed(world, programme_id)
    withdraw(programme_id=programme_id, now=world.now)
    (ruling,) = models.Ruling.objects.filter(slot=slot.slot_id)
    assert int.from_bytes(ruling.show, "little") == 0


def test_editors_of_another_licensee_leave_a_channel_alone(world: World) -> None:
    programme_id, stranger = shown(world, "race"), person(world, "ZHCAST")
    slot = placed(world, programme_id)
    owner = world.organisations["CAST"]
    assert move_slot(
        slot_id=slot.slot_id, from_tick=world.tick + 50, now=world.now, by=stranger
    ) == NotYours(owner)
    assert place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick + 50,
        programme_id=programme_id,
        now=world.now,
        by=stranger,
    ) == NotYours(owner)


def test_gaps_are_filled_with_the_editions_programmes_and_the_rest_is_said(world: World) -> None:
    race = shown(world, "race", ticks=15)
    shown(world, "chinese", ticks=5, organisation="ZHCAST", editions=["zh"])
    slot = placed(world, race, after=10)
    channel_id, rule = world.channels["global"], Rule("even")
    stretch: dict[str, Any] = {"from_tick": world.tick, "until_tick": world.tick + 60, "rule": rule}
    plan = plan_gaps(channel_id=channel_id, now=world.now, **stretch)
    assert isinstance(plan, Plan)
    filled = fill_gaps(channel_id=channel_id, now=world.now, **stretch)
    assert isinstance(filled, Filled)
    assert [p.from_tick for p in filled.placed] == [p.from_tick for p in plan.placed]
    assert [p.from_tick for p in filled.placed] == [world.tick + 25, world.tick + 40]
    assert filled.left == (
        Gap(world.tick, world.tick + 10),
        Gap(world.tick + 55, world.tick + 60),
    )
    rows = models.Slot.objects.exclude(id=slot.slot_id)
    assert {row.by_rule for row in rows} == {"even"}
    assert all(row.rulings.exists() for row in rows)


def test_a_day_is_copied_around_what_is_there(world: World) -> None:
    race = shown(world, "race", ticks=15)
    first, second = placed(world, race), placed(world, race, after=20)
    there = placed(world, race, after=125)
    copied = copy_slots(
        channel_id=world.channels["global"],
        from_tick=world.tick,
        until_tick=world.tick + 100,
        to_tick=world.tick + 100,
        now=world.now,
    )
    assert isinstance(copied, Copied)
    assert [p.from_tick for p in copied.placed] == [first.from_tick + 100]
    assert [met.slot_id for met in copied.met] == [there.slot_id]
    assert second.from_tick + 100 < there.until_tick


def test_a_programme_stands_where_its_last_step_says(world: World) -> None:
    found = place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick,
        programme_id=filmed(world, "draft"),
        now=world.now,
    )
    assert isinstance(found, NotPublished)
    assert found.step is Step.DRAFT


def test_what_is_live_is_seen_later_where_the_grant_asks_for_a_delay(world: World) -> None:
    grant("CAST", "show/delayed", "internet", "US", world.now, delay_minutes=30)
    source = models.LiveSource.objects.create(
        code="court",
        programme_id=drafted(world, "court"),
        protocol="srt",
        port=7001,
        key="secret",
        enabled_from=world.now,
    )
    publish(programme_id=source.programme_id, now=world.now)
    found = place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick,
        source_id=source.id,
        ticks=300,
        now=world.now,
    )
    assert isinstance(found, Placed), found
    channel = models.LinearChannel.objects.get(id=world.channels["global"])
    stretch = {"from_tick": found.from_tick, "until_tick": found.until_tick}
    (seen,) = desk.slots(channel, **stretch, bit=games.territory_bits()["US"])
    assert (seen.territories, seen.later, seen.seen) == (3, 1, desk.Seen("later", 30))
    (listed,) = guide.slots(
        [channel.id],
        from_at=instant_of(found.from_tick),
        until_at=instant_of(found.until_tick),
        now=world.now,
    )
    assert listed.delay_for(games.territory_bits()["US"]) == 30
