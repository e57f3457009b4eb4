"""What other packages may hold of a payment. Frozen, no Django.

Template and context: `payments/sandbox.html` receives `view: SandboxPage`.
Events in the outbox, payload `{"reference": str, "intent": str, "minor": int, "currency": str}`:
`payments.captured`, `payments.declined`, `payments.refunded`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.money import Money

EVENT_CAPTURED = "payments.captured"
EVENT_DECLINED = "payments.declined"
EVENT_REFUNDED = "payments.refunded"


class NoticeKind(StrEnum):
    """What a provider may tell us about one intent."""

    CAPTURED = "captured"
    DECLINED = "declined"
    REFUNDED = "refunded"


class PaymentStatus(StrEnum):
    """Derived from the rows of one intent; nothing stores it."""

    OPEN = "open"
    DECLINED = "declined"  # the buyer may try again
    CAPTURED = "captured"
    MISMATCHED = "mismatched"  # captured, but not the amount that was asked
    CANCELLED = "cancelled"  # nothing was captured and nothing should be
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing to be paid. `reference` is the caller's own id, opaque to payments."""

    id: UUID
    reference: str
    amount: Money
    provider: str
    description: str
    language: str
    return_url: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """An intent and what has become of it. `captured` is what really arrived, else None."""

    intent: Intent
    status: PaymentStatus
    captured: Money | None
    captured_at: datetime | None
    refunded: Money | None
    decline_reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A provider's word, after its signature was verified."""

    id: str
    intent_id: UUID
    kind: NoticeKind
    amount: Money
    occurred_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRefused:
    """A notice that is believed in nothing: `why` is forged, expired, malformed or unknown."""

    why: str


@dataclass(frozen=True, slots=True)
class NoticeAccepted:
    """A notice that is now on record. `again`: the same notice id had already been."""

    intent_id: UUID
    reference: str
    status: PaymentStatus
    again: bool


NoticeOutcome = NoticeAccepted | NoticeRefused


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund; `outcome` is "" while the provider has not answered, else settled or refused."""

    id: UUID
    amount: Money
    reason: str
    requested_at: datetime
    outcome: str


class SandboxChoice(StrEnum):
    """The buttons of the sandbox's hosted page."""

    APPROVE = "approve"
    DECLINE = "decline"
    CHALLENGE = "challenge"  # leads to a second step that asks for a code
    LATE = "late"  # approved now, but the notice leaves only after `late_seconds`
    DOUBLED = "doubled"  # approved, and the notice is sent twice


@dataclass(frozen=True, slots=True)
class SandboxOption:
    value: str
    label: str
    explanation: str
    primary: bool


@dataclass(frozen=True, slots=True)
class SandboxMethod:
    """A way to pay, as the buyer's edition orders them; the first is chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SandboxPage:
    """The hosted page. `step` is choose, challenge or closed.

    The form posts to `action_url` the fields `method`, `choice`, `late_seconds` (step choose) or
    `code` (step challenge). With step closed only `closed_sentence` and `return_url` are shown.
    """

    step: str
    language: str
    direction: str  # ltr or rtl
    amount_text: str
    description: str
    action_url: str
    return_url: str
    methods: tuple[SandboxMethod, ...]
    options: tuple[SandboxOption, ...]
    late_seconds: int
    late_seconds_max: int
    challenge_code: str
    error: str
    closed_sentence: str
    words: dict[str, str]  # title, warning, amount, choose, late_label, code_label, continue, back
