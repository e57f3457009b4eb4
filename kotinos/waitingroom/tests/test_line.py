"""The line on a real PostgreSQL: several processes, one line."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import msgspec
import pytest

from kotinos.waitingroom import api, models
from kotinos.waitingroom.contracts import (
    RANKS,
    Admission,
    Admitted,
    Phase,
    Signals,
    Waiting,
)
from kotinos.waitingroom.fast import Rooms, read_admission
from kotinos.waitingroom.tests.line import (
    EARLY,
    a_room,
    account,
    after,
    guest,
    joined,
    processes,
    run,
    tick,
)

pytestmark = pytest.mark.django_db(transaction=True)


async def _open_and_call(rooms: list[Rooms], room: api.Room, *, units: int, seconds: int) -> None:
    """Tick and conduct as the runtime does, four times a second."""
    for quarter in range(4 * seconds):
        now = after(quarter / 4)
        await rooms[0].conduct(room.id, signals=Signals(units_free=units), now=now)
        if quarter % 2:
            await tick(rooms, now)


def test_who_came_before_the_opening_is_drawn_and_let_in() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(2) as rooms:
            people = [await guest(rooms[n % 2], room, EARLY) for n in range(20)]
            await tick(rooms, EARLY)
            early = await rooms[0].admit(room.id, ticket=people[0].ticket_text, now=EARLY)
            assert isinstance(early, Waiting)
            assert early.place.phase is Phase.BEFORE
            await _open_and_call(rooms, room, units=1000, seconds=6)
            for person in people:
                got = await rooms[1].admit(room.id, ticket=person.ticket_text, now=after(6))
                assert isinstance(got, Admission)
                checked = read_admission(got.token, room_id=room.id, now=after(7))
                assert checked == Admitted(person.ticket.identity, got.expires_at)
            await tick(rooms, after(7))
            seen = rooms[0].room(room.id)
            assert seen is not None
            assert (seen.entered, seen.inside) == (20, 20)

    run(story())


def test_two_processes_count_one_line() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(2) as rooms:
            for n in range(300):
                await guest(rooms[n % 2], room, EARLY if n < 100 else after(1 + n / 100))
            await tick(rooms, after(5))
            for process in rooms:
                seen = process.room(room.id)
                assert seen is not None
                assert round(seen.drawn_people) == 100
                assert round(seen.arrived_people) == 200
                assert round(seen.line_people) == 300

    run(story())
    assert sum(models.Tally.objects.values_list("joins", flat=True)) == 300
    assert api.room_view(room.id, now=after(5)) is not None


def test_ticks_at_the_same_moment_lose_nobody() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(4) as rooms:
            for second in range(1, 11):
                for process in rooms:
                    await guest(process, room, after(second))
                    proof = account(room, now=after(second))
                    await process.join(room.id, proof=proof, ticket=None, now=after(second))
                await asyncio.gather(*(process.tick(now=after(second)) for process in rooms))
            await tick(rooms, after(12))
            for process in rooms:
                seen = process.room(room.id)
                assert seen is not None
                assert round(seen.arrived_people) == 80

    run(story())
    assert sum(models.Tally.objects.values_list("joins", flat=True)) == 80
    assert models.Keepsake.objects.filter(room_id=room.id).count() == 40


def test_one_account_on_two_devices_has_one_place() -> None:
    room, person = a_room(), uuid4()

    async def story() -> None:
        async with processes(2) as rooms:
            proof = account(room, person, after(5))
            first = joined(await rooms[0].join(room.id, proof=proof, ticket=None, now=after(5)))
            again = joined(await rooms[1].join(room.id, proof=proof, ticket=None, now=after(90)))
            assert again.again
            assert again.ticket == first.ticket

    run(story())


def test_an_account_drawn_early_is_drawn_on_its_other_device_too() -> None:
    room, person = a_room(), uuid4()

    async def story() -> None:
        async with processes(2) as rooms:
            proof = account(room, person, EARLY)
            first = joined(await rooms[0].join(room.id, proof=proof, ticket=None, now=EARLY))
            await tick(rooms, EARLY)
            proof = account(room, person, after(90))
            late = joined(await rooms[1].join(room.id, proof=proof, ticket=None, now=after(90)))
            assert late.ticket == first.ticket

    run(story())


def test_who_was_let_in_comes_back_as_often_as_they_like() -> None:
    room = a_room(admission_seconds=60)

    async def story() -> None:
        async with processes(2) as rooms:
            person = await guest(rooms[0], room, EARLY)
            await tick(rooms, EARLY)
            await _open_and_call(rooms, room, units=5, seconds=4)
            for seconds in (10, 20, 1000, 3000):
                got = await rooms[seconds % 2].admit(
                    room.id, ticket=person.ticket_text, now=after(seconds)
                )
                assert isinstance(got, Admission)
                await tick(rooms, after(seconds))
            seen = rooms[0].room(room.id)
            assert seen is not None
            assert seen.entered == 1

    run(story())


def test_the_document_is_the_same_for_all_and_hides_the_seed_until_the_opening() -> None:
    room = a_room()

    async def story() -> None:
        async with processes(1) as rooms:
            before = msgspec.json.decode(rooms[0].status(room.id) or b"")
            assert before["seed"] is None
            assert before["seed_hash"] == room.seed_hash
            assert room.seed.hex() not in (rooms[0].status(room.id) or b"").decode()
            await _open_and_call(rooms, room, units=10, seconds=3)
            after_opening = msgspec.json.decode(rooms[0].document(str(room.id)) or b"")
            assert after_opening["seed"] == room.seed.hex()
            assert after_opening["drawn_upto"] == str(RANKS)

    run(story())


def test_a_paused_room_calls_nobody_and_goes_on_where_it_was() -> None:
    room = a_room()
    assert api.pause(room_id=room.id, now=EARLY)

    async def story() -> None:
        async with processes(1) as rooms:
            person = await guest(rooms[0], room, EARLY)
            await tick(rooms, EARLY)
            await _open_and_call(rooms, room, units=10, seconds=5)
            got = await rooms[0].admit(room.id, ticket=person.ticket_text, now=after(5))
            assert isinstance(got, Waiting)
            assert got.place.phase is Phase.PAUSED

    run(story())
    assert api.resume(room_id=room.id, now=after(5))
    row = models.Serving.objects.get(room_id=room.id)
    assert row.drawn_upto == 0
