"""What organisers do to a room, and what the rich lane does for who comes without JavaScript."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import rich
from kotinos.waitingroom import joining, models, patience, queries, statements, tickets
from kotinos.waitingroom.contracts import (
    GUEST_BITS_MAX,
    Admission,
    AdmitRefused,
    Joined,
    JoinRefused,
    Refusal,
    Room,
    Ticket,
    Waiting,
)
from kotinos.waitingroom.passes import let_in
from kotinos.waitingroom.sketch import Sketch, part_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.waitingroom.contracts import PatienceStep, Proof

SEED_BYTES = 32
GUEST_BITS = 16
ADMISSION_SECONDS = 600
RATE_MAX_PER_S = 200.0
_patience_budget = patience.Budget()


@transaction.atomic
def create_room(
    *,
    code: str,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
    guests_allowed: bool = True,
    guest_bits: int = GUEST_BITS,
    admission_seconds: int = ADMISSION_SECONDS,
    rate_max_per_s: float = RATE_MAX_PER_S,
) -> Room:
    """A room with a fresh seed; its hash may be shown at once. IntegrityError: the code is taken.

    Raises ValueError for more than 24 bits of work.
    """
    if not 0 <= guest_bits <= GUEST_BITS_MAX:
        raise ValueError(f"work for guests is 0 to {GUEST_BITS_MAX} bits, not {guest_bits}")
    row = models.Room.objects.create(
        code=code,
        opens_at=opens_at,
        closes_at=closes_at,
        seed=secrets.token_bytes(SEED_BYTES),
        guests_allowed=guests_allowed,
        guest_bits=guest_bits,
        admission_seconds=admission_seconds,
        rate_max_per_s=rate_max_per_s,
        created_at=now,
    )
    models.Serving.objects.create(room=row)
    return queries.room_of(row)


@transaction.atomic
def change_room(
    *,
    room_id: UUID,
    opens_at: datetime,
    closes_at: datetime,
    guests_allowed: bool,
    now: datetime,
) -> Room | None:
    """Move a room's times. Never its seed, and never the opening of one that is open.

    Raises ValueError for that, and for an opening in the past of a room that has a line: who is
    in the draw would change.
    """
    row = models.Room.objects.select_for_update().filter(id=room_id).first()
    if row is None:
        return None
    if opens_at != row.opens_at and now >= row.opens_at:
        raise ValueError("the room is open: its opening cannot move any more")
    if opens_at != row.opens_at and opens_at < now and _has_line(room_id):
        raise ValueError("people are in the line: the opening must lie ahead")
    row.opens_at, row.closes_at, row.guests_allowed = opens_at, closes_at, guests_allowed
    row.save(update_fields=["opens_at", "closes_at", "guests_allowed"])
    return queries.room_of(row)


def _has_line(room_id: UUID) -> bool:
    return models.Tally.objects.filter(room_id=room_id).exists()


def pause(*, room_id: UUID, now: datetime) -> bool:
    """Call nobody until `resume`; who was called may still come in. False: it was paused."""
    rows = models.Serving.objects.filter(room_id=room_id, paused_at__isnull=True)
    return bool(rows.update(paused_at=now))


def resume(*, room_id: UUID, now: datetime) -> bool:
    """Go on calling, from this moment: the pause is not made up for. False: it was not paused."""
    rows = models.Serving.objects.filter(room_id=room_id, paused_at__isnull=False)
    return bool(rows.update(paused_at=None, moved_at=now))


def slow_down(*, room_id: UUID, factor: float) -> bool:
    """Call at this share of the rate, 1 for all of it. ValueError outside 0 < factor <= 1."""
    if not 0 < factor <= 1:
        raise ValueError(f"a slow factor is above 0 and at most 1, not {factor}")
    return bool(models.Serving.objects.filter(room_id=room_id).update(slow_factor=factor))


@transaction.atomic
def end(*, room_id: UUID, now: datetime) -> Room | None:
    """Close a room now, opened or not; nobody joins or is let in any more. None: no such room."""
    row = models.Room.objects.select_for_update().filter(id=room_id).first()
    if row is None:
        return None
    row.closes_at = min(now, row.closes_at)
    row.opens_at = min(row.opens_at, row.closes_at - timedelta(milliseconds=1))
    row.save(update_fields=["opens_at", "closes_at"])
    return queries.room_of(row)


def sign_account_identity(*, person_id: UUID, room_id: UUID, now: datetime) -> str:
    """What a page hands to somebody signed in, to join with: short-lived, for this room."""
    identity = tickets.account_identity(room_id=room_id, person_id=person_id)
    return tickets.sign_account(room_id=room_id, identity=identity, now=now)


def begin_patience(*, room_id: UUID, now: datetime) -> PatienceStep | JoinRefused:
    """The first step of a guest who has no JavaScript; see `patience`."""
    room = queries.room(room_id)
    found = Refusal.UNKNOWN if room is None else patience.begin(room, now=now)
    return JoinRefused(found) if isinstance(found, Refusal) else found


def go_on_patience(*, room_id: UUID, step: str, now: datetime) -> PatienceStep | JoinRefused:
    """The next step; when it has none `left`, its text is a `PatienceProof`.

    `TOO_EARLY`: show the same step again in some seconds; it is too soon, or too many come to
    the end of their patience this minute.
    """
    room = queries.room(room_id)
    found = Refusal.UNKNOWN if room is None else patience.go_on(room, step, now=now)
    if isinstance(found, Refusal):
        return JoinRefused(found)
    if not found.left and not _patience_budget.take(room_id, now=now):
        return JoinRefused(Refusal.TOO_EARLY)
    return found


@transaction.atomic
def join(
    *, room_id: UUID, proof: Proof | None, ticket: str | None, now: datetime
) -> Joined | JoinRefused:
    """As `fast.Rooms.join`, for a page without JavaScript."""
    view = queries.recent_view(room_id, now=now)
    if view is None:
        return JoinRefused(Refusal.UNKNOWN)
    match joining.recognise(view.room, view.phase, proof=proof, ticket=ticket, now=now):
        case Ticket() as held:
            return Joined(ticket or "", held, again=True)
        case joining.Newcomer(identity, is_account):
            return _write_join(view.room, identity, is_account=is_account, now=now)
        case Refusal() as why:
            return JoinRefused(why)


def _write_join(room: Room, identity: str, *, is_account: bool, now: datetime) -> Joined:
    given, fresh = Ticket(room.id, identity, joining.joined_ms(now)), True
    if is_account:
        kept = rich.run(
            statements.keep_first,
            room_id=[room.id],
            identity=[identity],
            joined_ms=[given.joined_ms],
        )
        given, fresh = replace(given, joined_ms=kept[0][1].joined_ms), kept[0][1].fresh
    if fresh:
        second = joining.bucket(room, given.joined_ms)
        rich.run(statements.add_joins, room_id=[room.id], second=[second], joins=[1])
        _count(room, identity, part=part_of(drawn=given.joined_ms < room.opens_ms))
    text = tickets.sign_ticket(given, closes_at=room.closes_at)
    return Joined(text, given, again=not fresh)


def _count(room: Room, identity: str, *, part: str) -> None:
    alone = Sketch()
    alone.add(identity)
    (stored,) = rich.run(statements.lock_sketch, room_id=room.id, part=part, body=alone.body())
    alone.merge(stored)
    rich.run(statements.write_sketch, room_id=room.id, part=part, body=alone.body())


def admit(*, room_id: UUID, ticket: str, now: datetime) -> Admission | Waiting | AdmitRefused:
    """As `fast.Rooms.admit`, for a page without JavaScript."""
    view = queries.recent_view(room_id, now=now)
    if view is None:
        return AdmitRefused(Refusal.UNKNOWN)
    outcome = let_in(view, ticket, now=now)
    if isinstance(outcome, Admission):
        rich.run(
            statements.enter,
            room_id=[room_id],
            identity=[outcome.identity],
            entered_at=[now],
            expires_at=[outcome.expires_at],
        )
    return outcome
