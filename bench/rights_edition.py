"""The rights of one whole edition at a realistic size: 206 committees, 250 territories.

Shares are those of the public cases: most committees sell at home only, some to the world, one
shop sells "the world except one country", one shop only there, 75 licensees sell the host's
goods, and destination committees consent to foreign goods or do not.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID

from kotinos.games.contracts import Atlas, HomeSpan, SetSpan
from kotinos.rights.book import Book
from kotinos.rights.contracts import (
    NOC_EMBLEM,
    Act,
    Consent,
    ConsentPolicy,
    Duty,
    DutyKind,
    Exclusivity,
    Grant,
    Known,
    Outlet,
    Prohibition,
    Property,
    Signature,
    Suspension,
    Window,
)

DATA = Path(__file__).parents[1] / "kotinos" / "games" / "data"
NOW = datetime(2030, 7, 1, tzinfo=UTC)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
SIGNED = datetime(2028, 1, 1, tzinfo=UTC)
GOODS = (Act.SELL, Act.SHIP, Act.ADVERTISE)
ONLINE = (Outlet.OWN_SHOP, Outlet.MARKETPLACE, Outlet.LIVE_SALE, Outlet.INTERNET)
LICENSEES = 75
SPORTS = 40
ATHLETES = 500


def atlas() -> Atlas:
    """Return the project's own table of homes, with a named set."""
    with (DATA / "homes.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    with (DATA / "territories.csv").open() as lines:
        codes = [row["territory"] for row in csv.DictReader(lines)]
    homes = tuple(HomeSpan(r["noc"], r["territory"], LONG_AGO, None) for r in rows if r["noc"])
    eea = SetSpan("EEA", "AT,BE,DE,DK,ES,FI,FR,IE,IT,LU,NL,PT,SE", LONG_AGO, None)
    return Atlas(bits={code: bit for bit, code in enumerate(codes)}, homes=homes, sets=(eea,))


class Edition:
    """Properties, organisations and grants of one edition, and works that use them."""

    def __init__(self, seed: int = 2030) -> None:
        self._random = Random(seed)
        self._ids = (UUID(int=number << 64) for number in count(1))
        self.atlas = atlas()
        self.nocs = sorted({home.noc for home in self.atlas.homes})
        self.properties: list[Property] = []
        self.grants: list[Grant] = []
        self.ioc, self.ocog, self.shop, self.shop_cn = (next(self._ids) for _ in range(4))
        self.noc_ids = {noc: next(self._ids) for noc in self.nocs}
        self._marks()
        self._crests()
        self._give_marks()
        for noc in self.nocs:
            self._give_crest(noc)

    def book(self) -> Book:
        """Return everything as known today."""
        forbidden = Prohibition(
            next(self._ids), self.ioc, self.games.id, GOODS, ONLINE, "AQ", Window(), Known(SIGNED)
        )
        return Book(
            atlas=self.atlas,
            properties=tuple(self.properties),
            grants=tuple(self.grants),
            consents=tuple(self._consent(noc) for noc in self.nocs[:150]),
            prohibitions=(forbidden,),
        ).known_at(NOW)

    def work(self) -> tuple[UUID, ...]:
        """Return the property set of one more work, in realistic proportions."""
        random = self._random
        kind = random.random()
        noc = random.choice(self.nocs)
        if kind < 0.5:
            return (self.crests[noc].id, self.looks[noc].id)
        if kind < 0.7:
            return (self.crests[noc].id, random.choice(self.marks).id)
        if kind < 0.95:
            return (random.choice(self.marks).id, random.choice(self.sports).id)
        likeness, noc = random.choice(self.likenesses)
        return (likeness.id, self.crests[noc].id, random.choice(self.marks).id)

    def odd_work(self) -> tuple[UUID, ...]:
        """Return a property set that hardly any other work has: the worst case."""
        random = self._random
        likeness, noc = random.choice(self.likenesses)
        first, second = random.sample(self.marks, 2)
        return (
            self.crests[noc].id,
            likeness.id,
            first.id,
            second.id,
            random.choice(self.sports).id,
        )

    def _property(
        self,
        code: str,
        kind: str,
        owner: UUID,
        parent: Property | None = None,
        noc: str | None = None,
    ) -> Property:
        row = Property(next(self._ids), code, kind, owner, parent.id if parent else None, noc)
        self.properties.append(row)
        return row

    def _marks(self) -> None:
        self.games = self._property("GAMES", "mark", self.ioc)
        names = ("EMBLEM", "MASCOT-1", "MASCOT-2", "WORDMARK", "POSTER")
        self.marks = [self._property(name, "mark", self.ioc, self.games) for name in names]
        self.sports = [
            self._property(f"SPORT-{n}", "mark", self.ioc, self.games) for n in range(SPORTS)
        ]

    def _crests(self) -> None:
        self.crests: dict[str, Property] = {}
        self.looks: dict[str, Property] = {}
        for noc, owner in self.noc_ids.items():
            crest = self.crests[noc] = self._property(noc, NOC_EMBLEM, owner, None, noc)
            self.looks[noc] = self._property(f"{noc}-LOOK", NOC_EMBLEM, owner, crest, noc)
        self.likenesses = [
            (self._property(f"ATHLETE-{n}", "likeness", self.noc_ids[noc], self.crests[noc]), noc)
            for n, noc in enumerate(self._random.choices(self.nocs, k=ATHLETES))
        ]

    def _grant(
        self, prop: Property, grantor: UUID, grantee: UUID, territory: str, **terms: object
    ) -> Grant:
        grant_id = next(self._ids)
        known = Known(SIGNED)
        start = NOW + timedelta(days=self._random.choice((-700, -400, -90, -7, 20)))
        base = {
            "acts": GOODS,
            "outlets": ONLINE,
            "window": Window(start, NOW + timedelta(days=900)),
        }
        grant = Grant(
            id=grant_id,
            grantor_id=grantor,
            grantee_id=grantee,
            property_id=prop.id,
            territory=territory,
            known=known,
            signatures=tuple(Signature(p, SIGNED, known) for p in {grantor, grantee}),
            duties=(Duty(DutyKind.ROYALTY, grant_id, grantor, 1200),),
            suspensions=self._suspensions(),
            **(base | terms),  # type: ignore[arg-type]  # terms of a grant, by name
        )
        self.grants.append(grant)
        return grant

    def _suspensions(self) -> tuple[Suspension, ...]:
        if self._random.random() > 0.03:
            return ()
        window = Window(NOW - timedelta(days=3), NOW + timedelta(days=30))
        return (Suspension(next(self._ids), window, Known(SIGNED)),)

    def _give_marks(self) -> None:
        always = Window(LONG_AGO)
        main = self._grant(
            self.games, self.ioc, self.ocog, "WORLD", may_sublicense=True, window=always
        )
        for owner_goes_to, territory in ((self.shop, "WORLD,-CN"), (self.shop_cn, "CN")):
            self._grant(self.games, self.ocog, owner_goes_to, territory, parent_id=main.id)
        for _ in range(LICENSEES):
            self._grant(self.games, self.ocog, next(self._ids), "HOME(FRA)", parent_id=main.id)
        for noc, noc_id in self.noc_ids.items():
            reach = "WORLD" if self._random.random() < 0.3 else f"HOME({noc})"
            self._grant(self.games, self.ocog, noc_id, reach, parent_id=main.id)

    def _give_crest(self, noc: str) -> None:
        crest, owner = self.crests[noc], self.noc_ids[noc]
        self._grant(crest, owner, owner, f"HOME({noc})")
        kind = self._random.random()
        if kind < 0.4:
            self._grant(crest, owner, owner, "WORLD,-CN", delay_minutes=0)
        if kind < 0.6:
            self._grant(crest, owner, self.shop, f"WORLD,-CN,-HOME({noc})")
            self._grant(crest, owner, self.shop_cn, "CN", exclusivity=Exclusivity.EXCLUSIVE)

    def _consent(self, noc: str) -> Consent:
        start = NOW + timedelta(days=self._random.choice((-500, -300, -100, 15)))
        return Consent(
            id=next(self._ids),
            noc=noc,
            organisation_id=self.noc_ids[noc],
            policy=self._random.choice((*ConsentPolicy, ConsentPolicy.WORLD)),
            window=Window(start),
            known=Known(SIGNED),
            listed=frozenset(self._random.sample(self.nocs, 12)),
            share_basis_points=self._random.choice((0, 300, 500)),
        )
