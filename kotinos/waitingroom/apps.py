from __future__ import annotations

from django.apps import AppConfig


class WaitingroomConfig(AppConfig):
    name = "kotinos.waitingroom"
    label = "waitingroom"
