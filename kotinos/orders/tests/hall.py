"""An open drop of SHOP's scarf, and the hot path to buy it by, as one process runs it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

from django.db import connection, connections

from config.settings import DATABASE_URL
from kotinos.drops import api as drops
from kotinos.drops.fast import Floor
from kotinos.kernel import clock, fast
from kotinos.orders import api as orders
from kotinos.orders.fast import (
    HoldWish,
    HotNoticed,
    HotOrders,
    HotPlaced,
    OrderAnswer,
    OrderWish,
)
from kotinos.orders.tests.buyer import ADDRESSES
from kotinos.payments import fast as payments
from kotinos.payments.contracts import Notice, NoticeKind, NoticeRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kotinos.kernel.money import Money
    from kotinos.orders.tests.world import World

AnswerT = TypeVar("AnswerT")


@dataclass
class Hall:
    """One process's hot path."""

    drop: drops.DropView
    hot: HotOrders
    floor: Floor

    def wish(self, who: str = "fan", *, units: int = 1, key: UUID | None = None) -> OrderWish:
        (variant,) = self.drop.variants
        hold = HoldWish(self.drop.id, who, key or uuid4(), variant.id, units)
        return OrderWish(hold, "JP", "en", "fan@example.org", ADDRESSES["JP"])

    async def buy(self, wish: OrderWish) -> OrderAnswer:
        return await self.hot.place(wish, now=clock.now())

    async def first(self, who: str) -> OrderAnswer:
        """The order of somebody whose page says that it asks for the first time."""
        wish = self.wish(who)
        return await self.buy(replace(wish, hold=replace(wish.hold, is_first=True)))

    async def pay(
        self, placed: HotPlaced, amount: Money | None = None
    ) -> HotNoticed | NoticeRefused:
        """The bank's notice, as it comes in over the wire."""
        now = clock.now()
        body = payments.write_notice(
            Notice(
                str(uuid4()),
                placed.intent_id,
                NoticeKind.CAPTURED,
                amount or placed.total,
                now,
            )
        )
        headers = payments.signed_headers(body, now=now)
        return await self.hot.settle(provider="sandbox", body=body, headers=headers, now=now)


def open_drop(world: World, *, units_per_buyer: int = 2) -> drops.DropView:
    """A drop of the scarf, open since a minute, its quotes fixed."""
    now = clock.now()
    terms = drops.DropTerms(
        slug="scarf-drop",
        names={"en": "Scarf drop"},
        seller="SHOP",
        products=("scarf",),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(hours=1),
        units_per_buyer=units_per_buyer,
    )
    scheduled = drops.schedule_drop(terms=terms, now=now)
    assert isinstance(scheduled, drops.Scheduled), scheduled
    published = drops.publish(drop_id=scheduled.drop.id, now=now)
    assert isinstance(published, drops.Changed), published
    orders.fix_quotes(drop_id=scheduled.drop.id, now=now)
    assert world.variants["scarf"] == scheduled.drop.variants[0].id
    return scheduled.drop


def in_hall(drop: drops.DropView, use: Callable[[Hall], Awaitable[AnswerT]]) -> AnswerT:
    """Run something in a process's hot path that has just ticked."""

    async def go() -> AnswerT:
        dsn = DATABASE_URL.replace("/kotinos?", f"/{connection.settings_dict['NAME']}?")
        async with fast.pool(dsn, size=4) as pool:
            floor = Floor(pool)
            hall = Hall(drop, HotOrders(pool, floor), floor)
            await floor.tick(now=clock.now())
            await hall.hot.tick()
            return await use(hall)

    return asyncio.run(go())


async def beside(act: Callable[..., AnswerT], **params: object) -> AnswerT:
    """Something the rich lane does meanwhile, on a thread and a connection of its own."""

    def run() -> AnswerT:
        try:
            return act(**params)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)
