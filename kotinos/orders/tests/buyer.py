"""A browser that buys, as a person would: pages, forms, redirects, nothing behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from kotinos.kernel import clock
from kotinos.orders import api as orders
from kotinos.orders.models import Order
from kotinos.orders.tests.world import JAPAN
from kotinos.payments import api as payments

if TYPE_CHECKING:
    from uuid import UUID

    from django.test import Client

    from kotinos.kernel.place import Place
    from kotinos.orders.tests.world import World
    from kotinos.payments.contracts import Payment

ADDRESSES = {
    "JP": {"name": "山田 花子", "postal_code": "154-0023", "region": "Tokyo", "city": "Setagaya",
           "line1": "1-2-3"},
    "KE": {"name": "Wanjiru", "line1": "1 Moi Avenue", "city": "Nairobi", "postal_code": "00100"},
    "FR": {"name": "Léa Martin", "line1": "1 rue de la Paix", "postal_code": "75002",
           "city": "Paris"},
    "US": {"name": "Jo", "line1": "1 Main St", "city": "Reno", "region": "NV",
           "postal_code": "89501"},
}  # fmt: skip


@dataclass
class Buyer:
    client: Client
    world: World
    place: Place = JAPAN

    def url(self, path: str) -> str:
        return f"/{self.place.slug}/{path}"

    def add(self, sku: str = "scarf", units: int = 1, seller: str = "SHOP") -> Any:
        form = {
            "variant": str(self.world.variants[sku]),
            "seller": str(self.world.sellers[seller]),
            "units": str(units),
        }
        return self.client.post(self.url("basket/add"), form)

    def basket(self) -> Any:
        return self.client.get(self.url("basket/")).context["view"]

    def quote(self) -> str:
        page = self.client.get(self.url("checkout/")).content.decode()
        return quote_in(page)

    def form(self, **changes: str) -> dict[str, str]:
        """A form filled in rightly for this place, but for the changes."""
        typed = ADDRESSES[self.place.territory] | {"email": "fan@example.org"}
        return typed | {"territory": self.place.territory} | changes

    def submit(self, quote: str | None = None, **changes: str) -> Any:
        form = self.form(**changes) | {"quote": self.quote() if quote is None else quote}
        return self.client.post(self.url("checkout/"), form)

    def order(self) -> Order:
        """Add nothing, submit, and return the order that was placed."""
        answer = self.submit()
        assert answer.status_code == 303, answer.content.decode()
        return Order.objects.latest("placed_at")

    def pay(self, order: Order, choice: str = "approve", **more: str) -> Any:
        url = payments.page_url(intent_id=order.intent_id, now=clock.now()) or ""
        return self.client.post(url, {"choice": choice} | more)

    def order_page(self, order: Order) -> Any:
        return self.client.get(orders.order_path_of(order.id, self.place, now=clock.now()))


def quote_in(page: str) -> str:
    """The hidden quote of a checkout page."""
    found = re.search(r'name="quote" value="([^"]+)"', page)
    assert found is not None, page
    return unescape(found[1])


def payment_of(order: Order) -> Payment:
    payment = payments.payment(order.intent_id)
    assert payment is not None
    return payment


def state_names(order_id: UUID) -> set[str]:
    return set(Order.objects.get(id=order_id).states.values_list("name", flat=True))
