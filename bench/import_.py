"""Measures the catalogue import: rows a minute, and memory that does not grow with the file.

The figures promised (issue 2): >= 10,000 product rows a minute; the same memory for a file four
times as long (`peak_mb` is the long file's, `peak_mb_short` the short one's).
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from typing import TYPE_CHECKING

from bench.shop import load_world, temporary_shop, write_catalogue

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

PRODUCTS_SHORT = 1_500
PRODUCTS_LONG = 6_000
PRODUCTS_FULL = 25_000


def main(full: bool) -> dict[str, float | int]:  # noqa: FBT001 - the bench's one switch
    """Import two files of different length, each in a process of its own, and compare."""
    long = PRODUCTS_FULL if full else PRODUCTS_LONG
    with temporary_shop() as folder:
        teams = load_world(folder, teams=4)
        # The first process only warms the machine's caches and says what the code itself takes.
        _measure(folder, teams[0], 50)
        rows_short, seconds_short, short_mb = _measure(folder, teams[1], PRODUCTS_SHORT)
        rows_long, seconds_long, long_mb = _measure(folder, teams[2], long)
    return {
        "rows_per_minute": round(rows_long / seconds_long * 60),
        "rows_per_minute_short": round(rows_short / seconds_short * 60),
        "peak_mb": round(long_mb, 1),
        "peak_mb_short": round(short_mb, 1),
        "rows": rows_long,
        "rows_short": rows_short,
    }


def _measure(folder: Path, team: str, products: int) -> tuple[int, float, float]:
    path = folder / f"{team}.csv"
    rows = write_catalogue(path, team, products)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_import, args=(str(path), team, sender))
    child.start()
    sender.close()
    seconds, peak_mb, said = receiver.recv()
    child.join()
    if said:
        print(json.dumps(said), file=sys.stderr)
    return rows, seconds, peak_mb


def _import(path: str, team: str, sender: Connection) -> None:
    from pathlib import Path  # noqa: PLC0415 - the child's own start

    import django  # noqa: PLC0415 - the child's own start

    django.setup()
    from kotinos.catalog import api as catalog  # noqa: PLC0415 - after django.setup
    from kotinos.games import api as games  # noqa: PLC0415 - the same
    from kotinos.kernel import clock  # noqa: PLC0415 - the same

    seller = games.organisation(f"NOC-{team}")
    if seller is None:
        raise RuntimeError(team)
    start = time.perf_counter()
    report = catalog.import_shopify(
        path=Path(path),
        seller=seller,
        now=clock.now(),
        options=catalog.ImportOptions(currency="USD"),
    )
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = [note.message for note in report.notes[:5]] if report.errors else []
    sender.send((seconds, peak_mb, said))
