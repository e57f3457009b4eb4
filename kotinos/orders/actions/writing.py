"""The rows of a new order: its lines, their two decisions each, its shipments and its intent."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kotinos.orders.contracts import Change, PlacedNot
from kotinos.orders.hot.rules import new_number
from kotinos.orders.links import order_path_of
from kotinos.orders.models import Order, OrderLine, Shipment
from kotinos.orders.offers import ACTS, OUTLET
from kotinos.orders.queueing import PLACED, plan_mail
from kotinos.orders.wording import say
from kotinos.payments import api as payments
from kotinos.rights import api as rights
from kotinos.rights.contracts import Cleared, Refused
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.contracts import PricedOffer
    from kotinos.orders.actions.checkout import Placement
    from kotinos.orders.decide import Totals
    from kotinos.orders.quoting import Quote, QuoteLine
    from kotinos.rights.api import RecordedDecision
    from kotinos.stock.contracts import Held, HeldLine


def write_order(wish: Placement, quoted: Quote, held: Held, *, now: datetime) -> Order | PlacedNot:
    """Write everything in the caller's transaction, or say which line lost its rights.

    The answer is not an exception: the caller rolls back and tells the buyer.
    """
    decisions: dict[UUID, tuple[UUID, ...]] = {}
    quota_units: Counter[UUID] = Counter()
    for line in quoted.lines:
        recorded = _decide(line, wish, now)
        if isinstance(recorded, PlacedNot):
            return recorded
        decisions[line.line_id] = tuple(one.id for one in recorded)
        for grant_id in _quota_grants(recorded[0]):
            quota_units[grant_id] += line.wanted.units
    if quoted.totals is None:
        return PlacedNot((Change("empty"),))
    if not spend_quota(quota_units, key=quota_key(wish.key), now=now):
        return PlacedNot((Change("rights", title=quoted.lines[0].title),))
    order = _write_head(wish, quoted.totals, held, now, quota_units)
    _write_lines(order, quoted, held, decisions)
    plan_mail(order_id=order.id, kind=PLACED)
    return order


def quota_key(order_id: UUID) -> str:
    """The key under which an order spends the quotas of its grants, once."""
    return f"order:{order_id}"


def spend_quota(units: Mapping[UUID, int], *, key: str, now: datetime) -> bool:
    """Spend units under grants and all above them; False where one has too few left."""
    if not units:
        return True
    outcome = rights.spend_quota(units_by_grant=units, key=key, now=now)
    return isinstance(outcome, rights.QuotaTaken)


def _quota_grants(sale: RecordedDecision) -> tuple[UUID, ...]:
    """A quota counts what is sold, so the decision to sell names the grants; shipping none."""
    match sale.decision:
        case Cleared(chain=chain):
            return rights.last_grants(chain)
        case Refused():
            return ()


def _decide(
    line: QuoteLine, wish: Placement, now: datetime
) -> tuple[RecordedDecision, ...] | PlacedNot:
    """The recorded decisions a line rests on, in the order of `ACTS`."""
    offer = _offer(line)
    recorded = []
    for act in ACTS:
        decision = rights.record_decision(
            work_id=offer.work_id,
            seller_id=offer.seller_id,
            act=act,
            outlet=OUTLET,
            territory=wish.place.territory,
            at=now,
            evidence={"order": str(wish.key), "units": line.wanted.units},
            now=now,
        )
        if isinstance(decision.decision, Refused):
            return PlacedNot((Change("rights", title=offer.title, handle=offer.handle),))
        recorded.append(decision)
    return tuple(recorded)


def _offer(line: QuoteLine) -> PricedOffer:
    if line.offer is None:
        raise AssertionError("a line without an offer reached the order")
    return line.offer


def _write_head(
    wish: Placement, totals: Totals, held: Held, now: datetime, quota_units: Mapping[UUID, int]
) -> Order:
    number = new_number()
    language, territory = wish.place.language, wish.place.territory
    intent = payments.create_intent(
        key=str(wish.key),
        reference=str(wish.key),
        amount=totals.total,
        description=say("payment-description", language, number=number),
        language=language,
        return_url=order_path_of(wish.key, wish.place, now=now),
        now=now,
    )
    return Order.objects.create(
        id=wish.key,
        number=number,
        basket_id=wish.basket_id,
        person_id=wish.person_id,
        email=wish.email,
        address=wish.address,
        language=language,
        territory=territory,
        currency=totals.total.currency,
        goods_minor=totals.goods.minor,
        shipping_minor=totals.shipping.minor,
        tax_minor=totals.tax.minor,
        tax_included=totals.tax_included,
        total_minor=totals.total.minor,
        quota_units={str(grant_id): units for grant_id, units in quota_units.items()},
        intent_id=intent.id,
        placed_at=now,
        hold_until=held.expires_at,
    )


def _write_lines(
    order: Order, quoted: Quote, held: Held, decisions: dict[UUID, tuple[UUID, ...]]
) -> None:
    shipments: dict[tuple[UUID, UUID], Shipment] = {}
    rows = []
    for line, piece in _pieces(quoted, held):
        key = (line.wanted.seller_id, piece.location_id)
        if key not in shipments:
            shipments[key] = Shipment(order=order, seller_id=key[0], location_id=key[1])
        rows.append(_line_row(order, shipments[key], line, piece, decisions[line.line_id]))
    Shipment.objects.bulk_create(shipments.values())
    OrderLine.objects.bulk_create(rows)


def _pieces(quoted: Quote, held: Held) -> Iterator[tuple[QuoteLine, HeldLine]]:
    """Each line with each of its held pieces: a line may come from two of its seller's places."""
    owner = {
        location.id: seller_id
        for seller_id in {line.wanted.seller_id for line in quoted.lines}
        for location in stock.locations(seller_id)
    }
    pieces: dict[tuple[UUID, UUID], list[HeldLine]] = defaultdict(list)
    for piece in held.lines:
        pieces[piece.variant_id, owner[piece.location_id]].append(piece)
    for line in quoted.lines:
        for piece in pieces[line.wanted.variant_id, line.wanted.seller_id]:
            yield line, piece


def _line_row(
    order: Order, shipment: Shipment, line: QuoteLine, piece: HeldLine, decisions: tuple[UUID, ...]
) -> OrderLine:
    offer = _offer(line)
    sell_decision_id, ship_decision_id = decisions
    return OrderLine(
        order=order,
        shipment=shipment,
        position=line.position,
        variant_id=offer.variant_id,
        seller_id=offer.seller_id,
        work_id=offer.work_id,
        units=piece.units,
        unit_price_minor=offer.amount_minor,
        title=offer.title[:500],
        options=offer.label[:500],
        sku=offer.sku[:120],
        handle=offer.handle,
        picture_key=offer.picture.key if offer.picture else "",
        sell_decision_id=sell_decision_id,
        ship_decision_id=ship_decision_id,
        via=line.via,
    )
