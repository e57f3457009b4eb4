"""Drops on stage for the races: one world, one drop for each test, two server processes.

A stage is written for good and serves a whole module, because a world and two servers cost more
than most races. So a test's own connection, which is rolled back, only reads; what the servers
must see is done `beside` it.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.management import call_command
from django.db import connection

from bench.chaos_buyer import Wire
from bench.drop_world import HotOffer
from kotinos.drops import api as drops
from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.models import FixedQuote, Order, OrderLine, State
from kotinos.orders.tests.world import World, build_world, import_products
from kotinos.stock.models import Hold
from tests.races.site import start_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from tests.races.site import Site

ThingT = TypeVar("ThingT")
DoneT = TypeVar("DoneT")


@dataclass(frozen=True, slots=True)
class Act:
    """One drop to make: its product and slug, its units, its limit for one buyer, its seller."""

    name: str
    units: int
    limit: int = 2
    seller: str = "SHOP"


@dataclass
class Stage:
    """A running sale: what is sold by short name, and the servers that sell it."""

    world: World
    offers: dict[str, HotOffer]
    sites: list[Site] = field(default_factory=list)
    _own: threading.local = field(default_factory=threading.local)
    _wires: list[Wire] = field(default_factory=list)

    def wire(self, at: int = 0) -> Wire:
        """A kept connection to one of the servers, one for each thread."""
        port = self.sites[at % len(self.sites)].port
        own: dict[Any, Wire] = self._own.__dict__
        if port not in own:
            own[port] = Wire(port)
            self._wires.append(own[port])
        return own[port]

    def close(self) -> None:
        """Let go of every connection."""
        for wire in self._wires:
            wire.close()


def make_drops(world: World, folder: Path, acts: Iterable[Act]) -> dict[str, HotOffer]:
    """Products, stock and published drops with fixed quotes, open since a minute."""
    offers = {}
    for act in acts:
        now = clock.now()
        import_products(folder, world, act.seller, [(act.name, act.units)], now)
        terms = drops.DropTerms(
            slug=act.name,
            names={"en": act.name},
            seller=act.seller,
            products=(act.name,),
            opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(hours=1),
            units_per_buyer=act.limit,
        )
        made = drops.schedule_drop(terms=terms, now=now)
        assert isinstance(made, drops.Scheduled), made
        published = drops.publish(drop_id=made.drop.id, now=now)
        assert isinstance(published, drops.Changed), published
        orders.fix_quotes(drop_id=made.drop.id, now=now)
        offers[act.name] = _offer(made.drop.id, made.drop.room_id, world.variants[act.name])
    return offers


def _offer(drop_id: UUID, room_id: UUID, variant_id: UUID) -> HotOffer:
    quote = FixedQuote.objects.get(drop_id=drop_id, variant_id=variant_id, territory="JP")
    return HotOffer(drop_id, room_id, variant_id, quote.totals_minor[0][3], quote.currency)


@contextmanager
def staged(folder: Path, acts: Iterable[Act], *, sites: int) -> Iterator[Stage]:
    """The drops and so many servers, each a process of its own; nothing is left of them."""
    with ExitStack() as stack:
        stack.callback(call_command, "flush", verbosity=0, interactive=False)
        world = build_world(folder)
        stage = Stage(world, make_drops(world, folder, acts))
        for site in at_once(lambda _: start_site(workers=1), range(sites), hands=sites):
            stack.callback(site.kill)
            stage.sites.append(site)
        stack.callback(stage.close)
        yield stage


def at_once(do: Callable[[ThingT], DoneT], things: Iterable[ThingT], *, hands: int) -> list[DoneT]:
    """Do it to all of them, by so many hands at a time; in their order."""
    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(do, things))


def until(is_so: Callable[[], bool], *, seconds_max: float) -> float:
    """Seconds until it was so; AssertionError where it never was."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() < began + seconds_max, "it did not happen"
        time.sleep(0.01)
    return time.monotonic() - began


def beside(do: Callable[[], DoneT]) -> DoneT:
    """Do it on a connection of its own, for all to see."""

    def doing() -> DoneT:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(doing).result()


# What the database holds: an observer's view, read past the application.


def open_holds(offer: HotOffer) -> int:
    return Hold.objects.filter(variant_id=offer.variant_id, ended_as__isnull=True).count()


def let_time_pass(offer: HotOffer, until_at: datetime, **which: Any) -> int:
    """Have the open holds of an offer end then, as if their minutes were over; how many."""
    rows = Hold.objects.filter(variant_id=offer.variant_id, ended_as__isnull=True, **which)
    return beside(lambda: rows.update(expires_at=until_at))


def orders_of(offer: HotOffer) -> list[UUID]:
    lines = OrderLine.objects.filter(variant_id=offer.variant_id)
    return list(Order.objects.filter(lines__in=lines).values_list("id", flat=True))


def units_confirmed(offer: HotOffer) -> int:
    confirmed = State.objects.filter(name="confirmed").values("order_id")
    lines = OrderLine.objects.filter(variant_id=offer.variant_id, order_id__in=confirmed)
    return sum(lines.values_list("units", flat=True))
