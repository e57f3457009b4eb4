"""One-time tokens: the first to spend one wins, however many try at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel import rich
from kotinos.kernel.models import SpentToken
from kotinos.kernel.statements import spend_token

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


def spend(*, token_id: UUID, expires_at: datetime, now: datetime) -> bool:
    """True for the first call with this id, False for every other one (a replay)."""
    return bool(rich.run(spend_token, token_id=token_id, expires_at=expires_at, now=now))


def forget_expired(*, now: datetime) -> int:
    """Drop the rows of tokens that could not be used any more; the number dropped."""
    return SpentToken.objects.filter(expires_at__lt=now).delete()[0]
