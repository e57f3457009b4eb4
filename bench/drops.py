"""Measures complete orders of one hot offer, over HTTP and without it.

A complete order: hold and place, the bank's notice, confirmed. The client and the server share the
machine's cores. The bare limit drives the same batches of the same SQL without HTTP in the same
run; with `--full` the peers of `bench.peers` follow.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench.drop_bare import bare_orders_s
from bench.drop_world import open_drop, scripts
from bench.light import converse
from bench.serving import ROOT, cpu_seconds, server
from bench.shop import temporary_shop
from kotinos.kernel import clock

if TYPE_CHECKING:
    from bench.drop_world import HotOffer
    from bench.light import Outcome

UNITS = 5_000_000
IN_FLIGHT = 256
WARM_UP = 1_500
ORDERS, ORDERS_FULL = 14_000, 40_000
SECONDS_MAX = 60.0
PORT = 8975
PEER_SECONDS = 20.0
LOG_MB = 400

Figures = dict[str, float | int | dict[str, float] | None]


def main(full: bool) -> Figures:  # noqa: FBT001 - the bench's one switch
    """Figures of one run; raises where an order was refused or the ledger has a gap."""
    orders = ORDERS_FULL if full else ORDERS
    with temporary_shop(durable=True) as folder:
        offer = open_drop(folder, units=UNITS)
        _settle()
        figures = _over_http(offer, orders)
        figures["bare_sql_orders_s"] = bare_orders_s(offer, orders, in_flight=IN_FLIGHT)
        _check()
    figures["share_of_bare"] = _ratio(figures["orders_s"], figures["bare_sql_orders_s"])
    if full:
        figures["peers"] = _peers()
    return figures


def _settle() -> None:
    """Make the database one that has run for a while: its log has files to use again.

    A fresh one fills a new file with zeroes every 16 MB, and all commits wait for it.
    """
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as conn:
        for _ in range(LOG_MB):
            conn.execute("SELECT pg_logical_emit_message(false, 'bench', repeat('x', 1000000))")
        for _ in range(2):
            conn.execute("SELECT pg_switch_wal()")
            conn.execute("CHECKPOINT")


def _over_http(offer: HotOffer, orders: int) -> Figures:
    prepared = iter(scripts(offer, orders + WARM_UP, port=PORT, now=clock.now()))
    talks = ((script.order, script.notice) for script in prepared)
    with server("config.asgi:application", PORT) as process:
        converse(PORT, islice(talks, WARM_UP), in_flight=IN_FLIGHT, seconds_max=SECONDS_MAX)
        ours, theirs = cpu_seconds(process.pid), cpu_seconds(_postmaster())
        outcome = converse(PORT, talks, in_flight=IN_FLIGHT, seconds_max=SECONDS_MAX)
        ours, theirs = cpu_seconds(process.pid) - ours, cpu_seconds(_postmaster()) - theirs
    _all_well(outcome, orders)
    return {
        "orders": outcome.done,
        "orders_s": round(outcome.done / outcome.seconds, 1),
        "p50_ms": round(outcome.quantile_ms(0.5), 1),
        "p99_ms": round(outcome.quantile_ms(0.99), 1),
        "cpu_ms_per_order": round((ours + theirs) * 1000 / outcome.done, 3),
        "database_cpu_ms_per_order": round(theirs * 1000 / outcome.done, 3),
    }


def _all_well(outcome: Outcome, orders: int) -> None:
    if outcome.done != orders or outcome.broken:
        raise RuntimeError(f"{outcome.done} of {orders}: {outcome.statuses}, {outcome.broken}")


def _postmaster() -> int:
    """The database's first process: the parent of whichever serves us."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as conn:
        stat = Path(f"/proc/{conn.info.backend_pid}/stat").read_text(encoding="utf-8")
    return int(stat.rpartition(")")[2].split()[1])


def _check() -> None:
    from kotinos.orders.models import State  # noqa: PLC0415 - after django.setup
    from kotinos.stock import api as stock  # noqa: PLC0415 - the same

    gap = stock.ledger_gap()
    if gap or not State.objects.filter(name="confirmed").exists():
        raise RuntimeError(f"ledger gap {gap}")


def _ratio(ours: object, limit: object) -> float:
    assert isinstance(ours, float)
    assert isinstance(limit, float)
    return round(ours / limit, 3)


def _peers() -> dict[str, float]:
    from bench.peers import run  # noqa: PLC0415 - only the long form needs them

    return run(ROOT / ".bench", PEER_SECONDS)
