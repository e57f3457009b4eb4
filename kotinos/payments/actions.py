"""What people, providers and jobs do to payments; one transaction each, the provider outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import outbox, rich
from kotinos.kernel.money import Money
from kotinos.payments import queries
from kotinos.payments.contracts import (
    EVENT_REFUNDED,
    Intent,
    Notice,
    NoticeAccepted,
    NoticeOutcome,
    NoticeRefused,
)
from kotinos.payments.decide import refundable_minor
from kotinos.payments.models import Cancellation, Refund, RefundEnd
from kotinos.payments.models import Intent as IntentRow
from kotinos.payments.providers import Provider, provider
from kotinos.payments.statements import notice_params, record_notices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID


def create_intent(
    *,
    key: str,
    reference: str,
    amount: Money,
    description: str,
    language: str,
    return_url: str,
    now: datetime,
    provider_code: str = "sandbox",
) -> Intent:
    """Write down what is to be paid, in the caller's transaction. The same key: the same intent.

    No provider is asked here, so it is safe inside the transaction that writes the order.
    """
    row, _ = IntentRow.objects.get_or_create(
        key=key,
        defaults={
            "reference": reference,
            "provider": provider_code,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "description": description[:200],
            "language": language,
            "return_url": return_url,
            "created_at": now,
        },
    )
    return queries.intent_value(row)


def page_url(*, intent_id: UUID, now: datetime) -> str | None:
    """Where the buyer pays; None where there is no such intent."""
    intent = queries.intent(intent_id)
    return _provider(intent).page_url(intent, now=now) if intent else None


def accept_notice(
    *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> NoticeOutcome:
    """A provider's post: verified, then recorded once. Header names are lower case."""
    ours = _provider_of(provider)
    if ours is None:
        return NoticeRefused("unknown")
    notice = ours.read_notice(body=body, headers=headers, now=now)
    if isinstance(notice, NoticeRefused):
        return notice
    return record_notice(notice, provider=provider, now=now)


def record_notice(notice: Notice, *, provider: str, now: datetime) -> NoticeOutcome:
    """Write a verified notice and what follows from it; a second time it changes nothing."""
    params = notice_params(notice, provider=provider, now=now)
    _, row = rich.run_one(record_notices, **{name: [value] for name, value in params.items()})
    if row.reference is None:
        return NoticeRefused("unknown")
    payment = queries.payment(notice.intent_id)
    assert payment is not None
    return NoticeAccepted(notice.intent_id, row.reference, payment.status, row.again)


def catch_up(*, intent_id: UUID, now: datetime) -> None:
    """Ask the provider what it did, and record what its notices did not yet tell us."""
    intent = queries.intent(intent_id)
    if intent is None:
        return
    for notice in _provider(intent).look_up(intent, now=now):
        record_notice(notice, provider=intent.provider, now=now)


def cancel(*, intent_id: UUID, reason: str, now: datetime) -> bool:
    """Ask the provider to take no money any more: True where it will not, False where it did.

    Outside any transaction. After False, `catch_up` records the capture.
    """
    intent = queries.intent(intent_id)
    if intent is None or not _provider(intent).cancel(intent, now=now):
        return False
    Cancellation.objects.get_or_create(
        intent_id=intent_id, defaults={"reason": reason[:100], "at": now}
    )
    return True


def request_refund(
    *,
    intent_id: UUID,
    key: str,
    reason: str,
    now: datetime,
    by_id: UUID | None = None,
) -> Money | None:
    """Write, in the caller's transaction, that all that is left must go back; None: nothing is.

    The same key asks once. `send_refunds` carries it out.
    """
    row = IntentRow.objects.select_for_update().get(id=intent_id)
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        return Money(known.amount_minor, known.currency)
    facts = queries.facts_of(row)
    amount_minor = refundable_minor(facts)
    if facts.captured is None or amount_minor == 0:
        return None
    Refund.objects.create(
        intent=row,
        key=key,
        amount_minor=amount_minor,
        currency=facts.captured.currency,
        reason=reason[:200],
        requested_at=now,
        requested_by_id=by_id,
    )
    return Money(amount_minor, facts.captured.currency)


def send_refunds(*, now: datetime, reference: str | None = None) -> int:
    """Carry out refunds that have no end yet; how many ended. Outside any transaction."""
    open_refunds = Refund.objects.filter(end__isnull=True).select_related("intent")
    if reference is not None:
        open_refunds = open_refunds.filter(intent__reference=reference)
    ended = 0
    for refund in open_refunds.order_by("requested_at")[:200]:
        intent = queries.intent_value(refund.intent)
        amount = Money(refund.amount_minor, refund.currency)
        answer = _provider(intent).refund(intent, refund_id=refund.id, amount=amount, now=now)
        if answer:
            ended += _end_refund(refund.id, answer, now)
    return ended


def _provider(intent: Intent) -> Provider:
    found = provider(intent.provider)
    if found is None:
        raise LookupError(f"payment provider {intent.provider!r} is not installed")
    return found


def _provider_of(code: str) -> Provider | None:
    return provider(code)


def _end_refund(refund_id: UUID, outcome: str, now: datetime) -> int:
    with transaction.atomic():
        refund = Refund.objects.select_for_update(of=("self",)).select_related("intent")
        row = refund.get(id=refund_id)
        _, created = RefundEnd.objects.get_or_create(
            refund=row, defaults={"outcome": outcome, "at": now}
        )
        if created and outcome == "settled":
            _publish(EVENT_REFUNDED, row.intent, Money(row.amount_minor, row.currency), now)
        return int(created)


def _publish(kind: str, row: IntentRow, amount: Money, now: datetime) -> None:
    payload = {
        "reference": row.reference,
        "intent": str(row.id),
        "minor": amount.minor,
        "currency": amount.currency,
    }
    outbox.publish(kind=kind, payload=payload, now=now)
