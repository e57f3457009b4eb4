from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotinos.kernel.money import Money
from kotinos.orders.contracts import OrderStatus
from kotinos.orders.decide import StateName, Step, next_step, status, totals
from kotinos.payments.contracts import PaymentStatus

S, P = StateName, PaymentStatus


@pytest.mark.parametrize(
    ("states", "payment", "hold_over", "step"),
    [
        (set(), P.OPEN, False, Step.WAIT),
        (set(), P.DECLINED, False, Step.WAIT),
        (set(), P.OPEN, True, Step.LAPSE),
        (set(), P.CANCELLED, True, Step.LAPSE),
        ({S.LAPSED}, P.CANCELLED, True, Step.DONE),
        ({S.CANCELLED}, P.OPEN, False, Step.DONE),
        (set(), P.CAPTURED, False, Step.CONFIRM),
        (set(), P.CAPTURED, True, Step.CONFIRM),
        ({S.LAPSED}, P.CAPTURED, True, Step.CONFIRM),
        ({S.CANCELLED}, P.CAPTURED, True, Step.REFUND),
        ({S.PAID, S.CONFIRMED}, P.CAPTURED, True, Step.DONE),
        (set(), P.MISMATCHED, False, Step.REFUND),
        ({S.PAID, S.CANCELLED, S.REFUNDING}, P.REFUNDING, True, Step.SEND_REFUND),
        ({S.PAID, S.CONFIRMED, S.REFUNDING}, P.REFUNDED, True, Step.NOTE_REFUNDED),
        ({S.PAID, S.REFUNDING, S.REFUNDED}, P.REFUNDED, True, Step.DONE),
    ],
)
def test_the_next_step_follows_from_states_and_money(
    states: set[str], *, payment: PaymentStatus, hold_over: bool, step: Step
) -> None:
    assert next_step(states=states, payment=payment, hold_over=hold_over) is step


@given(
    states=st.sets(st.sampled_from(list(StateName))),
    payment=st.sampled_from([P.CAPTURED, P.MISMATCHED, P.REFUNDING, P.REFUNDED]),
    hold_over=st.booleans(),
)
def test_captured_money_never_waits(
    *, states: set[str], payment: PaymentStatus, hold_over: bool
) -> None:
    step = next_step(states=states, payment=payment, hold_over=hold_over)
    assert step not in {Step.WAIT, Step.LAPSE}
    if step is Step.DONE:
        assert S.REFUNDED in states or S.CONFIRMED in states


@pytest.mark.parametrize(
    ("states", "dispatched", "expected"),
    [
        (set(), 0, OrderStatus.AWAITING_PAYMENT),
        ({S.PAID}, 0, OrderStatus.PAID),
        ({S.LAPSED}, 0, OrderStatus.LAPSED),
        ({S.LAPSED, S.PAID, S.CONFIRMED}, 0, OrderStatus.CONFIRMED),
        ({S.PAID, S.CONFIRMED}, 1, OrderStatus.PARTLY_SHIPPED),
        ({S.PAID, S.CONFIRMED}, 2, OrderStatus.SHIPPED),
        ({S.CANCELLED}, 0, OrderStatus.CANCELLED),
        ({S.PAID, S.CANCELLED, S.REFUNDING}, 0, OrderStatus.REFUNDING),
        ({S.PAID, S.CONFIRMED, S.REFUNDING, S.REFUNDED}, 2, OrderStatus.REFUNDED),
    ],
)
def test_what_an_order_is_follows_from_what_happened_to_it(
    states: set[str], dispatched: int, expected: OrderStatus
) -> None:
    assert status(states=states, shipments=2, dispatched=dispatched) is expected


def test_tax_inside_is_named_and_tax_outside_is_added() -> None:
    goods, shipping = Money(3000, "JPY"), Money(300, "JPY")
    inside = totals(goods=goods, shipping=shipping, tax_basis_points=1000, tax_included=True)
    assert (inside.tax.minor, inside.total.minor) == (300, 3300)
    outside = totals(goods=goods, shipping=shipping, tax_basis_points=825, tax_included=False)
    assert (outside.tax.minor, outside.total.minor) == (272, 3572)


@given(
    goods=st.integers(0, 10**9),
    shipping=st.integers(0, 10**6),
    rate=st.integers(0, 5000),
    included=st.booleans(),
)
def test_totals_always_add_up(*, goods: int, shipping: int, rate: int, included: bool) -> None:
    made = totals(
        goods=Money(goods, "EUR"),
        shipping=Money(shipping, "EUR"),
        tax_basis_points=rate,
        tax_included=included,
    )
    added = 0 if included else made.tax.minor
    assert made.total.minor == goods + shipping + added
    assert 0 <= made.tax.minor <= goods + shipping
