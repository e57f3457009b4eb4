"""People who cheat, and machines that fail: what they gain is nothing, what they cost is bounded."""

from __future__ import annotations

from dataclasses import replace
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
    PatienceStep,
    Refusal,
    Signals,
    Waiting,
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

    from kotinos.waitingroom.contracts import Proof, Room
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
    closed = a_room(guests_allowed=False)

    async def story() -> None:
        async with processes(1) as (rooms,):
            theirs = await rooms.challenge(other.id, now=EARLY)
            ours = await rooms.challenge(room.id, now=EARLY)
            assert isinstance(theirs, Challenge)
            assert isinstance(ours, Challenge)
            hour = timedelta(hours=1)
            cases: list[tuple[Room, Proof | None, datetime, Refusal]] = [
                (room, AccountProof("x.y"), EARLY, Refusal.FORGED),
                (room, AccountProof("x" * 5000), EARLY, Refusal.FORGED),
                (room, account(other, now=EARLY), EARLY, Refusal.OTHER_ROOM),
                (room, account(room, now=EARLY), EARLY + hour, Refusal.EXPIRED),
                (room, solve(theirs), EARLY, Refusal.OTHER_ROOM),
                (room, solve(ours), EARLY + hour, Refusal.EXPIRED),
                (room, WorkProof(ours.text, "n" * 65), EARLY, Refusal.FORGED),
                (room, PatienceProof(ours.text), EARLY, Refusal.FORGED),
                (room, None, EARLY, Refusal.NO_TICKET),
                (room, account(room, now=after(7200)), after(7200), Refusal.OVER),
                (replace(room, id=uuid4()), None, EARLY, Refusal.UNKNOWN),
            ]
            for where, proof, now, why in cases:
                got = await rooms.join(where.id, proof=proof, ticket="x", now=now)
                assert got == JoinRefused(why)
            refused = await rooms.challenge(closed.id, now=EARLY)
            assert refused == JoinRefused(Refusal.ACCOUNTS_ONLY)

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


def test_a_guest_without_javascript_waits_instead_of_working() -> None:
    room = a_room()
    now = EARLY
    step = api.begin_patience(room_id=room.id, now=now)
    assert isinstance(step, PatienceStep)
    hasty = api.go_on_patience(room_id=room.id, step=step.text, now=now)
    assert hasty == JoinRefused(Refusal.TOO_EARLY)
    unfinished = api.join(room_id=room.id, proof=PatienceProof(step.text), ticket=None, now=now)
    assert unfinished == JoinRefused(Refusal.TOO_EARLY)
    while step.left:
        now += timedelta(seconds=step.wait_seconds)
        taken = api.go_on_patience(room_id=room.id, step=step.text, now=now)
        assert isinstance(taken, PatienceStep)
        step = taken
    first = joined(api.join(room_id=room.id, proof=PatienceProof(step.text), ticket=None, now=now))
    again = joined(api.join(room_id=room.id, proof=PatienceProof(step.text), ticket=None, now=now))
    assert first.ticket.identity == again.ticket.identity
    waiting = api.admit(room_id=room.id, ticket=first.ticket_text, now=now)
    assert isinstance(waiting, Waiting)
    _call_everybody(room)
    admitted = api.admit(room_id=room.id, ticket=first.ticket_text, now=after(6))
    assert isinstance(admitted, Admission)
    row = models.Entry.objects.get(room_id=room.id)
    assert row.identity == first.ticket.identity


def _call_everybody(room: api.Room) -> None:
    async def call() -> None:
        async with processes(1) as (rooms,):
            await tick([rooms], OPENS)
            for quarter in range(20):
                await rooms.conduct(room.id, signals=Signals(units_free=99), now=after(quarter / 4))

    run(call())


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


def test_an_opening_does_not_move_behind_people_in_the_line() -> None:
    room = a_room()
    person = joined(
        api.join(room_id=room.id, proof=account(room, now=EARLY), ticket=None, now=EARLY)
    )
    with pytest.raises(ValueError, match="must lie ahead"):
        api.change_room(
            room_id=room.id,
            opens_at=EARLY - timedelta(hours=1),
            closes_at=after(3600),
            guests_allowed=True,
            now=EARLY,
        )
    assert person.ticket.joined_ms < room.opens_ms
    assert room.seed.hex() not in repr(room)
    assert str(room.seed) not in repr(room)


def test_levers_are_checked_and_an_open_room_does_not_move() -> None:
    room = a_room()
    for factor in (0.0, -1.0, 1.5):
        with pytest.raises(ValueError, match="slow factor"):
            api.slow_down(room_id=room.id, factor=factor)
    assert api.slow_down(room_id=room.id, factor=0.5)
    assert api.pause(room_id=room.id, now=OPENS)
    assert not api.pause(room_id=room.id, now=OPENS)
    with pytest.raises(ValueError, match="opening cannot move"):
        api.change_room(
            room_id=room.id,
            opens_at=after(60),
            closes_at=after(3600),
            guests_allowed=True,
            now=after(1),
        )
    moved = api.change_room(
        room_id=room.id,
        opens_at=after(60),
        closes_at=after(3600),
        guests_allowed=False,
        now=EARLY,
    )
    assert moved is not None
    assert (moved.seed, moved.guests_allowed) == (room.seed, False)
    over = api.end(room_id=room.id, now=EARLY)
    assert over is not None
    view = api.room_view(room.id, now=EARLY)
    assert view is not None
    assert view.phase == "over"
