"""What orders do when payments has news. The notice door has mostly done it already: see there."""

from __future__ import annotations

from kotinos.kernel import outbox
from kotinos.orders.queueing import plan_resolve
from kotinos.payments.contracts import EVENT_CAPTURED, EVENT_REFUNDED


@outbox.handler(EVENT_CAPTURED)
@outbox.handler(EVENT_REFUNDED)
def resolve_payment(event: outbox.Event) -> None:
    """Have the order of a captured or refunded payment taken as far as it can go.

    By a job of its own: the relay's transaction is open here, and a provider may be asked.
    """
    plan_resolve(order_reference=event.payload["reference"])
