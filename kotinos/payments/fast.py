"""What the fast lane asks of payments. No Django here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel.environment import environment
from kotinos.payments import sandbox_wire
from kotinos.payments.contracts import NoticeRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from kotinos.payments.contracts import Notice

SANDBOX = sandbox_wire.CODE
signed_headers = sandbox_wire.signed_headers
write_notice = sandbox_wire.write_notice


def page_url(intent_id: UUID, *, now: datetime) -> str:
    """Where the buyer pays an intent."""
    return sandbox_wire.page_url(intent_id, now=now)


def read_notice(
    *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> Notice | NoticeRefused:
    """A provider's word, verified; a provider that may not be used here is unknown."""
    if provider != SANDBOX or not environment().sandbox_payments:
        return NoticeRefused("unknown")
    return sandbox_wire.read_notice(body=body, headers=headers, now=now)
