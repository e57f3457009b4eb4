"""The SQL of collecting bound to readers, for either lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kotinos.kernel.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = "kotinos.insight"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A write key; `secret` is None where its edition has no hash key yet."""

    key: str
    name: str
    edition: str
    organisation: str
    events_per_s_max: int
    secret: bytes | None


def _key(row: Mapping[str, Any]) -> KeyRow:
    return KeyRow(**row)


read_keys: Statement[KeyRow] = Statement.load(PACKAGE, "read_keys.sql", _key)
make_hash_key: Statement[None] = Statement.load(PACKAGE, "make_hash_key.sql", lambda _: None)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Sums of the ledger; `consumed` are those of the segments asked for that are in them."""

    accepted: int
    queryable: int
    duplicates: int
    dead: int
    erased: int
    expired: int
    consumed: list[str]


read_balance: Statement[BalanceRow] = Statement.load(
    PACKAGE, "read_balance.sql", lambda row: BalanceRow(**row)
)
