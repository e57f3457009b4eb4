"""Linear channels never run dry: two days are laid out ahead, again and again."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.channel.actions.keeping import AHEAD_WHILE_PACKAGING, keep_ahead
from kotinos.channel.actions.schedule import place_slot
from kotinos.channel.contracts import lock_tick, tick_at
from kotinos.channel.models import Job, Ruling, Slot
from kotinos.channel.results import Placed
from kotinos.channel.tests.desk.world import drafted, shown

if TYPE_CHECKING:
    from kotinos.channel.tests.desk.world import World

AHEAD = timedelta(hours=3)


def _reach(world: World) -> int:
    last = Slot.objects.filter(channel=world.channels["global"]).order_by("until_tick").last()
    return last.until_tick if last else 0


def test_every_tick_of_the_coming_hours_is_somebodys_and_ruled(world: World) -> None:
    for code in ("one", "two", "three"):
        shown(world, f"ahead-{code}", ticks=75)
    placed = keep_ahead(now=world.now, ahead=AHEAD)
    slots = list(Slot.objects.filter(channel=world.channels["global"]).order_by("from_tick"))
    assert len(slots) == placed
    assert slots[0].from_tick == lock_tick(world.now)
    for before, after in itertools.pairwise(slots):
        assert before.until_tick == after.from_tick
    assert _reach(world) >= tick_at(world.now + AHEAD) - 75
    assert Ruling.objects.filter(slot__in=slots).values("slot").distinct().count() == placed


def test_a_second_time_adds_only_what_time_has_brought(world: World) -> None:
    for code in ("one", "two"):
        shown(world, f"again-{code}", ticks=75)
    first = keep_ahead(now=world.now, ahead=AHEAD)
    assert keep_ahead(now=world.now, ahead=AHEAD) == 0
    later = keep_ahead(now=world.now + timedelta(minutes=30), ahead=AHEAD)
    assert 0 < later < first


def test_what_an_editor_placed_stays(world: World) -> None:
    programme = shown(world, "special", ticks=75)
    special = place_slot(
        channel_id=world.channels["global"],
        from_tick=world.tick,
        programme_id=programme,
        now=world.now,
    )
    assert isinstance(special, Placed)
    shown(world, "usual", ticks=20)
    keep_ahead(now=world.now, ahead=AHEAD)
    assert Slot.objects.get(id=special.slot_id).from_tick == world.tick


def test_little_is_laid_out_while_first_packages_are_being_made(world: World) -> None:
    for code in ("one", "two"):
        shown(world, f"early-{code}", ticks=10)
    waiting = drafted(world, "being-made")
    Job.objects.create(kind="package", programme_id=waiting, asked_at=world.now, ready_at=world.now)
    keep_ahead(now=world.now)
    assert _reach(world) <= tick_at(world.now + AHEAD_WHILE_PACKAGING) + 12
