"""What others may hold of a waiting room: values and outcomes. No Django, no driver."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

RANKS = 1 << 64  # a rank of the draw is a number below this
IDENTITY_LENGTH = 32
TICKET_LENGTH_MAX = 400
NONCE_LENGTH_MAX = 64
GUEST_BITS_MAX = 24  # more work than this is a wall for an old telephone


class Phase(StrEnum):
    """What a room is doing. Only an open one calls people."""

    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class AccountProof:
    """The short token that our own page handed to somebody who had signed in."""

    token: str


@dataclass(frozen=True, slots=True)
class WorkProof:
    """A challenge and the nonce that solves it: sha256(challenge + nonce), leading zero bits."""

    challenge: str
    nonce: str


@dataclass(frozen=True, slots=True)
class PatienceProof:
    """The last step of a chain of waits: what a browser without JavaScript can give."""

    step: str


Proof = AccountProof | WorkProof | PatienceProof


@dataclass(frozen=True, slots=True)
class Challenge:
    """Work for a guest: find a nonce so that sha256(text + nonce) begins with `bits` zeros."""

    text: str
    bits: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in a line. `joined_ms` is Unix time on our clock, in milliseconds."""

    room_id: UUID
    identity: str
    joined_ms: int


class Refusal(StrEnum):
    """Why a room said no. The words for people stand with the pages."""

    UNKNOWN = "unknown-room"
    OVER = "over"
    ACCOUNTS_ONLY = "accounts-only"
    FORGED = "forged"
    EXPIRED = "expired"
    OTHER_ROOM = "other-room"
    NO_WORK = "work-missing"
    NO_TICKET = "no-ticket"
    TOO_EARLY = "step-too-early"


@dataclass(frozen=True, slots=True)
class Joined:
    """In the line. `again`: with the ticket that was held before, or a number kept for it."""

    ticket_text: str
    ticket: Ticket
    again: bool = False


@dataclass(frozen=True, slots=True)
class JoinRefused:
    why: Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands now. Served: it may be exchanged for an admission.

    People ahead and seconds to wait are the two ends of what is likely (95 %). Waits are None
    where nobody is being called, people None where the draw is still to come.
    """

    served: bool
    drawn: bool
    phase: Phase
    ahead_low: int | None = None
    ahead_high: int | None = None
    wait_low_s: int | None = None
    wait_high_s: int | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Let in until `expires_at`; ask again as often as wanted."""

    token: str
    expires_at: datetime
    identity: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not yet: the ticket is good, its turn is to come."""

    place: Place


@dataclass(frozen=True, slots=True)
class AdmitRefused:
    why: Refusal


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a good admission token says."""

    identity: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    why: Refusal


@dataclass(frozen=True, slots=True)
class PatienceStep:
    """Come back with this text after `wait_seconds`; `left` more times after that one."""

    text: str
    wait_seconds: int
    left: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room as its organiser made it. `seed` is secret until the room opens: show `seed_hash`."""

    id: UUID
    code: str
    opens_at: datetime
    closes_at: datetime
    seed: bytes = field(repr=False)
    admission_seconds: int
    guests_allowed: bool
    guest_bits: int
    rate_max_per_s: float

    @property
    def seed_hash(self) -> str:
        """What is published before the opening: the seed cannot be found, nor changed unseen."""
        return sha256(self.seed).hexdigest()

    @property
    def opens_ms(self) -> int:
        return int(self.opens_at.timestamp() * 1000)

    @property
    def closes_ms(self) -> int:
        return int(self.closes_at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Serving:
    """How far a line was called: ranks below `drawn_upto`, then arrivals before a moment.

    `rate_per_s` is what the machine was found to carry; the levers are the watcher's.
    """

    drawn_upto: int = 0
    arrived_upto_ms: int = 0
    rate_per_s: float = 0.0
    slow_factor: float = 1.0
    paused: bool = False
    moved_ms: int = 0
    units_free: int | None = None  # when people were last called; None: never yet


@dataclass(frozen=True, slots=True)
class Signals:
    """What a sale knows of itself, for the conductor.

    `inside`: people let in who hold no unit yet; None leaves it to the room's own count, which
    is right where the sale tells the room who is done (`Rooms.note_done`).
    """

    units_free: int
    completions_per_s: float = 0.0
    p99_ms: float = 0.0
    errors_per_s: float = 0.0
    inside: int | None = None


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room at one moment, as every process sees it after its last tick.

    `curve` counts people (not requests) who arrived after the opening: pairs of Unix ms and how
    many had arrived before it, rising, complete until its last point. `inside` were let in lately
    and are not done, `entered` all that ever were. Paces are people called a second, over the last
    minute: the lowest and highest of its parts.
    """

    room: Room
    serving: Serving
    phase: Phase
    now_ms: int
    drawn_people: float = 0.0
    curve: tuple[tuple[int, float], ...] = ()
    arrived_people: float = 0.0
    called_people: float = 0.0
    inside: int = 0
    entered: int = 0
    pace_per_s: float = 0.0
    pace_low_per_s: float = 0.0
    pace_high_per_s: float = 0.0

    @property
    def line_people(self) -> float:
        """People who wait to be called."""
        return max(0.0, self.drawn_people + self.arrived_people - self.called_people)


@dataclass(frozen=True, slots=True)
class Counters:
    """What this process did for a room since it started, for the pulse."""

    challenges: int = 0
    joins: int = 0
    rejoins: int = 0
    admissions: int = 0
    refusals: int = 0
