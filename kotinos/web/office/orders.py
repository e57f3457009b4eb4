"""Orders as a seller's people need them: what to ship, what left, what to give back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.money import format_money
from kotinos.kernel.office import page, staff
from kotinos.orders import api as shop

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

ROLE = "orders"
STATES = {
    shop.OrderStatus.AWAITING_PAYMENT: (gettext_lazy("Awaiting payment"), "wait"),
    shop.OrderStatus.PAID: (gettext_lazy("Paid"), "wait"),
    shop.OrderStatus.CONFIRMED: (gettext_lazy("To ship"), "wait"),
    shop.OrderStatus.PARTLY_SHIPPED: (gettext_lazy("Partly shipped"), "wait"),
    shop.OrderStatus.SHIPPED: (gettext_lazy("Shipped"), "good"),
    shop.OrderStatus.LAPSED: (gettext_lazy("Not paid in time"), "plain"),
    shop.OrderStatus.CANCELLED: (gettext_lazy("Cancelled"), "bad"),
    shop.OrderStatus.REFUNDING: (gettext_lazy("Being refunded"), "wait"),
    shop.OrderStatus.REFUNDED: (gettext_lazy("Refunded"), "bad"),
}


class DispatchForm(forms.Form):
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=80)
    tracking = forms.CharField(label=gettext_lazy("Tracking number"), max_length=80, required=False)


class RefundForm(forms.Form):
    use_required_attribute = False
    confirm = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def _sellers(request: HttpRequest) -> frozenset[UUID]:
    """The organisations for which this person handles orders."""
    if not staff(request).has(ROLE):
        raise Http404
    mine = staff(request).organisations(ROLE)
    return frozenset(row.id for row in games.organisations()) if mine is None else mine


def index(request: HttpRequest) -> HttpResponse:
    """Shipments to send, the oldest order first; or all of them."""
    everything = request.GET.get("show") == "all"
    rows = shop.shipments_of(_sellers(request), only_to_ship=not everything)
    names = {row.id: row.name for row in games.organisations()}
    language = request.LANGUAGE_CODE
    context = {
        "everything": everything,
        "rows": [
            {
                "row": row,
                "seller": names.get(row.seller_id, ""),
                "where": games.territory_name(row.territory, language),
                "goods": format_money(row.goods, language),
                "state": STATES.get(row.status, (row.status, "plain")),
                "is_to_ship": row.shipped_at is None
                and row.status in {shop.OrderStatus.CONFIRMED, shop.OrderStatus.PARTLY_SHIPPED},
                "is_refundable": row.status
                in {
                    shop.OrderStatus.CONFIRMED,
                    shop.OrderStatus.PARTLY_SHIPPED,
                    shop.OrderStatus.SHIPPED,
                },
            }
            for row in rows
        ],
    }
    return page(request, "office/orders.html", context, title=_("Orders"))


def dispatch(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Say that a shipment left."""
    form = DispatchForm(request.POST)
    if request.method != "POST":
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Not done: name the carrier."))
        return redirect("office:orders")
    outcome = shop.dispatch_shipment(
        shipment_id=shipment_id,
        seller_ids=_sellers(request),
        by_id=staff(request).person_id,
        now=clock.now(),
        **form.cleaned_data,
    )
    match outcome:
        case shop.Dispatched(again=True):
            messages.info(request, _("It had left before."))
        case shop.Dispatched():
            messages.success(request, _("Marked as shipped. The buyer sees it on the order page."))
        case shop.NotDone("unknown"):
            raise Http404
        case shop.NotDone():
            messages.error(request, _("Not done: the order is not ready to ship."))
    return redirect("office:orders")


def refund(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give everything back, after the order's number was typed."""
    sellers = _sellers(request)
    row = next(
        (r for r in shop.shipments_of(sellers, only_to_ship=False) if r.order_id == order_id), None
    )
    if row is None:
        raise Http404
    form = RefundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _refund(request, order_id, sellers, form)
        if answer is not None:
            return answer
    language = request.LANGUAGE_CODE
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "goods": format_money(row.goods, language),
    }
    title = _("Refund order %(number)s") % {"number": row.order_number}
    status = 422 if form.errors else 200
    return page(request, "office/refund.html", context, title=title, status=status)


def _refund(
    request: HttpRequest, order_id: UUID, sellers: frozenset[UUID], form: RefundForm
) -> HttpResponse | None:
    outcome = shop.refund_order(
        order_id=order_id,
        seller_ids=sellers,
        confirmation=form.cleaned_data["confirm"],
        reason=form.cleaned_data["reason"],
        by_id=staff(request).person_id,
        now=clock.now(),
    )
    match outcome:
        case shop.RefundAsked():
            messages.success(request, _("The money goes back; the buyer is told by mail."))
            return redirect("office:orders")
        case shop.NotDone("not-confirmed"):
            form.add_error("confirm", _("This is not the order's number."))
        case shop.NotDone("nothing-paid"):
            form.add_error(None, _("Nothing was paid for this order."))
        case shop.NotDone():
            form.add_error(
                None, _("Other sellers share this order: only an operator can refund it.")
            )
    return None
