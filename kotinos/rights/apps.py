from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "kotinos.rights"

    def ready(self) -> None:
        """Handlers of other packages' events register themselves when they are imported."""
        import_module("kotinos.rights.tasks")
