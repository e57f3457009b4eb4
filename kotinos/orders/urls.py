"""Addresses of orders: below a place, and the payment pages with the door that confirms orders.

In `config/urls.py`: `path("<place:place>/", include("kotinos.orders.urls"))` and
`path("", include((payment_patterns, "payments")))`.
"""

from __future__ import annotations

from django.urls import path

from kotinos.orders import drop_views, views
from kotinos.orders.actions.settlement import receive_notice
from kotinos.payments import urls as payments_urls

app_name = "orders"

urlpatterns = [
    path("basket/", views.show_basket, name="basket"),
    path("basket/add", views.add, name="add"),
    path("basket/change", views.change, name="change"),
    path("basket/prune", views.prune, name="prune"),
    path("checkout/", views.checkout, name="checkout"),
    path("order/<str:token>/", views.show_order, name="order"),
    path("order/<str:token>/pay", views.pay, name="pay"),
    path("drops/<slug:slug>/buy/", drop_views.buy, name="drop_buy"),
]

# A notice confirms its order within the request that brings it: hence the door of orders.
payment_patterns = payments_urls.patterns(door=receive_notice)
