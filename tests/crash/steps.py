"""One buyer's way through the doors of orders and payments, in a process that dies on the way.

`python -m tests.crash.steps <point> <order id>` does every step up to the point and then kills
itself with SIGKILL: no handler runs, no buffer is written, PostgreSQL sees a broken connection.
Nothing of the product knows about this.
"""

from __future__ import annotations

import os
import signal
import sys
from uuid import UUID

import django
from django.db import transaction

POINTS = (
    "unpaid",
    "charged",
    "captured",
    "confirming",
    "confirmed",
    "refund-wanted",
    "refund-asked",
    "refund-sent",
)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, order_id: UUID) -> None:
    """Die at one point between the payment and its end."""
    from kotinos.kernel import clock  # noqa: PLC0415 - after django.setup()
    from kotinos.orders.actions import settlement  # noqa: PLC0415
    from kotinos.orders.models import Order  # noqa: PLC0415
    from kotinos.payments import api as payments  # noqa: PLC0415
    from kotinos.payments import sandbox  # noqa: PLC0415

    now = clock.now()
    order = Order.objects.get(id=order_id)
    intent = payments.intent(order.intent_id)
    assert intent is not None
    if point == "unpaid":
        die()
    sandbox.charge(intent, late_seconds=0, copies=1, now=now)
    if point == "charged":
        die()
    sandbox.deliver_due(door=payments.accept_notice, now=now, intent_id=intent.id)
    if point == "captured":
        die()
    with transaction.atomic():
        if point.startswith("refund"):
            settlement.ask_refund(order_id=order_id, reason="test", by_id=None, now=now)
        else:
            settlement._confirm(order, now)
        if point in {"confirming", "refund-wanted"}:
            die()
    if point == "refund-sent":
        payments.send_refunds(reference=str(order_id), now=now)
    die()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(sys.argv[1], UUID(sys.argv[2]))
