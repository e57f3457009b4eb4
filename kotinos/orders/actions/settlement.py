"""What follows from money: an order whose payment was captured ends confirmed or refunded.

`resolve` takes one order as far as it can go, from whatever state a crash left it in. It is called
by the notice door, by the outbox, by the settlement job and by the back office: the rule which
step comes next is `decide.next_step`, each step is one transaction under the order's lock, and
doing a step twice changes nothing. The provider is only asked outside transactions.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db import transaction

from kotinos.kernel import rich
from kotinos.orders import statements
from kotinos.orders.actions.writing import quota_key, spend_quota
from kotinos.orders.decide import StateName, Step, next_step
from kotinos.orders.models import Order, OrderLine, State
from kotinos.orders.queueing import REFUNDED, plan_mail
from kotinos.payments import api as payments
from kotinos.payments.contracts import NoticeAccepted, NoticeOutcome
from kotinos.rights import api as rights
from kotinos.stock import api as stock
from kotinos.stock.contracts import Held, HoldLine, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STEPS_MAX = 6  # Confirm, refund, send, note: no path is longer.
GRACE_SECONDS = 60  # A payment made in the last second of a hold is still on its way.
LATE_HOLD_SECONDS = 120
CAPTURED_LOOK_BACK = timedelta(days=3)
SETTLED_AT_ONCE_MAX = 1_000


def receive_notice(
    *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> NoticeOutcome:
    """A provider's notice, and at once what follows from it for its order.

    Should this process die after the first half, the outbox and `settle` do the second.
    """
    outcome = payments.accept_notice(provider=provider, body=body, headers=headers, now=now)
    if isinstance(outcome, NoticeAccepted):
        resolve(order_id=UUID(outcome.reference), now=now)
    return outcome


def settle(*, now: datetime) -> int:
    """Resolve every order that is not at its end; how many were looked at."""
    captured = payments.captured_references(since=now - CAPTURED_LOOK_BACK)
    ended = State.objects.filter(name__in=[StateName.CONFIRMED, StateName.REFUNDED])
    by_money = Order.objects.filter(id__in=captured).exclude(
        id__in=ended.values("order_id")
    ) | Order.objects.filter(
        id__in=State.objects.filter(name=StateName.REFUNDING).values("order_id")
    ).exclude(id__in=State.objects.filter(name=StateName.REFUNDED).values("order_id"))
    closed = State.objects.exclude(name=StateName.PAID)
    waiting = Order.objects.filter(hold_until__lte=now).exclude(id__in=closed.values("order_id"))
    due = {*by_money.values_list("id", flat=True), *waiting.values_list("id", flat=True)}
    for order_id in sorted(due)[:SETTLED_AT_ONCE_MAX]:
        resolve(order_id=order_id, now=now)
    return len(due)


def resolve(*, order_id: UUID, now: datetime) -> Step:
    """Take one order as far as it can go now; the step it stops at (WAIT or DONE, mostly)."""
    step = Step.WAIT
    for _ in range(STEPS_MAX):
        order = Order.objects.filter(id=order_id).first()
        if order is None:
            return Step.DONE
        step = _next(order, now)
        if step in {Step.WAIT, Step.DONE}:
            break
        _do(step, order, now)
    return step


def _next(order: Order, now: datetime) -> Step:
    hold_over = now >= order.hold_until
    if hold_over and not order.states.exists():
        # The notice may be lost: the provider's own book is asked before anything is given up.
        payments.catch_up(intent_id=order.intent_id, now=now)
    payment = payments.payment(order.intent_id)
    if payment is None:
        raise AssertionError(f"order {order.id} has no payment intent")
    return next_step(
        states=_states(order),
        payment=payment.status,
        hold_over=now >= order.hold_until + timedelta(seconds=GRACE_SECONDS),
    )


def _states(order: Order) -> frozenset[str]:
    return frozenset(State.objects.filter(order=order).values_list("name", flat=True))


def _do(step: Step, order: Order, now: datetime) -> None:
    match step:
        case Step.CONFIRM:
            _confirm(order, now)
        case Step.REFUND:
            ask_refund(order_id=order.id, reason="payment could not be kept", by_id=None, now=now)
        case Step.SEND_REFUND:
            payments.send_refunds(reference=str(order.id), now=now)
        case Step.NOTE_REFUNDED:
            _note_refunded(order, now)
        case Step.LAPSE:
            _lapse(order, now)
        case Step.WAIT | Step.DONE:
            pass


def _confirm(order: Order, now: datetime) -> None:
    """The units leave, or are had again, or the money goes back.

    Rights are not asked again: the sale rests on the decisions recorded when it was placed, and a
    grant suspended since then does not undo a sale that was made.
    """
    if _confirm_with(order, order.id, now):
        return
    late_key = uuid5(order.id, "late")
    held = stock.hold(key=late_key, lines=_lines_again(order), seconds=LATE_HOLD_SECONDS, now=now)
    if not (isinstance(held, Held) and _confirm_with(order, late_key, now)):
        stock.release(key=late_key, now=now)
        ask_refund(order_id=order.id, reason="sold out meanwhile", by_id=None, now=now)


def _lines_again(order: Order) -> list[HoldLine]:
    rows = OrderLine.objects.filter(order=order).select_related("shipment").order_by("id")
    return [HoldLine(row.variant_id, row.shipment.location_id, row.units) for row in rows]


def _confirm_with(order: Order, key: UUID, now: datetime) -> bool:
    """Take the units of this hold and write the confirmation, or neither. True: it is settled."""
    with transaction.atomic():
        Order.objects.select_for_update().get(id=order.id)
        states = _states(order)
        if states & {StateName.CONFIRMED, StateName.CANCELLED, StateName.REFUNDING}:
            return True
        if StateName.LAPSED in states and not _spend_quota_again(order, now):
            return False
        _add_state(order.id, StateName.PAID, now)
        _add_state(order.id, StateName.CONFIRMED, now)
        _tell(order, StateName.CONFIRMED, now)
        # Last, because the level's row is the one that others wait for.
        is_taken = isinstance(stock.take(key=key, now=now), Taken)
        if not is_taken:
            transaction.set_rollback(True)
        return is_taken


def _spend_quota_again(order: Order, now: datetime) -> bool:
    """What lapsing gave back to the grants must be had again."""
    units = {UUID(grant_id): count for grant_id, count in order.quota_units.items()}
    return spend_quota(units, key=f"{quota_key(order.id)}:late", now=now)


def ask_refund(*, order_id: UUID, reason: str, by_id: UUID | None, now: datetime) -> bool:
    """Everything that arrived must go back; False where nothing is left to give back.

    An order that was not confirmed is cancelled with it, and its hold is freed.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(id=order_id)
        amount = payments.request_refund(
            intent_id=order.intent_id,
            key=f"order:{order_id}",
            reason=reason,
            by_id=by_id,
            now=now,
        )
        if amount is None:
            return False
        states = _states(order)
        _add_state(order_id, StateName.PAID, now)
        if StateName.CONFIRMED not in states:
            _add_state(order_id, StateName.CANCELLED, now, detail=reason)
            rights.release_quota(key=quota_key(order_id), now=now)
        _add_state(order_id, StateName.REFUNDING, now, by_id=by_id, detail=reason)
    stock.release(key=order_id, now=now)
    return True


def _note_refunded(order: Order, now: datetime) -> None:
    with transaction.atomic():
        Order.objects.select_for_update().get(id=order.id)
        if _add_state(order.id, StateName.REFUNDED, now):
            plan_mail(order_id=order.id, kind=REFUNDED)
            _tell(order, StateName.REFUNDED, now)


def _lapse(order: Order, now: datetime) -> None:
    """Nobody paid in time. The provider is told first: what it took meanwhile is not given up."""
    if not payments.cancel(intent_id=order.intent_id, reason="not paid in time", now=now):
        payments.catch_up(intent_id=order.intent_id, now=now)
        return
    with transaction.atomic():
        Order.objects.select_for_update().get(id=order.id)
        if not _states(order):
            _add_state(order.id, StateName.LAPSED, now)
            rights.release_quota(key=quota_key(order.id), now=now)
    stock.release(key=order.id, now=now)


def _add_state(
    order_id: UUID, name: StateName, now: datetime, *, by_id: UUID | None = None, detail: str = ""
) -> bool:
    """Under the order's lock. True where it was not there before."""
    _, is_new = State.objects.get_or_create(
        order_id=order_id,
        name=name,
        defaults={"at": now, "by_id": by_id, "detail": detail[:200]},
    )
    return is_new


def _tell(order: Order, state: StateName, now: datetime) -> None:
    """The news of a state, with the order's lines; the same text as in a drop."""
    rich.run(statements.tell_orders, orders=[order.id], state=state.value, now=now)
