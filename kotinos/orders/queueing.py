"""Jobs that a transaction asks for: they exist if and only if it commits."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

if TYPE_CHECKING:
    from uuid import UUID

SEND_MAIL = "orders.send_mail"
RESOLVE = "orders.resolve"
FIX_QUOTES = "orders.fix_quotes"
MAIL_QUEUE = "mail"
PLACED, CONFIRMED, REFUNDED = "placed", "confirmed", "refunded"  # Kinds of mail.


def plan_mail(*, order_id: UUID, kind: str) -> None:
    """Queue a mail about an order."""
    app.configure_task(name=SEND_MAIL, queue=MAIL_QUEUE).defer(order_id=str(order_id), kind=kind)


def plan_fix() -> None:
    """Queue the fixing of all drops' quotes; one waiting is enough."""
    with suppress(AlreadyEnqueued), transaction.atomic():  # a savepoint: ours goes on
        app.configure_task(name=FIX_QUOTES, queueing_lock=FIX_QUOTES).defer()


def plan_resolve(*, order_reference: str) -> None:
    """Queue the settlement of one order."""
    app.configure_task(name=RESOLVE).defer(order_id=order_reference)
