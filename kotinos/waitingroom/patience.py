"""Patience instead of work: how a guest without JavaScript shows to be worth a place.

A chain of signed steps, each good only some seconds after the one before, that a page without
script follows by refreshing itself. Nothing is kept of it: the last step is the proof.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from kotinos.kernel.ids import new_id
from kotinos.waitingroom import tickets
from kotinos.waitingroom.contracts import PatienceStep, Refusal

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.waitingroom.contracts import Room

STEPS = 3
STEP_SECONDS = 10
STEP_SECONDS_MAX = 120  # a step not taken for so long is lost, and with it the chain
ENDS_A_MINUTE_MAX = 300  # waiting costs a machine nothing, so a thousand chains must not pay


class Budget:
    """How many chains may come to their end in a minute, by room; counted in this process.

    Who comes to an end above it waits one more step. A machine that waits through thousands of
    chains at once gets no more than this many places, all such machines together.
    """

    def __init__(self, ends_a_minute_max: int = ENDS_A_MINUTE_MAX) -> None:
        self._most = ends_a_minute_max
        self._minute = 0
        self._ends: dict[UUID, int] = {}
        self._lock = Lock()

    def take(self, room_id: UUID, *, now: datetime) -> bool:
        """Whether one more may."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._ends = minute, {}
            ends = self._ends.get(room_id, 0)
            self._ends[room_id] = min(ends + 1, self._most)
            return ends < self._most


def begin(room: Room, *, now: datetime) -> PatienceStep | Refusal:
    """The first step of a new chain."""
    if not room.guests_allowed:
        return Refusal.ACCOUNTS_ONLY
    return _step(room, chain=new_id().hex, taken=0, now=now)


def go_on(room: Room, text: str, *, now: datetime) -> PatienceStep | Refusal:
    """The next step for one that is ready; the last has `left` 0 and is a `PatienceProof`.

    `TOO_EARLY`: the same step may be shown again in some seconds.
    """
    step = tickets.read_step(text, room_id=room.id, now=now)
    if isinstance(step, Refusal):
        return step
    if int(now.timestamp() * 1000) < step.ready_ms:
        return Refusal.TOO_EARLY
    return _step(room, chain=step.chain, taken=min(step.taken + 1, STEPS), now=now)


def read_patience(text: str, *, room: Room, now: datetime) -> str | Refusal:
    """The identity that a chain waited through stands for: one for each chain."""
    step = tickets.read_step(text, room_id=room.id, now=now)
    if isinstance(step, Refusal):
        return step
    if step.taken < STEPS:
        return Refusal.TOO_EARLY
    return tickets.guest_identity(room_id=room.id, proof_id=step.chain)


def _step(room: Room, *, chain: str, taken: int, now: datetime) -> PatienceStep:
    left = STEPS - taken
    wait_seconds = STEP_SECONDS if left else 0
    ready_at = now + timedelta(seconds=wait_seconds)
    step = tickets.Step(chain, taken, int(ready_at.timestamp() * 1000))
    text = tickets.sign_step(step, room_id=room.id, seconds_max=STEP_SECONDS_MAX)
    return PatienceStep(text, wait_seconds, left)
