"""Reads of rooms for pages, commands and the cockpit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel import rich
from kotinos.waitingroom import decide, joining, models, statements, tickets
from kotinos.waitingroom.contracts import Place, Refusal, Room
from kotinos.waitingroom.sketch import PARTS, Sketch
from kotinos.waitingroom.view import view_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from kotinos.waitingroom.contracts import RoomView

VIEW_MS_MAX = 500
VIEWS_MAX = 64
_kept: dict[UUID, RoomView] = {}


def room_of(row: models.Room) -> Room:
    """The row as others may hold it."""
    return Room(
        id=row.id,
        code=row.code,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        seed=bytes(row.seed),
        admission_seconds=row.admission_seconds,
        guests_allowed=row.guests_allowed,
        guest_bits=row.guest_bits,
        rate_max_per_s=row.rate_max_per_s,
    )


def room(room_id: UUID) -> Room | None:
    """A room as its organiser made it."""
    row = models.Room.objects.filter(id=room_id).first()
    return None if row is None else room_of(row)


def room_called(code: str) -> Room | None:
    """The room of this code."""
    row = models.Room.objects.filter(code=code).first()
    return None if row is None else room_of(row)


def room_view(room_id: UUID, *, now: datetime) -> RoomView | None:
    """A room with its line, as far as all processes have written it down."""
    found = _views(rich.read(statements.read_rooms, room_id=room_id, now=now), now=now)
    return found[0] if found else None


def recent_view(room_id: UUID, *, now: datetime) -> RoomView | None:
    """As `room_view`, up to half a second old: a thousand pages that refresh share one reading."""
    kept = _kept.get(room_id)
    if kept is not None and 0 <= joining.joined_ms(now) - kept.now_ms < VIEW_MS_MAX:
        return kept
    fresh = room_view(room_id, now=now)
    if fresh is not None:
        if len(_kept) >= VIEWS_MAX:
            _kept.clear()
        _kept[room_id] = fresh
    return fresh


def room_views(*, now: datetime) -> tuple[RoomView, ...]:
    """Every room that is not long over, with its line, by opening time."""
    return _views(rich.read(statements.read_rooms, room_id=None, now=now), now=now)


def place(ticket: str, *, room_id: UUID, now: datetime) -> Place | Refusal:
    """Where a ticket stands."""
    found = tickets.read_ticket(ticket, room_id=room_id, now=now)
    if isinstance(found, Refusal):
        return found
    seen = recent_view(room_id, now=now)
    return Refusal.UNKNOWN if seen is None else decide.place_of(found, seen)


def _views(rows: Sequence[statements.RoomRow], *, now: datetime) -> tuple[RoomView, ...]:
    rooms = [row.room.id for row in rows]
    joins: dict[UUID, dict[int, int]] = {room_id: {} for room_id in rooms}
    for room_id, second, count in rich.read(statements.read_tallies, rooms=rooms, since=0):
        joins[room_id][second] = count
    people = {(room_id, part): 0.0 for room_id in rooms for part in PARTS}
    for room_id, part, body in rich.read(statements.read_sketches, rooms=rooms):
        people[room_id, part] = Sketch(body).people()
    return tuple(
        view_of(
            row,
            drawn_people=people[row.room.id, "drawn"],
            arrived_people=people[row.room.id, "arrived"],
            joins_by_second=joins[row.room.id],
            samples=(),
            now_ms=joining.joined_ms(now),
        )
        for row in rows
    )
