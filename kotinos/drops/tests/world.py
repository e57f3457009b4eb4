"""A small world to hold drops in: SHOP sells a jersey in two sizes and a pin, but not in the US."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from click.testing import CliRunner

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.games.commands import games as games_words
from kotinos.kernel import clock
from kotinos.kernel.place import Place
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from kotinos.catalog.contracts import ProductPage

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
    _import_games(folder)
    _import_markets(folder, past)
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
    terms = rights.GrantTerms(
        grantor="IOC",
        grantee=seller,
        property="GAMES",
        acts="sell, ship",
        territory=territory,
        **more,  # type: ignore[arg-type]  # fields of the terms, as a test names them
    )
    drafted = rights.draft_grant(terms=terms, now=now)
    assert isinstance(drafted, rights.Drafted), drafted
    signed = rights.sign(grant_id=drafted.grant_id, now=now)
    assert isinstance(signed, rights.Signed), signed
    return drafted.grant_id


def _import_games(folder: Path) -> None:
    tables = {
        "territories": ["territory,bit", *(f"{code},{bit}" for bit, code in enumerate(HOMES))],
        "nocs": [
            "noc,territory,name,association,currency",
            *(f"{noc},{code},{noc.title()},X,EUR" for code, noc in HOMES.items()),
        ],
        "homes": ["territory,noc,from,until", *(f"{code},{noc},," for code, noc in HOMES.items())],
        "territory_sets": ["name,text,from,until,note"],
        "editions": ["edition,name,organisation,host,from,until,timezone"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = CliRunner().invoke(games_words, ["import", "--tables", str(folder)])
    assert done.exit_code == 0, done.output


def _import_markets(folder: Path, now: datetime) -> None:
    path = folder / "markets.csv"
    path.write_text(
        "code,name,currency,tax_inclusive,tax_basis_points,territories\n"
        "rest,Everywhere,EUR,true,2000,WORLD\n",
        encoding="utf-8",
    )
    count, notes = catalog.import_markets(path=path, now=now)
    assert count == 1, notes


def _import_products(folder: Path, world: World, now: datetime) -> None:
    path = folder / "SHOP.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Handle", "Title", "Type", "Option1 Name", "Option1 Value", "Variant SKU",
             "Variant Grams", "Variant Inventory Qty", "Variant Price", "Status", "Published"]
        )  # fmt: skip
        for handle, option, variants in PRODUCTS:
            for sku, value, units in variants:
                writer.writerow(
                    [handle, handle.title(), "Other", option, value, sku, 300, units, "20.00",
                     "active", "true"]
                )  # fmt: skip
    row = games.organisation("SHOP")
    assert row is not None
    options = catalog.ImportOptions(properties=("GAMES",), currency="EUR")
    report = catalog.import_shopify(path=path, seller=row, now=now, options=options)
    assert report.errors == 0, report.notes
    for handle, _, _ in PRODUCTS:
        page = _page(handle)
        world.products[handle] = page.product_id
        world.variants.update({variant.sku: variant.variant_id for variant in page.variants})


def _page(handle: str) -> ProductPage:
    page = catalog.product_page(Place("en", "KE"), handle, now=clock.now())
    assert page is not None
    return page
