"""Scheduling, changing, publishing, withdrawing: who may, what stands in the way, what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from kotinos.drops import api as drops
from kotinos.drops.tests.world import grant
from kotinos.games import api as games
from kotinos.kernel import changelog
from kotinos.kernel.models import OutboxEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kotinos.drops.tests.world import World


@pytest.fixture
def terms(world: World) -> drops.DropTerms:
    return drops.DropTerms(
        slug="gold-jersey",
        names={"en": "The gold jersey", "fr": "Le maillot d'or"},
        seller="SHOP",
        products=("jersey", "pin"),
        opens_at=world.now + timedelta(hours=1),
        closes_at=world.now + timedelta(hours=2),
    )


def person(world: World, role: str, organisation: str = "SHOP") -> UUID:
    person_id = games.ensure_person(email=f"{role}@x.example", name=role, password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=world.sellers[organisation],
        role=games.RoleName(role),
        actor=None,
        now=world.now - timedelta(hours=1),
    )
    return person_id


def scheduled(terms: drops.DropTerms, world: World) -> drops.DropView:
    outcome = drops.schedule_drop(terms=terms, now=world.now)
    assert isinstance(outcome, drops.Scheduled), outcome
    return outcome.drop


def published(terms: drops.DropTerms, world: World) -> drops.DropView:
    drop = scheduled(terms, world)
    outcome = drops.publish(drop_id=drop.id, now=world.now)
    assert isinstance(outcome, drops.Changed), outcome
    return outcome.drop


def codes(problems: Iterable[drops.Problem]) -> set[str]:
    return {problem.code for problem in problems}


def test_a_drop_is_a_draft_until_it_is_published(world: World, terms: drops.DropTerms) -> None:
    drop = scheduled(terms, world)
    assert (drop.state, drop.name("fr")) == (drops.DropState.DRAFT, "Le maillot d'or")
    assert [offer.handle for offer in drop.offers] == ["jersey", "pin"]
    assert drops.drops() == ()
    outcome = drops.publish(drop_id=drop.id, now=world.now)
    assert isinstance(outcome, drops.Changed)
    assert drops.drops() == (outcome.drop,)
    assert outcome.drop.phase(world.now) is drops.Phase.COMING


def test_every_change_is_written_down_and_told(world: World, terms: drops.DropTerms) -> None:
    drop = published(terms, world)
    drops.withdraw(drop_id=drop.id, now=world.now, reason="The lorry is late")
    lines = changelog.history(subject_kind="drop", subject=drop.slug)
    assert {line.verb for line in lines} == {"schedule drop", "publish drop", "withdraw drop"}
    told = OutboxEvent.objects.filter(kind="drops.changed").values_list("payload", flat=True)
    assert [each["verb"] for each in told] == ["schedule drop", "publish drop", "withdraw drop"]
    assert drops.drops() == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"slug": "Gold Jersey"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"names": {"fr": "Or"}}, "name"),
        ({"names": {"en": "x" * 81}}, "name"),
        ({"texts": {"ar": "x" * 2001}}, "text-long"),
        ({"seller": "NOBODY"}, "seller"),
        ({"products": ()}, "no-offers"),
        ({"products": ("pin", "pin")}, "twice"),
        ({"products": ("pin", "'; DROP TABLE")}, "unknown-product"),
        ({"products": tuple(f"p{n}" for n in range(21))}, "many-offers"),
        ({"seller": "RIVAL"}, "not-offered"),
        ({"territory": "WORD"}, "territory"),
        ({"territory": ""}, "territory"),
        ({"territory": "KE,-KE"}, "nowhere"),
        ({"units_per_buyer": 0}, "limit"),
        ({"units_per_buyer": 21}, "limit"),
        ({"hold_seconds": 5}, "hold"),
    ],
)
def test_terms_that_cannot_stand_are_refused(
    world: World, terms: drops.DropTerms, wrong: dict[str, Any], code: str
) -> None:
    outcome = drops.schedule_drop(terms=replace(terms, **wrong), now=world.now)
    assert isinstance(outcome, drops.BadTerms)
    assert code in codes(outcome.problems)
    assert all(problem.message for problem in outcome.problems)
    assert drops.all_drops() == ()


def test_dates_must_make_a_time_that_is_still_to_come(world: World, terms: drops.DropTerms) -> None:
    for opens, closes, code in ((2, 1, "order"), (-3, -2, "past"), (1, 24 * 91, "long")):
        wrong = replace(
            terms,
            opens_at=world.now + timedelta(hours=opens),
            closes_at=world.now + timedelta(hours=closes),
        )
        outcome = drops.schedule_drop(terms=wrong, now=world.now)
        assert isinstance(outcome, drops.BadTerms)
        assert codes(outcome.problems) == {code}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"products": ("cap",)}, "no-stock"), ({"territory": "US"}, "not-cleared")],
)
def test_what_the_world_refuses_is_a_warning_first_and_a_problem_then(
    world: World, terms: drops.DropTerms, wrong: dict[str, Any], code: str
) -> None:
    outcome = drops.schedule_drop(terms=replace(terms, **wrong), now=world.now)
    assert isinstance(outcome, drops.Scheduled)
    assert codes(outcome.warnings) == {code}
    refused = drops.publish(drop_id=outcome.drop.id, now=world.now)
    assert isinstance(refused, drops.BadTerms)
    assert codes(refused.problems) == {code}


def test_a_grant_with_a_quota_cannot_be_dropped(world: World, terms: drops.DropTerms) -> None:
    grant("SHOP", "US", world.now - timedelta(hours=1), quota_units=100)
    drop = scheduled(replace(terms, territory="WORLD"), world)
    refused = drops.publish(drop_id=drop.id, now=world.now)
    assert isinstance(refused, drops.BadTerms)
    assert codes(refused.problems) == {"quota"}
    assert "rests on the grant G-" in refused.problems[0].message


def test_one_product_is_in_one_drop_at_a_time(world: World, terms: drops.DropTerms) -> None:
    first = published(terms, world)
    second = scheduled(replace(terms, slug="again", products=("pin",)), world)
    refused = drops.publish(drop_id=second.id, now=world.now)
    assert isinstance(refused, drops.BadTerms)
    assert codes(refused.problems) == {"overlap"}
    drops.end(drop_id=first.id, now=world.now)
    assert isinstance(drops.publish(drop_id=second.id, now=world.now), drops.Changed)


def test_a_slug_is_taken_once(world: World, terms: drops.DropTerms) -> None:
    scheduled(terms, world)
    outcome = drops.schedule_drop(terms=terms, now=world.now)
    assert isinstance(outcome, drops.BadTerms)
    assert codes(outcome.problems) == {"slug-taken"}


def test_only_the_sellers_people_may(world: World, terms: drops.DropTerms) -> None:
    clerk, own = person(world, "orders"), person(world, "catalogue")
    for nobody in (clerk, person(world, "rights-manager", "RIVAL"), uuid4()):
        outcome = drops.schedule_drop(terms=terms, now=world.now, actor=nobody)
        assert isinstance(outcome, drops.NotYours)
    made = drops.schedule_drop(terms=terms, now=world.now, actor=own)
    assert isinstance(made, drops.Scheduled)
    for act in (drops.publish, drops.withdraw):
        assert isinstance(act(drop_id=made.drop.id, now=world.now, actor=clerk), drops.NotYours)
    change = drops.change_drop(drop_id=made.drop.id, terms=terms, now=world.now, actor=clerk)
    assert isinstance(change, drops.NotYours)


def test_of_a_published_drop_only_what_nobody_counts_on_changes(
    world: World, terms: drops.DropTerms
) -> None:
    drop = published(terms, world)

    def change(now_in: timedelta = timedelta(0), **more: Any) -> object:
        return drops.change_drop(
            drop_id=drop.id, terms=replace(terms, **more), now=world.now + now_in
        )

    later = terms.opens_at + timedelta(minutes=10)
    refused = change(opens_at=later)
    assert isinstance(refused, drops.BadTerms)
    assert codes(refused.problems) == {"too-late"}
    assert isinstance(change(products=("pin",), territory="KE"), drops.Scheduled)
    assert isinstance(change(products=("cap",)), drops.BadTerms)
    is_open = timedelta(minutes=90)
    refused = change(is_open, products=("jersey",), territory="KE")
    assert isinstance(refused, drops.BadTerms)
    changed = change(is_open, products=("pin",), territory="KE", units_per_buyer=1)
    assert isinstance(changed, drops.Scheduled)
    assert changed.drop.units_per_buyer == 1
    assert isinstance(change(timedelta(hours=3)), drops.Unchanged)


def test_states_follow_each_other_once(world: World, terms: drops.DropTerms) -> None:
    drop = published(terms, world)
    assert isinstance(drops.publish(drop_id=drop.id, now=world.now), drops.Unchanged)
    assert drops.end_those_over(now=world.now) == 0
    later = terms.closes_at + timedelta(seconds=1)
    assert drops.end_those_over(now=later) == 1
    assert drops.end_those_over(now=later) == 0
    assert isinstance(drops.withdraw(drop_id=drop.id, now=later), drops.Unchanged)
    assert isinstance(drops.end(drop_id=uuid4(), now=later), drops.NotFound)
    found = drops.drop(drop.slug)
    assert found is not None
    assert found.state is drops.DropState.ENDED


def test_the_territory_is_what_its_text_means_at_the_opening(
    world: World, terms: drops.DropTerms
) -> None:
    drop = scheduled(replace(terms, territory="WORLD,-HOME(FRA)"), world)
    atlas = games.atlas()
    assert atlas.codes(drop.territory_mask) == ("JP", "KE", "US")
    assert drop.sells_in(atlas.bits["KE"])
    assert drops.follow_atlas(now=world.now) == 0


def test_a_draft_whose_hour_passed_gets_another_room(world: World, terms: drops.DropTerms) -> None:
    drop = scheduled(terms, world)
    later = terms.opens_at + timedelta(minutes=1)
    moved = replace(terms, opens_at=later + timedelta(hours=5), closes_at=later + timedelta(days=1))
    outcome = drops.change_drop(drop_id=drop.id, terms=moved, now=later)
    assert isinstance(outcome, drops.Scheduled)
    assert outcome.drop.room_id != drop.room_id
    assert drops.terms_of(outcome.drop) == moved


def test_a_name_that_was_given_up_can_be_taken(world: World, terms: drops.DropTerms) -> None:
    drop = scheduled(terms, world)
    drops.change_drop(drop_id=drop.id, terms=replace(terms, slug="silver"), now=world.now)
    assert scheduled(terms, world).room_id != drop.room_id
