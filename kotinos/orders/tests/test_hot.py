from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.apps import apps

from kotinos.kernel import clock, outbox
from kotinos.kernel.models import OutboxEvent
from kotinos.kernel.money import Money
from kotinos.orders import api as orders
from kotinos.orders.actions.basket import add
from kotinos.orders.contracts import AddRefused
from kotinos.orders.fast import Code, HotHeld, HotNoticed, HotPlaced, HotRefused
from kotinos.orders.models import FixedQuote, Order, OrderLine, State
from kotinos.orders.tests.hall import Hall, beside, in_hall, open_drop
from kotinos.orders.tests.world import JAPAN, World, build_world
from kotinos.payments import api as payments
from kotinos.rights import api as rights
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_world(tmp_path, scarves=3)


def _free(world: World) -> int:
    return stock.available([world.variants["scarf"]])[world.variants["scarf"]]


def _states(placed: HotPlaced) -> set[str]:
    return set(State.objects.filter(order_id=placed.order_id).values_list("name", flat=True))


async def _buy_and_pay(hall: Hall) -> HotPlaced:
    placed = await hall.buy(hall.wish())
    assert isinstance(placed, HotPlaced), placed
    assert await hall.pay(placed) == HotNoticed(again=False, is_confirmed=True)
    return placed


def test_an_order_is_placed_paid_and_confirmed_and_rests_on_two_decisions(world: World) -> None:
    placed = in_hall(open_drop(world), _buy_and_pay)
    assert _states(placed) == {"paid", "confirmed"}
    line = OrderLine.objects.get(order_id=placed.order_id)
    assert (line.title, line.units, line.unit_price_minor) == ("Scarf", 1, 3000)
    for decision_id in (line.sell_decision_id, line.ship_decision_id):
        assert rights.prove(decision_id=decision_id)[0]  # type: ignore[index]  # it is found
    assert (_free(world), stock.ledger_gap()) == (2, 0)
    payment = payments.payment(placed.intent_id)
    assert payment is not None
    assert payment.captured == placed.total
    view = orders.order_view(placed.order_id, language="en", now=clock.now())
    assert view.number == placed.number


def test_what_the_quote_says_is_what_the_ordinary_checkout_would_say(world: World) -> None:
    open_drop(world)
    quote = FixedQuote.objects.get(territory="JP", closed_at__isnull=True)
    goods, shipping, tax, total = quote.totals_minor[1]
    assert (goods, quote.tax_included) == (6000, True)
    assert total == goods + shipping
    assert 0 < tax < total
    assert not FixedQuote.objects.filter(territory="US").exists()


def test_one_key_places_one_order_however_often_it_is_sent(world: World) -> None:
    async def use(hall: Hall) -> list[object]:
        wish = hall.wish()
        answers = await asyncio.gather(*(hall.buy(wish) for _ in range(20)))
        return [*answers, await hall.buy(wish)]

    answers = in_hall(open_drop(world), use)
    assert {getattr(answer, "number", answer) for answer in answers} == {Order.objects.get().number}
    assert sum(not getattr(answer, "again", True) for answer in answers) == 1
    assert _free(world) == 2


def test_nobody_gets_more_than_the_limit_by_many_keys(world: World) -> None:
    async def use(hall: Hall) -> list[object]:
        return list(await asyncio.gather(*(hall.buy(hall.wish("greedy")) for _ in range(8))))

    answers = in_hall(open_drop(world, units_per_buyer=2), use)
    assert sum(isinstance(answer, HotPlaced) for answer in answers) == 2
    codes = {answer.code for answer in answers if isinstance(answer, HotRefused)}
    assert codes == {Code.LIMIT}


def test_the_last_units_go_to_whoever_came_first(world: World) -> None:
    async def use(hall: Hall) -> list[object]:
        return list(await asyncio.gather(*(hall.buy(hall.wish(f"fan {n}")) for n in range(30))))

    answers = in_hall(open_drop(world), use)
    assert [isinstance(answer, HotPlaced) for answer in answers] == [True] * 3 + [False] * 27
    assert {a.code for a in answers if isinstance(a, HotRefused)} == {Code.SOLD_OUT}
    assert (_free(world), stock.ledger_gap()) == (0, 0)


def test_sold_out_is_said_from_memory_and_a_repeat_still_finds_its_order(world: World) -> None:
    async def use(hall: Hall) -> tuple[object, object]:
        wishes = [hall.wish(f"fan {n}") for n in range(3)]
        for wish in wishes:
            assert isinstance(await hall.buy(wish), HotPlaced)
        refused = await hall.first("late")
        return refused, await hall.buy(wishes[0])

    refused, again = in_hall(open_drop(world), use)
    assert isinstance(refused, HotRefused)
    assert refused.code is Code.SOLD_OUT
    assert isinstance(again, HotPlaced)
    assert again.again


def test_rights_lost_after_fixing_stop_the_sale_at_once(world: World) -> None:
    drop = open_drop(world)

    async def use(hall: Hall) -> object:
        grant_id = world.grants["SHOP"]
        await beside(rights.suspend, grant_id=grant_id, now=clock.now(), reason="samples")
        return await hall.buy(hall.wish())

    refused = in_hall(drop, use)
    assert isinstance(refused, HotRefused)
    assert refused.code is Code.RIGHTS
    assert (Order.objects.count(), _free(world), stock.ledger_gap()) == (0, 3, 0)
    assert orders.fix_due_quotes(now=clock.now()) > 0
    assert not FixedQuote.objects.filter(closed_at__isnull=True).exists()


def test_fixing_again_without_a_change_writes_nothing(world: World) -> None:
    open_drop(world)
    assert orders.fix_due_quotes(now=clock.now()) == 0


def test_a_hold_can_be_given_back_but_not_the_units_of_an_order(world: World) -> None:
    async def use(hall: Hall) -> tuple[int, int]:
        now = clock.now()
        held, ordered = hall.wish("a"), hall.wish("b")
        assert isinstance(await hall.hot.hold(held.hold, now=now), HotHeld)
        assert isinstance(await hall.buy(ordered), HotPlaced)
        first = await hall.hot.release(held.hold, now=now)
        return first, await hall.hot.release(ordered.hold, now=now)

    assert in_hall(open_drop(world), use) == (1, 0)
    assert (_free(world), stock.ledger_gap()) == (2, 0)


def test_a_hold_becomes_the_order_of_its_key(world: World) -> None:
    async def use(hall: Hall) -> tuple[object, object]:
        wish = hall.wish(units=2)
        held = await hall.hot.hold(wish.hold, now=clock.now())
        return held, await hall.buy(wish)

    held, placed = in_hall(open_drop(world), use)
    assert isinstance(held, HotHeld)
    assert isinstance(placed, HotPlaced)
    assert placed.hold_until == held.expires_at
    assert _free(world) == 1


def test_another_amount_is_recorded_and_given_back_never_confirmed(world: World) -> None:
    async def use(hall: Hall) -> HotPlaced:
        placed = await hall.buy(hall.wish())
        assert isinstance(placed, HotPlaced)
        await hall.pay(placed, Money(1, placed.total.currency))
        return placed

    placed = in_hall(open_drop(world), use)
    assert _states(placed) == set()
    orders.resolve(order_id=placed.order_id, now=clock.now())
    assert "refunding" in _states(placed)
    assert (_free(world), stock.ledger_gap()) == (3, 0)


def test_a_payment_after_the_hold_gets_its_units_again(world: World) -> None:
    async def use(hall: Hall) -> HotPlaced:
        placed = await hall.buy(hall.wish())
        assert isinstance(placed, HotPlaced)
        later = clock.now() + timedelta(hours=1)
        assert await beside(stock.expire, now=later) == 1
        await hall.pay(placed)
        return placed

    placed = in_hall(open_drop(world), use)
    assert _states(placed) == set()
    outbox.relay(now=clock.now())
    orders.resolve(order_id=placed.order_id, now=clock.now())
    assert _states(placed) == {"paid", "confirmed"}
    assert (_free(world), stock.ledger_gap()) == (2, 0)


def test_some_paid_in_time_and_some_too_late_do_not_hinder_each_other(world: World) -> None:
    async def use(hall: Hall) -> tuple[HotPlaced, HotPlaced]:
        early = await hall.buy(hall.wish("early"))
        assert isinstance(early, HotPlaced)
        later = clock.now() + timedelta(hours=1)
        await beside(stock.expire, now=later)
        late = await hall.buy(hall.wish("late"))
        assert isinstance(late, HotPlaced)
        await asyncio.gather(hall.pay(early), hall.pay(late))
        return early, late

    expired, held = in_hall(open_drop(world), use)
    assert (_states(expired), _states(held)) == (set(), {"paid", "confirmed"})


def test_nonsense_is_refused_with_its_fields(world: World) -> None:
    drop = open_drop(world)

    async def use(hall: Hall) -> list[object]:
        wish = hall.wish()
        stranger = replace(wish.hold, variant_id=uuid4())
        elsewhere = replace(wish, territory="US")
        return [
            await hall.buy(replace(wish, email="nobody")),
            await hall.buy(replace(wish, address={})),
            await hall.buy(replace(wish, hold=stranger)),
            await hall.buy(replace(wish, hold=replace(wish.hold, units=3))),
            await hall.buy(elsewhere),
        ]

    answers = in_hall(drop, use)
    assert all(isinstance(answer, HotRefused) for answer in answers)
    codes = [getattr(answer, "code", None) for answer in answers]
    assert codes[:4] == [Code.INVALID, Code.INVALID, Code.UNKNOWN, Code.LIMIT]
    assert codes[4] in {Code.RIGHTS, Code.INVALID}
    assert (Order.objects.count(), _free(world)) == (0, 3)


def test_what_a_drop_sells_cannot_be_had_in_the_shop(world: World) -> None:
    open_drop(world)
    refused = add(
        basket_id=None,
        variant_id=world.variants["scarf"],
        seller_id=world.sellers["SHOP"],
        units=1,
        place=JAPAN,
        session_key="",
        now=clock.now(),
    )
    assert isinstance(refused, AddRefused)
    assert refused.code == "in-drop"


def test_a_sold_order_tells_its_line_and_the_drop_it_was_bought_in(world: World) -> None:
    products: Any = apps.get_model("catalog", "Product")._default_manager
    products.update(team="KEN", edition="2030")
    drop = open_drop(world)
    placed = in_hall(drop, _buy_and_pay)
    told = OutboxEvent.objects.get(kind=orders.EVENT_CONFIRMED).payload
    line = OrderLine.objects.get(order_id=placed.order_id)
    assert told == {
        "order": str(placed.order_id),
        "territory": "JP",
        "minor": placed.total.minor,
        "currency": "JPY",
        "edition": "2030",
        "lines": [
            {
                "position": 1,
                "seller": str(world.sellers["SHOP"]),
                "noc": "KEN",
                "edition": "2030",
                "work": str(line.work_id),
                "product": "scarf",
                "sku": "scarf",
                "title": "Scarf",
                "grant": str(world.grants["SHOP"]),
                "via": "",
                "drop": drop.slug,
                "units": 1,
                "minor": 3000,
            }
        ],
    }
