"""The committee's two pages, the explanation, the map, the simulator, the report."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from kotinos.kernel import clock
from kotinos.rights import api, models
from kotinos.rights.contracts import Reason

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.tests.office.conftest import Desk

SALE = {"act": "sell", "outlet": "own-shop"}


def _cleared(work: UUID) -> int:
    mask = api.cleared_mask(
        work_id=work, act=api.Act.SELL, outlet=api.Outlet.OWN_SHOP, at=clock.now()
    )
    return mask.bit_count()


def test_a_committee_opens_its_goods_step_by_step_in_one_form(desk: Desk) -> None:
    work, person = desk.town.work("KEN-CREST"), desk.person("NOC-KEN")
    for noc in ("JPN", "USA"):
        api.give_consent(noc=noc, policy="world", now=clock.now())
    address = reverse("rights_office:open_noc", args=["KEN"])
    given: dict[str, Any] = {"outlets": ["own-shop"], "royalty_percent": "12.5"}
    for more, territories in (
        ({"reach": "home-only"}, 1),
        ({"reach": "listed", "territories": ["JP"]}, 2),
        ({"reach": "world"}, 5),  # home, two that consent, two that are nobody's home
    ):
        assert person.post(address, given | more).status_code == 302
        assert _cleared(work) == territories
        assert person.get(address).context["form"].initial["reach"] == more["reach"]
    newest = models.Grant.objects.filter(termination__isnull=True).get()
    assert newest.duties[0]["basis_points"] == 1250


def test_the_page_names_grants_that_it_does_not_touch(desk: Desk) -> None:
    by_hand = desk.town.grant("NOC-KEN", "SHOP", "KEN-CREST", territory="KE")
    page = desk.person("NOC-KEN").get(reverse("rights_office:open_noc", args=["KEN"]))
    assert [row.number for row in page.context["others"]] == [desk.number(by_hand)]
    assert page.context["map"].finding.startswith("In 1 territory")


def test_older_grants_of_the_committee_to_itself_are_ended_only_when_named(desk: Desk) -> None:
    work = desk.town.work("KEN-CREST")
    older = desk.town.grant("NOC-KEN", "NOC-KEN", "KEN-CREST", territory="WORLD")
    others = desk.town.grant("NOC-KEN", "SHOP", "KEN-CREST", territory="KE")
    person, address = desk.person("NOC-KEN"), reverse("rights_office:open_noc", args=["KEN"])
    given: dict[str, Any] = {"reach": "home-only", "outlets": ["own-shop"]}
    assert person.post(address, given | {"end_own": [str(others)]}).status_code == 422
    assert person.post(address, given).status_code == 302
    assert _cleared(work) == 3  # home and what is nobody's: the older grant still gives
    assert person.post(address, given | {"end_own": [str(older)]}).status_code == 302
    assert _cleared(work) == 1
    assert models.Termination.objects.get().grant_id == older


def test_listed_without_a_country_is_sent_back_with_the_reason(desk: Desk) -> None:
    address = reverse("rights_office:open_noc", args=["KEN"])
    answer = desk.person("NOC-KEN").post(address, {"reach": "listed", "outlets": ["own-shop"]})
    assert answer.status_code == 422
    assert "territories" in answer.context["form"].errors


def test_a_committee_says_which_foreign_goods_come_home_and_for_what_share(desk: Desk) -> None:
    person, address = desk.person("NOC-FRA"), reverse("rights_office:home", args=["FRA"])
    given = {"policy": "listed", "listed": ["KEN"], "share_percent": "5"}
    assert person.post(address, given).status_code == 302
    said = models.Consent.objects.get()
    assert (said.policy, said.listed, said.share_basis_points) == ("listed", ["KEN"], 500)
    assert person.get(address).context["form"].initial["policy"] == "listed"
    assert person.post(address, {"policy": "world", "listed": ["KEN"]}).status_code == 302
    assert models.Consent.objects.latest("recorded_at").policy == "world"


def test_why_answers_in_words_with_the_chain_and_for_machines(desk: Desk) -> None:
    work = desk.town.work("GAMES")
    grant = desk.town.grant("IOC", "SHOP", territory="JP")
    person, address = desk.person("SHOP"), reverse("rights_office:why")
    query = SALE | {"work": str(work), "territory": "JP", "seller": str(desk.town.ids["SHOP"])}
    page = person.get(address, query)
    assert page.context["is_cleared"]
    assert grant in {step.grant_id for step in page.context["steps"]}
    refused = person.get(address, query | {"territory": "US"})
    assert not refused.context["is_cleared"]
    machine = person.get(address, query | {"format": "json"}).json()
    assert str(grant) in str(machine)


def test_why_finds_a_work_by_its_title_and_offers_a_choice(desk: Desk) -> None:
    works = {desk.town.work("GAMES"), desk.town.work("MASCOT")}
    query = SALE | {"work": "scar", "territory": "JP", "seller": "anybody"}
    page = desk.person("SHOP").get(reverse("rights_office:why"), query)
    assert {each.id for each, _ in page.context["found"]} == works
    nothing = desk.person("SHOP").get(reverse("rights_office:why"), query | {"work": "nix"})
    assert "work" in nothing.context["form"].errors


def test_the_answer_as_of_an_earlier_moment_is_the_earlier_answer(desk: Desk) -> None:
    work = desk.town.work("GAMES")
    before = clock.now()
    desk.town.now = clock.now()
    desk.town.grant("IOC", "SHOP", territory="JP")
    query = SALE | {"work": str(work), "territory": "JP", "seller": "anybody"}
    person, address = desk.person("SHOP"), reverse("rights_office:why")
    assert person.get(address, query).context["is_cleared"]
    then = query | {"as_of": f"{before:%Y-%m-%dT%H:%M:00}"}
    assert not person.get(address, then).context["is_cleared"]


def test_the_map_counts_sellers_and_lists_each(desk: Desk) -> None:
    work = desk.town.work("GAMES")
    desk.town.grant("IOC", "SHOP", territory="JP,US")
    desk.town.grant("IOC", "RIVAL", territory="JP")
    person, address = desk.person("SHOP"), reverse("rights_office:map")
    for query in ({"work": str(work), "property": ""}, {"work": "", "property": "GAMES"}):
        page = person.get(address, SALE | query)
        lines = {line.seller: line.territory_text for line in page.context["sellers"]}
        assert lines == {"SHOP": "JP,US", "RIVAL": "JP"}
        assert "2 territories of 10, by 2 sellers" in page.context["map"].finding


def test_the_simulator_changes_nothing_and_says_what_would_be_refused(desk: Desk) -> None:
    work = desk.town.work("GAMES")
    held = desk.town.grant("IOC", "RIVAL", exclusivity="exclusive", territory="JP")
    draft = desk.town.draft("IOC", "SHOP", exclusivity="exclusive", territory="JP,US")
    api.record_refusal(
        work_id=work,
        territory="US",
        reason=Reason.TERRITORY,
        session_key="one",
        value_minor=1000,
        currency="EUR",
        now=clock.now(),
    )
    query = SALE | {"added": str(draft), "removed": str(held)}
    page = desk.person("IOC").get(reverse("rights_office:simulator"), query)
    effect = page.context["effect"]
    assert (effect.gained, effect.lost, effect.served_count) == (1, 0, 1)
    assert effect.served_money == ("€10.00",)
    assert "JP" in page.context["refused"][0][1]
    assert not models.Signature.objects.filter(grant=draft).exists()


def test_the_report_counts_a_visit_once_and_leaves_bots_out(desk: Desk) -> None:
    work, grant = desk.town.work("GAMES"), desk.town.grant("IOC", "SHOP", territory="JP")
    for session, bot in (("one", False), ("one", False), ("two", False), ("robot", True)):
        api.record_refusal(
            work_id=work,
            territory="US",
            reason=Reason.TERRITORY,
            session_key=session,
            value_minor=1000,
            currency="EUR",
            now=clock.now(),
            property="GAMES",
            blocking=grant,
            bot=bot,
        )
    page = desk.person("IOC").get(reverse("rights_office:denied"))
    assert page.context["total"].refusals == 2
    (rule,) = page.context["tables"][0][2]
    assert (rule.note, rule.money) == (desk.number(grant), ("€20.00",))
    export = desk.person("IOC").get(reverse("rights_office:denied_csv")).content.decode()
    (row,) = csv.DictReader(export.splitlines())
    assert (row["property"], row["refusals"], row["value_minor"]) == ("GAMES", "2", "2000")


def test_a_prohibition_is_made_and_taken_back_with_its_number(desk: Desk) -> None:
    work, person = desk.town.work("GAMES"), desk.person("IOC")
    desk.town.grant("IOC", "SHOP", territory="JP,US")
    address = reverse("rights_office:prohibitions")
    given = {"grantor": "IOC", "property": "GAMES", "acts": ["sell"], "territory": "US"}
    assert person.post(address, given).status_code == 422  # not understood yet
    assert person.post(address, given | {"understood": "on"}).status_code == 302
    assert _cleared(work) == 1
    row = models.Prohibition.objects.get()
    revoke = reverse("rights_office:revoke", args=[row.id])
    assert desk.person("RIVAL").post(revoke, {"confirm": row.number}).status_code == 404
    assert person.post(revoke, {"confirm": row.number}).status_code == 302
    assert _cleared(work) == 2
