"""Staff see only their organisation's things; guessing another's id finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from kotinos.kernel import clock
from kotinos.kernel.ids import new_id
from kotinos.rights import api, models
from kotinos.rights.contracts import Reason

if TYPE_CHECKING:
    from kotinos.rights.tests.conftest import Town
    from kotinos.rights.tests.office.conftest import Desk

LISTS = [
    *("grants", "new_grant", "open", "homes", "why", "map", "simulator", "denied", "denied_csv"),
    *("prohibitions", "properties", "territory"),
]


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_led_to_the_sign_in_page(name: str, town: Town) -> None:
    del town
    answer = Client().get(reverse(f"rights_office:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", LISTS)
def test_a_person_without_a_role_is_refused(name: str, desk: Desk) -> None:
    assert desk.fan().get(reverse(f"rights_office:{name}")).status_code == 403


@pytest.mark.parametrize("name", [name for name in LISTS if name not in {"open", "homes"}])
def test_every_page_opens_for_a_rights_manager_and_an_operator(name: str, desk: Desk) -> None:
    desk.town.grant("IOC", "SHOP")
    for person in (desk.person("SHOP"), desk.person("IOC", "operator")):
        assert person.get(reverse(f"rights_office:{name}")).status_code == 200


@pytest.mark.parametrize(
    "name", ["grant", "edit_grant", "sign", "suspend", "lift", "terminate", "withdraw"]
)
def test_a_guessed_grant_of_others_is_not_there(name: str, desk: Desk) -> None:
    theirs = desk.town.grant("IOC", "SHOP")
    person = desk.person("RIVAL")
    for grant_id in (theirs, new_id()):
        address = reverse(f"rights_office:{name}", args=[grant_id])
        assert person.get(address).status_code == 404
        assert person.post(address, {"confirm": "x"}).status_code == 404


def test_lists_hold_only_what_one_gives_or_holds(desk: Desk) -> None:
    mine = desk.number(desk.town.grant("IOC", "SHOP"))
    theirs = desk.number(desk.town.grant("IOC", "RIVAL", "MASCOT"))
    page = desk.person("SHOP").get(reverse("rights_office:grants")).content.decode()
    assert mine in page
    assert theirs not in page
    everything = desk.person("IOC", "operator").get(reverse("rights_office:grants"))
    assert mine in everything.content.decode()
    assert theirs in everything.content.decode()


def test_a_draft_is_its_grantors_own_paper_until_it_is_signed(desk: Desk) -> None:
    draft = desk.town.draft("IOC", "SHOP")
    address = reverse("rights_office:grant", args=[draft])
    grantee, grantor = desk.person("SHOP"), desk.person("IOC")
    assert grantee.get(address).status_code == 404
    number = desk.number(draft)
    grantor.post(reverse("rights_office:sign", args=[draft]), {"confirm": number})
    assert grantee.get(address).status_code == 200


def test_a_viewer_looks_and_changes_nothing(desk: Desk) -> None:
    grant = desk.town.grant("IOC", "SHOP")
    viewer = desk.person("IOC", "viewer")
    assert viewer.get(reverse("rights_office:grant", args=[grant])).status_code == 200
    for step in ("suspend", "terminate"):
        address = reverse(f"rights_office:{step}", args=[grant])
        assert viewer.post(address, {"confirm": desk.number(grant)}).status_code == 404
    assert viewer.get(reverse("rights_office:new_grant")).status_code == 404
    assert not models.Suspension.objects.exists()


def test_another_committees_pages_are_not_there(desk: Desk) -> None:
    person = desk.person("NOC-KEN")
    for name in ("open_noc", "home"):
        assert person.get(reverse(f"rights_office:{name}", args=["KEN"])).status_code == 200
        other = reverse(f"rights_office:{name}", args=["FRA"])
        assert person.get(other).status_code == 404
        assert person.post(other, {"reach": "world", "policy": "world"}).status_code == 404
    assert not models.Grant.objects.exists()
    assert not models.Consent.objects.exists()


def test_denied_demand_is_shown_to_whom_it_concerns(desk: Desk) -> None:
    work = desk.town.work("KEN-CREST")
    api.record_refusal(
        work_id=work,
        territory="JP",
        reason=Reason.NO_CONSENT,
        session_key="one",
        value_minor=4900,
        currency="USD",
        now=clock.now(),
        property="KEN-CREST",
    )
    report = reverse("rights_office:denied")
    assert "$49.00" in desk.person("NOC-KEN").get(report).content.decode()
    assert "$49.00" not in desk.person("NOC-FRA").get(report).content.decode()
    export = desk.person("NOC-FRA").get(reverse("rights_office:denied_csv"))
    assert "KEN-CREST" not in export.content.decode()


def test_the_simulator_takes_only_grants_that_one_sees(desk: Desk) -> None:
    theirs = desk.town.grant("IOC", "RIVAL")
    query = {"act": "sell", "outlet": "own-shop", "removed": str(theirs)}
    page = desk.person("SHOP").get(reverse("rights_office:simulator"), query)
    assert page.context["effect"] is None
    assert desk.number(theirs) not in page.content.decode()
