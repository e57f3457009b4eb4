"""Before anybody signs: conflicts of a draft, the effect of a change, a grant for other systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count

from kotinos.kernel import rich
from kotinos.kernel.ids import new_id
from kotinos.rights import facts, models, statements
from kotinos.rights.actions.grants import known_names
from kotinos.rights.actions.signing import check
from kotinos.rights.conflicts import conflicts as conflicts_of
from kotinos.rights.denied import DeniedFilters, DeniedRow, served_by
from kotinos.rights.loading import acts_of, duties_of, load_book, outlets_of
from kotinos.rights.odrl import policy
from kotinos.rights.results import BadTerms, NotFound
from kotinos.rights.simulate import simulate as effects_of
from kotinos.rights.terms import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kotinos.rights.book import Book
    from kotinos.rights.contracts import Act, Conflict, Outlet
    from kotinos.rights.results import SignOutcome
    from kotinos.rights.simulate import Effect
    from kotinos.rights.terms import GrantTerms, Known


@dataclass(frozen=True, slots=True)
class SetEffect:
    """What a change does to the works of one property set, and the denied demand it serves."""

    properties: tuple[str, ...]
    works: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    served: tuple[DeniedRow, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Every effect; `refused` says why an added grant could not be signed as it stands."""

    effects: tuple[SetEffect, ...]
    refused: tuple[SignOutcome, ...]


def conflicts(
    *, terms: GrantTerms | None = None, grant_id: UUID | None = None, now: datetime
) -> list[Conflict] | BadTerms | NotFound:
    """The exact overlaps of a draft, stored or not, with what has been signed."""
    drafted = _drafted(terms, grant_id, now=now)
    if isinstance(drafted, BadTerms | NotFound):
        return drafted
    return conflicts_of(_book_below([drafted], now=now), drafted)


def would_refuse(
    *, terms: GrantTerms | None = None, grant_id: UUID | None = None, now: datetime
) -> SignOutcome | BadTerms | None:
    """What signing this draft now would be refused for; None: it could be signed."""
    drafted = _drafted(terms, grant_id, now=now)
    if isinstance(drafted, BadTerms | NotFound):
        return drafted
    return check(book=_book_below([drafted], now=now), grant=drafted)


def simulate(
    *,
    added: Sequence[GrantTerms | UUID] = (),
    removed: Sequence[UUID] = (),
    act: Act,
    outlet: Outlet,
    at: datetime,
    now: datetime,
    denied: DeniedFilters | None = None,
) -> Simulation | BadTerms | NotFound:
    """As if these grants were signed (drafts by id, or terms nobody wrote down) and those gone."""
    drafts = _all_drafted(added, now=now)
    if isinstance(drafts, BadTerms | NotFound):
        return drafts
    gone = models.Grant.objects.filter(id__in=removed).values_list("property_id", flat=True)
    touched = [*(draft.property_id for draft in drafts), *gone]
    sets = rich.run(statements.touched_sets, properties=touched)
    members = {member for each in sets for member in each.properties}
    book = load_book(now=now, property_ids={*members, *_below(touched)}, grant_ids=removed)
    found = effects_of(
        book,
        [each.properties for each in sets],
        added=drafts,
        removed=removed,
        act=act,
        outlet=outlet,
        at=at,
    )
    ids = {each.properties: each.id for each in sets}
    refused = (check(book=book, grant=draft) for draft in drafts)
    return Simulation(
        tuple(_set_effect(book, effect, ids[effect.properties], denied) for effect in found),
        tuple(outcome for outcome in refused if outcome is not None),
    )


def _all_drafted(
    added: Sequence[GrantTerms | UUID], *, now: datetime
) -> list[facts.Grant] | BadTerms | NotFound:
    drafts: list[facts.Grant] = []
    for each in added:
        drafted = (
            _drafted(None, each, now=now)
            if isinstance(each, UUID)
            else _drafted(each, None, now=now)
        )
        if isinstance(drafted, BadTerms | NotFound):
            return drafted
        drafts.append(drafted)
    return drafts


def export_odrl(*, grant_id: UUID, at: datetime) -> dict[str, object] | NotFound:
    """One grant as an ODRL 2.2 policy (JSON-LD); the territories are those named at the moment."""
    row = models.Grant.objects.filter(id=grant_id).first()
    if row is None:
        return NotFound("grant", str(grant_id))
    book = load_book(now=at, property_ids=[row.property_id], grant_ids=[grant_id])
    return policy(book, book.grant_by_id[grant_id], at=at)


def _set_effect(
    book: Book, effect: Effect, set_id: UUID, denied: DeniedFilters | None
) -> SetEffect:
    gained = tuple(book.atlas.codes(effect.gained))
    return SetEffect(
        properties=tuple(book.property_by_id[each].code for each in effect.properties),
        works=models.Work.objects.filter(property_set=set_id).aggregate(n=Count("id"))["n"],
        gained=gained,
        lost=tuple(book.atlas.codes(effect.lost)),
        served=tuple(served_by(set_id=set_id, territories=gained, filters=denied)),
    )


def _drafted(
    terms: GrantTerms | None, grant_id: UUID | None, *, now: datetime
) -> facts.Grant | BadTerms | NotFound:
    """The draft as the engine sees it: from its row, or from terms that are stored nowhere."""
    if terms is not None:
        return _from_terms(terms, known_names(now=now))
    found = [
        grant
        for grant in load_book(
            now=now, property_ids=[], grant_ids=[grant_id] if grant_id else []
        ).grants
        if grant.id == grant_id
    ]
    return found[0] if found else NotFound("grant", str(grant_id))


def _from_terms(terms: GrantTerms, known: Known) -> facts.Grant | BadTerms:
    columns = columns_of(terms, known)
    if columns.problems:
        return BadTerms(tuple(columns.problems))
    values, grant_id = columns.values, new_id()
    return facts.Grant(
        id=grant_id,
        grantor_id=values["grantor_id"],
        grantee_id=values["grantee_id"],
        property_id=values["property_id"],
        acts=acts_of(values["acts"]),
        outlets=outlets_of(values["outlets"]),
        territory=values["territory"],
        window=facts.Window(values["starts_at"], values["ends_at"]),
        known=facts.Known(known.now),
        parent_id=values["parent_id"],
        delay_minutes=values["delay_minutes"],
        exclusivity=facts.Exclusivity(values["exclusivity"]),
        quota_units=values["quota_units"],
        duties=duties_of(values["duties"], grant_id),
        may_sublicense=values["may_sublicense"],
    )


def _book_below(drafts: Sequence[facts.Grant], *, now: datetime) -> Book:
    """All that the drafts' whole subtrees of properties know, and the grants above the drafts."""
    parents = [draft.parent_id for draft in drafts if draft.parent_id]
    below = _below([draft.property_id for draft in drafts])
    return load_book(now=now, property_ids=below, grant_ids=parents)


def _below(property_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    return rich.run_one(statements.subtree, properties=list(property_ids))
