"""Tables of orders. A basket may change; an order never does: what happens to it is a row."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kotinos.kernel.ids import new_id
from kotinos.orders.contracts import LINES_MAX, UNITS_MAX, VIA_LENGTH_MAX


class Basket(models.Model):
    """What one browser has gathered. The cookie carries the id, signed: no other can be guessed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    territory = models.CharField(max_length=2)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)


class BasketLine(models.Model):
    """One variant from one seller. The price is what the buyer saw when it was put in."""

    id = models.UUIDField(primary_key=True, default=new_id)
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    seller = models.ForeignKey("games.Organisation", on_delete=models.CASCADE, related_name="+")
    units = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    via = models.CharField(max_length=VIA_LENGTH_MAX, blank=True, default="", db_default="")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basket", "variant", "seller"], name="orders_basket_line_once"
            ),
            models.UniqueConstraint(fields=["basket", "position"], name="orders_basket_position"),
            models.CheckConstraint(
                condition=Q(units__gte=1, units__lte=UNITS_MAX), name="orders_basket_line_units"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=LINES_MAX),
                name="orders_basket_lines_bounded",
            ),
        ]


class FixedQuote(models.Model):
    """What one variant of a drop costs in one territory, and the decisions a sale there rests on.

    Written before the drop opens and never changed: where rights or prices move, the row is closed
    and another takes its place. `totals_minor` has [goods, shipping, tax, total] for each number
    of units from one. A sale is valid while the compiled answer still has both chains.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    drop_id = models.UUIDField(db_index=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="+")
    seller = models.ForeignKey("games.Organisation", on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey("stock.Location", on_delete=models.CASCADE, related_name="+")
    territory = models.CharField(max_length=2)
    work_id = models.UUIDField()
    cleared_seller_id = models.UUIDField()  # Whose rights: a rehearsal sells by another hand.
    territory_bit = models.PositiveSmallIntegerField()
    sell_chain = ArrayField(models.UUIDField())
    ship_chain = ArrayField(models.UUIDField())
    sell_decision = models.ForeignKey("rights.Decision", on_delete=models.PROTECT, related_name="+")
    ship_decision = models.ForeignKey("rights.Decision", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    unit_price_minor = models.BigIntegerField()
    totals_minor = models.JSONField()
    tax_included = models.BooleanField()
    titles = models.JSONField()  # by language
    options = models.CharField(max_length=500)
    sku = models.CharField(max_length=120)
    handle = models.CharField(max_length=255)
    picture_key = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_fixed_quote"
        constraints = [
            models.UniqueConstraint(
                fields=["drop_id", "variant", "territory"],
                condition=Q(closed_at__isnull=True),
                name="orders_fixed_quote_one_open",
            )
        ]


class FixedSheet(models.Model):
    """How often the quotes of a drop have changed: who holds them in memory asks only this."""

    drop_id = models.UUIDField(primary_key=True)
    version = models.BigIntegerField()

    class Meta:
        db_table = "orders_fixed_sheet"


class Order(models.Model):
    """An order as it was placed. Its id is the key of the checkout form, so one form places once.

    The same id is the key of its stock hold and of its payment intent.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20)
    basket_id = models.UUIDField(db_index=True, null=True)  # None: bought in a drop
    person = models.ForeignKey(
        "games.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    email = models.EmailField()
    address = models.JSONField()
    language = models.CharField(max_length=10)
    territory = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    tax_included = models.BooleanField()
    total_minor = models.BigIntegerField()
    quota_units = models.JSONField(default=dict)  # Units spent under each grant with its chain.
    intent = models.OneToOneField("payments.Intent", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(db_index=True)
    hold_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="orders_order_number_once"),
            models.CheckConstraint(
                condition=Q(total_minor__gt=0, goods_minor__gte=0, shipping_minor__gte=0),
                name="orders_order_amounts",
            ),
        ]


class Shipment(models.Model):
    """What one seller sends from one location."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="shipments", db_index=False
    )
    seller = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        "stock.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "seller", "location"], name="orders_shipment_once"
            )
        ]


class OrderLine(models.Model):
    """Units of one variant in one shipment, with the two decisions that they rest on.

    Few indexes: a drop writes thousands a second, and lines are only ever read by their order.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(
        "catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seller = models.ForeignKey(
        "games.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    work_id = models.UUIDField()
    units = models.PositiveSmallIntegerField()
    unit_price_minor = models.BigIntegerField()
    title = models.CharField(max_length=500)
    options = models.CharField(max_length=500)
    sku = models.CharField(max_length=120)
    handle = models.CharField(max_length=255)
    picture_key = models.CharField(max_length=300)
    sell_decision = models.ForeignKey(
        "rights.Decision", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ship_decision = models.ForeignKey(
        "rights.Decision", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # What led the buyer to it, e.g. `channel:<programme>:<cue>:<milliseconds>`; mostly nothing.
    via = models.CharField(max_length=VIA_LENGTH_MAX, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(units__gte=1), name="orders_line_of_something")
        ]
        indexes = [
            models.Index(
                fields=["via"],
                condition=~Q(via=""),
                opclasses=["varchar_pattern_ops"],
                name="orders_line_via",
            )
        ]


class State(models.Model):
    """Something that happened to an order, once. What the order *is* follows from these rows.

    An order is confirmed or cancelled, never both: the unique key decides a race.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="states", db_index=False
    )
    name = models.CharField(max_length=16)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    detail = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "name"], name="orders_state_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(name__in=["confirmed", "cancelled"]),
                name="orders_confirmed_or_cancelled",
            ),
        ]


class Dispatch(models.Model):
    """A shipment left: when, by whose hand, with which carrier."""

    shipment = models.OneToOneField(
        Shipment, on_delete=models.PROTECT, primary_key=True, related_name="dispatch"
    )
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    carrier = models.CharField(max_length=80)
    tracking = models.CharField(max_length=80)


class MailSent(models.Model):
    """A mail that left, so that a repeated job does not send it again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="orders_mail_once")]
