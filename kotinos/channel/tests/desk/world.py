"""A small world to edit in: CAST shows everywhere but in the US, ZHCAST in Japan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.catalog.tests.goods import EVERYWHERE, import_goods, import_markets, product
from kotinos.channel import models
from kotinos.channel.actions.editions import put_edition, put_linear_channel
from kotinos.channel.actions.programmes import put_programme
from kotinos.channel.actions.workflow import publish
from kotinos.channel.contracts import lock_tick
from kotinos.channel.results import Saved, Stepped
from kotinos.games import api as games
from kotinos.games.tests.tables import import_tables
from kotinos.kernel import clock
from kotinos.rights import api as rights
from kotinos.rights.tests.granting import signed

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

HOMES = {"KE": "KEN", "JP": "JPN", "FR": "FRA", "US": "USA"}
EDITOR = "catalogue"


@dataclass
class World:
    """Ids by short names: organisations and channels by code, products by handle."""

    now: datetime
    organisations: dict[str, UUID] = field(default_factory=dict)
    channels: dict[str, UUID] = field(default_factory=dict)
    products: dict[str, UUID] = field(default_factory=dict)

    @property
    def tick(self) -> int:
        """The first tick of the schedule that may be changed, and some to spare."""
        return lock_tick(self.now) + 1000


def build_world(folder: Path) -> World:
    """All of it, in the database of the caller."""
    past = clock.now() - timedelta(days=1)
    import_tables(folder, HOMES)
    world = World(clock.now())
    kind = games.OrganisationKind.LICENSEE
    for code in ("CAST", "ZHCAST"):
        found = games.ensure_organisation(code=code, kind=kind, name=f"{code} Ltd")
        world.organisations[code] = found
    rights.add_property(code="GAMES", names={"en": "Games"}, kind="mark", owner="IOC", now=past)
    grant("CAST", "show/*", "internet", "WORLD,-US", past)
    grant("ZHCAST", "show/*", "internet", "JP", past)
    grant("CAST", "sell, ship", "own-shop", "KE,FR", past)
    _import_shop(folder, world, past)
    for code, edition, languages in (
        ("CAST", "global", ["en", "fr"]),
        ("ZHCAST", "zh", ["zh-hans"]),
    ):
        _edition(world, code, edition, languages)
    return world


def _edition(world: World, code: str, edition: str, languages: list[str]) -> None:
    put_edition(
        code=edition,
        names={"en": edition.title()},
        languages=languages,
        licensee_id=world.organisations[code],
        home_territory="FR" if edition == "global" else "JP",
        is_default=edition == "global",
    )
    saved = put_linear_channel(
        code=f"{edition}-one", edition=edition, names={"en": "One"}, now=world.now
    )
    assert isinstance(saved, Saved), saved
    world.channels[edition] = saved.id


def drafted(world: World, code: str, *, organisation: str = "CAST", **more: Any) -> UUID:
    """A programme in writing."""
    given: dict[str, Any] = {"kind": "highlights", "editions": ["global"], "sport": "swimming"}
    saved = put_programme(
        code=code,
        titles={"en": code.replace("-", " ").title()},
        organisation_id=world.organisations[organisation],
        properties=["GAMES"],
        now=world.now,
        **{**given, **more},
    )
    assert isinstance(saved, Saved), saved
    return saved.id


def filmed(world: World, code: str, *, ticks: int = 15, **more: Any) -> UUID:
    """A programme with a package, as ingest writes it."""
    programme_id = drafted(world, code, **more)
    models.Package.objects.create(
        programme_id=programme_id,
        ticks=ticks,
        facts={"content_ms": ticks * 4000, "frames_per_second": 25},
        ready_at=world.now,
    )
    return programme_id


def shown(world: World, code: str, *, ticks: int = 15, **more: Any) -> UUID:
    """A programme with a package that is published."""
    programme_id = filmed(world, code, ticks=ticks, **more)
    assert isinstance(publish(programme_id=programme_id, now=world.now), Stepped)
    return programme_id


def person(world: World, organisation: str = "CAST", role: str = EDITOR) -> UUID:
    """Somebody with one role."""
    email = f"{role}@{organisation.lower()}.example"
    person_id = games.ensure_person(email=email, name=email, password=None)
    games.give_role(
        person_id=person_id,
        organisation_id=world.organisations[organisation],
        role=games.RoleName(role),
        actor=None,
        now=world.now - timedelta(hours=1),
    )
    return person_id


def at_desk(world: World, organisation: str = "CAST", role: str = EDITOR) -> Client:
    """A browser in which somebody with one role has signed in."""
    found: Any = get_user_model()._default_manager.get(pk=person(world, organisation, role))
    client = Client()
    client.force_login(found, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def grant(
    grantee: str, acts: str, outlets: str, territory: str, now: datetime, **more: Any
) -> None:
    """A signed grant of the Games' mark."""
    signed(now, grantee=grantee, acts=acts, outlets=outlets, territory=territory, **more)


def _import_shop(folder: Path, world: World, now: datetime) -> None:
    import_markets(folder, EVERYWHERE, now=now)
    rows = [product(handle, units=9) for handle in ("swim-cap", "gold-pin")]
    for handle, page in import_goods(folder, "CAST", rows, now=now).items():
        world.products[handle] = page.product_id
