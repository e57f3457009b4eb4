"""A small world to hold drops in: SHOP sells a jersey in two sizes and a pin, but not in the US."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.catalog.tests.goods import EVERYWHERE, import_goods, import_markets, product
from kotinos.games import api as games
from kotinos.games.tests.tables import import_tables
from kotinos.kernel import clock
from kotinos.rights import api as rights
from kotinos.rights.tests.granting import signed

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID


HOMES = {"KE": "KEN", "JP": "JPN", "FR": "FRA", "US": "USA"}
PRODUCTS = (
    ("jersey", "Size", (("jersey-m", "M", 10), ("jersey-l", "L", 5))),
    ("pin", "Title", (("pin", "Default Title", 100),)),
    ("cap", "Title", (("cap", "Default Title", 0),)),
)


@dataclass
class World:
    """Ids by short names: sellers by code, products by handle, variants by SKU."""

    now: datetime
    sellers: dict[str, UUID] = field(default_factory=dict)
    products: dict[str, UUID] = field(default_factory=dict)
    variants: dict[str, UUID] = field(default_factory=dict)
    grants: dict[str, UUID] = field(default_factory=dict)


def build_world(folder: Path) -> World:
    """All of it, in the database of the caller."""
    past = clock.now() - timedelta(days=1)
    import_tables(folder, HOMES)
    import_markets(folder, EVERYWHERE, now=past)
    world = World(clock.now())
    for code in ("SHOP", "RIVAL"):
        kind = games.OrganisationKind.SELLER
        world.sellers[code] = games.ensure_organisation(code=code, kind=kind, name=f"{code} Ltd")
    rights.add_property(code="GAMES", names={"en": "Games"}, kind="mark", owner="IOC", now=past)
    world.grants["SHOP"] = grant("SHOP", "WORLD,-US", past)
    _import_products(folder, world, past)
    return world


def grant(seller: str, territory: str, now: datetime, **more: object) -> UUID:
    """A signed grant of the Games' mark to a seller."""
    return signed(now, grantee=seller, acts="sell, ship", territory=territory, **more)


def _import_products(folder: Path, world: World, now: datetime) -> None:
    rows = [
        product(handle, units=units, **{
            "Variant SKU": sku, "Option1 Name": option, "Option1 Value": value,
        })
        for handle, option, variants in PRODUCTS
        for sku, value, units in variants
    ]  # fmt: skip
    for handle, page in import_goods(folder, "SHOP", rows, now=now).items():
        world.products[handle] = page.product_id
        world.variants.update({variant.sku: variant.variant_id for variant in page.variants})
