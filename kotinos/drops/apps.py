from __future__ import annotations

from django.apps import AppConfig


class DropsConfig(AppConfig):
    name = "kotinos.drops"
    label = "drops"
