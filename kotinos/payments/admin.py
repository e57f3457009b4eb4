"""Payments in the back office: for operators, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kotinos.kernel.money import Money, format_money
from kotinos.kernel.office import OfficeAdmin
from kotinos.payments import models
from kotinos.payments.queries import payment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@admin.register(models.Intent)
class IntentAdmin(OfficeAdmin):
    """What was to be paid and what became of it."""

    name_field = "reference"
    plural = _("Payments")
    list_display = ("description", "amount", "provider", "created_at")
    search_fields = ("=reference", "description")
    ordering = ("-created_at",)
    fields = ("description", "reference", "amount", "provider", "state", "created_at")
    readonly_fields = fields

    @admin.display(description=_("Amount"), ordering="amount_minor")
    def amount(self, row: models.Intent) -> str:
        return format_money(Money(row.amount_minor, row.currency), "en")

    @admin.display(description=_("State"))
    def state(self, row: models.Intent) -> StrOrPromise:
        found = payment(row.id)
        return found.status.value if found else ""
