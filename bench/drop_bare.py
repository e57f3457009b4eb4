"""The bare limit of `bench.drops`: the same batches of the same SQL, without HTTP.

Prepared arrays, full batches, a few batches at once on connections of their own: what is left
between this figure and the one over HTTP is what the server and its client cost.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from kotinos.kernel import clock, fast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from bench.drop_world import HotOffer

AT_ONCE = 2  # one batch buys while another is paid, as over HTTP
Arrays = dict[str, list[Any]]
Batch = tuple[Arrays, Arrays]


def bare_orders_s(offer: HotOffer, orders: int, *, in_flight: int) -> float:
    """Complete orders a second, with as many in flight, in batches, as over HTTP."""
    return asyncio.run(_run(offer, orders, in_flight))


async def _run(offer: HotOffer, orders: int, in_flight: int) -> float:
    quote_id, location_id = _quote(offer)
    now = clock.now()
    size = in_flight // AT_ONCE
    batches = [_batch(offer, quote_id, location_id, size, now) for _ in range(orders // size)]
    left = iter(batches)
    await _work(iter([_batch(offer, quote_id, location_id, size, now) for _ in range(4)]))
    started = time.perf_counter()
    await asyncio.gather(*(_work(left) for _ in range(AT_ONCE)))
    return round(len(batches) * size / (time.perf_counter() - started), 1)


async def _work(batches: Iterator[Batch]) -> None:
    from kotinos.orders.hot import batches as work  # noqa: PLC0415 - after django.setup

    dsn = os.environ["DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(
        dsn, autocommit=True, options=fast.PLANNER
    ) as conn:
        for bought, paid in batches:
            await work.buy(conn, bought)
            settled = await work.settle(conn, paid)
            if not all(each.is_confirmed for _, each in settled):
                raise RuntimeError("an order was not confirmed")


def _quote(offer: HotOffer) -> tuple[UUID, UUID]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as conn:
        row = conn.execute(
            "SELECT id, location_id FROM orders_fixed_quote "
            "WHERE drop_id = %s AND variant_id = %s AND territory = 'JP' AND closed_at IS NULL",
            [offer.drop_id, offer.variant_id],
        ).fetchone()
    if row is None:
        raise RuntimeError("the offer has no quote")
    return row[0], row[1]


def _batch(offer: HotOffer, quote_id: UUID, location_id: UUID, size: int, now: datetime) -> Batch:
    from kotinos.orders.fast import intent_id_of  # noqa: PLC0415 - after django.setup
    from kotinos.orders.hot.rules import new_number  # noqa: PLC0415 - the same

    keys = [uuid4() for _ in range(size)]
    same: dict[str, Any] = {
        "variant_id": offer.variant_id,
        "location_id": location_id,
        "units": 1,
        "held_at": now,
        "expires_at": now + timedelta(minutes=10),
        "holder_units_max": 2,
        "scope": offer.drop_id,
    }
    same |= {
        "quote": quote_id,
        "email": "fan@example.org",
        "address": '{"name": "Fan Example", "line1": "1-1 Marunouchi"}',
        "language": "en",
        "person": None,
        "description": "Order",
        "return_url": "/en-jp/order/" + "x" * 200,
    }
    bought: Arrays = {
        "key": keys,
        "holder": [uuid4() for _ in keys],
        "number": [new_number() for _ in keys],
        "intent": [intent_id_of(key) for key in keys],
        **_repeated(same, size),
    }
    return bought, _paid(offer, keys, now)


def _paid(offer: HotOffer, keys: list[UUID], now: datetime) -> Arrays:
    from kotinos.orders.fast import intent_id_of  # noqa: PLC0415 - after django.setup

    same = {
        "provider": "sandbox",
        "kind": "captured",
        "minor": offer.total_minor,
        "currency": offer.currency,
        "detail": "",
        "occurred_at": now,
        "received_at": now,
    }
    notices = [f"n-{key}" for key in keys]
    intents = [intent_id_of(key) for key in keys]
    return {"notice": notices, "intent": intents, **_repeated(same, len(keys))}


def _repeated(same: dict[str, Any], size: int) -> Arrays:
    return {name: [value] * size for name, value in same.items()}
