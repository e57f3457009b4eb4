"""A shop of any size in a temporary PostgreSQL: what the catalogue's benchmarks measure."""

from __future__ import annotations

import csv
import os
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kotinos.kernel import clock, postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

TEAMS = 100
KINDS = ("Jersey", "Scarf", "Cap", "Pin", "Poster", "Mug", "Hoodie", "Flag")
SPORTS = ("Athletics", "Rowing", "Fencing", "Judo", "Sailing", "Swimming")
COLLECTIONS = ("Heritage", "Podium", "Night")
COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Published", "Option1 Name"),
    *("Option1 Value", "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price"),
    *("Status", "Price / Japan", "Properties (kotinos)", "Team (kotinos)", "Sport (kotinos)"),
    *("Collection (kotinos)", "Title / fr", "Title / zh-hans", "Title / ar"),
)
MARKETS = """\
code,name,currency,tax_inclusive,tax_basis_points,territories,price_bands
japan,Japan,JPY,true,1000,JP,3000;8000
us,United States,USD,false,0,US,20;50
euro,Eurozone,EUR,true,2000,EEA,
rest,International,USD,true,0,WORLD,20;50
"""


@contextmanager
def temporary_shop(*, durable: bool = False) -> Iterator[Path]:
    """A migrated, empty installation of its own; yields its data folder.

    `durable`: every commit waits for the disk, as in production.
    """
    with (
        tempfile.TemporaryDirectory(prefix="kotinos-bench-") as name,
        postgres.temporary(durable=durable) as cluster,
    ):
        os.environ["DATABASE_URL"] = cluster.url()
        os.environ["KOTINOS_DATA"] = name
        os.environ.setdefault("KOTINOS_SECRET", "a secret for benchmarks only")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django  # noqa: PLC0415 - reads the settings made above
        from django.core.management import call_command  # noqa: PLC0415 - the same

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(name)


def load_world(folder: Path, teams: int = TEAMS) -> list[str]:
    """Territories, markets, and teams of which every fourth sells only at home; their codes."""
    from click.testing import CliRunner  # noqa: PLC0415 - after django.setup

    from kotinos.catalog import api as catalog  # noqa: PLC0415 - the same
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.games.commands import games as words  # noqa: PLC0415 - the same
    from kotinos.rights import api as rights  # noqa: PLC0415 - the same

    result = CliRunner().invoke(words, ["import"])
    if result.exit_code:
        raise RuntimeError(result.output)
    signed = clock.now() - timedelta(days=1)
    path = folder / "markets.csv"
    path.write_text(MARKETS, encoding="utf-8")
    catalog.import_markets(path=path, now=signed)
    codes = [noc.code for noc in games.nocs()][:teams]
    codes = sorted({*codes[: teams - 1], "JPN"})
    for number, code in enumerate(codes):
        rights.add_property(
            code=f"{code}-EMBLEM",
            names={"en": code},
            kind="noc-emblem",
            owner=f"NOC-{code}",
            home_noc=code,
            now=signed,
        )
        reach = "home-only" if number % 4 == 3 else "world"
        terms = rights.OpenTerms(consent="world")
        rights.open_noc(noc=code, reach=reach, terms=terms, now=signed)
    return codes


def write_catalogue(path: Path, team: str, products: int) -> int:
    """A seller's file: every product has one to three variants; the number of rows."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(products):
            for row in _rows(team, number):
                writer.writerow(row)
                rows += 1
    return rows


def _rows(team: str, number: int) -> Iterator[dict[str, str]]:
    kind = KINDS[number % len(KINDS)]
    sizes = ("S", "M", "L")[: 1 + number % 3]
    for place, size in enumerate(sizes):
        row = {
            "Handle": f"{team.lower()}-{kind.lower()}-{number}",
            "Option1 Value": size,
            "Variant SKU": f"{team}-{number}-{size}",
            "Variant Grams": str(100 + number % 400),
            "Variant Inventory Qty": str(number % 50),
            "Variant Price": f"{5 + number % 90}.50",
        }
        if number % 5 == 0:
            row["Price / Japan"] = str(900 + number % 9000)
        if place == 0:
            row |= _first(team, number, kind)
        yield row


def _first(team: str, number: int, kind: str) -> dict[str, str]:
    return {
        "Title": f"{team} {kind} number {number}",
        "Body (HTML)": f"<p>Made for {team}, <b>edition {number}</b>, with care.</p>",
        "Vendor": f"NOC {team}",
        "Type": kind,
        "Published": "true",
        "Option1 Name": "Size",
        "Status": "active",
        "Properties (kotinos)": f"{team}-EMBLEM",
        "Team (kotinos)": team,
        "Sport (kotinos)": SPORTS[number % len(SPORTS)] if number % 2 else "",
        "Collection (kotinos)": COLLECTIONS[number % len(COLLECTIONS)],
        "Title / fr": f"{kind} {team} numéro {number}",
        "Title / zh-hans": f"{team} 商品 {number} 号",
        "Title / ar": f"منتج {team} رقم {number}",
    }
