from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "kotinos.orders"

    def ready(self) -> None:
        """Listen to payments: its events are the safety net below the notice door."""
        import_module("kotinos.orders.events")
