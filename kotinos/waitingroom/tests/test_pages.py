"""The draw's page, and the line's word about who is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from kotinos.games import api as games
from kotinos.games.tests.tables import import_tables
from kotinos.kernel import clock
from kotinos.waitingroom import api, tickets

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from kotinos.waitingroom.contracts import Room

pytestmark = pytest.mark.django_db
IDENTITY = "0a" * 16


@pytest.fixture(autouse=True)
def _kenya(db: None, tmp_path: Path) -> None:
    """A place needs a territory; the pages need nothing else of the world."""
    del db
    import_tables(tmp_path, {"KE": "KEN"})


def _room(opens_in: timedelta) -> Room:
    now = clock.now()
    opens_at = now + opens_in
    return api.create_room(
        code="gold", opens_at=opens_at, closes_at=opens_at + timedelta(hours=1), now=now
    )


def test_before_the_opening_only_the_fingerprint_is_shown(client: Client) -> None:
    room = _room(timedelta(minutes=5))
    page = client.get(f"/en-ke/draw/gold/?identity={IDENTITY}")
    text = page.content.decode()
    assert api.seed_hash(room.seed) in text
    assert room.seed.hex() not in text
    assert page.context["view"].rank == ""
    assert page["Cache-Control"].startswith("public")


def test_afterwards_anybody_sees_the_rank_of_any_number(client: Client) -> None:
    room = _room(-timedelta(minutes=5))
    view = client.get(f"/en-ke/draw/gold/?identity={IDENTITY.upper()}").context["view"]
    assert view.seed == room.seed.hex()
    assert view.rank == str(api.rank(seed=room.seed, identity=IDENTITY))
    assert view.share.endswith("%")


@pytest.mark.parametrize("number", ["x", "0a" * 15, "0a" * 17, "<b>", "é" * 32])
def test_what_is_no_number_is_said_to_be_none(client: Client, number: str) -> None:
    _room(-timedelta(minutes=5))
    view = client.get("/en-ke/draw/gold/", {"identity": number}).context["view"]
    assert (view.wrong, view.rank) == (True, "")


def test_an_unknown_room_has_no_draw(client: Client) -> None:
    assert client.get("/en-ke/draw/silver/").status_code == 404


def test_who_is_signed_in_gets_a_token_and_a_guest_none(client: Client) -> None:
    room = _room(timedelta(minutes=5))
    path = f"/en-ke/line/{room.id}/me"
    guest = client.get(path)
    assert guest.json() == {"account": None}
    assert "no-store" in guest["Cache-Control"]
    person_id = games.ensure_person(email="amina@example.org", name="Amina", password=None)
    client.force_login(get_user_model().objects.get(pk=person_id))
    token = client.get(path).json()["account"]
    found = tickets.read_account(token, room_id=room.id, now=clock.now())
    assert found == api.account_identity(room_id=room.id, person_id=person_id)
    assert tickets.read_account(token, room_id=uuid4(), now=clock.now()) != found
