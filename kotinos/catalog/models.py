"""Tables of the catalogue. Ids of products, variants and offers follow from owner and name, so
that loading the same thing twice meets itself (`kotinos.catalog.identity`).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from typing_extensions import override


class Market(models.Model):
    """Territories that share a currency and a way of showing tax."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    tax_inclusive = models.BooleanField(default=True)
    tax_basis_points = models.PositiveIntegerField(default=0)
    price_bands_minor = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        db_table = "catalog_market"


class MarketTerritory(models.Model):
    """The primary key keeps a territory in one market."""

    territory = models.CharField(max_length=2, primary_key=True)
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="territories")

    class Meta:
        db_table = "catalog_market_territory"


class Term(models.Model):
    """A word of one facet (sport, kind, collection) with its names per language."""

    id = models.AutoField(primary_key=True)
    facet = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    names = models.JSONField(default=dict)

    class Meta:
        db_table = "catalog_term"
        constraints = [models.UniqueConstraint(fields=["facet", "code"], name="catalog_term_once")]


class Product(models.Model):
    """Something sold; the rights of its work decide where."""

    id = models.UUIDField(primary_key=True)
    handle = models.CharField(max_length=255, unique=True)
    owner = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    work = models.ForeignKey("rights.Work", on_delete=models.PROTECT, related_name="+")
    team = models.CharField(max_length=3, default="", blank=True)
    edition = models.CharField(max_length=16, default="", blank=True)
    kind = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    sport = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", null=True)
    collection = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", null=True)
    is_active = models.BooleanField(default=True)
    featured = models.IntegerField(default=0)
    digest = models.BinaryField(max_length=16)  # Of what was imported: unchanged is not rewritten.
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_product"
        indexes = [models.Index(fields=["owner", "handle"], name="catalog_product_of_owner")]

    @override
    def __str__(self) -> str:
        return self.handle


class ProductText(models.Model):
    """Title and description in one language, with what search needs of them."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=255)
    description_html = models.TextField(default="")
    folded = models.TextField(default="")  # Lower case, no accents, segmented: for typos.
    document = SearchVectorField(null=True)

    class Meta:
        db_table = "catalog_product_text"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"], name="catalog_text_once_per_language"
            )
        ]
        indexes = [
            GinIndex(fields=["document"], name="catalog_text_document"),
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="catalog_text_folded"),
        ]


class ProductImage(models.Model):
    """A picture: `key` names the files, `source` says where they come from."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200)
    source = models.CharField(max_length=500)
    alt = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        db_table = "catalog_product_image"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "position"], name="catalog_image_once_per_position"
            )
        ]


class Variant(models.Model):
    """One thing a buyer can have: a size, a colour."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    owner = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=64)
    gtin = models.CharField(max_length=14, default="", blank=True)
    options = models.JSONField(default=list)  # [[name, value], ...] in the seller's order
    weight_grams = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "catalog_variant"
        constraints = [
            models.UniqueConstraint(fields=["owner", "sku"], name="catalog_sku_once_per_owner")
        ]

    @override
    def __str__(self) -> str:
        return self.sku


class Offer(models.Model):
    """A seller offers a variant. Where, the rights and the price lists say."""

    id = models.UUIDField(primary_key=True)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="offers")
    seller = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "catalog_offer"
        constraints = [
            models.UniqueConstraint(fields=["variant", "seller"], name="catalog_offer_once")
        ]


class Price(models.Model):
    """An explicit price. Without a market it stands on the seller's international list."""

    id = models.UUIDField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+", null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    compare_at_minor = models.BigIntegerField(null=True)

    class Meta:
        db_table = "catalog_price"
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "market"], nulls_distinct=False, name="catalog_price_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0), name="catalog_price_not_negative"
            ),
        ]


class MarketExclusion(models.Model):
    """A seller keeps a product out of a market, whatever its price lists say."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="exclusions")
    seller = models.ForeignKey("games.Organisation", on_delete=models.PROTECT, related_name="+")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "catalog_market_exclusion"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "seller", "market"], name="catalog_exclusion_once"
            )
        ]


class Shelf(models.Model):
    """What lists read: one row per product, seller and price list. Derived, rewritten with the
    product (`sql/refresh_shelf.sql`); narrow, because a list reads all of it to count facets.
    """

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=True)
    # The work's property set: a work changes it only when its product is written, which rewrites
    # the shelf; joining `rights_work` here would cost a list three quarters of its time.
    property_set_id = models.UUIDField()
    seller_id = models.UUIDField()
    market_id = models.SmallIntegerField(null=True)
    overridden = ArrayField(models.SmallIntegerField())  # Markets this list does not speak for.
    rivals = models.BooleanField()  # Other sellers offer the product too.
    amount_minor = models.BigIntegerField()
    highest_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    team = models.CharField(max_length=3)
    edition = models.CharField(max_length=16)
    kind_id = models.IntegerField()
    sport_id = models.IntegerField(null=True)
    collection_id = models.IntegerField(null=True)
    featured = models.IntegerField()
    listed_at_s = models.BigIntegerField()

    class Meta:
        db_table = "catalog_shelf"
