"""People who cheat and machines that fail: they gain nothing, and what they cost is bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from kotinos.kernel import fast
from kotinos.kernel.batcher import QueueFullError
from kotinos.waitingroom import api, ledger, models
from kotinos.waitingroom.contracts import (
    AccountProof,
    Admission,
    AdmitRefused,
    Challenge,
    JoinRefused,
    PatienceProof,
    Refusal,
    Signals,
    WorkProof,
)
from kotinos.waitingroom.tests.line import (
    EARLY,
    OPENS,
    a_room,
    account,
    after,
    guest,
    joined,
    processes,
    run,
    solve,
    tick,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.waitingroom.contracts import Proof
    from kotinos.waitingroom.fast import Rooms

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_solved_challenge_is_one_person_however_often_it_is_shown() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(2) as rooms:
            challenge = await rooms[0].challenge(room.id, now=after(1))
            assert isinstance(challenge, Challenge)
            proof = solve(challenge)
            shown = [
                joined(await rooms[n % 2].join(room.id, proof=proof, ticket=None, now=after(2)))
                for n in range(50)
            ]
            assert len({one.ticket.identity for one in shown}) == 1
            for _ in range(5):
                await guest(rooms[0], room, after(2))
            await tick(rooms, after(4))
            seen = rooms[1].room(room.id)
            assert seen is not None
            assert round(seen.arrived_people) == 6

    run(story())


def test_a_ticket_shown_again_is_counted_once() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(1) as rooms:
            first = await guest(rooms[0], room, EARLY)
            for _ in range(10):
                again = await rooms[0].join(
                    room.id, proof=None, ticket=first.ticket_text, now=after(5)
                )
                assert joined(again).ticket_text == first.ticket_text
            await tick(rooms, after(6))
            assert rooms[0].counters()[room.id].joins == 1

    run(story())
    assert sum(models.Tally.objects.values_list("joins", flat=True)) == 1


def test_proofs_that_are_not_good_here_are_refused() -> None:
    room, other = a_room(), a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            theirs = await rooms.challenge(other.id, now=EARLY)
            ours = await rooms.challenge(room.id, now=EARLY)
            assert isinstance(theirs, Challenge)
            assert isinstance(ours, Challenge)
            hour = timedelta(hours=1)
            cases: list[tuple[Proof | None, datetime, Refusal]] = [
                (AccountProof("x.y"), EARLY, Refusal.FORGED),
                (AccountProof("x" * 5000), EARLY, Refusal.FORGED),
                (account(other, now=EARLY), EARLY, Refusal.OTHER_ROOM),
                (account(room, now=EARLY), EARLY + hour, Refusal.EXPIRED),
                (solve(theirs), EARLY, Refusal.OTHER_ROOM),
                (solve(ours), EARLY + hour, Refusal.EXPIRED),
                (WorkProof(ours.text, "n" * 65), EARLY, Refusal.FORGED),
                (PatienceProof(ours.text), EARLY, Refusal.FORGED),
                (None, EARLY, Refusal.NO_TICKET),
                (account(room, now=after(7200)), after(7200), Refusal.OVER),
            ]
            for proof, now, why in cases:
                got = await rooms.join(room.id, proof=proof, ticket="x", now=now)
                assert got == JoinRefused(why)

    run(story())


def test_a_room_for_accounts_gives_guests_no_work_and_an_unknown_room_nothing() -> None:
    closed = a_room(guests_allowed=False)

    async def story() -> None:
        async with processes(1) as (rooms,):
            refused = await rooms.challenge(closed.id, now=EARLY)
            assert refused == JoinRefused(Refusal.ACCOUNTS_ONLY)
            refused = await rooms.challenge(uuid4(), now=EARLY)
            assert refused == JoinRefused(Refusal.UNKNOWN)
            nowhere = await rooms.join(uuid4(), proof=None, ticket=None, now=EARLY)
            assert nowhere == JoinRefused(Refusal.UNKNOWN)

    run(story())


def test_a_ticket_of_another_room_or_made_up_lets_nobody_in() -> None:
    room, other = a_room(), a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            theirs = await guest(rooms, other, EARLY)
            mine = await guest(rooms, room, EARLY)
            for ticket, why in (
                (theirs.ticket_text, Refusal.OTHER_ROOM),
                (mine.ticket_text[:-1], Refusal.FORGED),
                ("", Refusal.NO_TICKET),
            ):
                got = await rooms.admit(room.id, ticket=ticket, now=after(5))
                assert got == AdmitRefused(why)
            got = await rooms.admit(room.id, ticket=mine.ticket_text, now=after(7200))
            assert got == AdmitRefused(Refusal.OVER)

    run(story())


def test_a_visitors_clock_is_never_asked() -> None:
    """Two people, hours apart on their own clocks, come one after the other on ours."""
    room = a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            first = await guest(rooms, room, after(10))
            second = await guest(rooms, room, after(11))
            assert first.ticket.joined_ms == room.opens_ms + 10_000
            assert second.ticket.joined_ms == room.opens_ms + 11_000

    run(story())


def test_what_could_not_be_written_is_written_later() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            await guest(rooms, room, EARLY)
            joined(
                await rooms.join(room.id, proof=account(room, now=EARLY), ticket=None, now=EARLY)
            )
            good, rooms._pool = rooms._pool, fast.pool("host=127.0.0.1 port=1", size=1)
            await rooms._pool.open()
            rooms._pool.timeout = 0.2
            with pytest.raises(psycopg.OperationalError):
                await rooms.tick(now=OPENS)
            await rooms._pool.close()
            seen = rooms.room(room.id)
            assert seen is not None
            assert seen.phase == "open"  # the document goes on without the database
            rooms._pool = good
            await rooms.tick(now=EARLY)

    run(story())
    assert models.Tally.objects.get(room_id=room.id).joins == 2
    assert models.Keepsake.objects.filter(room_id=room.id).count() == 1


def test_what_waits_for_the_database_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "WAITING_MAX", 3)
    room = a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            for _ in range(3):
                await rooms.join(room.id, proof=account(room, now=EARLY), ticket=None, now=EARLY)
            with pytest.raises(QueueFullError):
                await rooms.join(room.id, proof=account(room, now=EARLY), ticket=None, now=EARLY)
            for _ in range(10):  # guests wait for no database
                await guest(rooms, room, EARLY)

    run(story())


def test_an_old_leader_takes_no_call_back() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(2) as (old, new):
            people = [await guest(old, room, EARLY) for _ in range(10)]
            await tick([old, new], EARLY)
            for quarter in range(20):
                await new.conduct(room.id, signals=Signals(units_free=99), now=after(quarter / 4))
            await old.conduct(room.id, signals=Signals(units_free=1), now=after(5))
            await tick([old, new], after(5))
            for person in people:
                got = await old.admit(room.id, ticket=person.ticket_text, now=after(5))
                assert isinstance(got, Admission)

    run(story())


def test_people_who_are_done_make_place_for_others() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(1) as (rooms,):
            people = [await guest(rooms, room, EARLY) for _ in range(40)]
            await tick([rooms], EARLY)
            served = 0
            for quarter in range(240):
                now = after(quarter / 4)
                signals = Signals(units_free=10)
                await rooms.conduct(room.id, signals=signals, now=now)
                served = await _let_in(rooms, room, people, now)
                await rooms.tick(now=now)
                if quarter == 100:
                    assert 5 <= served <= 15
                    for person in people:
                        rooms.note_done(room.id, person.ticket.identity, now=now)
            assert served > 15

    run(story())


async def _let_in(rooms: Rooms, room: api.Room, people: list[api.Joined], now: datetime) -> int:
    got = [await rooms.admit(room.id, ticket=one.ticket_text, now=now) for one in people]
    return sum(isinstance(one, Admission) for one in got)
