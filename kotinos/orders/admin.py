"""One order in the back office: what its sellers need to send it, and no other seller's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import OfficeAdmin, staff
from kotinos.orders import models
from kotinos.orders.order_page import address_lines

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


@admin.register(models.Order)
class OrderAdmin(OfficeAdmin):
    """Orders with a shipment of the person's sellers. The buyer's address is for those who ship."""

    seen_by = ("shipments__seller",)
    roles = ("orders",)
    list_display = ("number", "placed_at", "territory", "total")
    search_fields = ("=number",)
    ordering = ("-placed_at",)
    fields = ("number", "placed_at", "email", "address_text", "lines", "total", "states")
    readonly_fields = fields
    subject_kind = "order"
    name_field = "number"

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = models.Order.objects.order_by("-placed_at")
        mine = staff(request).organisations(*self.roles)
        self_seen = models.Shipment.objects.filter(order=OuterRef("pk"), seller__in=mine or ())
        return rows if mine is None else rows.filter(Exists(self_seen))

    @override
    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            mine = staff(request).organisations(*self.roles)
            lines = models.OrderLine.objects.filter(order=found).order_by("position")
            found.seen_lines = lines if mine is None else lines.filter(seller__in=mine)
        return found

    @admin.display(description=_("Total"), ordering="total_minor")
    def total(self, row: models.Order) -> str:
        return format_money(Money(row.total_minor, row.currency), "en")

    @admin.display(description=_("Address"))
    def address_text(self, row: models.Order) -> SafeString:
        lines = address_lines(row, row.language)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    @admin.display(description=_("Lines"))
    def lines(self, row: Any) -> SafeString:
        return format_html_join(
            "",
            "<div>{} × {} {} ({})</div>",
            ((each.units, each.title, each.options, each.sku) for each in row.seen_lines),
        )

    @admin.display(description=_("What happened"))
    def states(self, row: models.Order) -> SafeString:
        happened = row.states.order_by("at").values_list("name", "at")
        return format_html_join(
            "", "<div>{}: {}</div>", ((name, f"{at:%Y-%m-%d %H:%M} UTC") for name, at in happened)
        )
