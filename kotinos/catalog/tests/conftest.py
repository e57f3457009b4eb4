"""A small shop on the real world's tables: Kenya sells to the world, Japan and France at home."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.games.commands import games as games_words
from kotinos.kernel.place import Place
from kotinos.kernel.tests.worlds import of_a_module
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2030, 7, 1, 12, tzinfo=timezone.utc)
SIGNED = NOW - timedelta(days=30)

MARKETS = """\
code,name,currency,tax_inclusive,tax_basis_points,territories,price_bands
japan,Japan,JPY,true,1000,JP,3000;8000
us,United States,USD,false,0,"US",20;50
euro,Eurozone,EUR,true,2000,EEA,
china,China,CNY,true,1300,CN,
rest,International,USD,true,0,WORLD,20;50
"""
HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,"
    "Image Src,Image Position,Image Alt Text,Status,Included / China,Price / Japan,"
    "Properties (kotinos),Team (kotinos),Sport (kotinos),Collection (kotinos),"
    "Title / fr,Title / zh-hans,Title / ar,Description / fr\n"
)


def goods(team: str) -> str:
    """Three products of one team: a jersey in two sizes, a scarf, and a sold-out pin."""
    low, emblem = team.lower(), f"{team}-EMBLEM"
    jersey = f"{low}-jersey,{team} running jersey,<p>Light <b>jersey</b></p>,NOC,Jersey,,true,Size,"
    return (
        f"{jersey}S,{team}-J-S,180,5,60.00,80.00,,,,,active,TRUE,9000,{emblem},{team},Athletics,"
        f"Heritage,Maillot de course {team},{team} 跑步球衣,قميص الجري {team},<p>Léger</p>\n"
        f"{low}-jersey,,,,,,,,M,{team}-J-M,190,3,65.00,,,,,,,,9500,,,,,,,,\n"
        f"{low}-scarf,{team} knitted scarf,Warm,NOC,Scarf,,true,,,{team}-SC,120,8,25.00,,,,,,"
        f"active,FALSE,,{emblem},{team},,,Écharpe {team},{team} 针织围巾,وشاح {team},\n"
        f"{low}-pin,{team} enamel pin,Shiny,NOC,Pin,,true,,,{team}-PIN,20,0,9.00,,,,,,active,,1200,"
        f"{emblem},{team},,Heritage,Pin {team},{team} 珐琅徽章,دبوس {team},\n"
    )


@dataclass
class Bazaar:
    """The shop, and short words for what tests do with it."""

    folder: Path
    reports: dict[str, catalog.ImportReport] = field(default_factory=dict)

    def load(self, seller: str, text: str, **more: object) -> catalog.ImportReport:
        path = self.folder / "products.csv"
        path.write_text(text, encoding="utf-8")
        organisation = games.organisation(seller)
        assert organisation is not None
        return catalog.import_shopify(path=path, seller=organisation, now=NOW, **more)  # type: ignore[arg-type]  # the import checks it

    def list(self, place: str = "en-jp", **asked: str | list[str]) -> catalog.Listing:
        filters, notes = catalog.read_filters(
            {k: v if isinstance(v, list) else [v] for k, v in asked.items()}
        )
        return catalog.listing(at(place), filters, now=NOW, path="/shop/", notes=notes)

    def page(self, handle: str, place: str = "en-jp") -> catalog.ProductPage:
        page = catalog.product_page(at(place), handle, now=NOW)
        assert page is not None
        return page


def at(slug: str) -> Place:
    place = Place.parse(slug)
    assert place is not None
    return place


def open_team(team: str, reach: str, *, consent: str, territories: tuple[str, ...] = ()) -> None:
    outcome = rights.open_noc(
        noc=team,
        reach=reach,
        territories=territories,
        terms=rights.OpenTerms(consent=consent),
        now=SIGNED,
    )
    assert type(outcome).__name__ == "Signed", outcome


def make_world(folder: Path) -> None:
    """Territories, committees, markets, three emblems and who may sell them where."""
    result = CliRunner().invoke(games_words, ["import"])
    assert result.exit_code == 0, result.output
    path = folder / "markets.csv"
    path.write_text(MARKETS, encoding="utf-8")
    count, notes = catalog.import_markets(path=path, now=SIGNED)
    assert count == 5, notes
    for team in ("KEN", "JPN", "FRA"):
        rights.add_property(
            code=f"{team}-EMBLEM",
            names={"en": f"Emblem of {team}"},
            kind="noc-emblem",
            owner=f"NOC-{team}",
            home_noc=team,
            now=SIGNED,
        )
    open_team("KEN", "world", consent="home-only")
    open_team("JPN", "home-only", consent="world")
    for team in ("USA", "CHN"):
        rights.give_consent(noc=team, policy="world", listed=(), share_basis_points=0, now=SIGNED)
    open_team("FRA", "listed", consent="home-only", territories=("JP", "BE"))


def build_bazaar(folder: Path) -> Bazaar:
    """The world with three teams' goods in it."""
    shop = Bazaar(folder)
    make_world(folder)
    for team in ("KEN", "JPN", "FRA"):
        shop.reports[team] = shop.load(
            f"NOC-{team}", HEADER + goods(team), options=catalog.ImportOptions(currency="USD")
        )
    return shop


stocked = of_a_module(build_bazaar)


@pytest.fixture
def bazaar(stocked: Bazaar, db: None) -> Bazaar:
    """The module's shop; what a test changes is taken back after it."""
    del db
    return stocked
