from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class OrdersConfig(AppConfig):
    name = "kotinos.orders"

    @override
    def ready(self) -> None:
        """Listen to payments: its events are the safety net below the notice door."""
        import_module("kotinos.orders.events")
