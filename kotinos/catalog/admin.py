"""Products and their stock in the back office: to read. The import writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from typing_extensions import override

from kotinos.catalog import models
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.languages import pick
from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import OfficeAdmin, staff
from kotinos.rights import api as rights
from kotinos.stock import api as stock

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

ROLES = ("catalogue", "viewer")
NAMED_MAX = 12


@admin.register(models.Product)
class ProductAdmin(OfficeAdmin):
    """What a person's organisations own or sell."""

    name_field = "handle"
    seen_by = ("owner",)
    roles = ROLES
    list_display = ("title", "handle", "team", "kind_name", "is_active", "variant_count", "map")
    list_filter = ("is_active", "edition")
    search_fields = ("handle", "texts__title", "variants__sku")
    ordering = ("handle",)
    fields = (
        *("title", "handle", "owner_name", "team", "edition", "kind_name", "is_active"),
        *("cleared", "texts", "variants", "created_at", "updated_at"),
    )
    readonly_fields = fields

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = models.Product.objects.select_related("kind").prefetch_related(
            Prefetch("texts", models.ProductText.objects.defer("document", "folded"))
        )
        rows = rows.annotate(variant_total=Count("variants", distinct=True)).order_by("handle")
        mine = staff(request).organisations(*self.roles)
        if mine is None:
            return rows
        sold = models.Offer.objects.filter(variant__product=OuterRef("pk"), seller__in=mine)
        return rows.filter(Q(owner__in=mine) | Exists(sold))

    @admin.display(description=_("Title"))
    def title(self, row: models.Product) -> str:
        return pick({text.language: text.title for text in row.texts.all()}, "en")

    @admin.display(description=_("Kind"))
    def kind_name(self, row: models.Product) -> str:
        return pick(row.kind.names, "en") or row.kind.code

    @admin.display(description=_("Variants"), ordering="variant_total")
    def variant_count(self, row: Any) -> int:
        return int(row.variant_total)

    @admin.display(description=_("Owner"))
    def owner_name(self, row: models.Product) -> str:
        return "".join(each.name for each in games.organisations(ids=(row.owner_id,)))

    @admin.display(description=_("Clearance"))
    def map(self, row: models.Product) -> SafeString:
        return format_html('<a href="{}">{}</a>', _map_of(row), _("Map"))

    @admin.display(description=_("May be sold now in"))
    def cleared(self, row: models.Product) -> SafeString:
        mask = rights.cleared_mask(
            work_id=row.work_id,
            act=rights.Act.SELL,
            outlet=rights.Outlet.OWN_SHOP,
            at=clock.now(),
        )
        codes = games.sorted_by_name(games.atlas().codes(mask), "en")
        names = ", ".join(games.territory_name(code, "en") for code in codes[:NAMED_MAX])
        count = ngettext("%(n)d territory", "%(n)d territories", len(codes)) % {"n": len(codes)}
        more = "…" if len(codes) > NAMED_MAX else ""
        return format_html(
            '{}: {}{} <a href="{}">{}</a>', count, names, more, _map_of(row), _("Map by seller")
        )

    @admin.display(description=_("Texts"))
    def texts(self, row: models.Product) -> SafeString:
        lines = [(text.language, text.title) for text in row.texts.all()]
        return format_html_join("", "<div>{}: {}</div>", sorted(lines))

    @admin.display(description=_("Variants and prices"))
    def variants(self, row: models.Product) -> SafeString:
        found = row.variants.prefetch_related("offers__prices").order_by("position")
        return format_html_join("", "<div>{}</div>", ((_priced(each),) for each in found))


def _map_of(row: models.Product) -> str:
    query = f"?work={row.work_id}&property=&act=sell&outlet=own-shop"
    return reverse("rights_office:map") + query


def _priced(variant: models.Variant) -> str:
    prices = {
        format_money(Money(price.amount_minor, price.currency), "en")
        for offer in variant.offers.all()
        for price in offer.prices.all()
    }
    options = " / ".join(value for _name, value in variant.options)
    return " · ".join(filter(None, (variant.sku, options, ", ".join(sorted(prices)))))


class _WithStock(ChangeList):
    """The page's variants with their free units, read in one statement."""

    @override
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        free = stock.available([row.id for row in self.result_list])
        for row in self.result_list:
            row.free_units = free[row.id]


@admin.register(models.Variant)
class VariantAdmin(OfficeAdmin):
    """Stock levels: what is free of each variant, over all its locations."""

    plural = _("Stock")
    name_field = "sku"
    seen_by = ("owner",)
    roles = ROLES
    list_display = ("sku", "product_handle", "option_text", "gtin", "free")
    search_fields = ("sku", "gtin", "product__handle")
    list_select_related = ("product",)
    ordering = ("sku",)
    fields = ("sku", "product_handle", "option_text", "gtin", "weight_grams", "levels")
    readonly_fields = fields

    @override
    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return _WithStock

    @admin.display(description=_("Product"))
    def product_handle(self, row: models.Variant) -> str:
        return row.product.handle

    @admin.display(description=_("Options"))
    def option_text(self, row: models.Variant) -> str:
        return " / ".join(value for _name, value in row.options)

    @admin.display(description=_("Free units"))
    def free(self, row: Any) -> int:
        return int(row.free_units)

    @admin.display(description=_("Free units by owner of the stock"))
    def levels(self, row: models.Variant) -> SafeString:
        by_owner = stock.available_by_owner([row.id])
        names = {each.id: each.name for each in games.organisations()}
        lines = [(names.get(owner, ""), units) for (_id, owner), units in by_owner.items()]
        return format_html_join("", "<div>{}: {}</div>", sorted(lines))
