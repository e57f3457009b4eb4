"""The sandbox provider: plays the bank on its own book, so that everything can be tried for free.

It behaves like a real one where it matters: it captures or cancels an intent once, tells us by
signed notices that may be late or doubled, and answers when asked what it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

import msgspec
from django.db import transaction

from kotinos.kernel import tokens
from kotinos.kernel.ids import new_id
from kotinos.kernel.money import Money
from kotinos.payments.contracts import Notice, NoticeKind, NoticeOutcome, NoticeRefused
from kotinos.payments.decide import check_signature, signature_text
from kotinos.payments.models import SandboxDelivery, SandboxEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kotinos.payments.contracts import Intent

    Door = Callable[..., NoticeOutcome]

CODE = "sandbox"
SIGNATURE_HEADER = "kotinos-signature"
PAGE_PURPOSE = "payments.sandbox.page"
NOTICE_PURPOSE = "payments.sandbox.notice"
PAGE_HOURS = 24
LATE_SECONDS_MAX = 3600
BODY_BYTES_MAX = 4096


class NoticeBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of a sandbox notice."""

    id: str
    intent: UUID
    kind: NoticeKind
    minor: int
    currency: str
    occurred_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """See `kotinos.payments.providers.Provider` for what each method promises."""

    code: ClassVar[str] = CODE

    def page_url(self, intent: Intent, *, now: datetime) -> str:
        token = tokens.sign(
            purpose=PAGE_PURPOSE,
            payload={"intent": str(intent.id)},
            expires_at=now + timedelta(hours=PAGE_HOURS),
        )
        return f"/sandbox/pay/{token}"

    def read_notice(
        self, *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Notice | NoticeRefused:
        if len(body) > BODY_BYTES_MAX:
            return NoticeRefused("malformed")
        refused = check_signature(
            header=headers.get(SIGNATURE_HEADER, ""), body=body, now=now, sign=_signed
        )
        if refused is not None:
            return refused
        try:
            read = msgspec.json.decode(body, type=NoticeBody)
        except msgspec.MsgspecError:
            return NoticeRefused("malformed")
        amount = Money(read.minor, read.currency)
        return Notice(read.id, read.intent, read.kind, amount, read.occurred_at, read.detail)

    def look_up(self, intent: Intent, *, now: datetime) -> tuple[Notice, ...]:
        del now  # The sandbox's book is local; a real provider needs it for its request.
        entries = SandboxEntry.objects.filter(intent_id=intent.id, kind=NoticeKind.CAPTURED)
        return tuple(_notice(entry) for entry in entries)

    def cancel(self, intent: Intent, *, now: datetime) -> bool:
        return enter_once(intent, kind="cancelled", now=now) == "cancelled"

    def refund(self, intent: Intent, *, refund_id: UUID, amount: Money, now: datetime) -> str:
        SandboxEntry.objects.get_or_create(
            id=refund_id,
            defaults={
                "intent_id": intent.id,
                "kind": NoticeKind.REFUNDED.value,
                "amount_minor": amount.minor,
                "currency": amount.currency,
                "at": now,
            },
        )
        return "settled"


def enter_once(intent: Intent, *, kind: str, now: datetime) -> str:
    """Capture or cancel an intent in the sandbox's book; what stands there afterwards."""
    SandboxEntry.objects.bulk_create(
        [
            SandboxEntry(
                intent_id=intent.id,
                kind=kind,
                amount_minor=intent.amount.minor,
                currency=intent.amount.currency,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
    ends = SandboxEntry.objects.filter(intent_id=intent.id, kind__in=["captured", "cancelled"])
    return ends.get().kind


def charge(intent: Intent, *, late_seconds: int, copies: int, now: datetime) -> bool:
    """Take the money and plan its notices, in one transaction; False where it was cancelled.

    Two charges at the same moment take once and may notify twice, as real providers do.
    """
    with transaction.atomic():
        if SandboxEntry.objects.filter(intent_id=intent.id, kind=NoticeKind.CAPTURED).exists():
            return True
        if enter_once(intent, kind=NoticeKind.CAPTURED.value, now=now) != NoticeKind.CAPTURED:
            return False
        entry = SandboxEntry.objects.get(intent_id=intent.id, kind=NoticeKind.CAPTURED)
        due_at = now + timedelta(seconds=min(max(late_seconds, 0), LATE_SECONDS_MAX))
        for _ in range(copies):
            _plan(_notice(entry), due_at=due_at)
    return True


def decline(intent: Intent, *, reason: str, now: datetime) -> None:
    """Refuse this attempt and plan the notice of it."""
    _plan(
        Notice(str(new_id()), intent.id, NoticeKind.DECLINED, intent.amount, now, reason),
        due_at=now,
    )


def deliver_due(*, door: Door, now: datetime, intent_id: UUID | None = None) -> int:
    """Send every due notice through the door that real notices use; how many were sent.

    A row is marked as sent after the door answered: a crash in between sends it again, which is
    what real providers do, and is harmless.
    """
    due = SandboxDelivery.objects.filter(sent_at__isnull=True, due_at__lte=now)
    if intent_id is not None:
        due = due.filter(intent_id=intent_id)
    sent = 0
    for delivery in due.order_by("id")[:200]:
        body = delivery.body.encode()
        door(provider=CODE, body=body, headers=signed_headers(body, now=now), now=now)
        sent += SandboxDelivery.objects.filter(id=delivery.id).update(sent_at=now)
    return sent


def signed_headers(body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers that make a body a notice of the sandbox."""
    at_s = int(now.timestamp())
    return {SIGNATURE_HEADER: f"t={at_s},v1={_signed(signature_text(at_s=at_s, body=body))}"}


def _signed(text: bytes) -> str:
    return tokens.signature(NOTICE_PURPOSE, text)


def _notice(entry: SandboxEntry) -> Notice:
    amount = Money(entry.amount_minor, entry.currency)
    return Notice(str(entry.id), entry.intent_id, NoticeKind(entry.kind), amount, entry.at)


def _plan(notice: Notice, *, due_at: datetime) -> None:
    body = NoticeBody(
        id=notice.id,
        intent=notice.intent_id,
        kind=notice.kind,
        minor=notice.amount.minor,
        currency=notice.amount.currency,
        occurred_at=notice.occurred_at,
        detail=notice.detail,
    )
    SandboxDelivery.objects.create(
        intent_id=notice.intent_id, body=msgspec.json.encode(body).decode(), due_at=due_at
    )
