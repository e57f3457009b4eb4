"""Addresses below `/office/insight/`."""

from __future__ import annotations

from django.urls import path

from kotinos.insight.office import console, export, live, operations, pages, rows, views

app_name = "insight_office"
urlpatterns = [
    path("", pages.index, name="index"),
    path("live/", live.show, name="live"),
    path("live.json", live.state, name="live_state"),
    path("rows/<slug:table>/", rows.rows, name="rows"),
    path("operations/", operations.show, name="operations"),
    path("operations/keys/<uuid:key_id>/revoke/", operations.revoke, name="revoke_key"),
    path("views/", views.index, name="views"),
    path("views/<uuid:view_id>/", views.show, name="view"),
    path("views/<uuid:view_id>/delete/", views.delete, name="view_delete"),
    path("views/<uuid:view_id>/report/", views.plan, name="view_report"),
    path("reports/<uuid:report_id>/end/", views.end, name="report_end"),
    path("console/", console.console, name="console"),
    path("<slug:name>/", pages.board, name="board"),
    path("<slug:name>/numbers/", pages.numbers, name="numbers"),
    path("<slug:name>/<slug:key>/", pages.chart, name="chart"),
    path("<slug:name>/<slug:key>.csv", export.as_csv, name="chart_csv"),
    path("<slug:name>/<slug:key>.parquet", export.as_parquet, name="chart_parquet"),
]
