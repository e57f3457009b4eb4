"""The line for a browser without JavaScript, moment by moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from kotinos.drops import plain
from kotinos.waitingroom import api as waitingroom

pytestmark = pytest.mark.django_db
OPENS = datetime(2030, 7, 19, 12, tzinfo=timezone.utc)
EARLY = OPENS - timedelta(minutes=5)
SECOND = timedelta(seconds=1)
NEWCOMER = plain.Visit("", "", None, "/en-ke/drops/gold/line/plain/", "en")


def _room(**more: bool) -> waitingroom.Room:
    return waitingroom.create_room(
        code="gold", opens_at=OPENS, closes_at=OPENS + timedelta(hours=1), now=EARLY, **more
    )


def _patient(room: waitingroom.Room, now: datetime) -> tuple[plain.Plain, datetime]:
    """Follow the refreshing page until it is in the line."""
    shown = plain.visit(room, NEWCOMER, now=now)
    for _ in range(10):
        if shown.state != "patience":
            break
        now += shown.refresh_seconds * SECOND
        step = shown.refresh_url.partition("step=")[2]
        shown = plain.visit(room, replace(NEWCOMER, step=step), now=now)
    return shown, now


def test_patience_of_half_a_minute_is_a_place_in_the_draw() -> None:
    shown, now = _patient(_room(), EARLY)
    assert shown.state == "draw"
    assert shown.ticket
    assert shown.identity
    assert timedelta(seconds=30) <= now - EARLY <= timedelta(seconds=36)


def test_impatience_gains_nothing() -> None:
    room = _room()
    first = plain.visit(room, NEWCOMER, now=EARLY)
    step = first.refresh_url.partition("step=")[2]
    early = plain.visit(room, replace(NEWCOMER, step=step), now=EARLY + SECOND)
    assert (early.state, early.taken, early.ticket) == ("patience", None, "")
    assert early.refresh_url == first.refresh_url


def test_a_forged_or_forgotten_step_begins_again() -> None:
    room = _room()
    shown = plain.visit(room, replace(NEWCOMER, step="AAAA.AAAA"), now=EARLY)
    assert (shown.state, shown.taken) == ("patience", 0)
    step = shown.refresh_url.partition("step=")[2]
    late = plain.visit(room, replace(NEWCOMER, step=step), now=EARLY + timedelta(minutes=4))
    assert (late.state, late.taken) == ("patience", 0)


def test_the_ticket_is_the_place_however_often_one_looks() -> None:
    room = _room()
    shown, now = _patient(room, EARLY)
    again = plain.visit(room, replace(NEWCOMER, ticket=shown.ticket), now=now + SECOND)
    assert (again.state, again.identity, again.ticket) == ("draw", shown.identity, "")
    assert again.refresh_seconds <= 60


def test_an_account_needs_no_patience_and_has_one_place() -> None:
    room, member = _room(guests_allowed=False), uuid4()
    places = {_of(room, member).identity for _ in range(2)}
    assert len(places) == 1
    assert plain.visit(room, NEWCOMER, now=EARLY).state == "account"


def _of(room: waitingroom.Room, member: UUID) -> plain.Plain:
    shown = plain.visit(room, replace(NEWCOMER, person_id=member), now=EARLY)
    assert shown.state == "draw"
    return shown


def test_a_line_nobody_serves_yet_says_how_many_are_ahead() -> None:
    room = _room()
    shown, _ = _patient(room, EARLY)
    after = OPENS + 5 * SECOND
    waits = plain.visit(room, replace(NEWCOMER, ticket=shown.ticket), now=after)
    assert waits.state == "almost"
    assert waits.refresh_seconds
    assert waitingroom.pause(room_id=room.id, now=after)
    later = after + 10 * SECOND
    assert plain.visit(room, replace(NEWCOMER, ticket=shown.ticket), now=later).state == "paused"


def test_a_closed_room_is_over_for_everybody() -> None:
    room = _room()
    shown, _ = _patient(room, EARLY)
    late = OPENS + timedelta(hours=2)
    assert plain.visit(room, replace(NEWCOMER, ticket=shown.ticket), now=late).state == "over"
    assert plain.visit(room, NEWCOMER, now=late).state == "over"
