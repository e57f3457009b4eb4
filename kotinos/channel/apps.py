from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class ChannelConfig(AppConfig):
    name = "kotinos.channel"
    label = "channel"

    @override
    def ready(self) -> None:
        """Handlers of other packages' events register themselves when they are imported."""
        import_module("kotinos.channel.events")
