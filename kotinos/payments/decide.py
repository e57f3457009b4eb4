"""The rules of payments: values in, values out."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kotinos.payments.contracts import NoticeRefused, PaymentStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kotinos.kernel.money import Money

SIGNATURE_AGE_SECONDS_MAX = 300
UNIX_TIME_DIGITS_MAX = 11


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of one intent say."""

    asked: Money
    captured: Money | None
    declined: bool
    cancelled: bool
    refund_requested_minor: int
    refund_settled_minor: int


def status(facts: Facts) -> PaymentStatus:
    """What has become of an intent. Money that arrived outweighs every other row."""
    if facts.captured is None:
        if facts.cancelled:
            return PaymentStatus.CANCELLED
        return PaymentStatus.DECLINED if facts.declined else PaymentStatus.OPEN
    if facts.refund_settled_minor >= facts.captured.minor:
        return PaymentStatus.REFUNDED
    if facts.refund_requested_minor > facts.refund_settled_minor:
        return PaymentStatus.REFUNDING
    if facts.captured != facts.asked:
        return PaymentStatus.MISMATCHED
    return PaymentStatus.CAPTURED


def refundable_minor(facts: Facts) -> int:
    """How much may still go back; never more than arrived."""
    captured_minor = facts.captured.minor if facts.captured else 0
    return max(0, captured_minor - facts.refund_requested_minor)


def signature_text(*, at_s: int, body: bytes) -> bytes:
    """What is signed: the time of sending and the body, so neither can be changed alone."""
    return str(at_s).encode() + b"." + body


def check_signature(
    *, header: str, body: bytes, now: datetime, sign: Callable[[bytes], str]
) -> NoticeRefused | None:
    """None where the header `t=<unix seconds>,v1=<hex>` signs this body and is fresh.

    Forged comes before expired: nothing is said about the age of what was never ours.
    """
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at_text, given = parts.get("t", ""), parts.get("v1", "")
    is_time = at_text.isascii() and at_text.isdigit() and len(at_text) <= UNIX_TIME_DIGITS_MAX
    if not (is_time and given.isascii()):
        return NoticeRefused("forged")
    expected = sign(signature_text(at_s=int(at_text), body=body))
    if not hmac.compare_digest(expected, given):
        return NoticeRefused("forged")
    if abs(now.timestamp() - int(at_text)) > SIGNATURE_AGE_SECONDS_MAX:
        return NoticeRefused("expired")
    return None
