"""Mails about an order: planned in the transaction that makes them true, sent by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from kotinos.kernel.environment import environment
from kotinos.kernel.languages import RIGHT_TO_LEFT
from kotinos.kernel.place import Place
from kotinos.orders.links import order_path_of
from kotinos.orders.models import MailSent, Order
from kotinos.orders.order_page import order_view
from kotinos.orders.pages import time_text
from kotinos.orders.wording import say

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


NOWHERE = ".invalid"  # RFC 2606: a rehearsal's buyers, who are nobody


def send_mail(*, order_id: UUID, kind: str, now: datetime) -> bool:
    """Send one mail once; False where it had left before. At least once if the process dies."""
    with transaction.atomic():
        order = Order.objects.select_for_update().get(id=order_id)
        _, is_new = MailSent.objects.get_or_create(order=order, kind=kind, defaults={"at": now})
        if is_new and not order.email.endswith(NOWHERE):
            _send(order, kind, now)
        return is_new


def _send(order: Order, kind: str, now: datetime) -> None:
    language = order.language
    place = Place(language, order.territory)
    subject = say(f"mail-{kind}-subject", language, number=order.number)
    context = {
        "view": order_view(order.id, language=language, now=now),
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "subject": subject,
        "intro": say(f"mail-{kind}", language, time=time_text(order.hold_until, language)),
        "link": environment().origin + order_path_of(order.id, place, now=now),
        "labels": {
            key: say(f"label-{key.replace('_', '-')}", language)
            for key in ("goods", "shipping", "total", "ship_to", "order")
        },
        "look": say("mail-look", language),
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("orders/mail/order.txt", context),
        to=[order.email],
    )
    message.attach_alternative(render_to_string("orders/mail/order.html", context), "text/html")
    message.send()
