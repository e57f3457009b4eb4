"""What pages, mails and other packages may hold of baskets and orders. Frozen, no Django.

Templates and their context (each gets one typed row, as `view`):

| template                   | row             | address below `/<place>/`                |
|----------------------------|-----------------|------------------------------------------|
| `orders/basket.html`       | BasketView      | GET basket/                              |
| `orders/checkout.html`     | CheckoutView    | GET and POST checkout/                   |
| `orders/order.html`        | OrderView       | GET order/<token>/                       |
| `orders/link_refused.html` | LinkRefusedView | the same with a forged or expired token  |

Forms (POST, no CSRF token: the Origin and Sec-Fetch-Site headers are checked instead, so that
the product page that carries the add form stays cacheable):

* `orders:add` basket/add: `variant` (uuid), `seller` (uuid), `units` (1..20), and where something
  led to it `via` (`<what>:<code>:...`; anything else is dropped)
* `orders:change` basket/change: `line` (uuid), `units` (0 removes)
* `orders:prune` basket/prune: removes every line that is not available here
* `orders:checkout` checkout: see CheckoutView
* `orders:pay` order/<token>/pay: leads to the payment page (again)
* the small personal part: `GET /fast/basket` -> `{"lines": 2, "units": 3}`

Every sentence in these rows is already in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.catalog.contracts import Picture
    from kotinos.kernel.money import Money

LINES_MAX = 50
UNITS_MAX = 20
VIA_LENGTH_MAX = 200
HOLD_SECONDS = 15 * 60

# Outbox events; payload {"order": str, "territory": str, "minor": int, "currency": str}.
EVENT_CONFIRMED = "orders.confirmed"
EVENT_REFUNDED = "orders.refunded"


class OrderStatus(StrEnum):
    """Derived from the order's state rows and its shipments; nothing stores it."""

    AWAITING_PAYMENT = "awaiting-payment"
    PAID = "paid"  # paid, not yet confirmed: seconds, or the settlement job decides
    CONFIRMED = "confirmed"
    PARTLY_SHIPPED = "partly-shipped"
    SHIPPED = "shipped"
    LAPSED = "lapsed"  # not paid in time; the units went back
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class BasketCount:
    """For the header of every page."""

    lines: int
    units: int


@dataclass(frozen=True, slots=True)
class Amount:
    """Money and how this page's reader writes it."""

    money: Money
    text: str


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line cannot be bought here, and where more is explained (`page_url`, may be empty).

    `code` is a rights reason, or sold-out, short, no-price, no-shipping, other-currency, in-drop
    or withdrawn; `sentence` says it to the reader.
    """

    code: str
    sentence: str
    page_url: str


@dataclass(frozen=True, slots=True)
class BasketLineView:
    """One line. A line with a `problem` has no price and counts in no total."""

    line_id: UUID
    variant_id: UUID
    seller_id: UUID
    seller_name: str
    title: str
    options: str  # "Red / M", may be empty
    product_url: str
    picture: Picture | None
    units: int
    units_max: int
    unit_price: Amount | None
    line_total: Amount | None
    price_before: Amount | None  # set where the price changed since it was put into the basket
    problem: LineProblem | None


@dataclass(frozen=True, slots=True)
class TotalsView:
    """`tax_included`: the tax is already inside the other figures and is only named."""

    goods: Amount
    shipping: Amount | None  # None: not yet known, or cannot be shipped
    tax: Amount
    tax_included: bool
    tax_label: str
    total: Amount


@dataclass(frozen=True, slots=True)
class BasketView:
    """The basket as seen from the path's territory.

    `moved_sentence` is not empty where the basket was filled for another territory: prices and
    clearance shown are the path's. `notice` answers the form that led here (may be empty).
    """

    lines: tuple[BasketLineView, ...]
    totals: TotalsView | None  # None: nothing that can be bought
    units: int
    problems: int
    can_check_out: bool
    moved_sentence: str
    notice: str


@dataclass(frozen=True, slots=True)
class FieldChoice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FormFieldView:
    """One field, in the order to show. `kind` is text, email, tel, select or hidden.

    `error` is empty or a sentence to show beside the field; `autocomplete` is the HTML token;
    `pattern` an HTML pattern (may be empty); `example` fits a hint.
    """

    name: str
    label: str
    kind: str
    value: str
    required: bool
    autocomplete: str
    pattern: str
    example: str
    choices: tuple[FieldChoice, ...]
    error: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Something that changed between the basket and the order, said in one sentence."""

    sentence: str
    page_url: str


@dataclass(frozen=True, slots=True)
class TerritorySwitch:
    """The address is in another territory than the path: offer to go on there."""

    sentence: str
    url: str  # the same checkout in the address's territory
    territory: str
    territory_name: str


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """GET shows the form; a POST that cannot be placed shows it again with what was typed.

    Post every field by its `name`, and `quote` as it stands here (hidden): it carries the key
    that makes a repeated submit harmless and the prices that the buyer saw.
    `errors` (for the summary) are (field name, sentence); `changes` need a second submit.
    """

    lines: tuple[BasketLineView, ...]
    totals: TotalsView
    fields: tuple[FormFieldView, ...]
    errors: tuple[tuple[str, str], ...]
    changes: tuple[ChangeView, ...]
    switch: TerritorySwitch | None
    quote: str
    territory_name: str
    signed_in_email: str


@dataclass(frozen=True, slots=True)
class OrderLineView:
    title: str
    options: str
    units: int
    unit_price: Amount
    line_total: Amount
    seller_name: str
    product_url: str
    picture: Picture | None
    decision: str  # one sentence: what the recorded decisions say


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """What one seller sends from one place. `shipped_at` is None until it left."""

    shipment_id: UUID
    seller_name: str
    from_name: str
    lines: tuple[OrderLineView, ...]
    shipped_at: datetime | None
    carrier: str
    tracking: str


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One step of the order's story, for a timeline: done steps carry a time."""

    name: str
    label: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order page behind a signed link. `pay_url` is empty unless something is to be paid;
    then the form there is a POST. `refresh_seconds` > 0: the page should ask again by itself.
    """

    order_id: UUID
    number: str
    status: OrderStatus
    headline: str
    explanation: str
    placed_at: datetime
    email: str
    address_lines: tuple[str, ...]
    shipments: tuple[ShipmentView, ...]
    totals: TotalsView
    steps: tuple[OrderStep, ...]
    pay_url: str
    hold_until: datetime | None
    refresh_seconds: int


@dataclass(frozen=True, slots=True)
class LinkRefusedView:
    """A link that opens nothing: `kind` is expired or forged."""

    kind: str
    headline: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SellerShipmentRow:
    """A row of the back office's list of orders to ship: only the seller's own things."""

    shipment_id: UUID
    order_id: UUID
    order_number: str
    seller_id: UUID
    placed_at: datetime
    confirmed_at: datetime | None
    territory: str
    recipient: str
    units: int
    goods: Money
    status: OrderStatus
    shipped_at: datetime | None


@dataclass(frozen=True, slots=True)
class SaleVia:
    """What confirmed orders of one currency hold that came by one way, refunded ones left out."""

    via: str
    orders: int
    units: int
    goods: Money


# -- outcomes of actions ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Added:
    """The units are in the basket. `units` is what the line now holds."""

    basket_id: UUID
    line_id: UUID
    units: int


@dataclass(frozen=True, slots=True)
class AddRefused:
    """Nothing changed. `code` as in LineProblem, or full (lines), units, unknown."""

    code: str
    product_handle: str
    explained: bool  # the product page explains it (a refusal of rights)


@dataclass(frozen=True, slots=True)
class Placed:
    """The order stands and its units are held; `again`: it had been placed before."""

    order_id: UUID
    number: str
    intent_id: UUID
    total: Money
    again: bool


@dataclass(frozen=True, slots=True)
class PlacedNot:
    """No order, nothing held, the basket as it was; `changes` say why."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is in the way of an order; `before` and `after` are prices, `units` what is left.

    `kind`: price, total, rights, short, sold-out, no-price, no-shipping, other-currency,
    in-drop, withdrawn, empty, stale (the form is too old, or the basket changed since).
    """

    kind: str
    title: str = ""
    handle: str = ""
    before: Money | None = None
    after: Money | None = None
    units: int = 0


PlacementOutcome = Placed | PlacedNot
