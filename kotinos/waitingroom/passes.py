"""From a ticket whose turn has come to an admission. Shared by both lanes; no I/O."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.waitingroom import decide, tickets
from kotinos.waitingroom.contracts import Admission, AdmitRefused, Phase, Refusal, Waiting

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.waitingroom.contracts import RoomView


def let_in(view: RoomView, ticket: str, *, now: datetime) -> Admission | Waiting | AdmitRefused:
    """An admission where the ticket is good and served: never taken back, also while paused."""
    room = view.room
    if view.phase is Phase.OVER:
        return AdmitRefused(Refusal.OVER)
    if not ticket:
        return AdmitRefused(Refusal.NO_TICKET)
    found = tickets.read_ticket(ticket, room_id=room.id, now=now)
    if isinstance(found, Refusal):
        return AdmitRefused(found)
    place = decide.place_of(found, view)
    if not place.served:
        return Waiting(place)
    expires_at = now + timedelta(seconds=room.admission_seconds)
    token = tickets.sign_admission(room_id=room.id, identity=found.identity, expires_at=expires_at)
    return Admission(token, expires_at.replace(microsecond=0), found.identity)
