"""Addresses of the drops' office pages, mounted at `/office/drops/`."""

from __future__ import annotations

from django.urls import path

from kotinos.drops.office import cockpit, editing, pages, rehearsing, reporting

app_name = "drops_office"

urlpatterns = [
    path("", pages.index, name="drops"),
    path("new/", editing.new, name="new"),
    path("beside/", editing.beside, name="beside"),
    path("search/", editing.search, name="search"),
    path("<slug:slug>/", pages.one, name="drop"),
    path("<slug:slug>/edit/", editing.edit, name="edit"),
    path("<slug:slug>/publish/", pages.publish, name="publish"),
    path("<slug:slug>/withdraw/", pages.withdraw, name="withdraw"),
    path("<slug:slug>/cockpit/", cockpit.cockpit, name="cockpit"),
    path("<slug:slug>/cockpit.json", cockpit.state, name="state"),
    path("<slug:slug>/pull/", cockpit.pull, name="pull"),
    path("<slug:slug>/report/", reporting.report, name="report"),
    path("<slug:slug>/report.csv", reporting.report_csv, name="report_csv"),
    path("<slug:slug>/rehearse/", rehearsing.rehearse, name="rehearse"),
]
