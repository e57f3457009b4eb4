"""The front door of payments: money in and out; it knows a reference and an amount, no order."""

from __future__ import annotations

from kotinos.payments.actions import (
    accept_notice,
    cancel,
    catch_up,
    create_intent,
    page_url,
    record_notice,
    request_refund,
    send_refunds,
)
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
    Payment,
    PaymentStatus,
    RefundView,
)
from kotinos.payments.queries import captured_references, intent, payment, refunds
from kotinos.payments.sandbox import deliver_due as deliver_sandbox_notices

__all__ = [
    "EVENT_CAPTURED",
    "EVENT_DECLINED",
    "EVENT_REFUNDED",
    "Intent",
    "Notice",
    "NoticeAccepted",
    "NoticeKind",
    "NoticeOutcome",
    "NoticeRefused",
    "Payment",
    "PaymentStatus",
    "RefundView",
    "accept_notice",
    "cancel",
    "captured_references",
    "catch_up",
    "create_intent",
    "deliver_sandbox_notices",
    "intent",
    "page_url",
    "payment",
    "record_notice",
    "refunds",
    "request_refund",
    "send_refunds",
]
