"""What people, providers and jobs do to payments; one transaction each, the provider outside."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kotinos.kernel import outbox
from kotinos.kernel.money import Money
from kotinos.payments import queries
from kotinos.payments.contracts import (
    EVENT_CAPTURED,
    EVENT_DECLINED,
    EVENT_REFUNDED,
    Intent,
    Notice,
    NoticeAccepted,
    NoticeKind,
    NoticeOutcome,
    NoticeRefused,
)
from kotinos.payments.decide import refundable_minor, status
from kotinos.payments.models import Cancellation, Capture, Decline, Refund, RefundEnd
from kotinos.payments.models import Intent as IntentRow
from kotinos.payments.models import Notice as NoticeRow
from kotinos.payments.providers import Provider, provider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


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
    with transaction.atomic():
        row = (
            IntentRow.objects.select_for_update()
            .filter(id=notice.intent_id, provider=provider)
            .first()
        )
        if row is None:
            return NoticeRefused("unknown")
        known = NoticeRow.objects.filter(provider=provider, provider_notice_id=notice.id)
        again = known.exists()
        if not again:
            _write_notice(row, notice, now)
            _apply(row, notice, now)
        return NoticeAccepted(row.id, row.reference, status(queries.facts_of(row)), again)


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


def _write_notice(row: IntentRow, notice: Notice, now: datetime) -> None:
    NoticeRow.objects.create(
        provider=row.provider,
        provider_notice_id=notice.id,
        intent=row,
        kind=notice.kind.value,
        amount_minor=notice.amount.minor,
        currency=notice.amount.currency,
        detail=notice.detail[:200],
        occurred_at=notice.occurred_at,
        received_at=now,
    )


def _apply(row: IntentRow, notice: Notice, now: datetime) -> None:
    captured = Capture.objects.filter(intent=row).exists()
    match notice.kind:
        case NoticeKind.CAPTURED if not captured:
            Capture.objects.create(
                intent=row,
                amount_minor=notice.amount.minor,
                currency=notice.amount.currency,
                at=notice.occurred_at,
            )
            _publish(EVENT_CAPTURED, row, notice.amount, now)
        case NoticeKind.DECLINED if not captured:
            Decline.objects.create(intent=row, reason=notice.detail[:200], at=notice.occurred_at)
            _publish(EVENT_DECLINED, row, notice.amount, now)
        case NoticeKind.REFUNDED:
            refund = Refund.objects.filter(intent=row, id__in=_uuids(notice.detail)).first()
            if refund is not None:
                _end_refund(refund.id, "settled", now)
        case _:
            pass  # A second capture or a late decline of what is already paid changes nothing.


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


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
