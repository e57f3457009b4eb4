"""The back office as an admin site: what is registered, who gets in, where one signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override
from unfold.sites import UnfoldAdminSite

from kotinos.kernel.office import OfficeAdmin
from kotinos.web.office import dashboard

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class OfficeSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold has no types
    site_title = "Kotinos"
    site_header = "Kotinos"
    index_title = _("Today")
    enable_nav_sidebar = True

    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages that know whose things they show; a library's own tables stay outside.

        Everybody with a role passes Django's permission check, so a table that came in by
        itself (accounts, authenticators, jobs) would be open to all staff.
        """
        if admin_class is not None and issubclass(admin_class, OfficeAdmin):
            super().register(model_or_iterable, admin_class, **options)

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        found = getattr(request, "staff", None)
        return found is not None and bool(found.roles)

    @override
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The account pages sign people in, because they ask for the second factor too."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    @override
    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    @override
    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Today: what waits for this person, and what has happened."""
        return dashboard.today(request)

    @override
    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")
