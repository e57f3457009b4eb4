"""What orders do when payments has news. The notice door has mostly done it already: see there."""

from __future__ import annotations

from uuid import UUID

from kotinos.drops import api as drops
from kotinos.kernel import clock, outbox
from kotinos.orders.actions.fixing import fix_quotes
from kotinos.orders.contracts import EVENT_CONFIRMED
from kotinos.orders.decide import StateName
from kotinos.orders.models import State
from kotinos.orders.queueing import CONFIRMED, plan_fix, plan_mail, plan_resolve
from kotinos.payments.contracts import EVENT_CAPTURED, EVENT_REFUNDED
from kotinos.rights import api as rights


@outbox.handler(EVENT_CAPTURED)
@outbox.handler(EVENT_REFUNDED)
def resolve_payment(event: outbox.Event) -> None:
    """Have the order of a captured or refunded payment taken as far as it can go.

    By a job of its own: the relay's transaction is open here, and a provider may be asked. What
    the notice's own transaction has confirmed needs none.
    """
    reference = event.payload["reference"]
    confirmed = State.objects.filter(order_id=reference, name=StateName.CONFIRMED)
    if event.kind != EVENT_CAPTURED or not confirmed.exists():
        plan_resolve(order_reference=reference)


@outbox.handler(EVENT_CONFIRMED)
def tell_buyer(event: outbox.Event) -> None:
    """The mail that an order is confirmed; it is sent once, however often this is told."""
    plan_mail(order_id=UUID(event.payload["order"]), kind=CONFIRMED)


@outbox.handler(rights.RIGHTS_CHANGED)
def refix_quotes(event: outbox.Event) -> None:
    """What drops cost, and may, follows every change of rights."""
    del event
    plan_fix()


@outbox.handler(drops.DROPS_CHANGED)
def fix_quotes_of_drop(event: outbox.Event) -> None:
    """A drop was published or changed."""
    fix_quotes(drop_id=UUID(event.payload["drop"]), now=clock.now())
