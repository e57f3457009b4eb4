"""Measures the storefront: uncached pages in process, cached pages through the real server.

The figures promised (issue 2), with 10,000 products: an uncached list page <= 25 ms and a product
page <= 15 ms of server time at the median, with at most 8 SQL statements; a cacheable page from
the fast lane >= 10,000 requests/s on one worker and >= 60 % of a null handler sending the same
bytes in the same run.
"""

from __future__ import annotations

import re
import subprocess
import time
from itertools import product
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.request import urlopen

from bench.serving import server
from bench.shop import SPORTS, TEAMS, load_world, temporary_shop, write_catalogue

if TYPE_CHECKING:
    from django.test import Client

PRODUCTS = 10_000
PAGES = 60
PAGES_FULL = 400
WARM_UP = 10
WRK_SECONDS = 6
CONNECTIONS = 32

Figures = dict[str, float | int | None]


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Fill a shop, then measure; `cached_rps` and `null_rps` are None where wrk is missing."""
    with temporary_shop() as folder:
        teams = load_world(folder, TEAMS)
        _fill(folder, teams)
        figures: Figures = {"products": _products()}
        figures |= _uncached(teams, PAGES_FULL if full else PAGES)
        figures |= _cached(folder)
    return figures


def _fill(folder: Path, teams: list[str]) -> None:
    from django.db import connection  # noqa: PLC0415 - after django.setup

    from kotinos.catalog import api as catalog  # noqa: PLC0415 - the same
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    each = PRODUCTS // len(teams)
    for number, team in enumerate(teams):
        path = folder / "catalogue.csv"
        more = PRODUCTS - each * len(teams) if number == 0 else 0
        write_catalogue(path, team, each + more)
        seller = games.organisation(f"NOC-{team}")
        if seller is None:
            raise RuntimeError(team)
        options = catalog.ImportOptions(currency="USD")
        catalog.import_shopify(path=path, seller=seller, now=clock.now(), options=options)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _products() -> int:
    from django.apps import apps  # noqa: PLC0415 - after django.setup

    return int(apps.get_model("catalog", "Product").objects.count())


def _uncached(teams: list[str], pages: int) -> Figures:
    from django.test import Client  # noqa: PLC0415 - after django.setup

    client = Client(SERVER_NAME="127.0.0.1")
    places = ("en-jp", "fr-fr", "ar-us", "zh-hans-cn")
    asked = ("", "?page=3", "?kind=jersey", "?sort=cheapest", "?collection=night&page=2")
    lists = [f"/{place}/shop/{query}" for place, query in product(places, asked)]
    lists += [f"/{place}/teams/{team}/" for place, team in zip(places * 5, teams, strict=False)]
    first = f"/{places[0]}/shop/?sport={SPORTS[0].lower()}"
    products = [
        f"/en-jp/products/{handle}/" for handle in _handles(client, (pages + WARM_UP) // 24 + 2)
    ]
    listing_ms, listing_sql = _measure(client, [first, *lists], pages)
    product_ms, product_sql = _measure(client, products, pages)
    return {
        "listing_ms": listing_ms,
        "product_ms": product_ms,
        "listing_sql": listing_sql,
        "product_sql": product_sql,
    }


def _handles(client: Client, pages: int) -> list[str]:
    found: list[str] = []
    for page in range(1, pages + 1):
        answer = client.get(f"/api/v1/products?territory=JP&page={page}")
        found += [item["handle"] for item in answer.json()["items"]]
    return found


def _measure(client: Client, paths: list[str], pages: int) -> tuple[float, int]:
    """Median milliseconds of a page, and the most SQL statements one took."""
    from django.db import connection  # noqa: PLC0415 - after django.setup
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - the same

    taken: list[float] = []
    for number in range(pages + WARM_UP):
        path = paths[number % len(paths)]
        start = time.perf_counter()
        answer = client.get(path)
        seconds = time.perf_counter() - start
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if number >= WARM_UP:
            taken.append(seconds * 1000)
    statements = 0
    for path in paths[:30]:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        statements = max(statements, len(queries))
    return round(median(taken), 2), statements


def _cached(folder: Path) -> Figures:
    """Requests a second of one cached page, and of a handler that only sends the same bytes."""
    if not Path("/usr/bin/wrk").exists():
        return {"cached_rps": None, "null_rps": None}
    page = "http://127.0.0.1:8971/en-jp/shop/"
    with server("config.asgi:application", 8971):
        body = urlopen(page).read()
        cached = _wrk(page)
    (folder / "null_app.py").write_text(_NULL, encoding="utf-8")
    (folder / "null_body").write_bytes(body)
    with server("null_app:application", 8972, path="/", folder=folder):
        null = _wrk("http://127.0.0.1:8972/")
    return {"cached_rps": cached, "null_rps": null, "page_bytes": len(body)}


_NULL = """
from pathlib import Path
import falcon.asgi
BODY = (Path(__file__).parent / "null_body").read_bytes()
class Null:
    async def on_get(self, request, response):
        response.content_type = "text/html; charset=utf-8"
        response.data = BODY
application = falcon.asgi.App()
application.add_route("/", Null())
"""


def _wrk(address: str) -> int:
    run = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{WRK_SECONDS}s", address]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return round(float(found[1]))
