"""Addresses of waiting rooms, below a place."""

from __future__ import annotations

from django.urls import path

from kotinos.waitingroom import views

app_name = "waitingroom"

urlpatterns = [
    path("draw/<slug:code>/", views.draw, name="draw"),
    path("line/<uuid:room_id>/me", views.me, name="me"),
]
