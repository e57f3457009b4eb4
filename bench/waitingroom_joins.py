"""Simulated joins in a process of its own: what they take, and how much it grew.

Half the people come before the opening and half over the hour after it; each is new, with a
solved challenge; one in a hundred of those before the opening has an account. The process ticks
as it would, on a real PostgreSQL.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
JOINS_A_TICK = 5_000
ACCOUNT_EVERY = 100
HOUR_S = 3600


def main(joins: int) -> dict[str, float | int]:
    """Needs DATABASE_URL of a migrated installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - reads the environment

    django.setup()
    from kotinos.kernel import clock  # noqa: PLC0415 - after django.setup
    from kotinos.waitingroom import api  # noqa: PLC0415 - the same

    now = clock.now()
    room = api.create_room(
        code=f"joins-{uuid4()}",
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(hours=3),
        guest_bits=0,
        now=now,
    )
    return asyncio.run(_simulate(room, joins, now))


async def _simulate(room: object, joins: int, now: datetime) -> dict[str, float | int]:
    from config.settings import DATABASE_URL  # noqa: PLC0415 - after django.setup
    from kotinos.kernel import fast  # noqa: PLC0415 - the same
    from kotinos.waitingroom import contracts  # noqa: PLC0415 - the same
    from kotinos.waitingroom.fast import Rooms  # noqa: PLC0415 - the same

    assert isinstance(room, contracts.Room)
    async with fast.pool(DATABASE_URL, size=2) as pool:
        rooms = Rooms(pool)
        await rooms.tick(now=now)
        before, start = _rss_bytes(), time.perf_counter()
        for number in range(joins):
            at = now + timedelta(seconds=2 * HOUR_S * number / joins)
            await _join(rooms, room, number, at)
            if number % JOINS_A_TICK == 0:
                await rooms.tick(now=at)
        await rooms.tick(now=at)
        seconds = time.perf_counter() - start
        after, seen = _rss_bytes(), rooms.room(room.id)
    assert seen is not None
    counted = seen.drawn_people + seen.arrived_people
    return {
        "rss_growth_mb": round((after - before) / 1e6, 1),
        "joins": joins,
        "joins_in_process_per_s": round(joins / seconds),
        "counted_error_percent": round(100 * abs(counted - joins) / joins, 2),
    }


async def _join(rooms: object, room: object, number: int, at: datetime) -> None:
    from kotinos.waitingroom import contracts, fast, tickets  # noqa: PLC0415 - after django.setup

    assert isinstance(rooms, fast.Rooms)
    assert isinstance(room, contracts.Room)
    proof: contracts.Proof
    if number % ACCOUNT_EVERY == 0 and at < room.opens_at:
        identity = tickets.account_identity(room_id=room.id, person_id=uuid4())
        token = tickets.sign_account(room_id=room.id, identity=identity, now=at)
        proof = contracts.AccountProof(token)
    else:
        challenge = await rooms.challenge(room.id, now=at)
        assert isinstance(challenge, contracts.Challenge)
        proof = contracts.WorkProof(challenge.text, "0")
    found = await rooms.join(room.id, proof=proof, ticket=None, now=at)
    assert isinstance(found, contracts.Joined)


def _rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
