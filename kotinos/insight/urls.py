"""Addresses below `/office/insight/`."""

from __future__ import annotations

from django.urls import path

from kotinos.insight.office import export, live, pages, rows

app_name = "insight_office"
urlpatterns = [
    path("", pages.index, name="index"),
    path("live/", live.show, name="live"),
    path("live.json", live.state, name="live_state"),
    path("rows/<slug:table>/", rows.rows, name="rows"),
    path("views/", pages.index, name="views"),
    path("<slug:name>/", pages.board, name="board"),
    path("<slug:name>/<slug:key>/", pages.chart, name="chart"),
    path("<slug:name>/<slug:key>.csv", export.as_csv, name="chart_csv"),
    path("<slug:name>/<slug:key>.parquet", export.as_parquet, name="chart_parquet"),
]
