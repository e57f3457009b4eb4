"""Signing against real tables: parents, exclusives, parties, and what may never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from kotinos.games import api as games
from kotinos.rights import models
from kotinos.rights.actions.grants import edit_grant
from kotinos.rights.actions.signing import sign
from kotinos.rights.actions.states import lift, suspend, terminate
from kotinos.rights.asking import decide, decide_now
from kotinos.rights.contracts import Act, Cleared, Outlet, Reason, Refused
from kotinos.rights.results import (
    Changed,
    Conflicting,
    Exceeds,
    NotGiven,
    NotYours,
    Signed,
    Unchanged,
)
from kotinos.rights.terms import GrantTerms

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.contracts import Decision
    from kotinos.rights.tests.conftest import Town


def ask(town: Town, work: UUID, seller: str = "SHOP", to: str = "JP", **more: Any) -> Decision:
    question: dict[str, Any] = {
        "work_id": work,
        "seller_id": town.ids[seller],
        "act": Act.SELL,
        "outlet": Outlet.OWN_SHOP,
        "territory": to,
        "at": town.later(**more),
    }
    decision = decide(**question)
    compiled = decide_now(**question)
    assert (compiled is not None) == isinstance(decision, Cleared)
    if isinstance(decision, Cleared) and compiled is not None:
        assert (decision.until, decision.chain) == (compiled.until, compiled.chain)
    return decision


def test_a_grant_signed_by_both_parties_clears_its_works(town: Town) -> None:
    work = town.work("GAMES")
    assert isinstance(ask(town, work), Refused)
    grant = town.grant("IOC", "SHOP", territory="WORLD,-CN")
    assert isinstance(ask(town, work), Cleared)
    cleared = ask(town, work)
    assert isinstance(cleared, Cleared)
    assert cleared.chain == (grant,)
    assert isinstance(ask(town, work, to="CN"), Refused)


def test_one_signature_is_not_enough(town: Town) -> None:
    work = town.work("GAMES")
    grant = town.draft("IOC", "SHOP")
    outcome = sign(grant_id=grant, now=town.now, parties=["grantor"])
    assert outcome == Signed(grant, ("grantor",), in_force=False, works=0)
    assert isinstance(ask(town, work), Refused)
    outcome = sign(grant_id=grant, now=town.now, parties=["grantee"])
    assert outcome == Signed(grant, ("grantee",), in_force=True, works=1)
    assert isinstance(ask(town, work), Cleared)
    assert isinstance(sign(grant_id=grant, now=town.now), Unchanged)


def test_a_child_above_its_parent_is_refused_with_the_exact_excess(town: Town) -> None:
    parent = town.grant("IOC", "SHOP", territory="FR", may_sublicense=True)
    number = models.Grant.objects.get(id=parent).number
    child = town.draft("SHOP", "RIVAL", territory="FR,BE,LU", acts="sell, make", parent=number)
    outcome = town.sign(child)
    assert isinstance(outcome, Exceeds)
    found = [(each.dimension, each.detail) for each in outcome.excesses]
    assert found == [("act", "make"), ("territory", "BE, LU")]
    assert not models.Signature.objects.filter(grant=child).exists()


def test_who_owns_nothing_grants_nothing(town: Town) -> None:
    assert isinstance(town.sign(town.draft("RIVAL", "SHOP")), NotGiven)
    parent = models.Grant.objects.get(id=town.draft("IOC", "SHOP", may_sublicense=True))
    child = town.draft("SHOP", "RIVAL", parent=parent.number)
    assert isinstance(town.sign(child), NotGiven)


def test_overlapping_exclusives_are_refused_with_the_exact_overlap(town: Town) -> None:
    first = town.grant("IOC", "SHOP", territory="FR,BE,JP", exclusivity="exclusive")
    second = town.draft("IOC", "RIVAL", "MASCOT", territory="BE,LU,JP", exclusivity="exclusive")
    outcome = town.sign(second)
    assert isinstance(outcome, Conflicting)
    (conflict,) = outcome.conflicts
    assert conflict.grant_id == first
    assert conflict.territories == ("BE", "JP")
    assert conflict.acts == (Act.SELL, Act.SHIP)


def test_the_table_itself_refuses_an_overlap_the_book_did_not_show(town: Town) -> None:
    first = town.grant("IOC", "SHOP", territory="FR,BE", exclusivity="exclusive")
    second = town.draft("IOC", "RIVAL", territory="BE,LU", exclusivity="exclusive")
    # Taken from the book, not from the table: as if its signer had not been seen.
    with transaction.atomic():
        models.Termination.objects.create(grant_id=first, at=town.now, recorded_at=town.now)
    outcome = town.sign(second)
    assert isinstance(outcome, Conflicting)
    (conflict,) = {(c.grant_id, c.territories, c.acts) for c in outcome.conflicts}
    assert conflict == (first, ("BE",), (Act.SELL, Act.SHIP))
    assert not models.Signature.objects.filter(grant=second).exists()


def test_a_new_property_below_an_exclusive_is_covered_at_once(town: Town) -> None:
    grant = town.grant("IOC", "SHOP", exclusivity="exclusive")
    fresh = town.property_("TORCHLIGHT", "IOC", parent="GAMES")
    assert models.ExclusiveSpan.objects.filter(grant=grant, property=fresh).exists()
    assert isinstance(
        town.sign(town.draft("IOC", "RIVAL", "TORCHLIGHT", exclusivity="exclusive")), Conflicting
    )


def test_a_terminated_exclusive_frees_its_place_and_its_children_are_lost(town: Town) -> None:
    work = town.work("GAMES")
    parent = town.grant("IOC", "SHOP", territory="FR", exclusivity="exclusive", may_sublicense=True)
    number = models.Grant.objects.get(id=parent).number
    town.grant("SHOP", "RIVAL", territory="FR", parent=number)
    assert isinstance(ask(town, work, "RIVAL", "FR"), Cleared)
    assert isinstance(terminate(grant_id=parent, now=town.now), Changed)
    refused = ask(town, work, "RIVAL", "FR")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.blocking_id) == (Reason.PARENT_LOST, parent)
    town.grant("IOC", "THIRD", territory="FR", exclusivity="exclusive", starts_at=town.now)
    assert isinstance(ask(town, work, "THIRD", "FR"), Cleared)


def test_a_suspension_pauses_and_its_lift_restores(town: Town) -> None:
    work = town.work("GAMES")
    grant = town.grant("IOC", "SHOP")
    suspend(grant_id=grant, now=town.now)
    refused = ask(town, work)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SUSPENDED
    lift(grant_id=grant, now=town.later(hours=1))
    assert isinstance(ask(town, work, hours=2), Cleared)
    assert isinstance(ask(town, work, minutes=30), Refused)


def test_only_a_rights_manager_of_the_acting_organisation_signs(town: Town) -> None:
    grant = town.draft("IOC", "SHOP")
    person = games.ensure_person(email="a@example.org", name="A", password=None)
    assert isinstance(sign(grant_id=grant, now=town.now, actor=person), NotYours)
    games.give_role(
        person_id=person,
        organisation_id=town.ids["SHOP"],
        role=games.RoleName.RIGHTS_MANAGER,
        actor=None,
        now=town.now,
    )
    outcome = sign(grant_id=grant, now=town.later(seconds=1), actor=person)
    assert outcome == Signed(grant, ("grantee",), in_force=False, works=0)
    for action in (suspend, lift):
        assert isinstance(action(grant_id=grant, now=town.later(seconds=2), actor=person), NotYours)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_signed_is_never_changed(town: Town, change: str) -> None:
    grant = town.grant("IOC", "SHOP")
    suspend(grant_id=grant, now=town.now)
    lift(grant_id=grant, now=town.now)
    terminate(grant_id=grant, now=town.now)
    for model in (models.Signature, models.Suspension, models.Lift, models.Termination):
        rows = model._base_manager.all()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(at=town.later(days=1)) if change == "update" else rows._raw_delete(
                "default"
            )
    signed = models.Grant.objects.filter(id=grant)
    with pytest.raises(IntegrityError), transaction.atomic():
        signed.update(territory="WORLD,-FR") if change == "update" else signed._raw_delete(
            "default"
        )


def test_a_draft_is_edited_until_somebody_signs(town: Town) -> None:
    grant = town.draft("IOC", "SHOP")
    terms = GrantTerms(grantor="IOC", grantee="SHOP", property="GAMES", acts="make")
    edit_grant(grant_id=grant, terms=terms, now=town.now)
    assert models.Grant.objects.get(id=grant).acts == ["make"]
    sign(grant_id=grant, now=town.now, parties=["grantor"])
    assert isinstance(edit_grant(grant_id=grant, terms=terms, now=town.now), Unchanged)
