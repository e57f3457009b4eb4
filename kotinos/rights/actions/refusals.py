"""Denied demand: a refusal that a visitor met, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kotinos.kernel import rich
from kotinos.rights import statements

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.contracts import Reason

SESSION_KEY_LENGTH_MAX = 64
VALUE_MINOR_MAX = 10**15


def record_refusal(
    *,
    work_id: UUID,
    territory: str,
    reason: Reason,
    session_key: str,
    value_minor: int,
    currency: str,
    now: datetime,
    seller_id: UUID | None = None,
    property_code: str = "",
    blocking_id: UUID | None = None,
    bot: bool = False,
) -> bool:
    """Count it; False where this session has met this refusal before.

    A bot's row is kept, flagged, and left out of every count. `value_minor` is the estimate of
    what would have been bought, in minor units.
    """
    written = rich.run(
        statements.record_refusal,
        work=work_id,
        seller=seller_id,
        territory=territory[:2],
        reason=reason,
        property=property_code,
        blocking=blocking_id,
        value_minor=max(0, min(value_minor, VALUE_MINOR_MAX)),
        currency=currency[:3],
        session_key=session_key[:SESSION_KEY_LENGTH_MAX],
        bot=bot,
        now=now,
    )
    return bool(written)
