"""The rules of orders: what an order is, what must happen next, what it costs. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from kotinos.kernel.money import Money, round_half_up
from kotinos.orders.contracts import OrderStatus
from kotinos.payments.contracts import PaymentStatus

if TYPE_CHECKING:
    from collections.abc import Collection

BASIS_POINTS = 10_000


class StateName(StrEnum):
    """What may have happened to an order; each at most once."""

    PAID = "paid"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"  # not paid in time: the units went back, a late payment may still revive it
    CANCELLED = "cancelled"  # for good
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Step(Enum):
    """What the settlement of one order must do next."""

    WAIT = "wait"  # for the buyer, within the time of the hold
    DONE = "done"
    CONFIRM = "confirm"  # paid: take the units, or get them again, else refund
    REFUND = "refund"  # paid, and must not be kept
    SEND_REFUND = "send-refund"  # asked for, not yet carried out
    NOTE_REFUNDED = "note-refunded"  # carried out, not yet written here
    LAPSE = "lapse"  # nobody paid in time


def next_step(*, states: Collection[str], payment: PaymentStatus, hold_over: bool) -> Step:
    """The next step for an order with these states, this payment, and a hold over or not.

    Money decides: an order with captured money ends confirmed or refunded, and nothing else.
    """
    if StateName.REFUNDED in states:
        return Step.DONE
    match payment:
        case PaymentStatus.REFUNDED:
            return Step.NOTE_REFUNDED
        case PaymentStatus.REFUNDING:
            return Step.SEND_REFUND
        case PaymentStatus.MISMATCHED:
            return Step.REFUND
        case PaymentStatus.CAPTURED:
            return _next_step_paid(states)
        case PaymentStatus.OPEN | PaymentStatus.DECLINED | PaymentStatus.CANCELLED:
            return _next_step_unpaid(states, hold_over=hold_over)


def _next_step_paid(states: Collection[str]) -> Step:
    if StateName.CONFIRMED in states:
        return Step.DONE
    return Step.REFUND if StateName.CANCELLED in states else Step.CONFIRM


def _next_step_unpaid(states: Collection[str], *, hold_over: bool) -> Step:
    if StateName.LAPSED in states or StateName.CANCELLED in states:
        return Step.DONE
    return Step.LAPSE if hold_over else Step.WAIT


def status(*, states: Collection[str], shipments: int, dispatched: int) -> OrderStatus:
    """What an order is, from what happened to it. Refunds outweigh all, then the end decided."""
    for name, meaning in (
        (StateName.REFUNDED, OrderStatus.REFUNDED),
        (StateName.REFUNDING, OrderStatus.REFUNDING),
    ):
        if name in states:
            return meaning
    if StateName.CONFIRMED in states:
        return _status_confirmed(shipments, dispatched)
    for name, meaning in (
        (StateName.CANCELLED, OrderStatus.CANCELLED),
        (StateName.PAID, OrderStatus.PAID),
        (StateName.LAPSED, OrderStatus.LAPSED),
    ):
        if name in states:
            return meaning
    return OrderStatus.AWAITING_PAYMENT


def _status_confirmed(shipments: int, dispatched: int) -> OrderStatus:
    if dispatched == 0:
        return OrderStatus.CONFIRMED
    return OrderStatus.SHIPPED if dispatched >= shipments else OrderStatus.PARTLY_SHIPPED


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of one order. With `tax_included` the total is goods plus shipping, and `tax` is
    the part of it that is tax; without, tax is added.
    """

    goods: Money
    shipping: Money
    tax: Money
    tax_included: bool
    total: Money


def totals(*, goods: Money, shipping: Money, tax_basis_points: int, tax_included: bool) -> Totals:
    """Tax on goods and shipping together, rounded half up once for the whole order."""
    gross = goods + shipping
    if tax_included:
        rate_minor = BASIS_POINTS + tax_basis_points
        tax = Money(round_half_up(gross.minor * tax_basis_points, rate_minor), goods.currency)
    else:
        tax = gross.share(tax_basis_points)
    return Totals(
        goods=goods,
        shipping=shipping,
        tax=tax,
        tax_included=tax_included,
        total=gross if tax_included else gross + tax,
    )
