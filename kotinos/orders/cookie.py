"""The basket's cookie: a signed id and nothing else. Set only in the answer to a POST."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from kotinos.kernel import tokens

if TYPE_CHECKING:
    from datetime import datetime

BASKET_COOKIE = "kotinos_basket"
BASKET_DAYS = 60
_PURPOSE = "orders.basket"


def read_basket_cookie(text: str, *, now: datetime) -> UUID | None:
    """The basket a cookie names; None for none, forged or expired: then there is no basket."""
    read = tokens.read(purpose=_PURPOSE, token=text, now=now)
    return UUID(read.payload["basket"]) if isinstance(read, tokens.Valid) else None


def write_basket_cookie(basket_id: UUID, *, now: datetime) -> str:
    """The text of a cookie that names this basket."""
    return tokens.sign(
        purpose=_PURPOSE,
        payload={"basket": str(basket_id)},
        expires_at=now + timedelta(days=BASKET_DAYS),
    )
