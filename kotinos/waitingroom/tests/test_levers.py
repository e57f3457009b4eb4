"""What organisers may change, and the guest whose browser runs no script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kotinos.waitingroom import api, models
from kotinos.waitingroom.contracts import (
    Admission,
    JoinRefused,
    PatienceProof,
    PatienceStep,
    Refusal,
    Signals,
    Waiting,
)
from kotinos.waitingroom.tests.line import (
    EARLY,
    OPENS,
    a_room,
    account,
    after,
    joined,
    processes,
    run,
    tick,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
