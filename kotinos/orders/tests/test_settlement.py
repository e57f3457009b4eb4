from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from kotinos.kernel import clock, outbox
from kotinos.kernel.languages import LANGUAGES
from kotinos.kernel.money import Money
from kotinos.orders import api as orders
from kotinos.orders.mail import send_mail
from kotinos.orders.models import Order
from kotinos.orders.tests.buyer import Buyer, payment_of, state_names
from kotinos.payments import api as payments
from kotinos.payments.contracts import Notice, NoticeKind, PaymentStatus
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.core.mail import EmailMultiAlternatives

LATE = timedelta(seconds=orders.HOLD_SECONDS + 61)
CONFIRMED = {"paid", "confirmed"}
GIVEN_BACK = {"paid", "cancelled", "refunding", "refunded"}


@pytest.fixture
def order(buyer: Buyer) -> Order:
    """Two scarves of five, placed and not paid."""
    buyer.add(units=2)
    return buyer.order()


def _free(buyer: Buyer) -> int:
    return stock.available([buyer.world.variants["scarf"]])[buyer.world.variants["scarf"]]


def _captured(order: Order, now: datetime, minor: int | None = None) -> None:
    """The provider's word reaches payments, and the process dies before orders hears of it."""
    amount = Money(order.total_minor if minor is None else minor, order.currency)
    word = Notice(str(uuid4()), order.intent_id, NoticeKind.CAPTURED, amount, now)
    payments.record_notice(word, provider="sandbox", now=now)


def test_unpaid_orders_lapse_and_their_units_come_back(buyer: Buyer, order: Order) -> None:
    now = clock.now()
    assert orders.settle(now=now) == 0
    assert orders.settle(now=now + LATE) == 1
    assert state_names(order.id) == {"lapsed"}
    assert _free(buyer) == 5
    assert payment_of(order).status is PaymentStatus.CANCELLED
    assert orders.settle(now=now + LATE) == 0
    page = buyer.order_page(order).context["view"]
    assert (page.status, page.pay_url) == (orders.OrderStatus.LAPSED, "")
    assert "cancelled" in buyer.pay(order).content.decode()
    assert stock.ledger_gap() == 0


def test_a_payment_that_orders_never_heard_of_is_confirmed(buyer: Buyer, order: Order) -> None:
    now = clock.now()
    _captured(order, now)
    assert state_names(order.id) == set()
    orders.settle(now=now)
    orders.settle(now=now)
    assert state_names(order.id) == CONFIRMED
    assert (_free(buyer), stock.ledger_gap()) == (3, 0)


def test_the_outbox_alone_confirms_too(order: Order) -> None:
    now = clock.now()
    _captured(order, now)
    outbox.relay(now=now)
    (job,) = ProcrastinateJob.objects.filter(task_name="orders.resolve")
    assert job.args == {"order_id": str(order.id)}


def test_a_lost_notice_is_found_in_the_providers_book(buyer: Buyer, order: Order) -> None:
    buyer.pay(order, "late", late_seconds="3600")
    assert state_names(order.id) == set()
    orders.settle(now=clock.now() + LATE)
    assert state_names(order.id) == CONFIRMED


def test_a_late_notice_confirms_when_it_comes(buyer: Buyer, order: Order) -> None:
    buyer.pay(order, "late", late_seconds="30")
    page = buyer.order_page(order).context["view"]
    assert page.refresh_seconds > 0
    later = clock.now() + timedelta(seconds=31)
    payments.deliver_sandbox_notices(door=orders.receive_notice, now=later)
    assert state_names(order.id) == CONFIRMED


def test_a_doubled_notice_confirms_once(buyer: Buyer, order: Order) -> None:
    buyer.pay(order, "doubled")
    assert state_names(order.id) == CONFIRMED
    assert (_free(buyer), stock.ledger_gap()) == (3, 0)


def test_a_late_capture_gets_its_units_again_where_there_are_some(
    buyer: Buyer, order: Order
) -> None:
    now = clock.now() + LATE
    orders.settle(now=now)
    _captured(order, now)
    orders.settle(now=now)
    assert state_names(order.id) == CONFIRMED | {"lapsed"}
    assert (_free(buyer), stock.ledger_gap()) == (3, 0)


def test_a_late_capture_of_what_is_gone_goes_back(buyer: Buyer, order: Order) -> None:
    now = clock.now() + LATE
    orders.settle(now=now)
    buyer.add(units=5)
    buyer.pay(buyer.order())
    _captured(order, now)
    orders.settle(now=now)
    assert state_names(order.id) == GIVEN_BACK | {"lapsed"}
    assert payment_of(order).status is PaymentStatus.REFUNDED
    assert stock.ledger_gap() == 0


def test_a_wrong_amount_is_given_back_and_the_order_cancelled(buyer: Buyer, order: Order) -> None:
    now = clock.now()
    _captured(order, now, minor=1)
    orders.settle(now=now)
    assert state_names(order.id) == GIVEN_BACK
    assert payment_of(order).refunded == Money(1, order.currency)
    assert _free(buyer) == 5


def test_a_refund_cut_off_in_the_middle_is_finished(order: Order) -> None:
    now = clock.now()
    _captured(order, now, minor=1)
    from kotinos.orders.actions.settlement import ask_refund  # noqa: PLC0415 - the inner step

    ask_refund(order_id=order.id, reason="test", by_id=None, now=now)
    assert payment_of(order).status is PaymentStatus.REFUNDING
    orders.settle(now=now)
    orders.settle(now=now)
    assert state_names(order.id) == GIVEN_BACK
    assert payment_of(order).status is PaymentStatus.REFUNDED


def test_a_seller_ships_its_own_shipments_only(buyer: Buyer, order: Order) -> None:
    now, shop = clock.now(), buyer.world.sellers["SHOP"]
    assert orders.shipments_of([shop]) == ()
    buyer.pay(order)
    (row,) = orders.shipments_of([shop])
    assert (row.units, row.order_number, row.status) == (2, order.number, "confirmed")
    assert orders.shipments_of([buyer.world.sellers["RIVAL"]]) == ()

    def dispatch(seller_id: UUID) -> object:
        return orders.dispatch_shipment(
            shipment_id=row.shipment_id,
            seller_ids=[seller_id],
            carrier="Post",
            tracking="1Z",
            by_id=None,
            now=now,
        )

    assert dispatch(buyer.world.sellers["RIVAL"]) == orders.NotDone("unknown")
    for again in (False, True):
        assert dispatch(shop) == orders.Dispatched(again=again)
    assert orders.shipments_of([shop]) == ()
    page = buyer.order_page(order).context["view"]
    assert (page.status, page.shipments[0].tracking) == (orders.OrderStatus.SHIPPED, "1Z")


def test_an_unpaid_order_cannot_be_shipped_or_refunded(buyer: Buyer, order: Order) -> None:
    now, shop = clock.now(), buyer.world.sellers["SHOP"]
    shipment_id = order.shipments.get().id
    gone = orders.dispatch_shipment(
        shipment_id=shipment_id, seller_ids=[shop], carrier="", tracking="", by_id=None, now=now
    )
    assert gone == orders.NotDone("not-ready")
    refund = orders.refund_order(
        order_id=order.id,
        seller_ids=[shop],
        confirmation=order.number,
        reason="",
        by_id=None,
        now=now,
    )
    assert refund == orders.NotDone("nothing-paid")


def test_a_refund_wants_the_orders_number_and_all_its_sellers(buyer: Buyer, order: Order) -> None:
    buyer.pay(order)
    now, shop = clock.now(), buyer.world.sellers["SHOP"]

    def refund(seller_id: UUID, confirmation: str) -> object:
        return orders.refund_order(
            order_id=order.id,
            seller_ids=[seller_id],
            confirmation=confirmation,
            reason="came broken",
            by_id=None,
            now=now,
        )

    assert refund(buyer.world.sellers["RIVAL"], order.number) == orders.NotDone("unknown")
    assert refund(shop, "yes") == orders.NotDone("not-confirmed")
    assert isinstance(refund(shop, order.number.lower()), orders.RefundAsked)
    assert state_names(order.id) == {"paid", "confirmed", "refunding", "refunded"}
    assert refund(shop, order.number) == orders.NotDone("nothing-paid") or isinstance(
        refund(shop, order.number), orders.RefundAsked
    )
    assert payment_of(order).refunded == payment_of(order).captured


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["placed", "confirmed", "refunded"])
def test_mails_are_sent_once_in_the_buyers_language(
    order: Order, mailoutbox: list[EmailMultiAlternatives], kind: str, language: str
) -> None:
    Order.objects.filter(id=order.id).update(language=language)
    assert send_mail(order_id=order.id, kind=kind, now=clock.now())
    assert not send_mail(order_id=order.id, kind=kind, now=clock.now())
    (mail,) = mailoutbox
    assert order.number in mail.subject
    assert "/order/" in mail.body
    html = str(mail.alternatives[0][0])
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert Path(settings.EMAIL_FILE_PATH).name == "mail"


def test_every_step_of_an_order_queues_its_mail(buyer: Buyer, order: Order) -> None:
    buyer.pay(order)
    outbox.relay(now=clock.now())
    jobs = ProcrastinateJob.objects.filter(task_name="orders.send_mail").order_by("id")
    mine = [job.args["kind"] for job in jobs if job.args["order_id"] == str(order.id)]
    assert mine == ["placed", "confirmed"]
