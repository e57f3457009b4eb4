from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from kotinos.kernel import rich
from kotinos.stock import api as stock
from kotinos.stock.tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    Shelve = Callable[..., tuple[UUID, UUID]]

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _hold(variant: UUID, units: int = 1, key: UUID | None = None) -> stock.HoldOutcome:
    return stock.hold(key=key or uuid4(), lines=[(variant, None, units)], seconds=60, now=NOW)


def test_held_units_are_not_free_for_others(shelve: Shelve) -> None:
    variant, location = shelve(3)
    outcome = _hold(variant, 2)
    assert isinstance(outcome, stock.Held)
    assert [(line.variant_id, line.location_id, line.units) for line in outcome.lines] == [
        (variant, location, 2)
    ]
    assert _hold(variant, 2) == stock.SoldOut((stock.ShortLine(variant, 2, 1),))
    assert stock.available([variant]) == {variant: 1}
    assert stock.ledger_gap() == 0


def test_one_key_has_one_hold(shelve: Shelve) -> None:
    variant, _ = shelve(3)
    key = uuid4()
    first, second = _hold(variant, 2, key), _hold(variant, 2, key)
    assert isinstance(first, stock.Held)
    assert isinstance(second, stock.Held)
    assert (first.again, second.again) == (False, True)
    assert first.lines == second.lines
    assert stock.available([variant]) == {variant: 1}


def test_a_basket_is_held_whole_or_not_at_all(shelve: Shelve) -> None:
    (scarf, _), (pin, _) = shelve(5), shelve(1)
    lines = [(scarf, None, 2), (pin, None, 2)]
    outcome = stock.hold(key=uuid4(), lines=lines, seconds=60, now=NOW)
    assert outcome == stock.SoldOut((stock.ShortLine(pin, 2, 1),))
    assert stock.available([scarf, pin]) == {scarf: 5, pin: 1}


def test_something_that_was_never_stocked_is_sold_out(db: None) -> None:
    del db
    variant = uuid4()
    assert _hold(variant) == stock.SoldOut((stock.ShortLine(variant, 1, 0),))


def test_an_expired_hold_stands_in_nobodys_way(shelve: Shelve) -> None:
    variant, _ = shelve(1)
    key = uuid4()
    assert isinstance(_hold(variant, 1, key), stock.Held)
    later = NOW + 2 * MINUTE
    outcome = stock.hold(key=uuid4(), lines=[(variant, None, 1)], seconds=60, now=later)
    assert isinstance(outcome, stock.Held)
    assert stock.take(key=key, now=later) == stock.NotHeld(stock.EndKind.EXPIRED)
    assert _hold(variant, 1, key) == stock.HoldOver(stock.EndKind.EXPIRED)
    assert stock.ledger_gap() == 0


def test_expiry_frees_every_hold_that_is_due_and_no_other(shelve: Shelve) -> None:
    variant, _ = shelve(5)
    for seconds in (10, 20, 90):
        stock.hold(key=uuid4(), lines=[(variant, None, 1)], seconds=seconds, now=NOW)
    assert stock.expire(now=NOW + MINUTE) == 2
    assert stock.expire(now=NOW + MINUTE) == 0
    assert stock.available([variant]) == {variant: 4}
    assert stock.ledger_gap() == 0


def test_taken_units_leave_once(shelve: Shelve) -> None:
    variant, _ = shelve(3)
    key = uuid4()
    _hold(variant, 2, key)
    first, second = stock.take(key=key, now=NOW), stock.take(key=key, now=NOW)
    assert isinstance(first, stock.Taken)
    assert isinstance(second, stock.Taken)
    assert (first.again, second.again) == (False, True)
    assert stock.available([variant]) == {variant: 1}
    assert stock.release(key=key, now=NOW) == 0
    assert stock.ledger_gap() == 0


def test_a_key_that_never_held_takes_nothing(db: None) -> None:
    del db
    assert stock.take(key=uuid4(), now=NOW) == stock.NotHeld(None)


def test_released_units_are_free_again_once(shelve: Shelve) -> None:
    variant, _ = shelve(3)
    key = uuid4()
    _hold(variant, 2, key)
    assert (stock.release(key=key, now=NOW), stock.release(key=key, now=NOW)) == (2, 0)
    assert stock.available([variant]) == {variant: 3}
    assert stock.take(key=key, now=NOW) == stock.NotHeld(stock.EndKind.RELEASED)
    assert stock.ledger_gap() == 0


def test_two_locations_serve_what_one_cannot(shelve: Shelve) -> None:
    variant, north = shelve(2, "NORTH")
    _, south = shelve(1, "SOUTH", variant)
    outcome = _hold(variant, 3)
    assert isinstance(outcome, stock.Held)
    assert {(line.location_id, line.units) for line in outcome.lines} == {(north, 2), (south, 1)}


def test_another_sellers_stock_does_not_serve(
    shelve: Shelve, make_organisation: Callable[[str], UUID]
) -> None:
    variant, _ = shelve(2)
    line = stock.HoldLine(variant, None, 1, make_organisation("OTHER"))
    assert isinstance(stock.hold(key=uuid4(), lines=[line], seconds=60, now=NOW), stock.SoldOut)


def test_a_receipt_counts_once(shelve: Shelve) -> None:
    variant, location = shelve(1)
    receipt = stock.Receipt(uuid4(), variant, location, 4)
    assert stock.receive(receipts=[receipt, receipt], now=NOW) == 1
    assert stock.receive(receipts=[receipt], now=NOW) == 0
    assert stock.available([variant]) == {variant: 5}
    assert stock.ledger_gap() == 0


def test_a_count_never_takes_what_is_held(shelve: Shelve) -> None:
    variant, location = shelve(5)
    _hold(variant, 3)
    count = stock.Count(uuid4(), variant, location, 1)
    assert stock.count(counts=[count], now=NOW) == 1
    assert stock.available([variant]) == {variant: 0}
    assert stock.ledger_gap() == 0
    stock.count(counts=[stock.Count(uuid4(), variant, location, 9)], now=NOW)
    assert stock.count(counts=[count], now=NOW) == 0
    assert stock.available([variant]) == {variant: 6}
    assert stock.ledger_gap() == 0


@pytest.mark.parametrize("lines", [[], [(uuid4(), None, 0)]])
def test_a_hold_of_nothing_is_a_bug(db: None, lines: list[tuple[UUID, None, int]]) -> None:
    del db
    with pytest.raises(ValueError, match="line"):
        stock.hold(key=uuid4(), lines=lines, seconds=60, now=NOW)


def test_a_batch_grants_in_arrival_order_and_no_more_than_there_is(shelve: Shelve) -> None:
    variant, location = shelve(3)
    keys = [uuid4() for _ in range(6)]
    rows = rich.run(
        stock.hold_units,
        key=[*keys, keys[0]],
        variant_id=[variant] * 7,
        location_id=[location] * 7,
        units=[1, 1, 2, 1, 1, 1, 1],
        held_at=[NOW] * 7,
        expires_at=[NOW + MINUTE] * 7,
        holder=[None] * 7,
        holder_units_max=[None] * 7,
    )
    assert [row.hold_id is not None for _, row in rows] == [
        True, True, False, False, False, False, True,
    ]  # fmt: skip
    assert rows[3][1].crowded
    assert not rows[2][1].crowded
    assert stock.available([variant]) == {variant: 1}
    assert stock.ledger_gap() == 0


def _hold_for(holder: UUID, variant: UUID, location: UUID, units: list[int]) -> list[bool]:
    """Holds of one holder, two units at most, in one batch; which were over the limit."""
    size = len(units)
    rows = rich.run(
        stock.hold_units,
        key=[uuid4() for _ in units],
        variant_id=[variant] * size,
        location_id=[location] * size,
        units=units,
        held_at=[NOW] * size,
        expires_at=[NOW + MINUTE] * size,
        holder=[holder] * size,
        holder_units_max=[2] * size,
    )
    return [row.over_limit for _, row in rows]


def test_a_holder_never_has_more_than_their_limit(shelve: Shelve) -> None:
    variant, location = shelve(10)
    holder, other = uuid4(), uuid4()
    assert _hold_for(holder, variant, location, [1, 1, 1]) == [False, False, True]
    assert _hold_for(holder, variant, location, [1]) == [True]
    assert _hold_for(other, variant, location, [2]) == [False]
    assert stock.available([variant]) == {variant: 6}
    assert stock.expire(now=NOW + MINUTE) == 3
    assert _hold_for(holder, variant, location, [2, 1]) == [False, True]
    assert stock.ledger_gap() == 0
