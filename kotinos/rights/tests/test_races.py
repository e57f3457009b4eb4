"""Several connections at once: exclusives, quotas, snapshots told of changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import connection, connections
from psycopg.errors import ExclusionViolation

from kotinos.rights import models
from kotinos.rights.actions.quota import quota_gap, release_quota, spend_quota
from kotinos.rights.actions.signing import sign
from kotinos.rights.asking import decide, decide_now
from kotinos.rights.contracts import Act, Cleared, Outlet, Reason, Refused
from kotinos.rights.results import Conflicting, QuotaSpent, QuotaTaken, Signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from kotinos.rights.tests.conftest import Town


def at_once(calls: Sequence[Callable[[], object]]) -> list[Any]:
    """Each call on its own thread and connection, released at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("round_", range(4))
def test_of_two_signers_at_once_one_wins_and_the_other_sees_the_overlap(
    open_town: Town, round_: int
) -> None:
    town = open_town
    one = town.draft("IOC", "SHOP", territory="FR,BE,JP", exclusivity="exclusive")
    two = town.draft("IOC", "RIVAL", "MASCOT", territory="BE,LU", exclusivity="exclusive")
    pair = [one, two] if round_ % 2 else [two, one]

    def signer(grant: UUID) -> Callable[[], object]:
        return lambda: sign(grant_id=grant, now=town.now)

    outcomes = at_once([signer(grant) for grant in pair])
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, Signed)]
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Conflicting)]
    (conflict,) = lost.conflicts
    assert conflict.grant_id == won.grant_id
    assert conflict.territories == ("BE",)
    assert conflict.acts == (Act.SELL, Act.SHIP)
    assert models.Signature.objects.values("grant").distinct().count() == 1
    assert set(models.ExclusiveSpan.objects.values_list("grant_id", flat=True)) == {won.grant_id}


def test_the_database_alone_refuses_overlapping_exclusives(open_town: Town) -> None:
    town = open_town
    grant = town.grant("IOC", "SHOP", territory="FR", exclusivity="exclusive")
    rival = town.draft("IOC", "RIVAL", territory="FR", exclusivity="exclusive")
    copy = (
        "INSERT INTO rights_exclusive_span (grant_id, scope, grantee_id, property_id, acts,"
        " outlets, territories, during)"
        " SELECT %s, scope, %s, property_id, acts, outlets, territories, during"
        " FROM rights_exclusive_span WHERE grant_id = %s"
    )
    parameters = connection.get_connection_params()
    keep = ("dbname", "user", "password", "host", "port")
    with (
        psycopg.connect(**{k: parameters[k] for k in keep if parameters.get(k)}) as other,
        pytest.raises(ExclusionViolation),
    ):
        other.execute(copy, [rival, town.ids["RIVAL"], grant])


def test_parallel_spending_never_overspends_a_quota(open_town: Town) -> None:
    town = open_town
    work = town.work("GAMES")
    parent = town.grant("IOC", "SHOP", quota_units=100, may_sublicense=True)
    number = models.Grant.objects.get(id=parent).number
    child = town.grant("SHOP", "RIVAL", quota_units=60, parent=number)

    def spender(grant: UUID, key: str) -> Callable[[], object]:
        return lambda: spend_quota(units_by_grant={grant: 7}, key=key, now=town.now)

    calls = [spender(child if n % 2 else parent, f"order-{n}") for n in range(24)]
    outcomes = at_once(calls)
    taken = [outcome for outcome in outcomes if isinstance(outcome, QuotaTaken)]
    assert len(taken) == 14  # 14 * 7 = 98 of 100
    assert sum(isinstance(outcome, QuotaSpent) for outcome in outcomes) == 10
    counters = dict(models.QuotaCounter.objects.values_list("grant_id", "used_units"))
    assert counters[parent] == 98
    assert counters[child] <= 60
    assert quota_gap() == 0
    del work


def test_one_key_spends_once_however_often_it_is_sent(open_town: Town) -> None:
    town = open_town
    grant = town.grant("IOC", "SHOP", quota_units=10)

    def spend() -> object:
        return spend_quota(units_by_grant={grant: 10}, key="same", now=town.now)

    outcomes = at_once([spend] * 6)
    assert sorted(outcome.is_repeat for outcome in outcomes) == [False] + [True] * 5
    assert models.QuotaCounter.objects.get(grant=grant).used_units == 10


def test_a_quota_that_reaches_zero_is_compiled_away_and_comes_back(open_town: Town) -> None:
    town = open_town
    work = town.work("GAMES")
    grant = town.grant("IOC", "SHOP", quota_units=5)
    question: dict[str, Any] = {
        "work_id": work,
        "seller_id": town.ids["SHOP"],
        "act": Act.SELL,
        "outlet": Outlet.OWN_SHOP,
        "territory": "JP",
        "at": town.now,
    }
    assert decide_now(**question) is not None
    spend_quota(units_by_grant={grant: 5}, key="all", now=town.now)
    assert decide_now(**question) is None
    refused = decide(**question)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.blocking_id) == (Reason.QUOTA_SPENT, grant)
    assert release_quota(key="all", now=town.now) == 1
    assert release_quota(key="all", now=town.now) == 0
    assert isinstance(decide(**question), Cleared)
    assert decide_now(**question) is not None
