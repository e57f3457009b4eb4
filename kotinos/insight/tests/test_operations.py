"""Write keys are made, shown once, and revoked by whom they belong to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kotinos.insight import results
from kotinos.insight.models import Ledger, WriteKey
from kotinos.insight.tests import house as small
from kotinos.insight.tests.house import DAYS, EDITION, FIRST_DAY, House
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = f"/office/insight/operations/?{DAYS}"
_KEY = re.compile(r"wk_[0-9a-f]{40}")


@pytest.fixture
def house(db: None) -> Iterator[House]:
    del db
    results.forget_results(EDITION)
    yield small.build()
    results.forget_results(EDITION)


def make(client: Client, name: str, rate: str = "500", **more: str) -> HttpResponse:
    query = "".join(f"&{key}={value}" for key, value in more.items())
    answer: HttpResponse = client.post(PAGE + query, {"name": name, "rate": rate})  # type: ignore[assignment]  # the client's own class
    return answer


def test_a_key_is_shown_once(house: House) -> None:
    clerk = small.signed_in(small.person(house.shop, "catalogue"))
    shown = _KEY.search(make(clerk, "ios-app").content.decode())
    assert shown
    row = WriteKey.objects.get(key=shown[0])
    assert (row.name, row.organisation_id) == ("shop-ios-app", house.shop)
    again = clerk.get(PAGE).content.decode()
    assert shown[0] not in again
    assert f"…{shown[0][-4:]}" in again


def test_a_name_is_used_once_until_its_key_is_revoked(house: House) -> None:
    clerk = small.signed_in(small.person(house.shop, "catalogue"))
    make(clerk, "ios-app")
    assert "A key of this name is in use" in make(clerk, "ios-app").content.decode()
    row = WriteKey.objects.get(name="shop-ios-app")
    assert clerk.post(f"/office/insight/operations/keys/{row.id}/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert _KEY.search(make(clerk, "ios-app").content.decode())


@pytest.mark.parametrize("name", ["", "Two Words", "web ", "-a", "a--b", "x" * 60, "ключ"])
def test_a_name_that_is_none_is_refused_beside_its_field(house: House, name: str) -> None:
    clerk = small.signed_in(small.person(house.shop, "catalogue"))
    answer = make(clerk, name)
    if name.strip() != "web":
        assert answer.status_code == 422
        assert "k-error" in answer.content.decode()
    assert WriteKey.objects.filter(organisation_id=house.shop).count() == int(name == "web ")


@pytest.mark.parametrize("rate", ["0", "-1", "1e9", "50001", "many"])
def test_a_rate_that_is_none_is_refused(house: House, rate: str) -> None:
    clerk = small.signed_in(small.person(house.shop, "catalogue"))
    assert make(clerk, "app", rate).status_code == 422


def test_nobody_makes_or_revokes_for_another(house: House) -> None:
    clerk = small.signed_in(small.person(house.shop, "catalogue"))
    viewer = small.signed_in(small.person(house.shop, "viewer"))
    operator = small.signed_in(small.person(house.ioc, "operator"))
    assert make(clerk, "app", organisation=str(house.rival)).status_code == 404
    make(viewer, "app")
    assert not WriteKey.objects.exists()
    make(operator, "app", organisation=str(house.rival))
    row = WriteKey.objects.get(name="rival-app")
    for stranger in (clerk, viewer):
        address = f"/office/insight/operations/keys/{row.id}/revoke/"
        assert stranger.post(address).status_code == 404
        assert "rival-app" not in stranger.get(PAGE).content.decode()


def test_an_organisation_sees_its_own_lines_of_the_ledger(house: House) -> None:
    own, both, theirs = ("shop-app", 11_111), ("shared", 22_222), ("rival-app", 33_333)
    for name, organisation in (
        ("shop-app", house.shop),
        ("shared", house.shop),
        ("shared", house.rival),
        ("rival-app", house.rival),
    ):
        WriteKey.objects.create(
            key=f"{name}{organisation}",
            name=name,
            edition_id=EDITION,
            organisation_id=organisation,
            events_per_s_max=1,
            made_at=clock.now(),
        )
    for name, count in (own, both, theirs):
        Ledger.objects.create(
            edition=EDITION, source=name, day=FIRST_DAY, accepted=count, queryable=count
        )
    page = small.signed_in(small.person(house.shop)).get(PAGE).content.decode()
    assert "11,111" in page
    assert "22,222" not in page, "somebody else's events count on this line too"
    assert "33,333" not in page
    assert "still in the log" not in page
    everything = small.signed_in(small.person(house.ioc, "operator")).get(PAGE).content.decode()
    assert "33,333" in everything
    assert "still in the log" in everything
