"""Puts a drop on stage without the office: rows as the actions write them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps

from kotinos.drops import api as drops
from kotinos.drops import models

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.drops.tests.world import World


def staged(
    world: World,
    *handles: str,
    slug: str = "gold",
    opens_in: timedelta = timedelta(0),
    states: tuple[str, ...] = ("published",),
    **more: Any,
) -> drops.DropView:
    """A drop of SHOP with these products that is open for a day."""
    opens_at = world.now + opens_in
    row = models.Drop.objects.create(
        slug=slug,
        names={"en": slug.title(), "fr": "Or"},
        seller_id=world.sellers["SHOP"],
        room_id=_room(slug, opens_at, world.now),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
        created_at=world.now,
        **{"territory_mask": b"\x0f" + bytes(31), **more},
    )
    for position, handle in enumerate(handles):
        row.offers.create(product_id=world.products[handle], position=position)
    for state in states:
        row.states.create(name=state, at=world.now)
    found = drops.drop(slug)
    assert found is not None
    return found


def _room(code: str, opens_at: datetime, now: datetime) -> UUID:
    rooms: Any = apps.get_model("waitingroom", "Room")._default_manager
    found: UUID = rooms.create(
        code=code,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
        seed=bytes(32),
        created_at=now,
    ).id
    return found
