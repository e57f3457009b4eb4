"""What led buyers to what they bought: a short text that their basket's line carries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Count, F, Sum

from kotinos.kernel.money import Money
from kotinos.orders.contracts import VIA_LENGTH_MAX, SaleVia
from kotinos.orders.decide import StateName
from kotinos.orders.models import OrderLine, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_VIA = re.compile(r"[a-z][a-z0-9-]{1,20}(?::[A-Za-z0-9._-]{1,80}){1,4}", re.ASCII)


def via_of(text: str) -> str:
    """The way as a form names it; empty where it is none, for strangers write what they like."""
    return text if len(text) <= VIA_LENGTH_MAX and _VIA.fullmatch(text) else ""


def sales_via(prefix: str, *, seller_ids: Collection[UUID] | None = None) -> tuple[SaleVia, ...]:
    """What was sold by ways that begin so, the most sold first: of these sellers, else of all.

    Confirmed orders count, refunded ones do not. Each way and currency is one row.
    """
    confirmed = State.objects.filter(name=StateName.CONFIRMED).values("order_id")
    refunding = State.objects.filter(name=StateName.REFUNDING).values("order_id")
    lines = OrderLine.objects.exclude(via="").filter(via__startswith=prefix)
    lines = lines.filter(order_id__in=confirmed).exclude(order_id__in=refunding)
    if seller_ids is not None:
        lines = lines.filter(seller_id__in=seller_ids)
    rows = (
        lines.values("via", "order__currency")
        .annotate(
            orders=Count("order_id", distinct=True),
            pieces=Sum("units"),
            minor=Sum(F("units") * F("unit_price_minor")),
        )
        .order_by("-pieces", "via", "order__currency")
    )
    return tuple(
        SaleVia(
            row["via"], row["orders"], row["pieces"], Money(row["minor"], row["order__currency"])
        )
        for row in rows
    )
