"""Who a person is may not be read from the log: ids become keyed hashes, addresses networks."""

from __future__ import annotations

import re
from hashlib import blake2b
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REMEMBERED_MAX = 100_000
_BYTES = 8
_ADDRESS = re.compile(rb'[^\s"@\\]{1,64}@[^\s"@\\]{1,255}\.[^\s"@\\]{2,24}')
PERSONAL_KEYS = frozenset(
    [
        "email",
        "e_mail",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "name",
        "first_name",
        "firstname",
        "firstName",
        "last_name",
        "lastname",
        "lastName",
        "full_name",
        "fullname",
        "fullName",
        "username",
        "user_name",
        "address",
        "street",
        "city",
        "zip",
        "postcode",
        "postal_code",
        "postalCode",
        "birthday",
        "birthdate",
        "date_of_birth",
        "dob",
        "age",
        "gender",
        "avatar",
        "passport",
        "iban",
        "card",
        "card_number",
        "cardNumber",
        "password",
        "token",
        "$ip",
        "ip",
        "$set",
        "$set_once",
        "traits",
        "$user_id",
        "$device_id",
        "$session_id",
        "$window_id",
        "$anon_distinct_id",
        "distinct_id",
        "$current_url",
        "url",
        "referrer",
        "$referrer",
        "$initial_referrer",
        "$initial_current_url",
    ]
)
"""Names of properties that tell who somebody is; such a property is never kept."""


class Pseudonyms:
    """Keyed hashes of one edition's people in one region: BLAKE2b (RFC 7693), 64 bits, signed.

    The same id has the same pseudonym as long as the key exists, and no key leads back.
    """

    def __init__(self, secret: bytes) -> None:
        self._begun = blake2b(key=secret, digest_size=_BYTES)
        self._known: dict[str | int | None, int | None] = {None: None, "": None}

    def of(self, identity: str | int) -> int:
        """The pseudonym of an id as it was sent; a number and its digits are the same id."""
        digest = self._begun.copy()
        digest.update(str(identity).encode("utf-8", "replace"))
        return int.from_bytes(digest.digest(), "big", signed=True)

    def of_all(self, identities: Sequence[str | int | None]) -> list[int | None]:
        """The pseudonyms of many; None for those that are nobody."""
        known = self._known
        if len(known) > REMEMBERED_MAX:
            known = self._known = {None: None, "": None}
        for identity in identities:
            if identity not in known and identity is not None:
                known[identity] = self.of(identity)
        return [*map(known.__getitem__, identities)]


def network_of(address: str) -> str:
    """The network an address belongs to, IPv4 /24 or IPv6 /48; empty for nonsense."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv4Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return str(IPv4Address(int(found) & 0xFFFFFF00))
    return str(type(found)(int(found) >> 80 << 80))


def without_addresses(text: bytes) -> bytes:
    """The same text, with whatever looks like a mail address taken out."""
    return _ADDRESS.sub(b"-", text)
