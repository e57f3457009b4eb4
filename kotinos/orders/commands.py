"""`kotinos orders ...`: what the worker does by itself and what a seller asks."""

from __future__ import annotations

import click

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.money import format_money
from kotinos.orders import queries
from kotinos.orders.actions.fulfilment import NotDone, RefundAsked, refund_order
from kotinos.orders.actions.settlement import settle
from kotinos.orders.models import Order, Shipment
from kotinos.payments import api as payments
from kotinos.stock import api as stock


@click.group()
def orders() -> None:
    """Orders to ship, settlement, refunds."""


@orders.command("settle")
def settle_now() -> None:
    """Take every order as far as it can go, as the worker does each minute."""
    now = clock.now()
    freed = stock.expire(now=now)
    looked_at = settle(now=now)
    refunds = payments.send_refunds(now=now)
    click.echo(f"{looked_at} orders settled, {freed} holds freed, {refunds} refunds sent")


@orders.command("to-ship")
@click.option("--seller", "code", required=True, help="Code of the selling organisation")
def to_ship(code: str) -> None:
    """The shipments that wait to leave, the oldest order first."""
    seller = games.organisation(code)
    if seller is None:
        raise click.ClickException(f"no organisation has the code {code}")
    for row in queries.shipments_of([seller.id]):
        goods = format_money(row.goods, "en")
        click.echo(f"{row.order_number}  {row.territory}  {row.units} units  {goods}")


@orders.command("refund")
@click.argument("number")
@click.option("--reason", required=True, help="Kept with the refund")
@click.option("--confirm", "confirmation", prompt="Type the number again", help="The number again")
def refund(number: str, reason: str, confirmation: str) -> None:
    """Give back all that was paid for an order."""
    order = Order.objects.filter(number=number.strip().upper()).first()
    if order is None:
        raise click.ClickException(f"no order has the number {number}")
    outcome = refund_order(
        order_id=order.id,
        seller_ids=set(Shipment.objects.filter(order=order).values_list("seller_id", flat=True)),
        confirmation=confirmation,
        reason=reason,
        by_id=None,
        now=clock.now(),
    )
    match outcome:
        case RefundAsked(status=status):
            click.echo(f"{order.number} is {status}")
        case NotDone(why=why):
            raise click.ClickException(f"{order.number} was not refunded: {why}")
