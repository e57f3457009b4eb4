"""The console's page: whose rows it shows, and what it says when there are none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from kotinos.games import api as games
from kotinos.insight.console import shelf
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.tables import SALES
from kotinos.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
ADDRESS = "/office/insight/console/"
BY_PRODUCT = "SELECT product, sum(units) AS units FROM sales GROUP BY 1 ORDER BY 1"


def _client(organisation: UUID, role: str) -> Client:
    person_id = games.ensure_person(email=f"{uuid4().hex}@example.org", name="", password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=organisation,
        role=games.RoleName(role),
        actor=None,
        now=clock.now(),
    )
    client = Client()
    person: Any = get_user_model()._default_manager.get(pk=person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def house() -> Iterator[dict[str, UUID]]:
    """Two organisations with a sale each, and the operator's."""
    found = {}
    for code, kind in (("IOC", "ioc"), ("SHOP", "seller"), ("RIVAL", "seller")):
        found[code] = games.ensure_organisation(
            code=code, kind=games.OrganisationKind(kind), name=f"{code} Ltd"
        )
    for code in ("SHOP", "RIVAL"):
        _sell(found[code], f"scarf of {code}")
    yield found
    shelf.forget()


def _sell(organisation: UUID, product: str) -> None:
    instant = datetime(2030, 7, 20, 12)  # noqa: DTZ001 - the lake's instants have no zone
    row = {
        "id": str(uuid4()),
        "edition": "K2030",
        "day": instant.date(),
        "organisation": str(organisation),
        "occurred_at": instant,
        "received_at": instant,
        "product": product,
        "units": 2,
    }
    files = manifest.write_rows(table=SALES, rows=arrow_rows(SALES, [row]))
    manifest.commit(added=files, now=clock.now())


def _ask(client: Client, sql: str, **more: str) -> HttpResponse:
    answer: Any = client.post(ADDRESS, {"sql": sql, **more})
    return answer  # type: ignore[no-any-return]  # Django's test client gives back a response


def test_an_analyst_sees_their_own_rows_and_the_tables(house: dict[str, UUID]) -> None:
    client = _client(house["SHOP"], "viewer")
    assert reverse("insight_office:console") == ADDRESS
    empty = client.get(f"{ADDRESS}?example=1").content.decode()
    assert "wishes DESC" in empty
    assert "Id of the order" in empty
    assert "Pseudonym" not in empty
    page = _ask(client, BY_PRODUCT).content.decode()
    assert "scarf of SHOP" in page
    assert "RIVAL" not in page


def test_another_organisation_does_not_exist_for_an_analyst(house: dict[str, UUID]) -> None:
    client = _client(house["SHOP"], "viewer")
    theirs = str(house["RIVAL"])
    assert client.get(f"{ADDRESS}?organisation={theirs}").status_code == 404
    assert _ask(client, BY_PRODUCT, organisation=theirs).status_code == 404
    assert "RIVAL" not in _ask(client, BY_PRODUCT, organisation="all").content.decode()
    assert _ask(client, BY_PRODUCT, organisation="x' OR 1").status_code == 404


def test_an_operator_asks_all_rows_or_those_of_one(house: dict[str, UUID]) -> None:
    client = _client(house["IOC"], "operator")
    everything = _ask(client, BY_PRODUCT).content.decode()
    assert "scarf of SHOP" in everything
    assert "scarf of RIVAL" in everything
    one = _ask(client, BY_PRODUCT, organisation=str(house["RIVAL"])).content.decode()
    assert "scarf of SHOP" not in one


def test_the_rows_come_as_files_too(house: dict[str, UUID]) -> None:
    client = _client(house["SHOP"], "viewer")
    formula = "SELECT '=1+1' AS product, 2 AS units"
    assert _ask(client, formula, **{"as": "csv"}).content == b"product,units\r\n'=1+1,2\r\n"
    file = _ask(client, BY_PRODUCT, **{"as": "parquet"})
    found = pq.read_table(pa.BufferReader(file.content))
    assert found.to_pylist() == [{"product": "scarf of SHOP", "units": 2}]
    assert file["Content-Disposition"] == 'attachment; filename="console.parquet"'


def test_what_cannot_be_answered_says_why_and_keeps_the_question(house: dict[str, UUID]) -> None:
    client = _client(house["SHOP"], "viewer")
    wrong = _ask(client, "SELECT produkt FROM sales")
    assert wrong.status_code == 422
    assert "SELECT produkt FROM sales" in wrong.content.decode()
    assert "product" in wrong.content.decode()
    assert "nothing can be deleted" in _ask(client, "DELETE FROM sales").content.decode()
    assert "no files" in _ask(client, "FROM read_text('/etc/passwd')").content.decode()
    assert _ask(client, "<script>alert(1)</script>").content.count(b"<script>alert") == 0


def test_nobody_comes_in_without_a_role(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    assert client.post(ADDRESS, {"sql": BY_PRODUCT}).status_code == 302
