"""A rights manager's desk for tests: say what is agreed in a line, then ask.

Every answer is given by the interpreter and checked against the compiled clearance, so each
test that asks here is also a test of their equality.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from kotinos.games.contracts import Atlas, HomeSpan, SetSpan
from kotinos.rights import acts as act_text
from kotinos.rights.book import Book
from kotinos.rights.compile import Compiler
from kotinos.rights.conflicts import conflicts
from kotinos.rights.contracts import (
    Act,
    Cleared,
    Conflict,
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
    Reason,
    Refused,
    Signature,
    Suspension,
    Termination,
    Window,
    use_bit,
)
from kotinos.rights.decide import decide
from kotinos.rights.snapshot import Snapshot, Surroundings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kotinos.rights.contracts import Decision

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOMES = {
    "AT": "AUT", "BD": "BAN", "BE": "BEL", "BT": "BHU", "CH": "SUI", "CN": "CHN", "DE": "GER",
    "ES": "ESP", "FR": "FRA", "GB": "GBR", "HK": "HKG", "IN": "IND", "IT": "ITA", "JP": "JPN",
    "KE": "KEN", "LK": "SRI", "LU": "LUX", "MV": "MDV", "MX": "MEX", "NL": "NED", "NP": "NEP",
    "PK": "PAK", "TW": "TPE", "US": "USA",
}  # fmt: skip
CODES = sorted([*HOMES, "AQ", "MO", "RE"])


def reason(decision: Decision) -> Reason | None:
    """Return why the answer is no, None for a yes."""
    return decision.reason if isinstance(decision, Refused) else None


def moment(year: int, month: int = 6, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


class Terms(TypedDict, total=False):
    """What a grant may say beyond the six things that every grant says."""

    outlets: str
    parent: str
    start: datetime | None
    end: datetime | None
    signed_by: Collection[str]
    signed_at: datetime
    recorded_at: datetime
    exclusivity: Exclusivity
    delay_minutes: int
    quota_units: int | None
    may_sublicense: bool
    duties: Sequence[tuple[DutyKind, str]]


def _acts(text: str) -> tuple[Act, ...]:
    parsed = act_text.acts(text)
    assert isinstance(parsed, tuple)
    return parsed


def _outlets(text: str) -> tuple[Outlet, ...]:
    parsed = act_text.outlets(text)
    assert isinstance(parsed, tuple)
    return parsed


class Desk:
    """Facts are recorded long ago unless said otherwise; organisations exist when named."""

    def __init__(self, *, laws: Collection[Law] = ()) -> None:
        self.laws = frozenset(laws)
        self.homes = [HomeSpan(noc, code, LONG_AGO, None) for code, noc in HOMES.items()]
        self.sets: list[SetSpan] = []
        self.properties: dict[str, Property] = {}
        self.grants: dict[str, Grant] = {}
        self.consents: list[Consent] = []
        self.prohibitions: list[Prohibition] = []
        self.quota_uses: list[QuotaUse] = []
        self.memberships: dict[UUID, frozenset[UUID]] = {}
        self.ids: dict[tuple[str, str], UUID] = {}

    # --- saying what is agreed ------------------------------------------------------------

    def id(self, kind: str, name: str) -> UUID:
        return self.ids.setdefault((kind, name), UUID(int=len(self.ids) + 1))

    def org(self, name: str) -> UUID:
        return self.id("org", name)

    @property
    def atlas(self) -> Atlas:
        bits = {code: bit for bit, code in enumerate(CODES)}
        return Atlas(bits=bits, homes=tuple(self.homes), sets=tuple(self.sets))

    def named_set(self, name: str, text: str) -> None:
        self.sets.append(SetSpan(name, text, LONG_AGO, None))

    def property(
        self,
        code: str,
        *,
        owner: str,
        kind: str = "mark",
        parent: str | None = None,
        home: str | None = None,
    ) -> Property:
        parent_id = self.properties[parent].id if parent else None
        row = Property(self.id("property", code), code, kind, self.org(owner), parent_id, home)
        self.properties[code] = row
        return row

    def grant(  # noqa: PLR0917 the six that every grant has read well in a row
        self,
        name: str,
        grantor: str,
        grantee: str,
        property_code: str,
        acts: str,
        territory: str,
        **terms: Unpack[Terms],
    ) -> Grant:
        grant_id = self.id("grant", name)
        known = Known(terms.get("recorded_at", LONG_AGO))
        signed_at = terms.get("signed_at", LONG_AGO)
        signers = sorted({*terms.get("signed_by", {grantor, grantee})})
        self.grants[name] = Grant(
            id=grant_id,
            grantor_id=self.org(grantor),
            grantee_id=self.org(grantee),
            property_id=self.properties[property_code].id,
            acts=_acts(acts),
            outlets=_outlets(terms.get("outlets", "*")),
            territory=territory,
            window=Window(terms.get("start"), terms.get("end")),
            known=known,
            parent_id=self.grants[terms["parent"]].id if "parent" in terms else None,
            exclusivity=terms.get("exclusivity", Exclusivity.NON_EXCLUSIVE),
            delay_minutes=terms.get("delay_minutes", 0),
            quota_units=terms.get("quota_units"),
            may_sublicense=terms.get("may_sublicense", False),
            duties=tuple(
                Duty(kind, grant_id, self.org(grantor), None, note)
                for kind, note in terms.get("duties", ())
            ),
            signatures=tuple(Signature(self.org(s), signed_at, known) for s in signers),
        )
        return self.grants[name]

    def terminate(self, name: str, *, at: datetime, recorded_at: datetime = LONG_AGO) -> None:
        row = Termination(self.id("termination", name), at, Known(recorded_at))
        self.grants[name] = replace(self.grants[name], terminations=(row,))

    def suspend(
        self,
        name: str,
        *,
        start: datetime,
        end: datetime | None = None,
        recorded_at: datetime = LONG_AGO,
    ) -> None:
        row = Suspension(self.id("suspension", name), Window(start, end), Known(recorded_at))
        self.grants[name] = replace(self.grants[name], suspensions=(row,))

    def consent(
        self,
        noc: str,
        policy: ConsentPolicy,
        *,
        listed: Collection[str] = (),
        share_basis_points: int = 0,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Consent:
        row = Consent(
            id=self.id("consent", f"{noc}-{len(self.consents)}"),
            noc=noc,
            organisation_id=self.org(f"NOC-{noc}"),
            policy=policy,
            window=Window(start, end),
            known=Known(LONG_AGO),
            listed=frozenset(listed),
            share_basis_points=share_basis_points,
        )
        self.consents.append(row)
        return row

    def prohibit(
        self,
        issuer: str,
        property_code: str,
        acts: str,
        territory: str,
        *,
        seller: str | None = None,
        end: datetime | None = None,
    ) -> Prohibition:
        row = Prohibition(
            id=self.id("prohibition", str(len(self.prohibitions))),
            issuer_id=self.org(issuer),
            property_id=self.properties[property_code].id,
            acts=_acts(acts),
            outlets=tuple(Outlet),
            territory=territory,
            window=Window(None, end),
            known=Known(LONG_AGO),
            seller_id=self.org(seller) if seller else None,
        )
        self.prohibitions.append(row)
        return row

    def consortium(self, name: str, *members: str) -> None:
        self.memberships[self.org(name)] = frozenset(self.org(member) for member in members)

    def spend(self, name: str, units: int, *, recorded_at: datetime = LONG_AGO) -> None:
        self.quota_uses.append(QuotaUse(self.grants[name].id, units, recorded_at))

    # --- asking ---------------------------------------------------------------------------

    def book(self, *, as_of: datetime = NOW) -> Book:
        return Book(
            atlas=self.atlas,
            properties=tuple(self.properties.values()),
            grants=tuple(self.grants.values()),
            consents=tuple(self.consents),
            prohibitions=tuple(self.prohibitions),
            quota_uses=tuple(self.quota_uses),
            memberships=self.memberships,
            laws=self.laws,
        ).known_at(as_of)

    def question(
        self,
        seller: str,
        codes: str,
        act: str,
        territory: str,
        *,
        outlet: Outlet = Outlet.OWN_SHOP,
        at: datetime = NOW,
        occurred_at: datetime | None = None,
    ) -> Question:
        leaf = act_text.act(act)
        assert leaf is not None
        ids = tuple(self.properties[code.strip()].id for code in codes.split(","))
        return Question(self.org(seller), ids, leaf, outlet, territory, at, occurred_at)

    def ask(
        self,
        seller: str,
        codes: str,
        act: str,
        territory: str,
        *,
        outlet: Outlet = Outlet.OWN_SHOP,
        at: datetime = NOW,
        occurred_at: datetime | None = None,
        as_of: datetime = NOW,
    ) -> Decision:
        question = self.question(
            seller, codes, act, territory, outlet=outlet, at=at, occurred_at=occurred_at
        )
        book = self.book(as_of=as_of)
        decision = decide(book, question)
        compiled = _compiled(book, question)
        assert compiled == (decision if isinstance(decision, Cleared) else None)
        return decision

    def cleared(
        self,
        seller: str,
        codes: str,
        act: str,
        territory: str,
        *,
        outlet: Outlet = Outlet.OWN_SHOP,
        at: datetime = NOW,
    ) -> bool:
        answer = self.ask(seller, codes, act, territory, outlet=outlet, at=at)
        return isinstance(answer, Cleared)

    def mask_codes(self, seller: str, codes: str, act: str) -> set[str]:
        return {code for code in self.atlas.bits if self.cleared(seller, codes, act, code)}

    def conflicts(self, draft: Grant) -> list[Conflict]:
        return conflicts(self.book(), draft)


def _compiled(book: Book, question: Question) -> Cleared | None:
    snapshot = Snapshot(Surroundings.of(book))
    snapshot.put(UUID(int=1), Compiler(book).compile(question.property_ids))
    return snapshot.decide(
        UUID(int=1),
        question.seller_id,
        use_bit(question.act, question.outlet),
        book.atlas.bits[question.territory],
        question.at,
        question.occurred_at,
    )
