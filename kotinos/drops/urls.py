"""Addresses of drops, below a place. The order form is among them, but belongs to orders."""

from __future__ import annotations

from django.urls import path

from kotinos.drops import views

app_name = "drops"

urlpatterns = [
    path("drops/", views.drop_list, name="list"),
    path("drops/<slug:slug>/", views.drop, name="drop"),
    path("drops/<slug:slug>/line/", views.line, name="line"),
    path("drops/<slug:slug>/line/plain/", views.plain, name="plain"),
]
