"""The address of an order's page: whoever has it may look, nobody can guess it. No Django."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kotinos.kernel import tokens

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.kernel.place import Place

ORDER_PURPOSE = "orders.page"
ORDER_LINK_DAYS = 365


def order_path_of(order_id: UUID, place: Place, *, now: datetime) -> str:
    """The signed address below a place."""
    token = tokens.sign(
        purpose=ORDER_PURPOSE,
        payload={"order": str(order_id)},
        expires_at=now + timedelta(days=ORDER_LINK_DAYS),
    )
    return f"/{place.slug}/order/{token}/"
