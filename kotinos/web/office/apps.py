from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """Django's admin, with the back office in place of its default site."""

    default_site = "kotinos.web.office.site.OfficeSite"
