"""Addresses of payments. The door that notices go through is given by whoever mounts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from kotinos.payments import views
from kotinos.payments.actions import accept_notice

if TYPE_CHECKING:
    from django.urls import URLPattern

    from kotinos.payments.sandbox import Door

app_name = "payments"


def patterns(*, door: Door) -> list[URLPattern]:
    """The notice door and the hosted page; `door` is `accept_notice` or something around it."""
    return [
        path("payments/notices/<slug:provider>", views.notice, {"door": door}, name="notice"),
        path("sandbox/pay/<str:token>", views.sandbox_page, {"door": door}, name="sandbox"),
    ]


urlpatterns = patterns(door=accept_notice)
