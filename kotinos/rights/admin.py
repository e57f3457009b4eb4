"""Decisions and consents in the back office: to read. Grants have pages of their own."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kotinos.games import api as games
from kotinos.kernel.office import OfficeAdmin
from kotinos.rights import models


@admin.register(models.Decision)
class DecisionAdmin(OfficeAdmin):
    """What an order line rests on: question, answer and evidence, kept for good."""

    seen_by = ("seller",)
    name_field = "id"
    list_display = ("asked_at", "seller_name", "act", "outlet", "territory", "cleared", "reason")
    list_filter = ("cleared", "act", "reason")
    search_fields = ("=id", "=territory")
    ordering = ("-asked_at",)
    fields = (
        *("id", "seller_name", "work", "act", "outlet", "territory", "at", "as_of", "asked_at"),
        *("cleared", "reason", "answer_text", "evidence"),
    )
    readonly_fields = fields
    list_select_related = ("work",)

    @admin.display(description=_("Seller"))
    def seller_name(self, row: models.Decision) -> str:
        return "".join(each.name for each in games.organisations(ids=(row.seller_id,)))

    @admin.display(description=_("Answer"))
    def answer_text(self, row: models.Decision) -> str:
        return json.dumps(row.answer, indent=1)


@admin.register(models.Consent)
class ConsentAdmin(OfficeAdmin):
    """What each committee has said about foreign goods in its home: public, like its effect."""

    is_public = True
    list_display = ("noc", "policy", "listed", "share_percent", "starts_at", "ends_at")
    list_filter = ("policy",)
    search_fields = ("=noc",)
    ordering = ("noc", "-starts_at")
    fields = ("noc", "policy", "listed", "share_percent", "starts_at", "ends_at", "recorded_at")
    readonly_fields = fields
    subject_kind = "consent"
    subject_field = "noc"
    name_field = "noc"

    @admin.display(description=_("Share, in percent"), ordering="share_basis_points")
    def share_percent(self, row: models.Consent) -> str:
        return f"{row.share_basis_points / 100:g}"
