"""Rules of a sale in a drop: values in, values out, for both lanes."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from kotinos.drops.contracts import Phase
from kotinos.kernel.languages import LANGUAGES
from kotinos.orders.addresses import address_format, clean
from kotinos.orders.hot.wishes import Code, HotRefused

if TYPE_CHECKING:
    from datetime import datetime

    from kotinos.drops.contracts import DropView
    from kotinos.orders.hot.wishes import HoldWish, OrderWish

EMAIL_LENGTH_MAX = 254  # RFC 5321, 4.5.3.1.3
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+")
# Crockford's alphabet: no letter that is read as another. 8 of them are 10^12 numbers.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_BITS = 40


def new_number() -> str:
    """An order number people can read out: `K-7F3Q-92XM`."""
    drawn = secrets.randbits(_NUMBER_BITS)
    letters = "".join(_LETTERS[drawn >> shift & 31] for shift in range(0, _NUMBER_BITS, 5))
    return f"K-{letters[:4]}-{letters[4:]}"


def order_id_of(wish: HoldWish) -> UUID:
    """The order's id: one for each buyer and key, so nobody meets another's order by a key."""
    return uuid5(wish.drop_id, f"{wish.identity}/{wish.key.hex}")


def intent_id_of(order_id: UUID) -> UUID:
    """The id of an order's payment intent."""
    return uuid5(order_id, "intent")


def holder_of(wish: HoldWish) -> UUID:
    """Whom the units count for: the limit is per buyer and drop."""
    return uuid5(wish.drop_id, wish.identity)


def hold_refusal(wish: HoldWish, drop: DropView | None, now: datetime) -> HotRefused | None:
    """Why nothing may be set aside, as far as the drop itself says; None: it may."""
    if drop is None or drop.variant(wish.variant_id) is None:
        return HotRefused(Code.UNKNOWN)
    match drop.phase(now):
        case Phase.OPEN:
            pass
        case Phase.COMING | Phase.DRAFT:
            return HotRefused(Code.TOO_EARLY)
        case Phase.OVER | Phase.WITHDRAWN:
            return HotRefused(Code.CLOSED)
    if wish.units < 1:
        return HotRefused(Code.INVALID, fields={"units": "required"})
    if wish.units > drop.units_per_buyer:
        return HotRefused(Code.LIMIT)
    return None


def checked_address(wish: OrderWish) -> dict[str, str] | HotRefused:
    """The address as it is kept, or what is wrong with the fields.

    Codes: required, too-long, postal, email, unknown.
    """
    form = address_format(wish.territory)
    kept, errors = clean(wish.address, form)
    if len(wish.email) > EMAIL_LENGTH_MAX or _EMAIL.fullmatch(wish.email) is None:
        errors["email"] = "email" if wish.email else "required"
    if wish.language not in LANGUAGES:
        errors["language"] = "unknown"
    return HotRefused(Code.INVALID, fields=errors) if errors else kept
