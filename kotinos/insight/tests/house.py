"""Two sellers whose numbers must never meet, and the people who look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.games import api as games
from kotinos.insight.lake import manifest
from kotinos.insight.lake.schema import arrow_rows
from kotinos.insight.tables import TABLES
from kotinos.kernel import clock

if TYPE_CHECKING:
    from uuid import UUID

EDITION = "K2030"
FIRST_DAY = date(2030, 7, 19)
DAYS = "since=2030-07-19&until=2030-07-21"
SECRET = "Rival-Secret"
"""Stands in every text of the rival's rows."""
SECRET_UNITS = 77_131
_ROW = {"bot": False, "currency": "EUR", "kind": "track"}


@dataclass(frozen=True, slots=True)
class House:
    """SHOP and RIVAL sell; IOC is the operator's."""

    shop: UUID
    rival: UUID
    ioc: UUID


def build() -> House:
    """The organisations, the edition, and three days of rows of each seller."""
    row = {
        "edition": EDITION,
        "name": "Kotinos 2030",
        "organisation": "OCOG",
        "host": "Olympia",
        "from": "2030-07-19",
        "until": "2030-08-04",
        "timezone": "Europe/Athens",
    }
    games.ensure_edition(row, theme={})
    found = {}
    for code, kind in (("SHOP", "seller"), ("RIVAL", "seller"), ("IOC", "ioc")):
        found[code] = games.ensure_organisation(
            code=code, kind=games.OrganisationKind(kind), name=f"{code} Ltd"
        )
    house = House(found["SHOP"], found["RIVAL"], found["IOC"])
    for number in range(3):
        day = FIRST_DAY + timedelta(days=number)
        sell(house.shop, "jersey", day=day, units=number + 1)
        sell(house.rival, SECRET, day=day, units=SECRET_UNITS)
    return house


def sell(organisation: UUID, what: str, *, day: date, units: int, territory: str = "JP") -> None:
    """A row in every table a dashboard looks at, at noon of the day."""
    texts = {
        "product": what,
        "title": f"=The {what}",  # a spreadsheet would take it for a formula
        "work": what,
        "path": f"/{what}/",
        "referrer": what,
        "source": what,
        "reason": what,
        "property": what,
        "subject": f"v:{what}",
        "drop": what,
        "via": f"channel:{what}:{what}:100",
        "view": f"{what}{day}",
        "payload": f"{what} payload",
        "properties": f"{what} properties",
    }
    numbers = {"units": units, "minor": 100 * units, "seconds": 60 * units, "person": 77}
    at = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - the lake's instants have no zone
    common = {
        **_ROW,
        **texts,
        **numbers,
        "edition": EDITION,
        "day": day,
        "organisation": str(organisation),
        "territory": territory,
        "occurred_at": at,
        "received_at": at,
        "noc": "KEN",
        "position": 0,
    }
    for name in ("events", "sales", "refusals", "watching", "dead"):
        row = {**common, "id": str(uuid4()), "order": uuid4().hex}
        row |= {"kind": "start"} if name == "watching" else {"name": "Product Viewed"}
        files = manifest.write_rows(table=TABLES[name], rows=arrow_rows(TABLES[name], [row]))
        manifest.commit(added=files, now=clock.now())


def person(organisation: UUID, role: str = "viewer") -> UUID:
    """Somebody with one role since an hour ago."""
    person_id = games.ensure_person(email=f"{uuid4().hex}@example.org", name="", password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=organisation,
        role=games.RoleName(role),
        actor=None,
        now=clock.now() - timedelta(hours=1),
    )
    return person_id


def signed_in(person_id: UUID) -> Client:
    """Their browser."""
    client = Client()
    row: Any = get_user_model()._default_manager.get(pk=person_id)
    client.force_login(row, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
