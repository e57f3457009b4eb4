"""The sandbox provider: plays the bank on its own book, so that everything can be tried for free.

It behaves like a real one where it matters: it captures or cancels an intent once, tells us by
signed notices that may be late or doubled, and answers when asked what it did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from kotinos.kernel.ids import new_id
from kotinos.kernel.money import Money
from kotinos.payments.contracts import Notice, NoticeKind
from kotinos.payments.models import SandboxDelivery, SandboxEntry
from kotinos.payments.sandbox_wire import CODE, page_url, read_notice, signed_headers, write_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.payments.contracts import Intent, NoticeOutcome, NoticeRefused

    Door = Callable[..., NoticeOutcome]

LATE_SECONDS_MAX = 3600


@dataclass(frozen=True, slots=True)
class Sandbox:
    """See `kotinos.payments.providers.Provider` for what each method promises."""

    code: ClassVar[str] = CODE

    def page_url(self, intent: Intent, *, now: datetime) -> str:
        return page_url(intent.id, now=now)

    def read_notice(
        self, *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Notice | NoticeRefused:
        return read_notice(body=body, headers=headers, now=now)

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


def charge(
    intent: Intent, *, late_seconds: int, copies: int, now: datetime, method: str = ""
) -> bool:
    """Take the money and plan its notices, in one transaction; False where it was cancelled.

    Two charges at the same moment take once and may notify twice, as real providers do. The
    notice says the way of paying.
    """
    with transaction.atomic():
        if SandboxEntry.objects.filter(intent_id=intent.id, kind=NoticeKind.CAPTURED).exists():
            return True
        if enter_once(intent, kind=NoticeKind.CAPTURED.value, now=now) != NoticeKind.CAPTURED:
            return False
        entry = SandboxEntry.objects.get(intent_id=intent.id, kind=NoticeKind.CAPTURED)
        due_at = now + timedelta(seconds=min(max(late_seconds, 0), LATE_SECONDS_MAX))
        for _ in range(copies):
            _plan(replace(_notice(entry), detail=method), due_at=due_at)
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


def _notice(entry: SandboxEntry) -> Notice:
    amount = Money(entry.amount_minor, entry.currency)
    return Notice(str(entry.id), entry.intent_id, NoticeKind(entry.kind), amount, entry.at)


def _plan(notice: Notice, *, due_at: datetime) -> None:
    SandboxDelivery.objects.create(
        intent_id=notice.intent_id, body=write_notice(notice).decode(), due_at=due_at
    )
