"""The front door of orders: basket, order, fulfilment. Nothing is charged that was not held."""

from __future__ import annotations

from kotinos.orders.actions.basket import add, forget_baskets
from kotinos.orders.actions.basket import change as change_basket
from kotinos.orders.actions.checkout import Placement, place_order
from kotinos.orders.actions.fixing import fix_due_quotes, fix_quotes
from kotinos.orders.actions.fulfilment import (
    Dispatched,
    NotDone,
    RefundAsked,
    dispatch_shipment,
    refund_order,
)
from kotinos.orders.actions.settlement import receive_notice, resolve, settle
from kotinos.orders.contracts import (
    EVENT_CONFIRMED,
    EVENT_REFUNDED,
    HOLD_SECONDS,
    LINES_MAX,
    UNITS_MAX,
    Added,
    AddRefused,
    OrderStatus,
    Placed,
    PlacedNot,
    PlacementOutcome,
    SaleVia,
    SellerShipmentRow,
)
from kotinos.orders.links import order_path_of
from kotinos.orders.order_page import order_view
from kotinos.orders.origin import own_pages_only
from kotinos.orders.queries import shipments_of
from kotinos.orders.quoting import Seen, quote
from kotinos.orders.selling_ways import sales_via

__all__ = [
    "EVENT_CONFIRMED",
    "EVENT_REFUNDED",
    "HOLD_SECONDS",
    "LINES_MAX",
    "UNITS_MAX",
    "AddRefused",
    "Added",
    "Dispatched",
    "NotDone",
    "OrderStatus",
    "Placed",
    "PlacedNot",
    "Placement",
    "PlacementOutcome",
    "RefundAsked",
    "SaleVia",
    "Seen",
    "SellerShipmentRow",
    "add",
    "change_basket",
    "dispatch_shipment",
    "fix_due_quotes",
    "fix_quotes",
    "forget_baskets",
    "order_path_of",
    "order_view",
    "own_pages_only",
    "place_order",
    "quote",
    "receive_notice",
    "refund_order",
    "resolve",
    "sales_via",
    "settle",
    "shipments_of",
]
