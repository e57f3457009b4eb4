"""Rows -> Book: the only way from the tables to the pure engine.

A row that was corrected comes as two facts: what we held until the correction, and what we have
held since. `Book.known_at` then picks by `as_of`, so a past answer comes out to the letter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, Q, Sum

from kotinos.games import api as games
from kotinos.kernel import rich
from kotinos.rights import acts as words
from kotinos.rights import facts, models, statements
from kotinos.rights.book import Book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from kotinos.games.contracts import Atlas


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What part of the book to read; None for `properties` is all of it."""

    properties: Collection[UUID] | None
    grants: Collection[UUID]
    sellers: Collection[UUID] | None

    def grantees(self, memberships: Mapping[UUID, frozenset[UUID]]) -> list[UUID] | None:
        """The sellers and the consortia whose grants serve them."""
        if self.sellers is None:
            return None
        wanted = set(self.sellers)
        return [*wanted, *(pool for pool, members in memberships.items() if members & wanted)]


def load_book(
    *,
    now: datetime,
    property_ids: Collection[UUID] | None = None,
    grant_ids: Collection[UUID] = (),
    seller_ids: Collection[UUID] | None = None,
    as_of: datetime | None = None,
    atlas: Atlas | None = None,
) -> Book:
    """The facts known at `as_of` (default: now), whole or as far as some properties need.

    The book's own `as_of` is the moment of its last change: asked again as of then, it is the
    same, because whatever is recorded afterwards is recorded with a later moment.

    Restricted, the book holds the properties, all above them, every grant on any of these, the
    named grants, and every grant above a grant: enough to decide about those properties exactly.
    With `seller_ids` it holds only what serves these sellers: enough to clear them, not to refuse.
    """
    wanted = _Wanted(property_ids, grant_ids, seller_ids)
    if as_of is not None:
        return _read(as_of, wanted, as_of=as_of, atlas=atlas)
    while True:
        before = _last_change(now)
        book = _read(max(now, before), wanted, as_of=None, atlas=atlas)
        if _last_change(now) == before:  # else somebody changed it while we were reading
            return replace(book, as_of=before)


def _last_change(now: datetime) -> datetime:
    return next(iter(rich.run(statements.book_clock)), now)


def _read(
    known_at: datetime, wanted: _Wanted, *, as_of: datetime | None, atlas: Atlas | None
) -> Book:
    memberships = _memberships()
    grants, properties = _wanted(wanted, known_at, memberships)
    ids = [row["id"] for row in grants]
    states = _States(ids, known_at, past=as_of is not None)
    book = Book(
        atlas=atlas or games.atlas(as_of=as_of),
        properties=properties,
        grants=tuple(states.grant(row) for row in grants),
        consents=tuple(_consents(known_at)),
        prohibitions=tuple(_prohibitions([p.id for p in properties], known_at)),
        quota_uses=states.quota_uses,
        memberships=memberships,
        laws=laws_at(known_at),
    )
    return book.known_at(known_at)


def _memberships() -> dict[UUID, frozenset[UUID]]:
    members: dict[UUID, set[UUID]] = defaultdict(set)
    for consortium_id, member_id in games.memberships():
        members[consortium_id].add(member_id)
    return {consortium_id: frozenset(found) for consortium_id, found in members.items()}


def laws_at(known_at: datetime) -> frozenset[facts.Law]:
    """The rules above contracts that were switched on at a moment."""
    rows = models.LawSwitch.objects.filter(recorded_at__lte=known_at).order_by("recorded_at", "id")
    last = dict(rows.values_list("law", "switched_on"))
    return frozenset(facts.Law(law) for law, is_on in last.items() if is_on)


def _wanted(
    wanted: _Wanted, known_at: datetime, memberships: Mapping[UUID, frozenset[UUID]]
) -> tuple[list[dict[str, Any]], tuple[facts.Property, ...]]:
    grants = models.Grant.objects.filter(recorded_at__lte=known_at)
    properties = models.Property.objects.filter(recorded_at__lte=known_at)
    if wanted.properties is not None:
        around = rich.run_one(
            statements.around,
            properties=list(wanted.properties),
            grants=list(wanted.grants),
            sellers=wanted.grantees(memberships),
        )
        grants = grants.filter(id__in=around.grants)
        properties = properties.filter(id__in=around.properties)
    rows: Any = grants.order_by("id").values()
    return list(rows), tuple(
        facts.Property(
            id=row["id"],
            code=row["code"],
            kind=row["kind"],
            owner_id=row["owner_id"],
            parent_id=row["parent_id"],
            home_noc=row["home_noc"] or None,
        )
        for row in properties.order_by("id").values()
    )


class _States:
    """The state rows of some grants, read set by set."""

    def __init__(self, grant_ids: list[UUID], known_at: datetime, *, past: bool) -> None:
        self._signatures = _by_grant(models.Signature.objects.filter(grant__in=grant_ids))
        self._terminations = _by_grant(models.Termination.objects.filter(grant__in=grant_ids))
        self._suspensions = _by_grant(
            models.Suspension.objects.filter(grant__in=grant_ids), "lift__at", "lift__recorded_at"
        )
        spent = _spent_at(grant_ids, known_at) if past else _spent_now(grant_ids)
        self.quota_uses = tuple(
            facts.QuotaUse(grant_id, units, known_at) for grant_id, units in spent if units
        )

    def grant(self, row: dict[str, Any]) -> facts.Grant:
        grant_id = row["id"]
        parties = {"grantor": row["grantor_id"], "grantee": row["grantee_id"]}
        return facts.Grant(
            id=grant_id,
            grantor_id=row["grantor_id"],
            grantee_id=row["grantee_id"],
            property_id=row["property_id"],
            acts=acts_of(row["acts"]),
            outlets=outlets_of(row["outlets"]),
            territory=row["territory"],
            window=facts.Window(row["starts_at"], row["ends_at"]),
            known=facts.Known(row["recorded_at"]),
            parent_id=row["parent_id"],
            delay_minutes=row["delay_minutes"],
            exclusivity=facts.Exclusivity(row["exclusivity"]),
            quota_units=row["quota_units"],
            duties=duties_of(row["duties"], grant_id),
            may_sublicense=row["may_sublicense"],
            signatures=tuple(
                facts.Signature(parties[s["party"]], s["at"], facts.Known(s["recorded_at"]))
                for s in self._signatures[grant_id]
            ),
            suspensions=tuple(
                pause for s in self._suspensions[grant_id] for pause in _suspensions(s)
            ),
            terminations=tuple(
                facts.Termination(_row_id(t["id"]), t["at"], facts.Known(t["recorded_at"]))
                for t in self._terminations[grant_id]
            ),
        )


def acts_of(stored: Iterable[str]) -> tuple[words.Act, ...]:
    """The leaves that stored words name; the words were checked when they were stored."""
    found = words.acts(",".join(stored))
    assert isinstance(found, tuple), found
    return found


def outlets_of(stored: Iterable[str]) -> tuple[words.Outlet, ...]:
    """The outlets that stored words name."""
    found = words.outlets(",".join(stored))
    assert isinstance(found, tuple), found
    return found


def duties_of(stored: Iterable[dict[str, Any]], source_id: UUID) -> tuple[facts.Duty, ...]:
    """Stored duties: `[{"kind": "royalty", "basis_points": 1200, "owed_to": id, "note": ""}]`."""
    return tuple(
        facts.Duty(
            kind=facts.DutyKind(duty["kind"]),
            source_id=source_id,
            owed_to_id=UUID(duty["owed_to"]) if duty.get("owed_to") else None,
            basis_points=duty.get("basis_points"),
            note=duty.get("note", ""),
        )
        for duty in stored
    )


def _by_grant(rows: Any, *more: str) -> dict[UUID, list[dict[str, Any]]]:
    grouped: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("recorded_at", "id").values(
        "id",
        "grant_id",
        "at",
        "recorded_at",
        *(["party"] if rows.model is models.Signature else []),
        *more,
    ):
        grouped[row["grant_id"]].append(row)
    return grouped


def _suspensions(row: dict[str, Any]) -> Iterable[facts.Suspension]:
    """Until its lift is recorded a suspension has no end; from then on it ends at the lift."""
    lifted_at, recorded_at = row["lift__at"], row["lift__recorded_at"]
    open_window = facts.Window(row["at"])
    yield facts.Suspension(row["id"], open_window, facts.Known(row["recorded_at"], recorded_at))
    if lifted_at is not None and lifted_at > row["at"]:
        ended = facts.Window(row["at"], lifted_at)
        yield facts.Suspension(row["id"], ended, facts.Known(recorded_at))


def _revocable(row: dict[str, Any]) -> Iterable[tuple[facts.Window, facts.Known]]:
    """A window that ends where the row says; and, once it is revoked, one that ends there."""
    revoked_at, recorded_at = row["revoked_at"], row["revoked_recorded_at"]
    start, end = row["starts_at"], row["ends_at"]
    yield facts.Window(start, end), facts.Known(row["recorded_at"], recorded_at)
    if revoked_at is None or (start is not None and revoked_at <= start):
        return
    yield (
        facts.Window(start, revoked_at if end is None else min(end, revoked_at)),
        facts.Known(recorded_at),
    )


def _consents(known_at: datetime) -> Iterable[facts.Consent]:
    rows: Any = models.Consent.objects.filter(recorded_at__lte=known_at).order_by("id")
    for row in rows.annotate(**_REVOKED).values():
        for window, known in _revocable(row):
            yield facts.Consent(
                id=row["id"],
                noc=row["noc"],
                organisation_id=row["organisation_id"],
                policy=facts.ConsentPolicy(row["policy"]),
                window=window,
                known=known,
                listed=frozenset(row["listed"]),
                share_basis_points=row["share_basis_points"],
            )


def _prohibitions(property_ids: list[UUID], known_at: datetime) -> Iterable[facts.Prohibition]:
    wanted = Q(recorded_at__lte=known_at, property__in=property_ids)
    rows: Any = models.Prohibition.objects.filter(wanted).order_by("id")
    for row in rows.annotate(**_REVOKED).values():
        for window, known in _revocable(row):
            yield facts.Prohibition(
                id=row["id"],
                issuer_id=row["grantor_id"],
                property_id=row["property_id"],
                acts=acts_of(row["acts"]),
                outlets=outlets_of(row["outlets"]),
                territory=row["territory"],
                window=window,
                known=known,
                seller_id=row["grantee_id"],
            )


_REVOKED = {
    "revoked_at": F("revocation__at"),
    "revoked_recorded_at": F("revocation__recorded_at"),
}


def _spent_now(grant_ids: list[UUID]) -> Iterable[tuple[UUID, int]]:
    counters = models.QuotaCounter.objects.filter(grant__in=grant_ids)
    return counters.values_list("grant_id", "used_units")


def _spent_at(grant_ids: list[UUID], known_at: datetime) -> Iterable[tuple[UUID, int]]:
    """From the ledger: a counter knows only the present."""
    uses = models.QuotaUse.objects.filter(grant__in=grant_ids, at__lte=known_at)
    return uses.values("grant_id").annotate(sum=Sum("units")).values_list("grant_id", "sum")


def _row_id(number: int) -> UUID:
    """A state row's number where the engine names rows by UUID."""
    return UUID(int=number)
