"""What tests of payments begin with."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import uuid4

from kotinos.kernel.money import Money
from kotinos.payments import api as payments
from kotinos.payments.contracts import Notice, NoticeKind

if TYPE_CHECKING:
    from kotinos.payments.contracts import Intent

NOW = datetime(2030, 7, 20, 12, 0, tzinfo=timezone.utc)
PRICE = Money(4200, "EUR")


def intent(key: str = "") -> Intent:
    """An open intent of 42 euro."""
    return payments.create_intent(
        key=key or str(uuid4()),
        reference=str(uuid4()),
        amount=PRICE,
        description="Order K-TEST",
        language="en",
        return_url="/en-jp/order/x/",
        now=NOW,
    )


def notice(asked: Intent, kind: NoticeKind = NoticeKind.CAPTURED, amount: Money = PRICE) -> Notice:
    """A verified word about an intent, with a fresh id."""
    return Notice(str(uuid4()), asked.id, kind, amount, NOW)
