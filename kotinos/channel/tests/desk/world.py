"""A small world to edit in: CAST shows everywhere but in the US, ZHCAST in Japan."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.test import Client

from kotinos.catalog import api as catalog
from kotinos.channel import models
from kotinos.channel.actions.editions import put_edition, put_linear_channel
from kotinos.channel.actions.programmes import put_programme
from kotinos.channel.actions.workflow import publish
from kotinos.channel.contracts import lock_tick
from kotinos.channel.results import Saved, Stepped
from kotinos.games import api as games
from kotinos.games.commands import games as games_words
from kotinos.kernel import clock
from kotinos.kernel.place import Place
from kotinos.rights import api as rights

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
    _import_games(folder)
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
    terms = rights.GrantTerms(
        grantor="IOC",
        grantee=grantee,
        property="GAMES",
        acts=acts,
        outlets=outlets,
        territory=territory,
        **more,
    )
    drafted = rights.draft_grant(terms=terms, now=now)
    assert isinstance(drafted, rights.Drafted), drafted
    signed = rights.sign(grant_id=drafted.grant_id, now=now)
    assert isinstance(signed, rights.Signed), signed


def _import_games(folder: Path) -> None:
    tables = {
        "territories": ["territory,bit", *(f"{code},{bit}" for bit, code in enumerate(HOMES))],
        "nocs": [
            "noc,territory,name,association,currency",
            *(f"{noc},{code},{noc.title()},X,EUR" for code, noc in HOMES.items()),
        ],
        "homes": ["territory,noc,from,until", *(f"{code},{noc},," for code, noc in HOMES.items())],
        "territory_sets": ["name,text,from,until,note"],
        "editions": ["edition,name,organisation,host,from,until,timezone"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = CliRunner().invoke(games_words, ["import", "--tables", str(folder)])
    assert done.exit_code == 0, done.output


def _import_shop(folder: Path, world: World, now: datetime) -> None:
    markets = folder / "markets.csv"
    markets.write_text(
        "code,name,currency,tax_inclusive,tax_basis_points,territories\n"
        "rest,Everywhere,EUR,true,2000,WORLD\n",
        encoding="utf-8",
    )
    count, notes = catalog.import_markets(path=markets, now=now)
    assert count == 1, notes
    path = folder / "CAST.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Handle", "Title", "Type", "Option1 Name", "Option1 Value", "Variant SKU",
             "Variant Grams", "Variant Inventory Qty", "Variant Price", "Status", "Published"]
        )  # fmt: skip
        for handle in ("swim-cap", "gold-pin"):
            writer.writerow(
                [handle, handle.title(), "Other", "Title", "Default Title", handle, 300, 9,
                 "20.00", "active", "true"]
            )  # fmt: skip
    seller = games.organisation("CAST")
    assert seller is not None
    options = catalog.ImportOptions(properties=("GAMES",), currency="EUR")
    report = catalog.import_shopify(path=path, seller=seller, now=now, options=options)
    assert report.errors == 0, report.notes
    for handle in ("swim-cap", "gold-pin"):
        page = catalog.product_page(Place("en", "KE"), handle, now=clock.now())
        assert page is not None
        world.products[handle] = page.product_id
