"""Basket, checkout and order pages. Thin: they read the request, call actions, show typed rows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kotinos.kernel import clock, tokens
from kotinos.orders.actions import basket as baskets
from kotinos.orders.actions.checkout import Placement, place_order, placed_before
from kotinos.orders.actions.settlement import resolve
from kotinos.orders.checkout_page import Filled, Submitted, checkout_view, read_form, read_quote
from kotinos.orders.contracts import (
    Added,
    AddRefused,
    Change,
    LinkRefusedView,
    Placed,
    PlacedNot,
)
from kotinos.orders.cookie import (
    BASKET_COOKIE,
    BASKET_DAYS,
    read_basket_cookie,
    write_basket_cookie,
)
from kotinos.orders.models import Order
from kotinos.orders.order_page import order_view, read_order_link, refused_link
from kotinos.orders.origin import own_pages_only
from kotinos.orders.pages import basket_view, product_path
from kotinos.orders.quoting import Quote, quote
from kotinos.orders.selling_ways import via_of
from kotinos.payments import api as payments

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.kernel.place import Place

SECONDS_A_DAY = 86_400
SEE_OTHER = 303
DIGITS_MAX = 4


@never_cache
@require_safe
def show_basket(request: HttpRequest, place: Place) -> HttpResponse:
    """The basket, priced and cleared for the path's territory. Reads only."""
    now = clock.now()
    quoted = quote(_basket_id(request, now), place=place, now=now)
    notice = request.GET.get("notice", "")
    view = basket_view(quoted, place=place, notice=notice, now=now)
    return render(request, "orders/basket.html", {"view": view})


@never_cache
@own_pages_only
@require_POST
def add(request: HttpRequest, place: Place) -> HttpResponse:
    """Put something into the basket; a refusal of rights leads to the page that explains it."""
    now = clock.now()
    basket_id = _basket_id(request, now)
    variant_id, seller_id = _uuid(request, "variant"), _uuid(request, "seller")
    if variant_id is None or seller_id is None:
        return _to_basket(place, "unknown")
    outcome = baskets.add(
        basket_id=basket_id,
        variant_id=variant_id,
        seller_id=seller_id,
        units=_number(request, "units", default=1),
        place=place,
        session_key=_session_key(request, basket_id),
        via=via_of(request.POST.get("via", "")),
        now=now,
    )
    match outcome:
        case Added():
            response = _to_basket(place, "added")
            _keep(response, outcome.basket_id, request, now)
            return response
        case AddRefused():
            if outcome.explained:
                return _see_other(product_path(place, outcome.product_handle))
            return _to_basket(place, outcome.code)


@never_cache
@own_pages_only
@require_POST
def change(request: HttpRequest, place: Place) -> HttpResponse:
    """Set a line's units; 0 takes it out."""
    now, line_id = clock.now(), _uuid(request, "line")
    units = _number(request, "units", default=-1)
    changed = line_id is not None and baskets.change(
        basket_id=_basket_id(request, now), line_id=line_id, units=units, now=now
    )
    return _to_basket(place, "changed" if changed else "units")


@never_cache
@own_pages_only
@require_POST
def prune(request: HttpRequest, place: Place) -> HttpResponse:
    """Take out what cannot be bought here."""
    now = clock.now()
    basket_id = _basket_id(request, now)
    quoted = quote(basket_id, place=place, now=now)
    problems = [line.line_id for line in quoted.lines if line.problem is not None]
    baskets.remove(basket_id=basket_id, line_ids=problems, now=now)
    return _to_basket(place, "pruned")


@never_cache
@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest, place: Place) -> HttpResponse:
    """The form, and its submission. A repeated submission leads to the order it placed."""
    now = clock.now()
    basket_id = _basket_id(request, now)
    if request.method == "POST":
        return _submit(request, place, basket_id, now)
    email = _email(request)
    filled = Filled({"email": email}, email, place.territory, {})
    return _show_checkout(request, place, basket_id, filled, now)


def _submit(
    request: HttpRequest, place: Place, basket_id: UUID | None, now: datetime
) -> HttpResponse:
    typed = {name: str(value)[:2000] for name, value in request.POST.items() if name != "quote"}
    filled = read_form(typed, territory=place.territory)
    submitted = read_quote(request.POST.get("quote", ""), now=now)
    known = placed_before(submitted.key) if submitted else None
    if known is not None and submitted is not None and submitted.basket_id == basket_id:
        return _to_payment(known, now)
    if filled.errors:
        return _show_checkout(request, place, basket_id, filled, now, status=422)
    if submitted is None or submitted.basket_id != basket_id:
        stale = (Change("stale"),)
        return _show_checkout(request, place, basket_id, filled, now, changes=stale, status=409)
    outcome = place_order(_placement(request, place, submitted, filled), now=now)
    match outcome:
        case Placed():
            return _to_payment(outcome, now)
        case PlacedNot(changes=changes):
            return _show_checkout(
                request, place, basket_id, filled, now, changes=changes, status=409
            )


def _placement(
    request: HttpRequest, place: Place, submitted: Submitted, filled: Filled
) -> Placement:
    return Placement(
        key=submitted.key,
        basket_id=submitted.basket_id,
        place=place,
        seen=submitted.seen,
        email=filled.email,
        address=filled.address,
        person_id=request.user.pk if request.user.is_authenticated else None,
        session_key=_session_key(request, submitted.basket_id),
    )


def _show_checkout(
    request: HttpRequest,
    place: Place,
    basket_id: UUID | None,
    filled: Filled,
    now: datetime,
    *,
    changes: tuple[Change, ...] = (),
    status: int = 200,
) -> HttpResponse:
    # What a hold has refused is among the changes; the lines keep their prices beside it.
    quoted = quote(basket_id, place=place, now=now, with_stock=not changes)
    notice = "gone" if changes else ""
    if basket_id is None or not _can_be_shown(quoted, changes):
        return _to_basket(place, notice)
    view = checkout_view(
        quoted,
        filled=filled,
        changes=changes,
        basket_id=basket_id,
        place=place,
        signed_in_email=_email(request),
        now=now,
    )
    if view is None:
        return _to_basket(place, notice)
    return render(request, "orders/checkout.html", {"view": view}, status=status)


def _can_be_shown(quoted: Quote, changes: tuple[Change, ...]) -> bool:
    """A basket with problems is mended on its own page, unless there is something to say first."""
    return quoted.is_whole or (bool(changes) and bool(quoted.sound))


def _to_payment(placed: Placed, now: datetime) -> HttpResponse:
    """To the payment page, or for an order that is already paid or over, to its own page."""
    intent = payments.payment(placed.intent_id)
    if intent is not None and intent.status in {"open", "declined"}:
        return _see_other(payments.page_url(intent_id=placed.intent_id, now=now) or "/")
    return _see_other(intent.intent.return_url if intent else "/")


@never_cache
@require_safe
def show_order(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """The order behind a signed link; a link that opens none is told so in words."""
    now = clock.now()
    read = read_order_link(token, now=now, language=place.language)
    if isinstance(read, LinkRefusedView) or not Order.objects.filter(id=read).exists():
        return _link_refused(request, read, place)
    pay_url = reverse("orders:pay", kwargs={"place": place, "token": token})
    view = order_view(read, language=place.language, now=now, pay_url=pay_url)
    return render(request, "orders/order.html", {"view": view})


def _link_refused(request: HttpRequest, read: UUID | LinkRefusedView, place: Place) -> HttpResponse:
    view = read if isinstance(read, LinkRefusedView) else refused_link("forged", place.language)
    status = 410 if view.kind == "expired" else 404
    return render(request, "orders/link_refused.html", {"view": view}, status=status)


@never_cache
@own_pages_only
@require_POST
def pay(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """Lead to the payment page (again) while the hold stands."""
    now = clock.now()
    read = read_order_link(token, now=now, language=place.language)
    if isinstance(read, LinkRefusedView):
        return _link_refused(request, read, place)
    placed = placed_before(read)
    if placed is None:
        return _link_refused(request, read, place)
    resolve(order_id=read, now=now)
    return _to_payment(placed, now)


def _basket_id(request: HttpRequest, now: datetime) -> UUID | None:
    return read_basket_cookie(request.COOKIES.get(BASKET_COOKIE, ""), now=now)


def _keep(response: HttpResponse, basket_id: UUID, request: HttpRequest, now: datetime) -> None:
    response.set_cookie(
        BASKET_COOKIE,
        write_basket_cookie(basket_id, now=now),
        max_age=BASKET_DAYS * SECONDS_A_DAY,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _session_key(request: HttpRequest, basket_id: UUID | None) -> str:
    """Who was refused, for counting once: the basket, else the address; never readable."""
    who = str(basket_id) if basket_id else request.META.get("REMOTE_ADDR", "")
    browser = request.headers.get("User-Agent", "")
    return tokens.keyed_hash("orders.session", f"{who} {browser}")


def _email(request: HttpRequest) -> str:
    return request.user.email if request.user.is_authenticated else ""


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _number(request: HttpRequest, name: str, *, default: int) -> int:
    """A small whole number; nonsense is -1, which every action refuses."""
    text = request.POST.get(name, "").strip()
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else -1


def _to_basket(place: Place, notice: str) -> HttpResponse:
    url = reverse("orders:basket", kwargs={"place": place})
    return _see_other(f"{url}?notice={notice}" if notice else url)


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
