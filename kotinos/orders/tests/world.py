"""A small world to buy in, made through the doors a user has: tables, grants, a product file.

SHOP sells a scarf and a pin everywhere but in the US; RIVAL sells a mug in Kenya and Japan.
Japan pays in yen and the rest of the world in euro, tax included; the US in dollars, tax added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.catalog.tests.goods import import_goods, import_markets, product
from kotinos.games import api as games
from kotinos.games.tests.tables import import_tables
from kotinos.kernel import clock
from kotinos.kernel.place import Place
from kotinos.rights import api as rights
from kotinos.rights.tests.granting import signed

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

HOMES = {"KE": "KEN", "JP": "JPN", "FR": "FRA", "US": "USA"}
JAPAN, KENYA, FRANCE, STATES = (Place("en", code) for code in ("JP", "KE", "FR", "US"))
MARKETS = (
    "japan,Japan,JPY,true,1000,JP",
    "states,United States,USD,false,800,US",
    "rest,Everywhere else,EUR,true,2000,WORLD",
)


@dataclass
class World:
    """Ids by short names: sellers by code, variants by SKU."""

    sellers: dict[str, UUID] = field(default_factory=dict)
    variants: dict[str, UUID] = field(default_factory=dict)
    grants: dict[str, UUID] = field(default_factory=dict)


def build_world(folder: Path, *, scarves: int = 5) -> World:
    """All of it, in the database of the caller."""
    now = clock.now() - timedelta(days=1)
    import_tables(folder, HOMES)
    import_markets(folder, *MARKETS, now=now)
    world = World()
    for code in ("SHOP", "RIVAL"):
        kind = games.OrganisationKind.SELLER
        world.sellers[code] = games.ensure_organisation(code=code, kind=kind, name=f"{code} Ltd")
    rights.add_property(code="GAMES", names={"en": "Games"}, kind="mark", owner="IOC", now=now)
    world.grants["SHOP"] = grant("SHOP", "WORLD,-US", now)
    world.grants["RIVAL"] = grant("RIVAL", "KE,JP", now)
    import_products(folder, world, "SHOP", [("scarf", scarves), ("pin", 1000)], now)
    import_products(folder, world, "RIVAL", [("mug", 3)], now)
    return world


def grant(seller: str, territory: str, now: datetime, **more: object) -> UUID:
    """A signed grant of the Games' mark to a seller."""
    return signed(now, grantee=seller, acts="sell, ship", territory=territory, **more)


def import_products(
    folder: Path, world: World, seller: str, products: list[tuple[str, int]], now: datetime
) -> None:
    prices = {"Price / Japan": "3000", "Price / United States": "22.00"}
    rows = [product(name, units=units, **prices) for name, units in products]
    for name, page in import_goods(folder, seller, rows, now=now).items():
        (variant,) = page.variants
        world.variants[name] = variant.variant_id
