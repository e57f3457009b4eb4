"""People at work in the small world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from kotinos.games import api as games

if TYPE_CHECKING:
    from uuid import UUID

    from kotinos.rights.tests.conftest import Town


@dataclass
class Desk:
    """Signs people in and asks for pages as they would."""

    town: Town

    def person(self, organisation: str, role: str = "rights-manager") -> Client:
        email = f"{role}@{organisation.lower()}.example"
        person_id = games.ensure_person(email=email, name=email, password=None)
        games.give_role(
            person_id=person_id,
            organisation_id=self.town.ids[organisation],
            role=games.RoleName(role),
            actor=None,
            now=self.town.now,
        )
        return signed_in(person_id)

    def fan(self) -> Client:
        """Somebody with an account and no role."""
        return signed_in(games.ensure_person(email="fan@home.example", name="", password=None))

    def number(self, grant_id: UUID) -> str:
        from kotinos.rights import models  # noqa: PLC0415 - after Django's set-up

        return models.Grant.objects.values_list("number", flat=True).get(id=grant_id)


def signed_in(person_id: UUID) -> Client:
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - after Django's set-up

    client = Client()
    person: Any = get_user_model()._default_manager.get(pk=person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)
