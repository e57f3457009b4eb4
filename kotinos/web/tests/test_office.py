"""The back office's door, its shell, roles, the change log and the import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kotinos.catalog import api as catalog
from kotinos.games import api as games
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id
from kotinos.rights import api as rights
from kotinos.web.office import jobs

if TYPE_CHECKING:
    from pathlib import Path

GOODS = (
    "Handle,Title,Type,Variant SKU,Variant Inventory Qty,Variant Price,Status,Published\n"
    "cap,Cap,Cap,CAP-1,5,20.00,active,true\n"
    ",No handle,Cap,CAP-2,5,20.00,active,true\n"
)


def _person(email: str, *roles: tuple[str, str], password: str | None = None) -> Client:
    person_id = games.ensure_person(email=email, name="", password=password)
    for code, role in roles:
        found = games.organisation(code)
        assert found is not None
        games.give_role(
            person_id=person_id,
            organisation_id=found.id,
            role=games.RoleName(role),
            actor=None,
            now=clock.now(),
        )
    client = Client()
    person: Any = get_user_model()._default_manager.get(pk=person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def house(db: None, tmp_path: Path) -> None:
    """IOC, two sellers, one mark, one market."""
    del db
    for code, kind in (("IOC", "ioc"), ("SHOP", "seller"), ("RIVAL", "seller")):
        games.ensure_organisation(code=code, kind=games.OrganisationKind(kind), name=f"{code} Ltd")
    rights.add_property(
        code="GAMES", names={"en": "Games"}, kind="mark", owner="IOC", now=clock.now()
    )
    path = tmp_path / "markets.csv"
    path.write_text(
        "code,name,currency,tax_inclusive,tax_basis_points,territories\n"
        "rest,Everywhere,USD,true,0,WORLD\n",
        encoding="utf-8",
    )
    catalog.import_markets(path=path, now=clock.now())


PUBLIC = ["games_organisation", "games_edition", "games_hometerritory", "games_territoryset"]


@pytest.mark.usefixtures("house")
def test_whoever_is_not_staff_stays_outside() -> None:
    for address in ("/office/", "/office/orders/", "/office/nothing/", "/office/login/"):
        answer = Client().get(address)
        assert answer["Location"].startswith("/account/login/"), address
        assert _person("fan@home.example").get(address).status_code == 403


@pytest.mark.usefixtures("house")
def test_a_role_that_ended_opens_nothing() -> None:
    person = _person("was@shop.example", ("SHOP", "viewer"))
    assert person.get("/office/").status_code == 200
    shop = games.organisation("SHOP")
    assert shop is not None
    games.end_role(
        person_id=games.ensure_person(email="was@shop.example", name="", password=None),
        organisation_id=shop.id,
        role=games.RoleName.VIEWER,
        actor=None,
        now=clock.now(),
    )
    assert person.get("/office/").status_code == 403


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("role", list(games.RoleName))
def test_every_link_of_the_sidebar_opens_for_the_role_that_sees_it(role: str) -> None:
    person = _person("someone@shop.example", ("SHOP", role))
    today = person.get("/office/")
    links = [
        item["link"] for group in today.context["sidebar_navigation"] for item in group["items"]
    ]
    assert len(links) > 8
    for link in links:
        assert person.get(link).status_code == 200, link


@pytest.mark.usefixtures("house")
def test_the_second_factor_and_the_way_out_are_in_reach() -> None:
    page = _person("someone@shop.example", ("SHOP", "viewer")).get("/office/").content.decode()
    assert reverse("mfa_index") in page
    assert reverse("account_logout") in page


@pytest.mark.usefixtures("house")
def test_nothing_on_a_page_comes_from_another_host() -> None:
    answer = _person("someone@shop.example", ("SHOP", "operator")).get("/office/")
    assert b'src="http' not in answer.content
    assert b'rel="stylesheet" href="http' not in answer.content
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("house")
def test_people_of_other_organisations_are_not_listed() -> None:
    _person("secret@rival.example", ("RIVAL", "viewer"))
    person = _person("someone@shop.example", ("SHOP", "viewer"))
    roles = reverse("admin:games_role_changelist")
    assert "secret@rival.example" not in person.get(roles).content.decode()
    assert "secret@rival.example" not in person.get(roles, {"q": "secret"}).content.decode()
    theirs = next(row for row in games.roles_in_force() if row.email == "secret@rival.example")
    assert person.get(reverse("admin:games_role_change", args=[theirs.id])).status_code == 404
    operator = _person("op@ioc.example", ("IOC", "operator"))
    assert "secret@rival.example" in operator.get(roles).content.decode()


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("table", PUBLIC)
def test_the_worlds_tables_are_read_by_all_and_written_by_nobody(table: str) -> None:
    operator = _person("op@ioc.example", ("IOC", "operator"))
    assert operator.get(reverse(f"admin:{table}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:{table}_add")).status_code == 403


@pytest.mark.usefixtures("house")
def test_only_operators_give_and_end_roles_and_it_is_logged() -> None:
    given = {"email": "new@shop.example", "organisation": "SHOP", "role": "catalogue"}
    address = reverse("office:people")
    staff = _person("someone@shop.example", ("SHOP", "rights-manager"))
    assert staff.post(address, given).status_code == 404
    operator = _person("op@ioc.example", ("IOC", "operator"))
    assert operator.post(address, given).status_code == 302
    held = next(row for row in games.roles_in_force() if row.email == "new@shop.example")
    end = reverse("office:end_role", args=[held.id])
    assert staff.post(end).status_code == 404
    assert operator.post(end).status_code == 302
    assert held not in games.roles_in_force()
    log = operator.get(reverse("office:changes"))
    assert [line["verb"] for line in log.context["changes"][:2]] == ["end role", "give role"]
    assert log.context["changes"][0]["who"] == "op@ioc.example"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "query", ["q=%00", "name__exact=%00", "name__exact=nobody", "p=99999", "o=-7.3", "until__gt=x"]
)
def test_an_address_that_makes_no_sense_breaks_nothing(query: str) -> None:
    person = _person("someone@shop.example", ("SHOP", "viewer"))
    answer = person.get(reverse("admin:games_role_changelist") + "?" + query)
    assert answer.status_code in {200, 302, 400}


@pytest.mark.usefixtures("house")
def test_the_change_log_is_ones_own_organisations() -> None:
    _person("x@rival.example", ("RIVAL", "viewer"))
    person = _person("someone@shop.example", ("SHOP", "viewer"))
    assert "x@rival.example" not in person.get(reverse("office:changes")).content.decode()


@pytest.fixture
def uploaded(house: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    """A file handed in by SHOP's catalogue, and the page of its job."""
    del house, tmp_path, monkeypatch
    person = _person("cat@shop.example", ("SHOP", "catalogue"))
    file = SimpleUploadedFile("goods.csv", GOODS.encode())
    given = {"seller": "SHOP", "properties": "GAMES", "file": file}
    answer = person.post(reverse("office:import"), given)
    assert answer.status_code == 302, answer.context["form"].errors
    return person, answer["Location"]


def _job(address: str) -> jobs.Job:
    (found,) = [job for job in jobs.latest(_ids()) if str(job.id) in address]
    return found


def _ids() -> set[Any]:
    return {row.id for row in games.organisations()}


def test_a_file_is_tried_first_and_imported_when_one_says_so(
    uploaded: tuple[Client, str],
) -> None:
    person, address = uploaded
    assert _job(address).is_working
    assert b"hx-trigger" in person.get(address).content
    jobs.run(_job(address).id, dry_run=True)
    tried = _job(address)
    assert (tried.stage, tried.percent) == ("checked", 100)
    assert tried.report is not None
    assert tried.report["products_created"] == 1
    assert any(note["severity"] == "error" for note in tried.notes)
    products = reverse("admin:catalog_product_changelist")
    assert "cap" not in [row.handle for row in person.get(products).context["cl"].result_list]

    assert person.post(address).status_code == 302
    jobs.run(tried.id, dry_run=False)
    assert _job(address).stage == "done"
    assert "cap" in [row.handle for row in person.get(products).context["cl"].result_list]
    report: Any = person.get(address + "report.csv")
    assert b"".join(report.streaming_content).startswith(b"row,severity,field,message,suggestion")


def test_anothers_import_is_not_there(uploaded: tuple[Client, str]) -> None:
    _person_at_shop, address = uploaded
    rival = _person("cat@rival.example", ("RIVAL", "catalogue"))
    assert rival.get(address).status_code == 404
    assert rival.post(address).status_code == 404
    assert rival.get(address + "report.csv").status_code == 404
    unknown = reverse("office:import_job", args=[new_id()])
    assert rival.get(unknown).status_code == 404


def test_nobody_imports_for_another_seller(house: None) -> None:
    del house
    person = _person("cat@shop.example", ("SHOP", "catalogue"))
    file = SimpleUploadedFile("goods.csv", GOODS.encode())
    answer = person.post(reverse("office:import"), {"seller": "RIVAL", "file": file})
    assert answer.status_code == 422


def test_an_unknown_property_and_a_file_too_large_are_sent_back(
    house: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del house
    monkeypatch.setattr("kotinos.web.office.imports.UPLOAD_BYTES_MAX", 10)
    person = _person("cat@shop.example", ("SHOP", "catalogue"))
    file = SimpleUploadedFile("goods.csv", GOODS.encode())
    given = {"seller": "SHOP", "properties": "NOTHING", "file": file}
    errors = person.post(reverse("office:import"), given).context["form"].errors
    assert set(errors) == {"properties", "file"}
