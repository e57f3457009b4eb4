"""The room's signed tokens: challenge, account, patience, ticket, admission. No Django here.

All are bound to one room, and each has a purpose of its own, so that none passes for another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from kotinos.kernel import tokens
from kotinos.waitingroom.contracts import (
    NONCE_LENGTH_MAX,
    TICKET_LENGTH_MAX,
    Admitted,
    Challenge,
    NotAdmitted,
    Refusal,
    Ticket,
)

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.waitingroom.contracts import Room

CHALLENGE_SECONDS = 300  # an old telephone needs a minute
ACCOUNT_SECONDS = 900
# A ticket outlives its room: a room that is put off keeps everybody's place.
TICKET_DAYS_AFTER_CLOSE = 30
_IDENTITY = "waitingroom.identity"
_TICKET = "waitingroom.ticket"
_ADMISSION = "waitingroom.admission"
_CHALLENGE = "waitingroom.challenge"
_ACCOUNT = "waitingroom.account"
_PATIENCE = "waitingroom.patience"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a patience chain: how many were taken, and not to be shown before `ready_ms`."""

    chain: str
    taken: int
    ready_ms: int


def account_identity(*, room_id: UUID, person_id: UUID) -> str:
    """An account's identity in a room: the same on every device, unlinkable between rooms."""
    return tokens.keyed_hash(_IDENTITY, f"{room_id}:{person_id}")


def guest_identity(*, room_id: UUID, proof_id: str) -> str:
    """A guest's identity: one for each challenge solved or chain waited through."""
    return tokens.keyed_hash(_IDENTITY, f"{room_id}:guest:{proof_id}")


def sign_ticket(ticket: Ticket, *, closes_at: datetime) -> str:
    """The ticket as text."""
    payload = {
        "room": ticket.room_id.hex,
        "identity": ticket.identity,
        "joined_ms": ticket.joined_ms,
    }
    expires_at = closes_at + timedelta(days=TICKET_DAYS_AFTER_CLOSE)
    return tokens.sign(purpose=_TICKET, payload=payload, expires_at=expires_at)


def read_ticket(text: str, *, room_id: UUID, now: datetime) -> Ticket | Refusal:
    """The ticket, where we signed it for this room. Any text may be given."""
    payload = _read(_TICKET, text, room_id, now)
    if isinstance(payload, Refusal):
        return payload
    return Ticket(room_id, payload["identity"], payload["joined_ms"])


def sign_admission(*, room_id: UUID, identity: str, expires_at: datetime) -> str:
    """A token that `read_admission` takes until `expires_at`."""
    payload = {"room": room_id.hex, "who": identity}
    return tokens.sign(purpose=_ADMISSION, payload=payload, expires_at=expires_at)


def read_admission(token: str, *, room_id: UUID, now: datetime) -> Admitted | NotAdmitted:
    """Whether a token lets its holder in now; asked on every write. Any text may be given."""
    if not token:
        return NotAdmitted(Refusal.NO_TICKET)
    if len(token) > TICKET_LENGTH_MAX:
        return NotAdmitted(Refusal.FORGED)
    match tokens.read(purpose=_ADMISSION, token=token, now=now):
        case tokens.Valid(payload, _, expires_at):
            if payload["room"] != room_id.hex:
                return NotAdmitted(Refusal.OTHER_ROOM)
            return Admitted(payload["who"], expires_at)
        case tokens.Expired():
            return NotAdmitted(Refusal.EXPIRED)
        case tokens.Forged():
            return NotAdmitted(Refusal.FORGED)


def sign_account(*, room_id: UUID, identity: str, now: datetime) -> str:
    """What our page gives to somebody signed in, to join with."""
    payload = {"room": room_id.hex, "identity": identity}
    expires_at = now + timedelta(seconds=ACCOUNT_SECONDS)
    return tokens.sign(purpose=_ACCOUNT, payload=payload, expires_at=expires_at)


def read_account(text: str, *, room_id: UUID, now: datetime) -> str | Refusal:
    """The identity in an account token."""
    payload = _read(_ACCOUNT, text, room_id, now)
    return payload if isinstance(payload, Refusal) else str(payload["identity"])


def sign_challenge(room: Room, *, now: datetime) -> Challenge:
    """Fresh work for a guest of this room."""
    expires_at = now + timedelta(seconds=CHALLENGE_SECONDS)
    payload = {"room": room.id.hex, "bits": room.guest_bits}
    text = tokens.sign(purpose=_CHALLENGE, payload=payload, expires_at=expires_at)
    return Challenge(text, room.guest_bits, expires_at)


def read_work(challenge: str, nonce: str, *, room_id: UUID, now: datetime) -> str | Refusal:
    """The identity that a solved challenge stands for. The same proof is the same identity."""
    if len(nonce) > NONCE_LENGTH_MAX or len(challenge) > TICKET_LENGTH_MAX:
        return Refusal.FORGED
    match tokens.read(purpose=_CHALLENGE, token=challenge, now=now):
        case tokens.Forged():
            return Refusal.FORGED
        case tokens.Expired():
            return Refusal.EXPIRED
        case tokens.Valid(payload, token_id, _):
            if payload["room"] != room_id.hex:
                return Refusal.OTHER_ROOM
            if not is_solved(challenge, nonce, bits=payload["bits"]):
                return Refusal.NO_WORK
            return guest_identity(room_id=room_id, proof_id=token_id.hex)


def is_solved(challenge: str, nonce: str, *, bits: int) -> bool:
    """Whether sha256(challenge + nonce) begins with so many zero bits."""
    digest = hashlib.sha256(f"{challenge}{nonce}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def sign_step(step: Step, *, room_id: UUID, seconds_max: int) -> str:
    """A step of patience as text, good until `seconds_max` after it is ready."""
    payload = {
        "room": room_id.hex,
        "chain": step.chain,
        "taken": step.taken,
        "ready_ms": step.ready_ms,
    }
    ready_at = datetime.fromtimestamp(step.ready_ms / 1000, timezone.utc)
    expires_at = ready_at + timedelta(seconds=seconds_max)
    return tokens.sign(purpose=_PATIENCE, payload=payload, expires_at=expires_at)


def read_step(text: str, *, room_id: UUID, now: datetime) -> Step | Refusal:
    """The step in a text."""
    payload = _read(_PATIENCE, text, room_id, now)
    if isinstance(payload, Refusal):
        return payload
    return Step(payload["chain"], payload["taken"], payload["ready_ms"])


def _read(purpose: str, text: str, room_id: UUID, now: datetime) -> dict[str, Any] | Refusal:
    if len(text) > TICKET_LENGTH_MAX:
        return Refusal.FORGED
    match tokens.read(purpose=purpose, token=text, now=now):
        case tokens.Forged():
            return Refusal.FORGED
        case tokens.Expired():
            return Refusal.EXPIRED
        case tokens.Valid(payload, _, _):
            return payload if payload["room"] == room_id.hex else Refusal.OTHER_ROOM
