"""Small random worlds for property tests and the bench, made from any source of randomness.

Instants are whole days of one month, so that windows, home changes, suspensions and questions
often meet at the very same instant; every kind of fact occurs, well-formed or not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
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
    Law,
    Outlet,
    Prohibition,
    Property,
    Question,
    QuotaUse,
    Signature,
    Suspension,
    Termination,
    Window,
)

if TYPE_CHECKING:
    from random import Random

DAY_ZERO = datetime(2030, 7, 1, tzinfo=UTC)
DAYS = 24
CODES = ("KE", "JP", "FR", "BE", "LU", "RE", "AQ", "CN", "HK")
NOCS = ("KEN", "JPN", "FRA", "BEL")
TEXTS = (
    "WORLD",
    "WORLD",
    "WORLD,-JP",
    "WORLD,-CN,-HK",
    "HOME(KEN)",
    "HOME(FRA)",
    "EEA",
    "JP",
    "FR,BE",
    "EEA,JP",
    "KE,FR,JP",
    "LU",
    "GULF",
    "CN,-HK",
)
ACTS = (Act.SELL, Act.SHIP, Act.SHOW_LIVE)
OUTLETS = (Outlet.OWN_SHOP, Outlet.INTERNET)
DELAYS_MINUTES = (0, 0, 0, 30, 60 * 24)
ORGANISATIONS = tuple(UUID(int=0xA0 + n) for n in range(6))
IOC, NOC_KEN, NOC_FRA, SELLER, OTHER, POOL = ORGANISATIONS
PROPERTIES = (
    Property(UUID(int=0x10), "GAMES", "mark", IOC),
    Property(UUID(int=0x11), "MASCOT", "mascot", IOC, UUID(int=0x10)),
    Property(UUID(int=0x12), "KEN-CREST", NOC_EMBLEM, NOC_KEN, None, "KEN"),
    Property(UUID(int=0x13), "KEN-ROOSTER", NOC_EMBLEM, NOC_KEN, UUID(int=0x12), "KEN"),
    Property(UUID(int=0x14), "FRA-CREST", NOC_EMBLEM, NOC_FRA, None, "FRA"),
)


def day(number: float) -> datetime:
    """Return that day of the month the worlds live in."""
    return DAY_ZERO + timedelta(days=number)


def random_book(random: Random) -> Book:
    """Return a book, everything recorded (also what was retracted); see `Book.known_at`."""
    grants: list[Grant] = _generous(random) if random.random() < 0.4 else []
    for number in range(random.randint(3, 12)):
        grants.append(_grant(random, number, grants))
    return Book(
        atlas=_atlas(random),
        properties=PROPERTIES,
        grants=tuple(grants),
        consents=tuple(_consent(random, n) for n in range(random.randint(0, 5))),
        prohibitions=tuple(_prohibition(random, n) for n in range(random.choice((0, 0, 1, 2)))),
        quota_uses=tuple(_quota_uses(random, grants)),
        memberships={POOL: frozenset({SELLER, NOC_FRA})},
        laws=frozenset({Law.EEA_PASSIVE_SALES}) if random.random() < 0.3 else frozenset(),
    )


def random_question(random: Random, book: Book) -> Question:
    """Return a question, mostly about some grant's own terms, and often exactly on a boundary."""
    at = day(random.randint(-1, DAYS + 1))
    if random.random() < 0.5:
        at += timedelta(microseconds=random.choice((-1, 1, 1_800_000_000)))
    occurred_at = at - timedelta(minutes=random.choice((0, 29, 30, 31, 1440, 1441)))
    wild = Question(
        seller_id=random.choice(ORGANISATIONS),
        property_ids=tuple(p.id for p in random.sample(PROPERTIES, random.choice((1, 2, 3)))),
        act=random.choice((*ACTS, Act.MAKE)),
        outlet=random.choice(OUTLETS),
        territory=random.choice(tuple(book.atlas.bits)),
        at=at,
        occurred_at=random.choice((None, occurred_at)),
    )
    if not book.grants or random.random() < 0.15:
        return wild
    return _near(random, book, random.choice(book.grants), wild)


def _near(random: Random, book: Book, grant: Grant, wild: Question) -> Question:
    """Bend a question towards one grant, or towards two grants of one grantee."""
    theirs = [g.property_id for g in book.grants if g.grantee_id == grant.grantee_id]
    chosen = {grant.property_id, random.choice((*theirs, grant.property_id))}
    if random.random() < 0.3:
        chosen = {random.choice(book.subtrees[grant.property_id])}
    if book.laws and Act.SELL in grant.acts and random.random() < 0.5:
        return replace(
            wild,
            seller_id=grant.grantee_id,
            property_ids=tuple(chosen),
            act=Act.SELL,
            outlet=random.choice(grant.outlets),
            territory=random.choice(("FR", "BE", "LU", "RE")),
        )
    names = [c for c in book.atlas.bits if book.names(grant.territory, c, wild.at)]
    return replace(
        wild,
        seller_id=random.choice(
            (grant.grantee_id, SELLER) if grant.grantee_id == POOL else (grant.grantee_id,)
        ),
        property_ids=tuple(chosen),
        act=random.choice(grant.acts),
        outlet=random.choice(grant.outlets),
        territory=random.choice(names) if names and random.random() < 0.8 else wild.territory,
    )


def _window(random: Random) -> Window:
    start, end = random.randint(0, DAYS // 2), random.randint(DAYS // 3, DAYS + 4)
    start, end = min(start, end), max(start, end)
    return Window(
        day(start) if random.random() < 0.5 else None,
        day(end + 1) if random.random() < 0.5 else None,
    )


def _known(random: Random) -> Known:
    recorded = random.choice((0,) * 9 + (3, 9))
    retracted = random.choice((None,) * 15 + (12,))
    return Known(day(recorded), day(retracted) if retracted else None)


def _atlas(random: Random) -> Atlas:
    turn = day(random.randint(1, DAYS))
    homes = [
        HomeSpan("KEN", "KE", day(-99), None),
        HomeSpan("JPN", "JP", day(-99), None),
        HomeSpan("FRA", "FR", day(-99), None),
        HomeSpan("BEL", "BE", day(-99), None),
        HomeSpan("FRA", "RE", day(-99), turn),
    ]
    if random.random() < 0.7:
        homes.append(HomeSpan("KEN", "RE", turn, None))
    if random.random() < 0.3:
        homes.append(HomeSpan("BEL", "LU", turn, None))
    change = day(random.randint(1, DAYS))
    sets = (
        SetSpan("EEA", "FR,BE,LU", day(-99), change),
        SetSpan("EEA", random.choice(("FR,BE", "FR,BE,LU,RE")), change, None),
        SetSpan("GULF", "AQ,HK", change, None),
    )
    return Atlas(bits={code: n * 3 for n, code in enumerate(CODES)}, homes=tuple(homes), sets=sets)


def _grant(random: Random, number: int, earlier: list[Grant]) -> Grant:
    grant_id = UUID(int=0x1000 + random.randint(0, 0xFF) * 0x100 + number)
    parent = random.choice(earlier) if earlier and random.random() < 0.4 else None
    prop = random.choice(PROPERTIES)
    grantor = random.choice(ORGANISATIONS) if random.random() < 0.06 else prop.owner_id
    if parent and random.random() < 0.9:
        grantor = parent.grantee_id
        prop = next(p for p in PROPERTIES if p.id == parent.property_id)
    grantee = random.choice((SELLER, SELLER, POOL, *ORGANISATIONS))
    signers = {grantor, grantee} if random.random() < 0.96 else {grantor}
    return Grant(
        id=grant_id,
        grantor_id=grantor,
        grantee_id=grantee,
        property_id=prop.id,
        acts=tuple(random.sample(ACTS, random.choice((1, 2, 3, 3)))),
        outlets=tuple(random.sample(OUTLETS, random.choice((1, 2, 2)))),
        territory=random.choice(TEXTS),
        window=_window(random),
        known=_known(random),
        parent_id=parent.id if parent else None,
        delay_minutes=random.choice(DELAYS_MINUTES),
        exclusivity=random.choice(tuple(Exclusivity)),
        quota_units=random.choice((None, None, None, 5)),
        duties=(Duty(DutyKind.ROYALTY, grant_id, grantor, 1200),) if number % 2 else (),
        may_sublicense=random.random() < 0.93,
        signatures=tuple(
            Signature(party, day(random.randint(0, 5)), _known(random)) for party in sorted(signers)
        ),
        suspensions=_suspensions(random, grant_id),
        terminations=_terminations(random, grant_id),
    )


def _generous(random: Random) -> list[Grant]:
    """Give one seller something on everything, so that sets of properties are cleared too."""
    known = Known(day(-1))
    return [
        Grant(
            id=UUID(int=0x800 + number),
            grantor_id=prop.owner_id,
            grantee_id=SELLER,
            property_id=prop.id,
            acts=ACTS,
            outlets=OUTLETS,
            territory=random.choice(("WORLD", "WORLD,-JP", "FR,KE,JP", "EEA")),
            window=Window(),
            known=known,
            delay_minutes=random.choice((0, 0, 30)),
            may_sublicense=True,
            signatures=tuple(Signature(p, day(-1), known) for p in (prop.owner_id, SELLER)),
        )
        for number, prop in enumerate(PROPERTIES)
        if prop.parent_id is None
    ]


def _suspensions(random: Random, grant_id: UUID) -> tuple[Suspension, ...]:
    if random.random() < 0.85:
        return ()
    return (Suspension(UUID(int=grant_id.int + 0x100000), _window(random), _known(random)),)


def _terminations(random: Random, grant_id: UUID) -> tuple[Termination, ...]:
    if random.random() < 0.85:
        return ()
    at = day(random.randint(3, DAYS))
    return (Termination(UUID(int=grant_id.int + 0x200000), at, _known(random)),)


def _consent(random: Random, number: int) -> Consent:
    noc = random.choice(NOCS)
    return Consent(
        id=UUID(int=0x900000 + number),
        noc=noc,
        organisation_id=UUID(int=0x500 + NOCS.index(noc)),
        policy=random.choice((*ConsentPolicy, ConsentPolicy.WORLD)),
        window=_window(random),
        known=_known(random),
        listed=frozenset(random.sample(NOCS, random.randint(0, 3))),
        share_basis_points=random.choice((0, 500)),
    )


def _prohibition(random: Random, number: int) -> Prohibition:
    prop = random.choice(PROPERTIES)
    return Prohibition(
        id=UUID(int=0xA00000 + number),
        issuer_id=prop.owner_id if random.random() < 0.85 else OTHER,
        property_id=prop.id,
        acts=tuple(random.sample(ACTS, random.choice((1, 3)))),
        outlets=tuple(random.sample(OUTLETS, random.choice((1, 2)))),
        territory=random.choice(TEXTS),
        window=_window(random),
        known=_known(random),
        seller_id=random.choice((None, None, SELLER, POOL)),
    )


def _quota_uses(random: Random, grants: list[Grant]) -> list[QuotaUse]:
    return [
        QuotaUse(grant.id, random.choice((3, 5, 7)), day(random.randint(0, 6)))
        for grant in grants
        if grant.quota_units and random.random() < 0.6
    ]
