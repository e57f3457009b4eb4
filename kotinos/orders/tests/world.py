"""A small world to buy in, made through the doors a user has: tables, grants, a product file.

SHOP sells a scarf and a pin everywhere but in the US; RIVAL sells a mug in Kenya and Japan.
Japan pays in yen and the rest of the world in euro, tax included; the US in dollars, tax added.
"""

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

HOMES = {"KE": "KEN", "JP": "JPN", "FR": "FRA", "US": "USA"}
JAPAN, KENYA, FRANCE, STATES = (Place("en", code) for code in ("JP", "KE", "FR", "US"))
WEIGHT_GRAMS = 300


@dataclass
class World:
    """Ids by short names: sellers by code, variants by SKU."""

    sellers: dict[str, UUID] = field(default_factory=dict)
    variants: dict[str, UUID] = field(default_factory=dict)
    grants: dict[str, UUID] = field(default_factory=dict)


def build_world(folder: Path, *, scarves: int = 5) -> World:
    """All of it, in the database of the caller."""
    now = clock.now() - timedelta(days=1)
    _import_games(folder)
    _import_markets(folder, now)
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
    assert done.exit_code == 0, (done.output, done.exception)


def _import_markets(folder: Path, now: datetime) -> None:
    path = folder / "markets.csv"
    path.write_text(
        "code,name,currency,tax_inclusive,tax_basis_points,territories\n"
        "japan,Japan,JPY,true,1000,JP\n"
        "states,United States,USD,false,800,US\n"
        "rest,Everywhere else,EUR,true,2000,WORLD\n",
        encoding="utf-8",
    )
    count, notes = catalog.import_markets(path=path, now=now)
    assert count == 3, notes


def import_products(
    folder: Path, world: World, seller: str, products: list[tuple[str, int]], now: datetime
) -> None:
    path = folder / f"{seller}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Handle", "Title", "Type", "Variant SKU", "Variant Grams", "Variant Inventory Qty",
             "Variant Price", "Status", "Published", "Price / Japan", "Price / United States"]
        )  # fmt: skip
        for name, units in products:
            writer.writerow(
                [name, name.title(), "Other", name, WEIGHT_GRAMS, units, "20.00", "active", "true",
                 "3000", "22.00"]
            )  # fmt: skip
    row = games.organisation(seller)
    assert row is not None
    options = catalog.ImportOptions(properties=("GAMES",), currency="EUR")
    report = catalog.import_shopify(path=path, seller=row, now=now, options=options)
    assert report.errors == 0, report.notes
    for name, _ in products:
        page = catalog.product_page(KENYA, name, now=clock.now())
        assert page is not None
        (variant,) = page.variants
        world.variants[name] = variant.variant_id
