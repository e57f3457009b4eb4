"""Two times: what was valid then, and what was known then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from kotinos.rights import api, models
from kotinos.rights.actions.works import register_work
from kotinos.rights.contracts import Act, Cleared, Outlet, Refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from kotinos.rights.tests.conftest import Town


def recorded(town: Town, work: UUID, *, to: str = "JP", now: datetime) -> api.RecordedDecision:
    return api.record_decision(
        work_id=work,
        seller_id=town.ids["SHOP"],
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory=to,
        at=now,
        now=now,
        evidence={"ship_to": to},
    )


def proven(decision_id: UUID) -> tuple[bool, dict[str, Any]]:
    found = api.prove(decision_id=decision_id)
    assert isinstance(found, tuple)
    return found


def test_a_past_decision_comes_out_to_the_letter_after_everything_changed(town: Town) -> None:
    work = town.work("GAMES", "KEN-CREST")
    api.give_consent(noc="JPN", policy="world", share_basis_points=250, now=town.now)
    mark = town.grant("IOC", "SHOP", duties="royalty:1200@IOC; label hologram", quota_units=50)
    town.grant("NOC-KEN", "SHOP", "KEN-CREST", territory="WORLD,-CN")
    before = recorded(town, work, now=town.later(hours=1))
    assert isinstance(before.decision, Cleared)
    refused = recorded(town, work, to="CN", now=town.later(hours=1))
    assert isinstance(refused.decision, Refused)

    later = town.later(days=1)
    api.spend_quota(units_by_grant={mark: 50}, key="all", now=later)
    api.suspend(grant_id=mark, now=later, at=town.now)
    api.terminate(grant_id=mark, now=later, at=town.now)
    for consent in models.Consent.objects.all():
        api.revoke_consent(consent_id=consent.id, now=later, at=town.now)
    api.prohibit(
        terms=api.ProhibitionTerms(grantor="IOC", property="GAMES", number="P-1"), now=later
    )
    town.property_("NEW", "IOC")
    register_work(work_id=work, kind="product", title="W", property_codes=["NEW"], now=later)
    now = recorded(town, work, now=town.later(days=2))
    assert isinstance(now.decision, Refused)

    for row in (before, refused, now):
        same, answer = proven(row.id)
        assert same, answer
    asked_again = api.decide(
        work_id=work,
        seller_id=town.ids["SHOP"],
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory="JP",
        at=town.later(hours=1),
        as_of=town.later(hours=1),
    )
    assert asked_again == before.decision


def test_a_lifted_suspension_is_still_known_to_have_been_open(town: Town) -> None:
    work = town.work("GAMES")
    grant = town.grant("IOC", "SHOP")
    api.suspend(grant_id=grant, now=town.later(hours=1))
    while_suspended = recorded(town, work, now=town.later(hours=2))
    api.lift(grant_id=grant, now=town.later(hours=3), at=town.later(hours=1))
    assert isinstance(while_suspended.decision, Refused)
    same, _ = proven(while_suspended.id)
    assert same
    assert isinstance(recorded(town, work, now=town.later(hours=4)).decision, Cleared)


def test_two_changes_in_one_instant_are_known_one_after_the_other(town: Town) -> None:
    work = town.work("GAMES")
    grant = town.grant("IOC", "SHOP")
    between = recorded(town, work, now=town.now)
    api.terminate(grant_id=grant, now=town.now)
    assert isinstance(between.decision, Cleared)
    same, _ = proven(between.id)
    assert same


def test_a_recorded_decision_is_never_changed(town: Town) -> None:
    decision = recorded(town, town.work("GAMES"), now=town.now)
    rows = models.Decision.objects.filter(id=decision.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(cleared=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete("default")


def test_what_a_work_used_is_retracted_and_not_rewritten(town: Town) -> None:
    work = town.work("GAMES")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.WorkUse.objects.filter(work=work).update(recorded_at=town.later(days=1))
    register_work(
        work_id=work, kind="product", title="W", property_codes=["MASCOT"], now=town.later(days=1)
    )
    assert models.WorkUse.objects.filter(work=work).count() == 2


def test_an_unknown_work_is_refused(town: Town) -> None:
    missing = town.ids["SHOP"]
    decision = api.decide(
        work_id=missing,
        seller_id=town.ids["SHOP"],
        act=Act.SELL,
        outlet=Outlet.OWN_SHOP,
        territory="JP",
        at=town.now,
    )
    assert isinstance(decision, Refused)
