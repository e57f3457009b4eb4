"""What other packages are told of drops."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kotinos.drops import api as drops
from kotinos.drops import latency
from kotinos.drops.tests.stage import staged

if TYPE_CHECKING:
    from kotinos.drops.tests.world import World


def test_a_drop_keeps_its_variants_from_the_ordinary_shop(world: World) -> None:
    staged(world, "jersey")
    asked = [world.variants["jersey-m"], world.variants["pin"]]
    reserved = drops.reserved_variants(asked, world.now)
    assert reserved == {world.variants["jersey-m"]: "gold"}
    assert drops.reserved_variants(asked, world.now + timedelta(days=2)) == {}
    assert drops.reserved_variants([], world.now) == {}


@pytest.mark.parametrize("states", [(), ("published", "withdrawn"), ("published", "ended")])
def test_a_drop_that_is_not_on_keeps_nothing(world: World, states: tuple[str, ...]) -> None:
    staged(world, "jersey", states=states)
    assert drops.reserved_variants([world.variants["jersey-m"]], world.now) == {}


def test_a_rehearsal_keeps_nothing_and_is_not_public(world: World) -> None:
    real = staged(world, "jersey", states=())
    staged(world, "jersey", slug="again", rehearsal_of_id=real.id)
    assert drops.reserved_variants([world.variants["jersey-m"]], world.now) == {}
    assert drops.drops() == ()
    assert {drop.slug for drop in drops.all_drops()} == {"gold", "again"}
    assert drops.all_drops(seller_ids={world.sellers["RIVAL"]}) == ()


def test_the_phase_follows_people_and_the_clock(world: World) -> None:
    drop = staged(world, "jersey", opens_in=timedelta(hours=1))
    assert drop.phase(world.now) is drops.Phase.COMING
    assert drop.phase(drop.opens_at) is drops.Phase.OPEN
    assert drop.phase(drop.closes_at) is drops.Phase.OVER
    assert staged(world, slug="b", states=()).phase(world.now) is drops.Phase.DRAFT
    ended = staged(world, slug="c", states=("published", "ended"))
    assert ended.phase(world.now) is drops.Phase.OVER
    withdrawn = staged(world, slug="d", states=("published", "withdrawn", "ended"))
    assert withdrawn.phase(world.now) is drops.Phase.WITHDRAWN


def test_units_are_told_by_variant(world: World) -> None:
    drop = staged(world, "jersey", "cap")
    units = drops.free_units(drop.id)
    assert units[world.variants["jersey-m"]] == (10, 0)
    assert drop.offer_of(world.variants["cap"]) == drop.offers[1]
    assert drop.offer_of(world.variants["pin"]) is None
    assert drop.name("fr") == "Or"
    assert drop.name("ar") == "Gold"
    assert drop.sells_in(0)
    assert not drop.sells_in(9)


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 0.000_5, 0.01, 0.3, 4.0, 1e9])
def test_a_quantile_is_never_too_low_and_at_most_a_fifth_too_high(seconds: float) -> None:
    read = latency.quantile_ms({latency.bucket(seconds): 7}, 0.99) / 1000
    assert seconds <= read * 1.000_001 or seconds == 1e9
    assert read <= seconds * 1.19 or seconds < 1e-5 or seconds == 1e9


def test_the_quantile_of_nothing_is_nothing() -> None:
    assert latency.quantile_ms(latency.merged([{}]), 0.5) == 0.0
