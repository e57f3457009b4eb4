"""What a visitor does to a basket. Every change locks the basket's row, so two tabs take turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.catalog import api as catalog
from kotinos.catalog.contracts import NotOffered, PricedOffer
from kotinos.drops import api as drops
from kotinos.orders.contracts import LINES_MAX, UNITS_MAX, Added, AddRefused
from kotinos.orders.models import Basket, BasketLine
from kotinos.orders.offers import refusal_of
from kotinos.rights import api as rights

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.place import Place
    from kotinos.orders.offers import Problem


def add(
    *,
    basket_id: UUID | None,
    variant_id: UUID,
    seller_id: UUID,
    units: int,
    place: Place,
    session_key: str,
    now: datetime,
    via: str = "",
) -> Added | AddRefused:
    """Put units into the basket, which is made where there is none.

    Price and rights are asked again here: a page may have been cached. A refusal of rights is
    recorded as denied demand, once for a session. `via` says what led here; the last one counts.
    """
    if not 1 <= units <= UNITS_MAX:
        return AddRefused("units", "", explained=False)
    offer = catalog.offer_for(
        variant_id=variant_id,
        seller_id=seller_id,
        territory=place.territory,
        language=place.language,
    )
    if isinstance(offer, NotOffered):
        code = {"no-price": "no-price", "unknown-variant": "unknown"}.get(offer.reason, "withdrawn")
        return AddRefused(code, "", explained=False)
    if drops.reserved_variants([variant_id], now):
        return AddRefused("in-drop", offer.handle, explained=False)
    problem = refusal_of(offer, territory=place.territory, now=now)
    if problem is not None:
        record_denied(
            offer, problem, units=units, territory=place.territory, session_key=session_key, now=now
        )
        return AddRefused(problem.code, offer.handle, explained=True)
    return _put(basket_id, offer, units, place, now, via=via)


def record_denied(
    offer: PricedOffer,
    problem: Problem,
    *,
    units: int,
    territory: str,
    session_key: str,
    now: datetime,
) -> None:
    """Denied demand: somebody wanted this here, and rights said no."""
    if problem.refused is None:
        return
    rights.record_refusal(
        work_id=offer.work_id,
        seller_id=offer.seller_id,
        territory=territory,
        reason=problem.refused.reason,
        property_id=problem.refused.property_id,
        blocking=problem.refused.blocking_id,
        value_minor=offer.amount_minor * units,
        currency=offer.currency,
        session_key=session_key,
        now=now,
    )


def _put(
    basket_id: UUID | None,
    offer: PricedOffer,
    units: int,
    place: Place,
    now: datetime,
    *,
    via: str,
) -> Added | AddRefused:
    with transaction.atomic():
        basket = _locked(basket_id) or Basket(created_at=now)
        basket.territory, basket.changed_at = place.territory, now
        lines = {
            (line.variant_id, line.seller_id): line
            for line in BasketLine.objects.filter(basket_id=basket.id)
        }
        line = lines.get((offer.variant_id, offer.seller_id))
        if line is None:
            position = _free_position({line.position for line in lines.values()})
            if position is None:
                return AddRefused("full", offer.handle, explained=False)
            line = BasketLine(basket=basket, position=position, units=0, added_at=now)
            line.variant_id, line.seller_id = offer.variant_id, offer.seller_id
        if line.units + units > UNITS_MAX:
            return AddRefused("units", offer.handle, explained=False)
        line.units += units
        line.via = via or line.via
        line.price_minor, line.currency = offer.amount_minor, offer.currency
        basket.save()
        line.save()
        return Added(basket.id, line.id, line.units)


def _locked(basket_id: UUID | None) -> Basket | None:
    if basket_id is None:
        return None
    return Basket.objects.select_for_update().filter(id=basket_id).first()


def _free_position(taken: Collection[int]) -> int | None:
    """The next position, so that new things stand last; a gap only when the end is reached."""
    following = max(taken, default=0) + 1
    if following <= LINES_MAX:
        return following
    return next((place for place in range(1, LINES_MAX + 1) if place not in taken), None)


def change(*, basket_id: UUID | None, line_id: UUID, units: int, now: datetime) -> bool:
    """Set a line's units; 0 takes it out. False where there is no such line, or too many units."""
    if not 0 <= units <= UNITS_MAX:
        return False
    with transaction.atomic():
        basket = _locked(basket_id)
        if basket is None:
            return False
        lines = BasketLine.objects.filter(basket=basket, id=line_id)
        changed = lines.delete()[0] if units == 0 else lines.update(units=units)
        Basket.objects.filter(id=basket.id).update(changed_at=now)
        return changed > 0


def remove(*, basket_id: UUID | None, line_ids: Collection[UUID], now: datetime) -> int:
    """Take lines out of one basket; how many there were."""
    with transaction.atomic():
        basket = _locked(basket_id)
        if basket is None:
            return 0
        Basket.objects.filter(id=basket.id).update(changed_at=now)
        return BasketLine.objects.filter(basket=basket, id__in=line_ids).delete()[0]


def forget_baskets(*, unchanged_since: datetime) -> int:
    """Drop baskets that nobody came back to; how many rows went."""
    return Basket.objects.filter(changed_at__lt=unchanged_since).delete()[0]
