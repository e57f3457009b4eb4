"""Reads of payments, as typed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from kotinos.kernel.money import Money
from kotinos.payments.contracts import Intent as IntentValue
from kotinos.payments.contracts import Payment, RefundView
from kotinos.payments.decide import Facts, status
from kotinos.payments.models import Cancellation, Capture, Decline, Intent, Refund

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def intent_value(row: Intent) -> IntentValue:
    """The row as a value that may leave this package."""
    return IntentValue(
        id=row.id,
        reference=row.reference,
        amount=Money(row.amount_minor, row.currency),
        provider=row.provider,
        description=row.description,
        language=row.language,
        return_url=row.return_url,
        created_at=row.created_at,
    )


def intent(intent_id: UUID) -> IntentValue | None:
    row = Intent.objects.filter(id=intent_id).first()
    return intent_value(row) if row else None


def payment(intent_id: UUID) -> Payment | None:
    """An intent and what has become of it, from its rows; None where there is no such intent."""
    row = Intent.objects.filter(id=intent_id).first()
    if row is None:
        return None
    facts = facts_of(row)
    capture = Capture.objects.filter(intent=row).first()
    last_decline = Decline.objects.filter(intent=row).order_by("-at").first()
    refunded = Money(facts.refund_settled_minor, row.currency)
    return Payment(
        intent=intent_value(row),
        status=status(facts),
        captured=facts.captured,
        captured_at=capture.at if capture else None,
        refunded=refunded if refunded.minor else None,
        decline_reason=last_decline.reason if last_decline else "",
    )


def facts_of(row: Intent) -> Facts:
    """What the rows of one intent say, for `decide`."""
    capture = Capture.objects.filter(intent=row).first()
    refunds = Refund.objects.filter(intent=row)
    standing = refunds.exclude(end__outcome="refused")
    return Facts(
        asked=Money(row.amount_minor, row.currency),
        captured=Money(capture.amount_minor, capture.currency) if capture else None,
        declined=Decline.objects.filter(intent=row).exists(),
        cancelled=Cancellation.objects.filter(intent=row).exists(),
        refund_requested_minor=standing.aggregate(minor=Sum("amount_minor"))["minor"] or 0,
        refund_settled_minor=refunds.filter(end__outcome="settled").aggregate(
            minor=Sum("amount_minor")
        )["minor"]
        or 0,
    )


def captured_references(*, since: datetime) -> tuple[str, ...]:
    """The references of all intents whose money arrived since then."""
    captures = Capture.objects.filter(at__gte=since)
    return tuple(captures.values_list("intent__reference", flat=True))


def refunds(intent_id: UUID) -> tuple[RefundView, ...]:
    """The refunds of an intent, oldest first."""
    rows = Refund.objects.filter(intent_id=intent_id).select_related("end").order_by("requested_at")
    return tuple(
        RefundView(
            id=row.id,
            amount=Money(row.amount_minor, row.currency),
            reason=row.reason,
            requested_at=row.requested_at,
            outcome=row.end.outcome if hasattr(row, "end") else "",
        )
        for row in rows
    )
