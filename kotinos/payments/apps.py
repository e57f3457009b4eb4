from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override

from kotinos.kernel.environment import SettingError, environment


class PaymentsConfig(AppConfig):
    name = "kotinos.payments"

    @override
    def ready(self) -> None:
        """A shop in which nobody can pay, or everybody for nothing, does not start."""
        providers = import_module("kotinos.payments.providers")  # needs the models
        if not providers.codes(environment()):
            raise SettingError(
                "no payment provider is installed (see kotinos/payments/providers.py); "
                "for a rehearsal without money set KOTINOS_SANDBOX_PAYMENTS=1"
            )
