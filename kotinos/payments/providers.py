"""What a payment provider must be able to do, and the list of those we have.

To add a real one: write a module with a class of this shape, add it to `codes` and `provider`,
and give it its own signing secret through `kernel.environment`. Nothing else changes: the notice
door is `/payments/notices/<code>`, and settlement uses `look_up`, `cancel` and `refund`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kotinos.kernel.environment import environment
from kotinos.payments.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.environment import Environment
    from kotinos.kernel.money import Money
    from kotinos.payments.contracts import Intent, Notice, NoticeRefused


class Provider(Protocol):
    """Calls to a provider happen outside any transaction of ours and may be repeated."""

    @property
    def code(self) -> str:
        """The name in `Intent.provider` and in the notice door's address."""

    def page_url(self, intent: Intent, *, now: datetime) -> str:
        """Where the buyer pays this intent."""

    def read_notice(
        self, *, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Notice | NoticeRefused:
        """The provider's word, where signature and age hold. Header names are lower case."""

    def look_up(self, intent: Intent, *, now: datetime) -> tuple[Notice, ...]:
        """What the provider's book says, with the ids its notices carry: for lost notices."""

    def cancel(self, intent: Intent, *, now: datetime) -> bool:
        """True where nothing will be captured any more; False where it already was."""

    def refund(self, intent: Intent, *, refund_id: UUID, amount: Money, now: datetime) -> str:
        """Give money back once per `refund_id`: settled, refused, or "" for "ask again later"."""


def codes(settings: Environment) -> tuple[str, ...]:
    """The providers this installation may use."""
    return (Sandbox.code,) if settings.sandbox_payments else ()


def provider(code: str) -> Provider | None:
    """The provider of that code, or None where this installation may not use it."""
    return Sandbox() if code in codes(environment()) else None
