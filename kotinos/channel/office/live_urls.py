"""Addresses of the live sources' pages, among those of the editors' desk."""

from __future__ import annotations

from django.urls import path

from kotinos.channel.office import live

urlpatterns = [
    path("live/", live.index, name="live"),
    path("live/states/", live.states, name="live_states"),
    path("live/new/", live.new, name="live_new"),
    path("live/<slug:code>/", live.change, name="live_change"),
    path("live/<slug:code>/act/", live.act, name="live_act"),
]
