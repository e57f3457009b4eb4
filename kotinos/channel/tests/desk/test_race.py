"""Two editors want the same ticks at once: PostgreSQL gives them to one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.db import connection

from kotinos.channel import models
from kotinos.channel.actions.schedule import place_slot
from kotinos.channel.results import Overlaps
from kotinos.channel.tests.desk.world import shown

if TYPE_CHECKING:
    from kotinos.channel.tests.desk.world import World


def test_of_two_editors_who_want_the_same_ticks_one_gets_them(committed_world: World) -> None:
    world = committed_world
    programmes = [shown(world, f"race-{number}") for number in range(4)]
    outcomes: list[object] = []
    start = threading.Barrier(len(programmes))

    def place(number: int) -> None:
        try:
            start.wait()
            outcomes.append(
                place_slot(
                    channel_id=world.channels["global"],
                    from_tick=world.tick + number,
                    programme_id=programmes[number],
                    now=world.now,
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=place, args=(n,)) for n in range(len(programmes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__ for each in outcomes) == ["Overlaps"] * 3 + ["Placed"]
    winner = models.Slot.objects.get()
    met = [each.slot_id for each in outcomes if isinstance(each, Overlaps)]
    assert set(met) == {winner.id}
