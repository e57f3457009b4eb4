"""A small world for tests that need tables: seven committees, ten territories, a few parties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kotinos.games import api as games
from kotinos.games.tests.tables import import_tables
from kotinos.kernel import clock
from kotinos.kernel.ids import new_id
from kotinos.rights.actions.grants import draft_grant
from kotinos.rights.actions.properties import add_property
from kotinos.rights.actions.signing import sign
from kotinos.rights.actions.works import Registered, register_work
from kotinos.rights.results import Changed, Drafted, Signed
from kotinos.rights.terms import GrantTerms

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from kotinos.rights.results import SignOutcome

HOMES = {
    "KE": "KEN", "JP": "JPN", "FR": "FRA", "RE": "FRA", "BE": "BEL", "CN": "CHN", "US": "USA",
    "CA": "CAN",
}  # fmt: skip
NOBODYS = ("LU", "AQ")


@dataclass
class Town:
    """The people and marks of the small world, and short words for what tests do."""

    now: datetime
    ids: dict[str, UUID] = field(default_factory=dict)

    def organisation(self, code: str, kind: str = "seller") -> UUID:
        self.ids[code] = games.ensure_organisation(
            code=code, kind=games.OrganisationKind(kind), name=code
        )
        return self.ids[code]

    def property_(self, code: str, owner: str, **more: Any) -> UUID:
        outcome = add_property(
            code=code,
            names={"en": code.title()},
            kind=more.pop("kind", "mark"),
            owner=owner,
            now=self.now,
            **more,
        )
        assert isinstance(outcome, Changed), outcome
        return outcome.id

    def work(self, *properties: str) -> UUID:
        outcome = register_work(
            work_id=new_id(), kind="product", title="Scarf", property_codes=properties, now=self.now
        )
        assert isinstance(outcome, Registered), outcome
        return outcome.work_id

    def draft(self, grantor: str, grantee: str, property_: str = "GAMES", **more: Any) -> UUID:
        terms = GrantTerms(
            grantor=grantor,
            grantee=grantee,
            property=property_,
            **({"acts": "sell, ship"} | more),
        )
        outcome = draft_grant(terms=terms, now=self.now)
        assert isinstance(outcome, Drafted), outcome
        return outcome.grant_id

    def sign(self, grant_id: UUID, *, now: datetime | None = None) -> SignOutcome:
        return sign(grant_id=grant_id, now=now or self.now)

    def grant(self, grantor: str, grantee: str, property_: str = "GAMES", **more: Any) -> UUID:
        grant_id = self.draft(grantor, grantee, property_, **more)
        outcome = self.sign(grant_id)
        assert isinstance(outcome, Signed), outcome
        return grant_id

    def later(self, **more: Any) -> datetime:
        return self.now + timedelta(**more)


@pytest.fixture
def town(db: None, tmp_path: Path) -> Town:
    """The world, IOC's mark GAMES with MASCOT below it, the crests of Kenya and France."""
    del db
    return build_town(tmp_path)


@pytest.fixture
def open_town(transactional_db: None, tmp_path: Path) -> Town:
    """The same, really committed: for tests with several connections."""
    del transactional_db
    return build_town(tmp_path)


def build_town(folder: Path) -> Town:
    import_tables(folder, HOMES, nobodys=NOBODYS, sets=['EEA,"FR,BE,LU",,,'])
    town = Town(clock.now())
    town.ids = {row.code: row.id for row in games.organisations()}
    for code in ("SHOP", "RIVAL", "THIRD"):
        town.organisation(code)
    town.property_("GAMES", "IOC")
    town.property_("MASCOT", "IOC", kind="mascot", parent="GAMES")
    town.property_("KEN-CREST", "NOC-KEN", kind="noc-emblem", home_noc="KEN")
    town.property_("FRA-CREST", "NOC-FRA", kind="noc-emblem", home_noc="FRA")
    return town
