"""Addresses below `/office/`. The admin site is last: it answers whatever nobody else named."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from kotinos.catalog import api as catalog
from kotinos.rights import api as rights
from kotinos.web.office import channel_sales, imports, log, orders, people

# The catalogue lies above rights: its words for works are handed down where both are known.
rights.found_by(catalog.works_called)

office_patterns = [
    path("import/", imports.start, name="import"),
    path("import/<uuid:job_id>/", imports.job, name="import_job"),
    path("import/<uuid:job_id>/report.csv", imports.report, name="import_report"),
    path("orders/", orders.index, name="orders"),
    path("orders/<uuid:shipment_id>/dispatch/", orders.dispatch, name="dispatch"),
    path("orders/<uuid:order_id>/refund/", orders.refund, name="refund"),
    path("people/", people.index, name="people"),
    path("people/<uuid:role_id>/end/", people.end, name="end_role"),
    path("sales/", channel_sales.sales, name="channel_sales"),
    path("changes/", log.index, name="changes"),
]

urlpatterns = [
    path("rights/", include("kotinos.rights.office.urls")),
    path("drops/", include("kotinos.drops.office.urls")),
    path("channel/", include("kotinos.channel.office.urls")),
    path("insight/", include("kotinos.insight.urls")),
    path("", include((office_patterns, "office"))),
    path("", admin.site.urls),
]
