"""What the tests of the room share: rooms, processes, people and a clock that is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from django.db import connection

from config.settings import DATABASE_URL
from kotinos.kernel import fast
from kotinos.waitingroom import api, tickets
from kotinos.waitingroom.contracts import (
    AccountProof,
    Challenge,
    Joined,
    JoinRefused,
    Room,
    WorkProof,
)
from kotinos.waitingroom.fast import Rooms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

OPENS = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)
EARLY = OPENS - timedelta(minutes=10)
_codes = count()
ResultT = TypeVar("ResultT")


def after(seconds: float) -> datetime:
    """So long after the opening."""
    return OPENS + timedelta(seconds=seconds)


def a_room(**more: Any) -> Room:
    """A room that opens at noon, for an hour; a guest's work is two bits."""
    terms = {"guest_bits": 2, "closes_at": after(3600), **more}
    return api.create_room(code=f"room-{next(_codes)}", opens_at=OPENS, now=EARLY, **terms)


def run(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    return asyncio.run(work)


@asynccontextmanager
async def processes(number: int) -> AsyncIterator[list[Rooms]]:
    """So many processes of the fast lane on the test's database, ticked once."""
    name = connection.settings_dict["NAME"]
    async with fast.pool(DATABASE_URL.replace("/kotinos?", f"/{name}?"), size=4) as pool:
        made = [Rooms(pool) for _ in range(number)]
        for rooms in made:
            await rooms.tick(now=EARLY)
        yield made


async def tick(rooms: list[Rooms], now: datetime) -> None:
    """Twice each, so that everybody has read what everybody wrote."""
    for process in [*rooms, *rooms]:
        await process.tick(now=now)


def solve(challenge: Challenge) -> WorkProof:
    """The work, done."""
    nonces = (str(number) for number in count())
    nonce = next(n for n in nonces if tickets.is_solved(challenge.text, n, bits=challenge.bits))
    return WorkProof(challenge.text, nonce)


async def guest(rooms: Rooms, room: Room, now: datetime) -> Joined:
    """A new guest in the line."""
    challenge = await rooms.challenge(room.id, now=now)
    assert isinstance(challenge, Challenge)
    return joined(await rooms.join(room.id, proof=solve(challenge), ticket=None, now=now))


def account(room: Room, person: UUID | None = None, now: datetime = OPENS) -> AccountProof:
    """What our page hands to somebody signed in."""
    person_id = person or uuid4()
    return AccountProof(api.sign_account_identity(person_id=person_id, room_id=room.id, now=now))


def joined(outcome: Joined | JoinRefused) -> Joined:
    assert isinstance(outcome, Joined), outcome
    return outcome
