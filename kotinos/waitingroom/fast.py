"""The waiting room in the fast lane: one object in each process, told of the others by its tick.

Joining as a guest, asking for one's place and being let in touch no database: the tick writes
down what was counted. Only an account's number after the opening is asked for at once, since
its first one is what counts. No Django here.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kotinos.kernel import fast
from kotinos.kernel.batcher import Batcher
from kotinos.waitingroom import decide, joining, ledger, statements, tickets, view
from kotinos.waitingroom.contracts import (
    Admission,
    AdmitRefused,
    Counters,
    Joined,
    JoinRefused,
    Phase,
    Place,
    Refusal,
    Ticket,
    Waiting,
)
from kotinos.waitingroom.cookies import LINE_SECONDS, line_cookie, pass_cookie
from kotinos.waitingroom.passes import let_in
from kotinos.waitingroom.sketch import PARTS, Sketch, part_of
from kotinos.waitingroom.tickets import read_admission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from psycopg import AsyncConnection

    from kotinos.kernel.fast import Pool
    from kotinos.waitingroom.contracts import Challenge, Proof, RoomView, Signals

__all__ = ["LINE_SECONDS", "Rooms", "line_cookie", "pass_cookie", "read_admission"]

SAMPLES_MAX = 150  # a tick each half second, for a minute and a bit
TALLY_OVERLAP_SECONDS = 30  # how late another process may write its joins down
FULL_READ_TICKS = 60
KEEP_AT_ONCE_MAX = 500


class _State:
    """What this process knows of one room."""

    def __init__(self, row: statements.RoomRow) -> None:
        self.row = row
        self.sketches = {part: Sketch() for part in PARTS}
        self.joins: dict[int, int] = {}
        self.samples: deque[tuple[int, float]] = deque(maxlen=SAMPLES_MAX)
        self.counts: Counter[str] = Counter()
        self.view: RoomView | None = None
        self.document = b""

    def look(self, *, now_ms: int) -> None:
        """Make the view and the document of this moment."""
        self.view = view.view_of(
            self.row,
            drawn_people=self.sketches["drawn"].people(),
            arrived_people=self.sketches["arrived"].people(),
            joins_by_second=self.joins,
            samples=self.samples,
            now_ms=now_ms,
        )
        self.samples.append((now_ms, self.view.called_people))
        self.document = view.document(self.view)


class Rooms:
    """Every room that is not long over."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._states: dict[UUID, _State] = {}
        self._documents: dict[str, bytes] = {}
        self._ledger = ledger.Ledger()
        self._numbers = Batcher(statements.keep_first, pool, size_max=KEEP_AT_ONCE_MAX)
        self._ticks = 0
        self._read_s = 0

    async def tick(self, *, now: datetime) -> None:
        """Write down what was counted, read what all processes did; every half second.

        Raises what the database raises: nothing counted is lost then, and the documents go on
        with what was known, because a page that waits must not lose sight of the line.
        """
        try:
            async with self._pool.connection() as conn:
                for room_id, state in self._states.items():
                    await _write_sketches(conn, room_id, state)
                await self._ledger.write(conn)
                await self._read(conn, now)
        finally:
            self._look(now)
        self._ticks += 1

    def _look(self, now: datetime) -> None:
        now_ms = joining.joined_ms(now)
        for state in self._states.values():
            state.look(now_ms=now_ms)
        self._documents = {str(key): state.document for key, state in self._states.items()}

    async def _read(self, conn: AsyncConnection[Any], now: datetime) -> None:
        rows = await fast.run(conn, statements.read_rooms, room_id=None, now=now)
        old = self._states
        self._states = {row.room.id: old.get(row.room.id) or _State(row) for row in rows}
        for row in rows:
            self._states[row.room.id].row = row
        rooms = list(self._states)
        is_new = self._states.keys() - old.keys()
        is_full = bool(is_new) or self._ticks % FULL_READ_TICKS == 0
        since = 0 if is_full else self._read_s - TALLY_OVERLAP_SECONDS
        for room_id, second, joins in await fast.run(
            conn, statements.read_tallies, rooms=rooms, since=since
        ):
            self._states[room_id].joins[second] = joins
        for room_id, part, body in await fast.run(conn, statements.read_sketches, rooms=rooms):
            self._states[room_id].sketches[part].merge(body)
        self._read_s = int(now.timestamp())

    def status(self, room_id: UUID) -> bytes | None:
        """The status document as of the last tick; None: no such room."""
        return self._documents.get(str(room_id))

    def document(self, room: str) -> bytes | None:
        """The same for a room's id as it stands in an address."""
        return self._documents.get(room)

    def room(self, room_id: UUID) -> RoomView | None:
        """A room as of the last tick."""
        state = self._states.get(room_id)
        return None if state is None else state.view

    def rooms(self) -> tuple[RoomView, ...]:
        """All rooms that are not long over, by opening time."""
        return tuple(state.view for state in self._states.values() if state.view is not None)

    def counters(self) -> dict[UUID, Counters]:
        """What this process did since it started, by room."""
        return {room_id: Counters(**state.counts) for room_id, state in self._states.items()}

    async def challenge(self, room_id: UUID, *, now: datetime) -> Challenge | JoinRefused:
        """Work for a guest. Nothing is kept of it."""
        state = self._states.get(room_id)
        if state is None:
            return JoinRefused(Refusal.UNKNOWN)
        if not state.row.room.guests_allowed:
            return JoinRefused(Refusal.ACCOUNTS_ONLY)
        if _phase(state, now) is Phase.OVER:
            return JoinRefused(Refusal.OVER)
        state.counts["challenges"] += 1
        return tickets.sign_challenge(state.row.room, now=now)

    async def join(
        self, room_id: UUID, *, proof: Proof | None, ticket: str | None, now: datetime
    ) -> Joined | JoinRefused:
        """A place in the line; a good ticket of this room is given back as it is.

        An account that joined before gets its first number, on whatever device. Raises
        QueueFullError, or what the database raised, only for accounts.
        """
        state = self._states.get(room_id)
        if state is None:
            return JoinRefused(Refusal.UNKNOWN)
        phase = _phase(state, now)
        found = joining.recognise(state.row.room, phase, proof=proof, ticket=ticket, now=now)
        match found:
            case Ticket():
                state.counts["rejoins"] += 1
                return Joined(ticket or "", found, again=True)
            case joining.Newcomer(identity, is_account):
                return await self._admit_to_line(state, identity, is_account=is_account, now=now)
            case Refusal():
                state.counts["refusals"] += 1
                return JoinRefused(found)

    async def _admit_to_line(
        self, state: _State, identity: str, *, is_account: bool, now: datetime
    ) -> Joined:
        room, joined_ms, fresh = state.row.room, joining.joined_ms(now), True
        if is_account and joined_ms < room.opens_ms:
            self._ledger.keep(room.id, identity, joined_ms)
        elif is_account:
            kept = await self._numbers.call(room_id=room.id, identity=identity, joined_ms=joined_ms)
            joined_ms, fresh = kept.joined_ms, kept.fresh
        drawn = joined_ms < room.opens_ms
        if fresh:
            state.sketches[part_of(drawn=drawn)].add(identity)
            self._ledger.count_join(room.id, joining.bucket(room, joined_ms))
        state.counts["joins" if fresh else "rejoins"] += 1
        given = Ticket(room.id, identity, joined_ms)
        text = tickets.sign_ticket(given, closes_at=room.closes_at)
        return Joined(text, given, again=not fresh)

    def place(self, ticket: Ticket, *, now: datetime) -> Place:
        """Where a ticket stands, as of the last tick. Raises KeyError for a room unknown here."""
        state = self._states[ticket.room_id]
        if state.view is None:
            raise KeyError(ticket.room_id)
        return decide.place_of(ticket, replace(state.view, phase=_phase(state, now)))

    async def admit(
        self, room_id: UUID, *, ticket: str, now: datetime
    ) -> Admission | Waiting | AdmitRefused:
        """Exchange a ticket whose turn has come for an admission, as often as wanted."""
        state = self._states.get(room_id)
        if state is None or state.view is None:
            return AdmitRefused(Refusal.UNKNOWN)
        seen = replace(state.view, phase=_phase(state, now))
        outcome = let_in(seen, ticket, now=now)
        match outcome:
            case Admission(_, expires_at, identity):
                self._ledger.enter(room_id, identity, now=now, expires_at=expires_at)
                state.counts["admissions"] += 1
            case AdmitRefused():
                state.counts["refusals"] += 1
            case Waiting():
                pass
        return outcome

    def note_done(self, room_id: UUID, identity: str, *, now: datetime) -> None:
        """Somebody inside holds units now: no free unit needs to be kept for them any more."""
        if room_id in self._states:
            self._ledger.finish(room_id, identity, now=now)

    async def conduct(self, room_id: UUID, *, signals: Signals, now: datetime) -> None:
        """Call the next people; only the leader does, about four times a second."""
        state = self._states.get(room_id)
        if state is None or state.view is None or _phase(state, now) is not Phase.OPEN:
            return
        now_ms = joining.joined_ms(now)
        earlier = view.called_before_grace(state.samples, now_ms=now_ms)
        serving = decide.conduct(state.view, signals, called_before_grace=earlier, now_ms=now_ms)
        async with self._pool.connection() as conn:
            moved = await fast.run(
                conn,
                statements.move_serving,
                room_id=room_id,
                drawn_upto=serving.drawn_upto,
                arrived_upto_ms=serving.arrived_upto_ms,
                rate_per_s=serving.rate_per_s,
                units_free=signals.units_free,
                now=now,
            )
        for kept in moved:
            state.row = replace(state.row, serving=kept)
            people = decide.called(
                kept, drawn_people=state.view.drawn_people, curve=state.view.curve
            )
            state.view = replace(state.view, serving=kept, called_people=people)


async def _write_sketches(conn: AsyncConnection[Any], room_id: UUID, state: _State) -> None:
    for part, sketch in state.sketches.items():
        if sketch.is_dirty:
            await ledger.write_sketch(conn, sketch, room_id=room_id, part=part)


def _phase(state: _State, now: datetime) -> Phase:
    """The phase at this instant: a room opens and closes on time, between two ticks."""
    return decide.phase_at(state.row.room, state.row.serving, now_ms=joining.joined_ms(now))
