"""Organisations, people, editions and the world's tables in the back office: to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from kotinos.games import models
from kotinos.kernel.office import OfficeAdmin, staff

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(models.Organisation)
class OrganisationAdmin(OfficeAdmin):
    """Names and codes of organisations are public facts; their people are not."""

    is_public = True
    name_field = "name"
    list_display = ("code", "name", "kind")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(models.Role)
class RoleAdmin(OfficeAdmin):
    """Who may do what for whom. Given and ended on the people page."""

    seen_by = ("organisation",)
    name_field = "name"
    plural = _("People and roles")
    list_display = ("person_name", "organisation_name", "name", "since", "until")
    list_filter = ("name",)
    search_fields = ("person__email", "person__name", "organisation__code", "organisation__name")
    list_select_related = ("person", "organisation")
    ordering = ("organisation__code", "person__email", "name")
    subject_kind = "person"
    subject_field = "person_id"
    fields = ("person_name", "person_email", "organisation_name", "name", "since", "until")
    readonly_fields = fields
    change_list_template = "office/roles.html"

    @admin.display(description=_("Person"), ordering="person__email")
    def person_name(self, row: models.Role) -> str:
        return row.person.name or row.person.email

    @admin.display(description=_("Email"))
    def person_email(self, row: models.Role) -> str:
        return row.person.email

    @admin.display(description=_("Organisation"), ordering="organisation__name")
    def organisation_name(self, row: models.Role) -> str:
        return row.organisation.name

    @override
    def _changes(self, found: Any) -> list[Any]:
        """Only the lines of this organisation: a person may work for others too."""
        return [
            change
            for change in super()._changes(found)
            if change.organisation_id == found.organisation_id
        ]


@admin.register(models.Edition)
class EditionAdmin(OfficeAdmin):
    is_public = True
    name_field = "name"
    list_display = ("code", "name", "host", "starts_on", "ends_on")
    search_fields = ("code", "name", "host")
    ordering = ("-starts_on",)
    fields = ("code", "name", "host", "starts_on", "ends_on", "timezone", "theme")


class Dated(OfficeAdmin):
    """Tables of the world: what is held true now; operators see what was withdrawn too."""

    is_public = True

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if staff(request).is_operator else rows.filter(retracted_at__isnull=True)


@admin.register(models.HomeTerritory)
class HomeTerritoryAdmin(Dated):
    name_field = "territory_id"
    plural = _("Homes")
    list_display = ("territory_id", "noc_id", "start", "until", "recorded_at", "retracted_at")
    search_fields = ("=territory__code", "=noc__code")
    ordering = ("territory_id", "start")
    fields = ("territory_id", "noc_id", "start", "until", "recorded_at", "retracted_at")
    readonly_fields = fields


@admin.register(models.TerritorySet)
class TerritorySetAdmin(Dated):
    name_field = "name"
    list_display = ("name", "text", "start", "until", "recorded_at", "retracted_at")
    search_fields = ("name", "text")
    ordering = ("name", "start")
