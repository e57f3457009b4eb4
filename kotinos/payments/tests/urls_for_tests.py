"""The payment pages alone, with the door of payments."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("kotinos.payments.urls"))]
