"""Who may join and as whom: what a proof stands for. Shared by both lanes; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.waitingroom import tickets
from kotinos.waitingroom.contracts import (
    AccountProof,
    PatienceProof,
    Phase,
    Refusal,
    Ticket,
    WorkProof,
)
from kotinos.waitingroom.decide import SECOND_MS
from kotinos.waitingroom.patience import read_patience

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.waitingroom.contracts import Proof, Room

BEFORE_OPENING = 0  # the tally's row for everybody who came before


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a good proof and no ticket yet."""

    identity: str
    is_account: bool


def recognise(
    room: Room, phase: Phase, *, proof: Proof | None, ticket: str | None, now: datetime
) -> Ticket | Newcomer | Refusal:
    """The ticket that is held already, or who comes new, or why not.

    A ticket that is not good here is as none: a browser may carry one of last year.
    """
    if phase is Phase.OVER:
        return Refusal.OVER
    if ticket:
        held = tickets.read_ticket(ticket, room_id=room.id, now=now)
        if isinstance(held, Ticket):
            return held
    identity = Refusal.NO_TICKET if proof is None else _identity(room, proof, now=now)
    if isinstance(identity, Refusal):
        return identity
    if not isinstance(proof, AccountProof) and not room.guests_allowed:
        return Refusal.ACCOUNTS_ONLY
    return Newcomer(identity, isinstance(proof, AccountProof))


def _identity(room: Room, proof: Proof, *, now: datetime) -> str | Refusal:
    match proof:
        case AccountProof(token):
            return tickets.read_account(token, room_id=room.id, now=now)
        case WorkProof(challenge, nonce):
            return tickets.read_work(challenge, nonce, room_id=room.id, now=now)
        case PatienceProof(step):
            return read_patience(step, room=room, now=now)


def joined_ms(now: datetime) -> int:
    """The number of who joins now: our clock's, never the visitor's."""
    return int(now.timestamp() * 1000)


def bucket(room: Room, ms: int) -> int:
    """The tally's row for somebody who joined then."""
    return BEFORE_OPENING if ms < room.opens_ms else ms // SECOND_MS
