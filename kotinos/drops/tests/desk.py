"""People at work in the small world."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.games import api as games

if TYPE_CHECKING:
    from kotinos.drops.tests.world import World


def at_desk(world: World, role: str = "catalogue", organisation: str = "SHOP") -> Client:
    """A browser in which somebody with one role has signed in."""
    email = f"{role}@{organisation.lower()}.example"
    person_id = games.ensure_person(email=email, name=email, password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=world.sellers[organisation],
        role=games.RoleName(role),
        actor=None,
        now=world.now - timedelta(hours=1),
    )
    person: Any = get_user_model()._default_manager.get(pk=person_id)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
