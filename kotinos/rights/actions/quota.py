"""Units spent under grants and given back, never more than any grant of the chain allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from kotinos.kernel import rich
from kotinos.rights import statements
from kotinos.rights.actions.frame import settle_grants, take_book
from kotinos.rights.results import QuotaSpent, QuotaTaken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

KEY_LENGTH_MAX = 120
_BACK = "/back"


@transaction.atomic
def spend_quota(
    *, units_by_grant: Mapping[UUID, int], key: str, now: datetime
) -> QuotaTaken | QuotaSpent:
    """Spend under the last grants of some chains and all above them: all of it, or nothing.

    A key spends once; its repeat is told so. A grant that reaches its limit is compiled away in
    this transaction. Grants without a quota cost nothing.
    """
    assert 0 < len(key) <= KEY_LENGTH_MAX, key
    assert all(units > 0 for units in units_by_grant.values()), units_by_grant
    grants = sorted(units_by_grant)
    spending = _spend(grants, [units_by_grant[grant] for grant in grants], key=key, now=now)
    if spending.short and not spending.is_repeat:
        # A twin with the same key may have committed while this statement waited for it.
        spending = _spend(grants, [units_by_grant[grant] for grant in grants], key=key, now=now)
    if spending.is_repeat:
        return QuotaTaken(is_repeat=True)
    if spending.short:
        return QuotaSpent(tuple(spending.short))
    _settle(spending.now_spent, cause="quota-spent", key=key, now=now)
    return QuotaTaken(is_repeat=False)


@transaction.atomic
def release_quota(*, key: str, now: datetime) -> int:
    """Give back what a key spent; how many grants got units back. A repeat gives nothing more."""
    rows = rich.run(statements.release_quota, key=key, back=key + _BACK, now=now)
    _settle([grant for grant, was_spent in rows if was_spent], cause="quota-back", key=key, now=now)
    return len(rows)


def quota_gap() -> int:
    """Counters that differ from their ledger's sum; 0 is promised."""
    return rich.run_one(statements.quota_gap)


def _spend(grants: list[UUID], units: list[int], *, key: str, now: datetime) -> statements.Spending:
    return rich.run_one(statements.spend_quota, grants=grants, units=units, key=key, now=now)


def _settle(grant_ids: Collection[UUID], *, cause: str, key: str, now: datetime) -> None:
    if grant_ids:
        now = take_book(now)
        settle_grants(grant_ids=grant_ids, now=now, cause=cause, subject=key)
