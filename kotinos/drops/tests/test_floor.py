"""What a fast-lane process knows of drops: read in a tick, answered from memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection

from config.settings import DATABASE_URL
from kotinos.drops import models
from kotinos.drops.fast import Floor
from kotinos.drops.tests.stage import staged
from kotinos.kernel import fast
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kotinos.drops.contracts import DropView
    from kotinos.drops.tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def on_floor(act: Callable[[Floor], Awaitable[None]]) -> None:
    """Run against a floor of its own pool on the test's database."""
    name = connection.settings_dict["NAME"]
    dsn = DATABASE_URL.replace("/kotinos?", f"/{name}?")

    async def run() -> None:
        async with fast.pool(dsn, size=2) as pool:
            await act(Floor(pool))

    asyncio.run(run())


def hold(drop: DropView, sku: str, units: int, world: World) -> None:
    lines = [stock.HoldLine(world.variants[sku], None, units, drop.seller_id)]
    held = stock.hold(key=uuid4(), lines=lines, seconds=600, now=world.now)
    assert isinstance(held, stock.Held)


def test_a_tick_learns_drops_units_and_places(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "jersey", "cap")
    hold(drop, "jersey-l", 5, world)
    staged(world, "pin", slug="draft", states=())
    staged(world, "pin", slug="withdrawn", states=("published", "withdrawn"))

    async def act(floor: Floor) -> None:
        await floor.tick(now=world.now)
        assert [each.slug for each in floor.drops()] == ["gold"]
        assert floor.drop(drop.id) == drop == floor.drop_called("gold")
        assert floor.units_free(drop.id, world.variants["jersey-m"]) == 10
        medium, large = drop.variants[:2]
        assert medium.location_id is not None
        assert medium.location_ids == large.location_ids
        assert floor.sold_out(drop.id, large.id, medium.location_id)
        assert not floor.sold_out(drop.id, medium.id, medium.location_id)
        assert floor.sold_out(drop.id, medium.id, uuid4())
        assert floor.units_free_of(drop.id) == 10
        assert (medium.label, large.label) == ("M", "L")

    on_floor(act)


def test_sold_out_is_heard_before_the_next_tick(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "pin")
    (pin,) = drop.variants
    assert pin.location_id is not None
    place = pin.location_id

    async def act(floor: Floor) -> None:
        await floor.tick(now=world.now)
        floor.note_free(drop.id, pin.id, place, 0)
        assert floor.sold_out(drop.id, pin.id, place)
        await floor.tick(now=world.now)
        assert not floor.sold_out(drop.id, pin.id, place)

    on_floor(act)


def test_pulses_of_a_second_add_up_and_are_written_once(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "pin")
    second = int(world.now.timestamp())

    async def act(floor: Floor) -> None:
        await floor.tick(now=world.now)
        floor.note_hold(drop.id, "a")
        floor.note_latency(drop.id, 0.004)
        await floor.tick(now=world.now)
        floor.note_hold(drop.id, "b")
        floor.note_refusal(drop.id, "sold-out")
        await floor.tick(now=world.now)
        await floor.tick(now=world.now + timedelta(seconds=1))

    on_floor(act)
    row = models.Pulse.objects.get(drop_id=drop.id, second=second)
    assert (row.holds, row.orders, row.refused, row.units_free) == (2, 0, {"sold-out": 1}, 100)
    assert sum(row.latency.values()) == 1
    # A second in which nothing happened leaves no row.
    assert models.Pulse.objects.filter(drop_id=drop.id).count() == 1


def test_a_second_keeps_what_it_saw_of_the_shelves(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "pin")
    (pin,) = drop.variants
    assert pin.location_id is not None
    place = pin.location_id

    async def act(floor: Floor) -> None:
        floor.note_order(drop.id)
        await floor.tick(now=world.now)
        async with floor._pool.connection() as conn:
            await conn.execute(
                "UPDATE stock_level SET held = 7 WHERE location_id = %s AND variant_id = %s",
                [place, pin.id],
            )
        await floor.tick(now=world.now + timedelta(seconds=1))

    on_floor(act)
    rows = models.Pulse.objects.filter(drop_id=drop.id).order_by("second")
    assert [(row.units_free, row.units_held) for row in rows] == [(100, 0), (93, 7)]


def test_signals_are_of_all_processes(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "pin")
    later = world.now + timedelta(seconds=1)

    async def act(floor: Floor) -> None:
        other = Floor(floor._pool)
        for each in (floor, other):
            await each.tick(now=world.now)
            each.note_order(drop.id, 5)
            each.note_refusal(drop.id, "busy")
            each.note_latency(drop.id, 0.1)
            await each.tick(now=world.now)
        await floor.tick(now=later)
        signals = floor.signals(drop.id)
        assert signals.units_free == 100
        assert signals.completions_per_s == 2.0
        assert signals.errors_per_s == 0.4
        assert 100 <= signals.p99_ms <= 120

    on_floor(act)


def test_the_line_is_counted_once_and_who_is_done_is_told_once(committed_world: World) -> None:
    world = committed_world
    drop = staged(world, "pin")

    async def act(floor: Floor) -> None:
        await floor.tick(now=world.now)
        for joins, admissions in ((3, 1), (3, 1), (5, 2)):
            floor.note_line(drop.room_id, joins=joins, admissions=admissions)
        floor.note_hold(drop.id, "somebody")
        assert floor.take_done() == [(drop.room_id, "somebody")]
        assert floor.take_done() == []
        await floor.tick(now=world.now)

    on_floor(act)
    row = models.Pulse.objects.get(drop_id=drop.id)
    assert (row.arrivals, row.admissions) == (5, 2)


def test_signals_before_any_pulse_let_nobody_wait(committed_world: World) -> None:
    drop = staged(committed_world, "pin")

    async def act(floor: Floor) -> None:
        assert floor.signals(drop.id).units_free == 0
        await floor.tick(now=committed_world.now)
        assert floor.signals(drop.id).units_free == 100
        assert floor.signals(drop.id).p99_ms == 0

    on_floor(act)


def test_the_floor_does_not_load_django() -> None:
    check = "import sys, kotinos.drops.fast; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)  # noqa: S603 - our own interpreter
