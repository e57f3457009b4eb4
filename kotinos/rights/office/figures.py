"""The few numbers of rights that a person's first page shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from kotinos.rights import models
from kotinos.rights.office.queries import grants

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from kotinos.kernel.office import Staff

WAITING = ("draft", "half-signed", "suspended")


def grants_waiting(*, who: Staff, now: datetime) -> dict[str, int]:
    """How many of the grants that a person sees are drafts, half signed or suspended."""
    rows = grants(who, now).filter(state__in=WAITING).values_list("state").annotate(n=Count("id"))
    found = dict(rows.order_by("state"))
    return {state: found.get(state, 0) for state in WAITING}


def denied_to(*, who: Staff, since: datetime) -> tuple[int, Counter[str]]:
    """Refusals a person may know of since a moment, and what they would have brought (minor)."""
    count, minor = 0, Counter[str]()
    rows = met(who, since, {}).values_list("currency")
    for currency, refusals, value in rows.annotate(n=Count("id"), value=Sum("value_minor")):
        count += refusals
        minor[currency] += value
    return count, minor


def met(who: Staff, since: datetime, asked: Mapping[str, str]) -> QuerySet[models.Refusal]:
    """The refusals a person may know of: on their properties, of their sales, by their grants."""
    rows = models.Refusal.objects.filter(bot=False, met_at__gte=since)
    for name, wanted in asked.items():
        if wanted:
            rows = rows.filter(**{name: wanted[:64]})
    mine = who.organisations()
    if mine is None:
        return rows
    owned = models.Property.objects.filter(owner__in=mine).values("code")
    given = models.Grant.objects.filter(Q(grantor__in=mine) | Q(grantee__in=mine)).values("id")
    return rows.filter(Q(property__in=owned) | Q(seller__in=mine) | Q(blocking__in=given))
