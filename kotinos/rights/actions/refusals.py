"""Denied demand: a refusal that a visitor met, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.kernel import rich
from kotinos.rights import models, statements

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.rights.contracts import Reason

SESSION_KEY_LENGTH_MAX = 64
CODE_LENGTH_MAX = 64
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
    property_id: UUID | None = None,
    property: str = "",  # noqa: A002 - the word of this domain
    blocking: UUID | None = None,
    bot: bool = False,
) -> bool:
    """Count it; False where this session has met this refusal before.

    A bot's row is kept, flagged, and left out of every count. `value_minor` is the estimate of
    what would have been bought, in minor units. The property is named by id, or by a text that is
    its id or its code, as an explanation's machine form has it.
    """
    written = rich.run(
        statements.record_refusal,
        work=work_id,
        seller=seller_id,
        territory=territory[:2],
        reason=reason,
        property=_code(property_id, property),
        blocking=blocking,
        value_minor=max(0, min(value_minor, VALUE_MINOR_MAX)),
        currency=currency[:3],
        session_key=session_key[:SESSION_KEY_LENGTH_MAX],
        bot=bot,
        now=now,
    )
    return bool(written)


def _code(property_id: UUID | None, text: str) -> str:
    """The code under which the report groups; empty where no property stood in the way."""
    if property_id is None:
        try:
            property_id = UUID(text)
        except ValueError:
            return text[:CODE_LENGTH_MAX]
    rows = models.Property.objects.filter(id=property_id)
    return rows.values_list("code", flat=True).first() or ""
