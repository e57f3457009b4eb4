"""Background work of orders. Each may run at any time and twice: the actions make that harmless."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from kotinos.kernel import clock
from kotinos.orders import mail
from kotinos.orders.actions.basket import forget_baskets
from kotinos.orders.actions.fixing import fix_due_quotes
from kotinos.orders.actions.settlement import receive_notice, resolve, settle
from kotinos.orders.cookie import BASKET_DAYS
from kotinos.orders.queueing import FIX_QUOTES, MAIL_QUEUE, RESOLVE, SEND_MAIL
from kotinos.payments import api as payments
from kotinos.stock import api as stock


@app.periodic(cron="* * * * *")
@app.task(name="orders.settle", queueing_lock="orders.settle")
def settle_orders(timestamp: int) -> None:
    """Every minute: no captured payment stays without an order, no order without an end."""
    del timestamp
    settle(now=clock.now())
    payments.send_refunds(now=clock.now())


@app.periodic(cron="* * * * * */5")
@app.task(name="orders.deliver_sandbox_notices", queueing_lock="orders.deliver_sandbox_notices")
def deliver_sandbox_notices(timestamp: int) -> None:
    """The sandbox's late notices, through the door that real ones use."""
    del timestamp
    payments.deliver_sandbox_notices(door=receive_notice, now=clock.now())


@app.periodic(cron="* * * * * */5")
@app.task(name="orders.expire_holds", queueing_lock="orders.expire_holds")
def expire_holds(timestamp: int) -> None:
    """Holds whose time is over. A buyer in need frees them anyway: see `stock.hold`."""
    del timestamp
    stock.expire(now=clock.now())


@app.task(name=FIX_QUOTES)
def fix_all_quotes() -> None:
    """What drops cost everywhere, after rights have changed."""
    fix_due_quotes(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="orders.refix_quotes", queueing_lock="orders.refix_quotes")
def refix_quotes(timestamp: int) -> None:
    """Every minute: prices, shelves and the dates of grants move without telling anybody."""
    del timestamp
    fix_due_quotes(now=clock.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="orders.forget_baskets", queueing_lock="orders.forget_baskets")
def forget_old_baskets(timestamp: int) -> None:
    """Baskets whose cookie has expired, once a day."""
    del timestamp
    forget_baskets(unchanged_since=clock.now() - timedelta(days=BASKET_DAYS))


@app.task(name=SEND_MAIL, queue=MAIL_QUEUE)
def send_mail(order_id: str, kind: str) -> None:
    """One mail about one order."""
    mail.send_mail(order_id=UUID(order_id), kind=kind, now=clock.now())


@app.task(name=RESOLVE)
def resolve_order(order_id: str) -> None:
    """One order as far as it can go."""
    resolve(order_id=UUID(order_id), now=clock.now())
