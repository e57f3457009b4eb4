"""Markets and products that come as a seller brings them: in files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

WEIGHT_GRAMS = 300
EVERYWHERE = "rest,Everywhere,EUR,true,2000,WORLD"


def import_markets(folder: Path, *markets: str, now: datetime) -> None:
    """Markets, each a line of the file; EVERYWHERE is one that is enough."""
    header = "code,name,currency,tax_inclusive,tax_basis_points,territories"
    path = folder / "markets.csv"
    path.write_text("\n".join([header, *markets]) + "\n", encoding="utf-8")
    count, notes = catalog.import_markets(path=path, now=now)
    assert count == len(markets), notes


def product(handle: str, *, units: int, **columns: object) -> dict[str, object]:
    """A product's row for 20.00 each; `columns`: more of the file's, or others than these."""
    return {
        "Handle": handle,
        "Title": handle.title(),
        "Type": "Other",
        "Variant SKU": handle,
        "Variant Grams": WEIGHT_GRAMS,
        "Variant Inventory Qty": units,
        "Variant Price": "20.00",
        "Status": "active",
        "Published": "true",
        **columns,
    }


def import_goods(
    folder: Path, seller: str, rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> dict[str, catalog.ProductPage]:
    """A seller's product file under the Games' mark; the pages a reader in Kenya then has."""
    path = folder / f"{seller}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    organisation = games.organisation(seller)
    assert organisation is not None
    options = catalog.ImportOptions(properties=("GAMES",), currency="EUR")
    report = catalog.import_shopify(path=path, seller=organisation, now=now, options=options)
    assert report.errors == 0, report.notes
    handles = {str(row["Handle"]) for row in rows}
    return {handle: _page(handle) for handle in handles}


def _page(handle: str) -> catalog.ProductPage:
    page = catalog.product_page(Place("en", "KE"), handle, now=clock.now())
    assert page is not None
    return page
